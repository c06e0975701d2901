// Package cli prints on a terminal what the tools find.
package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/tools"
)

// Print is the commands "profile", "compare" and "insights". Unlike a tool call it
// waits until each look-up has ended, since one that is under way ends with the
// process. All is printed at once, so that no line of the log is inside it.
func Print(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	ctx = tools.WithProgress(ctx, console.progress)
	var results []tools.CLIResult
	switch cfg.Command {
	case "profile":
		results = set.Profiles(ctx, cfg.Users)
	case "insights":
		results = set.Insights(ctx, cfg.Users, cfg.Insights)
	case "compare":
		c := set.Compare(ctx, cfg.Compare)
		return printed(stdout, console, document(c, cfg, terminalWidth(stdout)), render.RowFailures(set.Language, c.Rows))
	}
	text, failures := pages(results, set.Language, cfg.JSON, terminalWidth(stdout))
	return printed(stdout, console, text, failures)
}

// document is the comparison in the form that -o asks for; width is the terminal's.
func document(c *schema.Comparison, cfg config.Config, width int) string {
	l := lang.Language(cfg.Language)
	switch {
	case cfg.Output == "csv":
		return render.ComparisonCSV(c)
	case cfg.Output == "json":
		return string(tools.JSON(c)) + "\n"
	case cfg.Output == "html":
		return render.ComparisonFile(l, tools.JSON(c))
	case width > 0:
		return render.ComparisonTable(l, c, width) + "\n"
	}
	return render.Comparison(l, c) + "\n"
}

// pages are the results as text, aligned for a reader at a terminal and as an agent
// gets them elsewhere, and the failures.
func pages(results []tools.CLIResult, l lang.Language, asJSON bool, width int) (text string, failures []string) {
	var pages []string
	for _, r := range results {
		switch {
		case asJSON:
			pages = append(pages, string(r.Structured)+"\n")
		case r.Facts != nil && width > 0:
			pages = append(pages, render.Aligned(r.Facts, width))
		case r.Facts != nil:
			pages = append(pages, render.Text(l, r.Facts)+"\n")
		case r.Text != "":
			pages = append(pages, r.Text+"\n")
		}
		if r.Failure != "" {
			failures = append(failures, r.UserID+"\n"+r.Failure)
		}
	}
	separator := "\n"
	if asJSON {
		separator = ""
	}
	return strings.Join(pages, separator), failures
}

// printed writes text, and failures on stderr. It gives the exit status: an
// answer that was paid for and did not reach its reader is no success.
func printed(stdout io.Writer, console *Console, text string, failures []string) (status int) {
	console.progress(0, 0, "")
	if _, err := io.WriteString(stdout, text); err != nil {
		_, _ = fmt.Fprintln(console, "pgy-mcp: the output cannot be written:", err)
		status = 1
	}
	if len(failures) > 0 {
		_, _ = fmt.Fprintln(console, strings.Join(failures, "\n"))
		status = 1
	}
	return status
}

// IsTerminal takes a reader or a writer.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is above 0 on a terminal alone.
func terminalWidth(w io.Writer) (width int) {
	if f, ok := w.(*os.File); ok {
		width, _, _ = term.GetSize(int(f.Fd()))
	}
	return width
}
