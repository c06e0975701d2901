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

// result is what a command prints, and its failures.
type result struct {
	renderers  map[string]renderer // by the format of -o, as config.Formats lists them; nil if nothing came
	failures   []string            // for stderr
	notInTable []string            // the failures that the table does not show
	notFresh   int                 // look-ups without a fresh answer
	remark     string              // for stderr; not a failure
}

// renderer renders a result in one format. width is the terminal's, or 0.
type renderer func(width int) string

// lookUp runs a command and returns what it prints.
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
	case "compare":
		c, notFresh := set.Compare(ctx, cfg.Compare)
		return comparison(set.Language, c, notFresh)
	}
	panic("no look-up for the command " + cfg.Command)
}

// cachedOnlyFlag points to the flag -cached-only of the command; nil if the command never
// pays.
func cachedOnlyFlag(cfg *config.Config) *bool {
	return map[string]*bool{
		"profile":  &cfg.Profile.CachedOnly,
		"compare":  &cfg.Compare.CachedOnly,
		"insights": &cfg.Insights.CachedOnly,
		"find":     &cfg.Find.CachedOnly,
		"review":   &cfg.Review.CachedOnly,
	}[cfg.Command]
}

func comparison(l lang.Language, c *schema.Comparison, notFresh int) result {
	failed, waiting := render.RowFailures(l, c.Rows)
	return result{
		renderers: map[string]renderer{
			"table": table(func(width int) string { return render.ComparisonTable(l, c, width) }, func() string { return render.Comparison(l, c) }),
			"csv":   func(int) string { return render.CSV(l, schema.Columns, c.Rows) },
			"json":  func(int) string { return document(c) },
			"html":  func(int) string { return render.ComparisonFile(l, c) },
			"xlsx": func(int) string {
				return string(render.Workbook(l, render.SheetOfBloggers, schema.Columns, c.Rows, render.ComparisonAbout(l, c)))
			},
		},
		failures: append(waiting, failed...),
		notFresh: notFresh,
	}
}

func found(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	f, failure, notFresh := set.Find(ctx, cfg.Find)
	if f == nil {
		return result{failures: []string{failure}, notInTable: []string{failure}, notFresh: notFresh}
	}
	return result{
		renderers: map[string]renderer{
			"table": table(func(width int) string { return render.FoundTable(l, f, width) }, func() string { return render.Found(l, f) }),
			"csv":   func(int) string { return render.CSV(l, schema.FoundColumns, f.Rows) },
			"json":  func(int) string { return document(f) },
			"html":  func(int) string { return render.FoundFile(l, f) },
			"xlsx": func(int) string {
				return string(render.Workbook(l, render.SheetOfBloggers, schema.FoundColumns, f.Rows, render.FoundAbout(l, f)))
			},
		},
		failures: render.FailedPages(l, f),
		notFresh: notFresh,
	}
}

func review(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	r, notFresh := set.Review(ctx, cfg.Review)
	failed, waiting := render.NoteFailures(l, r.Rows)
	return result{
		renderers: map[string]renderer{
			"table": table(func(width int) string { return render.ReviewTable(l, r, width) }, func() string { return render.Review(l, r) }),
			"csv":   func(int) string { return render.CSV(l, schema.NoteColumns, r.Rows) },
			"json":  func(int) string { return document(r) },
			"xlsx": func(int) string {
				return string(render.Workbook(l, render.SheetOfNotes, schema.NoteColumns, r.Rows, render.ReviewAbout(l, r)))
			},
		},
		failures: append(waiting, failed...),
		notFresh: notFresh,
	}
}

// table renders a table with lines below it: for a terminal, or in Markdown if there is
// none.
func table(atTerminal renderer, markdown func() string) renderer {
	return func(width int) string {
		if width > 0 {
			return atTerminal(width) + "\n"
		}
		return markdown() + "\n"
	}
}

// document is a result as JSON on one line.
func document(v any) string { return string(tools.JSON(v)) + "\n" }

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
		renderers: map[string]renderer{
			"table": func(width int) string {
				if width > 0 {
					return render.HistoryTable(l, histories, width)
				}
				return render.History(l, histories)
			},
			"csv":  func(int) string { return render.CSV(l, schema.HistoryColumns, render.HistoryRows(histories)) },
			"json": func(int) string { return documents.String() },
		},
		failures:   failures,
		notInTable: failures,
		remark:     render.NoHistory(l, histories),
	}
}

func account(ctx context.Context, set *tools.Set) result {
	l := set.Language
	a := set.AccountState(ctx, l)
	return result{
		renderers: map[string]renderer{
			"table": func(int) string { return render.Text(l, render.Account(l, &a)) + "\n" },
			"json":  func(int) string { return document(a) },
		},
		failures:   a.Errors,
		notInTable: a.Errors,
	}
}

// pages renders the results of users one after another: as text (aligned at a terminal,
// elsewhere as an agent gets it), or as JSON with a line for each.
func pages(l lang.Language, results []tools.CLIResult) result {
	r := result{renderers: map[string]renderer{
		"table": func(width int) string { return pagesText(l, results, width) },
		"json":  func(int) string { return jsonLines(results) },
		"html":  func(int) string { return bloggerFile(l, results) },
	}}
	var withoutText []tools.CLIResult
	counted := map[string]bool{} // users, since one who is named twice is asked for once
	for _, u := range results {
		if !counted[u.UserID] {
			counted[u.UserID] = true
			r.notFresh += u.NotFresh
		}
		if u.Text == "" {
			withoutText = append(withoutText, u)
		}
	}
	r.failures, r.notInTable = failuresOf(results), failuresOf(withoutText)
	return r
}

// failuresOf returns each cause of failures once, with its users.
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
		case r.Lines != nil && width > 0:
			pages = append(pages, render.Aligned(r.Lines, width))
		case r.Lines != nil:
			pages = append(pages, render.Text(l, r.Lines)+"\n")
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

// bloggerFile is the page of the bloggers that have insights; "" if none has.
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
