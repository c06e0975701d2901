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

// result is the result of a command, in every format.
type result struct {
	forms    map[string]form // by the format of -o, as config.Formats lists them; nil if nothing came
	failures []string        // for stderr
	untold   []string        // the failures that the table does not show
	notFresh int             // look-ups without a fresh answer
	remark   string          // for stderr; not a failure
}

// form renders a result in a format. width is the terminal's, or 0.
type form func(width int) []byte

// lookUp runs a command.
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
	c, notFresh := set.Compare(ctx, cfg.Compare)
	return comparison(set.Language, c, notFresh)
}

// cachedOnly points to the flag -cached-only of the command; nil if the command never
// pays.
func cachedOnly(cfg *config.Config) *bool {
	return map[string]*bool{
		"profile":  &cfg.Profile.CachedOnly,
		"compare":  &cfg.Compare.CachedOnly,
		"insights": &cfg.Insights.CachedOnly,
		"find":     &cfg.Find.CachedOnly,
		"review":   &cfg.Review.CachedOnly,
	}[cfg.Command]
}

func comparison(l lang.Language, c *schema.Comparison, notFresh int) result {
	forms := rowForms(l, c, render.SheetOfBloggers, schema.Columns, c.Rows, func() []string { return render.ComparisonAbout(l, c) },
		func(width int) string { return render.ComparisonTable(l, c, width) }, func() string { return render.Comparison(l, c) })
	forms["html"] = text(func(int) string { return render.ComparisonFile(l, c) })
	failed, waiting := render.RowFailures(l, c.Rows)
	return result{forms: forms, failures: append(waiting, failed...), notFresh: notFresh}
}

func found(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	f, failure, notFresh := set.Find(ctx, cfg.Find)
	if f == nil {
		return result{failures: []string{failure}, untold: []string{failure}, notFresh: notFresh}
	}
	forms := rowForms(l, f, render.SheetOfBloggers, schema.FoundColumns, f.Rows, func() []string { return render.FoundAbout(l, f) },
		func(width int) string { return render.FoundTable(l, f, width) }, func() string { return render.Found(l, f) })
	forms["html"] = text(func(int) string { return render.FoundFile(l, f) })
	return result{forms: forms, failures: render.FailedPages(l, f), notFresh: notFresh}
}

func review(ctx context.Context, set *tools.Set, cfg config.Config) result {
	l := set.Language
	r, notFresh := set.Review(ctx, cfg.Review)
	forms := rowForms(l, r, render.SheetOfNotes, schema.NoteColumns, r.Rows, func() []string { return render.ReviewAbout(l, r) },
		func(width int) string { return render.ReviewTable(l, r, width) }, func() string { return render.Review(l, r) })
	failed, waiting := render.NoteFailures(l, r.Rows)
	return result{forms: forms, failures: append(waiting, failed...), notFresh: notFresh}
}

// rowForms are the formats of a result with rows, except html.
func rowForms[R any](l lang.Language, document any, sheet render.Sheet, columns []schema.Column[R], rows []R, about func() []string, atTerminal func(width int) string, markdown func() string) map[string]form {
	return map[string]form{
		"table": text(func(width int) string {
			if width > 0 {
				return atTerminal(width) + "\n"
			}
			return markdown() + "\n"
		}),
		"csv":  text(func(int) string { return string(render.CSV(l, columns, rows)) }),
		"json": text(func(int) string { return string(tools.JSON(document)) + "\n" }),
		"xlsx": func(int) []byte { return render.Workbook(l, sheet, columns, rows, about()) },
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
		remark:   render.NoHistory(l, histories),
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

// pages renders the results of users one after another: as text (aligned at a terminal,
// elsewhere as an agent gets it), or as JSON with a line for each.
func pages(l lang.Language, results []tools.CLIResult) result {
	r := result{forms: map[string]form{
		"table": text(func(width int) string { return pagesText(l, results, width) }),
		"json":  text(func(int) string { return jsonLines(results) }),
		"html":  text(func(int) string { return bloggerFile(l, results) }),
	}}
	var untold []tools.CLIResult
	for _, u := range results {
		r.notFresh += u.NotFresh
		if u.Text == "" {
			untold = append(untold, u)
		}
	}
	r.failures, r.untold = failuresOf(results), failuresOf(untold)
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
