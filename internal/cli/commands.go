package cli

import (
	"context"
	"strings"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/tools"
)

// result is what a command found.
type result struct {
	forms    map[string]form // by the format of -o, as config.Formats lists them; nil for nothing
	failures []string        // for stderr
	untold   []string        // those of them that the table does not tell
	open     int             // look-ups without a fresh answer
	note     string          // for stderr, where nothing failed
}

// form gives a result in a format. width is the terminal's, 0 where there is none.
type form func(width int) []byte

// lookUp runs the command.
func lookUp(ctx context.Context, set *tools.Set, cfg config.Config) result {
	switch cfg.Command {
	case "profile":
		return pages(set.Language, set.Profiles(ctx, cfg.Users, cfg.Profile))
	case "insights":
		return pages(set.Language, set.Insights(ctx, cfg.Users, cfg.Insights))
	case "find":
		return found(ctx, set, cfg)
	case "review":
		return review(ctx, set, cfg)
	case "history":
		return history(ctx, set, cfg)
	case "account":
		return account(ctx, set)
	}
	c, open := set.Compare(ctx, cfg.Compare)
	return comparison(set.Language, c, open)
}

// cachedOnly is the flag -cached-only of the command; nil where the command pays nothing.
func cachedOnly(cfg *config.Config) *bool {
	return map[string]*bool{
		"profile":  &cfg.Profile.CachedOnly,
		"compare":  &cfg.Compare.CachedOnly,
		"insights": &cfg.Insights.CachedOnly,
		"find":     &cfg.Find.CachedOnly,
		"review":   &cfg.Review.CachedOnly,
	}[cfg.Command]
}

func comparison(l lang.Language, c *schema.Comparison, open int) result {
	return result{
		forms: map[string]form{
			"table": text(func(width int) string {
				if width > 0 {
					return render.ComparisonTable(l, c, width) + "\n"
				}
				return render.Comparison(l, c) + "\n"
			}),
			"csv":  text(func(int) string { return string(render.CSV(l, schema.Columns, c.Rows)) }),
			"json": text(func(int) string { return string(tools.JSON(c)) + "\n" }),
			"html": text(func(int) string { return render.ComparisonFile(l, c) }),
			"xlsx": func(int) []byte {
				return render.Workbook(l, render.SheetOfBloggers, schema.Columns, c.Rows, render.ComparisonAbout(l, c))
			},
		},
		failures: append(render.Waiting(l, c.Rows), render.RowFailures(l, c.Rows)...),
		open:     open,
	}
}

func found(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	f, failure, open := set.Find(ctx, cfg.Find)
	if f == nil {
		return result{failures: []string{failure}, untold: []string{failure}, open: open}
	}
	return result{
		forms: map[string]form{
			"table": text(func(width int) string {
				if width > 0 {
					return render.FoundTable(l, f, width) + "\n"
				}
				return render.Found(l, f) + "\n"
			}),
			"csv":  text(func(int) string { return string(render.CSV(l, schema.FoundColumns, f.Rows)) }),
			"json": text(func(int) string { return string(tools.JSON(f)) + "\n" }),
			"html": text(func(int) string { return render.FoundFile(l, f) }),
			"xlsx": func(int) []byte {
				return render.Workbook(l, render.SheetOfBloggers, schema.FoundColumns, f.Rows, render.FoundAbout(l, f))
			},
		},
		failures: render.FailedPages(l, f),
		open:     open,
	}
}

func review(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	r, open := set.Review(ctx, cfg.Review)
	return result{
		forms: map[string]form{
			"table": text(func(width int) string {
				if width > 0 {
					return render.ReviewTable(l, r, width) + "\n"
				}
				return render.Review(l, r) + "\n"
			}),
			"csv":  text(func(int) string { return string(render.CSV(l, schema.NoteColumns, r.Rows)) }),
			"json": text(func(int) string { return string(tools.JSON(r)) + "\n" }),
			"xlsx": func(int) []byte {
				return render.Workbook(l, render.SheetOfNotes, schema.NoteColumns, r.Rows, render.ReviewAbout(l, r))
			},
		},
		failures: append(render.NotesWaiting(l, r.Rows), render.NoteFailures(l, r.Rows)...),
		open:     open,
	}
}

