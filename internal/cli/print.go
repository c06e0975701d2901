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

// Profiles is the command "profile". Unlike a tool call it waits until each
// look-up has ended, since the answer lives no longer than the process.
func Profiles(ctx context.Context, set *tools.Set, cfg config.Config, stdout, stderr io.Writer) int {
	return printLooks(set.Look(withProgress(ctx, stderr), cfg.Users), set.Language, cfg.JSON, stdout, stderr)
}

// Insights is the command "insights". Like Profiles it waits until each look-up
// has ended.
func Insights(ctx context.Context, set *tools.Set, cfg config.Config, stdout, stderr io.Writer) int {
	return printLooks(set.Insights(withProgress(ctx, stderr), cfg.Users, cfg.Insights), set.Language, cfg.JSON, stdout, stderr)
}

// printLooks prints all at once, so that no line of the log is between them, and
// what did not come on stderr.
func printLooks(looks []tools.Look, language tools.Language, asJSON bool, stdout, stderr io.Writer) int {
	var pages, failures []string
	for _, l := range looks {
		if l.Failure != "" {
			failures = append(failures, l.UserID+"\n"+l.Failure+"\n")
		}
		switch {
		case asJSON:
			pages = append(pages, string(tools.OneLine(l.Structured))+"\n")
		case l.Facts != nil:
			pages = append(pages, pageOf(language, l.Facts, stdout))
		case l.Text != "":
			pages = append(pages, l.Text+"\n")
		}
	}
	separator := "\n"
	if asJSON {
		separator = ""
	}
	status := printed(stdout, stderr, strings.Join(pages, separator))
	if len(failures) > 0 {
		status = 1
		_, _ = io.WriteString(stderr, strings.Join(failures, ""))
	}
	return status
}

// printed writes text and gives the exit status: an answer that was paid for
// and did not reach its reader is no success.
func printed(stdout, stderr io.Writer, text string) int {
	if c, ok := stderr.(*Console); ok {
		c.progress(0, 0, "")
	}
	if _, err := io.WriteString(stdout, text); err != nil {
		_, _ = fmt.Fprintln(stderr, "pgy-mcp: the output cannot be written:", err)
		return 1
	}
	return 0
}

// withProgress keeps one line about the look-ups on a terminal.
func withProgress(ctx context.Context, stderr io.Writer) context.Context {
	if c, ok := stderr.(*Console); ok && c.terminal {
		return tools.WithProgress(ctx, c.progress)
	}
	return ctx
}

// pageOf is aligned for the reader at a terminal, and line for line what an
// agent is given for anything else.
func pageOf(language tools.Language, facts []tools.Fact, stdout io.Writer) string {
	if columns := terminalWidth(stdout); columns > 0 {
		return tools.Aligned(facts, columns)
	}
	return language.Text(facts) + "\n"
}

// IsTerminal takes a reader or a writer.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is 0 where there is no terminal.
func terminalWidth(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 0
}
