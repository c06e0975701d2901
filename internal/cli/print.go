// Package cli runs the commands: all but the server.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/tools"
)

// Print runs any command but version and healthcheck, and returns the exit status. Unlike a tool
// call it waits until each look-up has ended, since look-ups end with the process. It
// prints the whole result at once, so that no log line is inside it.
func Print(ctx context.Context, set *tools.Set, cfg config.Config, stdin io.Reader, stdout io.Writer, console *Console) int {
	if cfg.Labels {
		return outputStatus(console, printTo(stdout, render.SearchLabels(set.Language)))
	}
	cachedOnly := cachedOnlyFlag(&cfg)
	if cachedOnly != nil && !confirmed(ctx, set, cfg, console, stdin, stdout) {
		return 1
	}
	r := lookUp(tools.WithProgress(ctx, console.progress), set, cfg)
	console.progress(0, 0, "")
	format := cmp.Or(cfg.Output.Format, "table")
	if cfg.JSON {
		format = "json"
	}
	belowTable := ""
	if cachedOnly != nil && *cachedOnly {
		line := paidRequests(set.Language, r.notFresh)
		if hasRows := slices.Contains(config.Formats(cfg.Command), "csv"); hasRows && format == "table" {
			belowTable = line
		} else {
			r.remark = line
		}
	}
	var err error
	if r.renderers == nil {
		err = printTo(stdout, belowTable)
	} else {
		err = deliver(set.Language, r, format, cfg.Output.File, belowTable, stdout, console)
	}
	status := outputStatus(console, err)
	if len(r.failures) > 0 {
		status = 1
	}
	failures := r.failures
	if format == "table" && IsTerminal(stdout) && console.terminal {
		failures = r.notInTable // the table is on the same screen
	}
	if len(failures) > 0 {
		_, _ = fmt.Fprintln(console, strings.Join(failures, "\n"))
	}
	_, _ = io.WriteString(console, r.remark)
	return status
}

// outputStatus reports an error of the output, and returns the exit status.
func outputStatus(stderr io.Writer, err error) int {
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(stderr, "pgy-mcp: the output cannot be written:", err)
	return 1
}

// paidRequests says what the command costs without -cached-only, in under 40 columns.
func paidRequests(l lang.Language, n int) string {
	return l.Say(lang.T{En: "Paid requests without -cached-only: %d\n", Zh: "不加 -cached-only 的付费请求：%d\n"}, n)
}

// deliver prints a result and the line belowTable, or writes the result to a file. If the
// file cannot be written, it prints the result, since that was paid for; a workbook as csv.
func deliver(l lang.Language, r result, format, file, belowTable string, stdout io.Writer, console *Console) error {
	body := r.renderers[format](terminalWidth(stdout))
	if file == "" || body == "" { // an empty file would replace a whole one
		return printTo(stdout, body+belowTable)
	}
	err := writeFile(file, body)
	if err == nil {
		_, _ = fmt.Fprintln(console, l.Say(lang.T{En: "wrote %s", Zh: "已写入 %s"}, file))
		return nil
	}
	if format == "xlsx" {
		format = "csv"
	}
	return errors.Join(err, printTo(stdout, r.renderers[format](0)))
}

// IsTerminal reports whether a reader or a writer is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth returns the width of a terminal in columns; 0 is no terminal.
func terminalWidth(stream any) (width int) {
	if f, ok := stream.(*os.File); ok {
		width, _, _ = term.GetSize(int(f.Fd()))
	}
	return width
}