func history(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	var histories []schema.History
	var documents strings.Builder
	var failures []string
	for _, r := range set.Histories(ctx, cfg.Users) {
		documents.WriteString(string(r.Structured) + "\n")
		if r.Failure != "" {
			failures = append(failures, r.UserID+"\n"+r.Failure)
		} else {
			histories = append(histories, r.History)
		}
	}
	return result{
		forms: map[string]form{
			"table": text(func(width int) string {
				if width > 0 {
					return render.HistoryTable(l, histories, width)
				}
				return render.History(l, histories)
			}),
			"csv":  text(func(int) string { return string(render.CSV(l, schema.HistoryColumns, render.HistoryRows(histories))) }),
			"json": text(func(int) string { return documents.String() }),
		},
		failures: failures,
		untold:   failures,
		note:     render.NoHistory(l, histories),
	}
}

func account(ctx context.Context, set *tools.Set) result {
	a := set.AccountState(ctx, set.Language)
	return result{
		forms: map[string]form{
			"table": text(func(int) string { return render.Text(set.Language, render.Account(set.Language, &a)) + "\n" }),
			"json":  text(func(int) string { return string(tools.JSON(a)) + "\n" }),
		},
		failures: a.Errors,
		untold:   a.Errors,
	}
}

func text(write func(width int) string) form {
	return func(width int) []byte { return []byte(write(width)) }
}

// pages are the results of users one after another: as text, aligned for a reader at a
// terminal and as an agent gets them elsewhere, or as JSON, a line each.
func pages(l lang.Language, results []tools.CLIResult) result {
	r := result{forms: map[string]form{
		"table": text(func(width int) string { return pagesText(l, results, width) }),
		"json":  text(func(int) string { return jsonLines(results) }),
		"html":  text(func(int) string { return bloggerFile(l, results) }),
	}}
	var untold []tools.CLIResult
	for _, u := range results {
		r.open += u.Open
		if u.Text == "" {
			untold = append(untold, u)
		}
	}
	r.failures, r.untold = failuresOf(results), failuresOf(untold)
	return r
}

// failuresOf tells each cause once with the users that it is about.
func failuresOf(results []tools.CLIResult) []string {
	var causes []string
	users := map[string][]string{} // by cause
	for _, u := range results {
		if u.Failure == "" {
			continue
		}
		if users[u.Failure] == nil {
			causes = append(causes, u.Failure)
		}
		users[u.Failure] = append(users[u.Failure], u.UserID)
	}
	for i, cause := range causes {
		causes[i] = strings.Join(users[cause], ", ") + "\n" + cause
	}
	return causes
}

func pagesText(l lang.Language, results []tools.CLIResult, width int) string {
	var pages []string
	for _, r := range results {
		switch {
		case r.Facts != nil && width > 0:
			pages = append(pages, render.Aligned(r.Facts, width))
		case r.Facts != nil:
			pages = append(pages, render.Text(l, r.Facts)+"\n")
		case r.Text != "":
			pages = append(pages, r.Text+"\n")
		}
	}
	return strings.Join(pages, "\n")
}

func jsonLines(results []tools.CLIResult) string {
	var b strings.Builder
	for _, r := range results {
		b.Write(r.Structured)
		b.WriteByte('\n')
	}
	return b.String()
}

// bloggerFile is a page of the bloggers that have anything to show; "" without any.
func bloggerFile(l lang.Language, results []tools.CLIResult) string {
	var bloggers []render.Blogger
	for _, r := range results {
		if r.Blogger.Insights != nil {
			bloggers = append(bloggers, r.Blogger)
		}
	}
	if bloggers == nil {
		return ""
	}
	return render.BloggerFile(l, bloggers)
}
