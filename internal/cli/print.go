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
	"pgy-mcp/tools"
)

// Print is the commands "profile", "compare" and "insights". Unlike a tool call it
// waits until each look-up has ended, since one that is under way ends with the
// process. All is printed at once, so that no line of the log is inside it.
func Print(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	ctx = tools.WithProgress(ctx, console.progress)
	var looks []tools.Look
	switch cfg.Command {
	case "profile":
		looks = set.Look(ctx, cfg.Users)
	case "insights":
		looks = set.Insights(ctx, cfg.Users, cfg.Insights)
	case "compare":
		c := set.Compare(ctx, cfg.Compare)
		return printed(stdout, console, document(c, cfg, terminalWidth(stdout)), c.Failures())
	}
	text, failures := pages(looks, set.Language, cfg.JSON, terminalWidth(stdout))
	return printed(stdout, console, text, failures)
}

// document is the comparison as -o asks for it; width is the terminal's.
func document(c *tools.Comparison, cfg config.Config, width int) string {
	switch {
	case cfg.Output == "csv":
		return c.CSV()
	case cfg.Output == "json":
		return string(c.JSON()) + "\n"
	case cfg.Output == "html":
		return c.HTML(cfg.Language)
	case width > 0:
		return c.Table(width) + "\n"
	}
	return c.Text() + "\n"
}

// pages are the looks, aligned for the reader at a terminal and line for line what
// an agent is given for anything else, and why those failed that did.
func pages(looks []tools.Look, language tools.Language, asJSON bool, width int) (text string, failures []string) {
	var pages []string
	for _, l := range looks {
		switch {
		case asJSON:
			pages = append(pages, string(l.Structured)+"\n")
		case l.Facts != nil && width > 0:
			pages = append(pages, tools.Aligned(l.Facts, width))
		case l.Facts != nil:
			pages = append(pages, language.Text(l.Facts)+"\n")
		case l.Text != "":
			pages = append(pages, l.Text+"\n")
		}
		if l.Failure != "" {
			failures = append(failures, l.UserID+"\n"+l.Failure)
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
