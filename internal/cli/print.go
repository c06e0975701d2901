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
func Profiles(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	return printLooks(set.Look(withProgress(ctx, console), cfg.Users), set.Language, cfg.JSON, stdout, console)
}

// Insights is the command "insights". Like Profiles it waits until each look-up
// has ended.
func Insights(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	return printLooks(set.Insights(withProgress(ctx, console), cfg.Users, cfg.Insights), set.Language, cfg.JSON, stdout, console)
}

// printLooks prints all at once, so that no line of the log is between them, and
// what did not come on stderr.
func printLooks(looks []tools.Look, language tools.Language, asJSON bool, stdout io.Writer, console *Console) int {
	var pages, failures []string
	for _, l := range looks {
		if l.Failure != "" {
			failures = append(failures, l.UserID+"\n"+l.Failure)
		}
		switch {
		case asJSON:
			pages = append(pages, string(l.Structured)+"\n")
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
	return printed(stdout, console, strings.Join(pages, separator), failures)
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

// withProgress keeps one line about the look-ups on a terminal.
func withProgress(ctx context.Context, console *Console) context.Context {
	if console.terminal {
		return tools.WithProgress(ctx, console.progress)
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
