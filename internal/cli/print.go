// Package cli prints on a terminal, or writes into a file, what the tools find.
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

// Print is the commands that look something up. Unlike a tool call it waits until each
// look-up has ended, since one that is under way ends with the process. All is printed
// at once, so that no line of the log is inside it. It gives the exit status.
func Print(ctx context.Context, set *tools.Set, cfg config.Config, stdin io.Reader, stdout io.Writer, console *Console) int {
	if cfg.Labels {
		return printedStatus(console, printed(stdout, []byte(render.SearchLabels(set.Language))))
	}
	unpaid := cachedOnly(&cfg)
	if unpaid != nil && !confirmed(ctx, set, cfg, console, stdin, stdout) {
		return 1
	}
	r := lookUp(tools.WithProgress(ctx, console.progress), set, cfg)
	console.progress(0, 0, "")
	format := cmp.Or(cfg.Output.Format, "table")
	if cfg.JSON {
		format = "json"
	}
	end, note := "", r.note // of a table, and on stderr
	if unpaid != nil && *unpaid {
		if note = paidRequests(set.Language, r.open); format == "table" && slices.Contains(config.Formats(cfg.Command), "csv") {
			end, note = note, ""
		}
	}
	var err error
	if r.forms == nil {
		err = printed(stdout, []byte(end))
	} else {
		err = deliver(set.Language, r, format, cfg.Output.File, end, stdout, console)
	}
	status := printedStatus(console, err)
	if len(r.failures) > 0 {
		status = 1
	}
	failures := r.failures
	if format == "table" && IsTerminal(stdout) && console.terminal {
		failures = r.untold // the table is on the same screen
	}
	if len(failures) > 0 {
		_, _ = fmt.Fprintln(console, strings.Join(failures, "\n"))
	}
	_, _ = io.WriteString(console, note)
	return status
}

// printedStatus is the exit status of output that was written, or of err.
func printedStatus(console *Console, err error) int {
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(console, "pgy-mcp: the output cannot be written:", err)
	return 1
}

// paidRequests says what the same command costs without -cached-only, in a line that
// fits the narrowest terminal.
func paidRequests(l lang.Language, n int) string {
	return l.Say(lang.T{En: "Paid requests without -cached-only: %d\n", Zh: "不加 -cached-only 的付费请求：%d\n"}, n)
}

// deliver prints a result with a line behind it, or writes it into a file. A result that
// the file does not take is printed, since it was paid for: as csv where it is no text.
func deliver(l lang.Language, r result, format, file, end string, stdout io.Writer, console *Console) error {
	body := r.forms[format](terminalWidth(stdout))
	if file == "" {
		return printed(stdout, append(body, end...))
	}
	err := writeFile(file, body)
	if err == nil {
		_, _ = fmt.Fprintln(console, l.Say(lang.T{En: "wrote %s", Zh: "已写入 %s"}, file))
		return nil
	}
	if format == "xlsx" {
		format = "csv"
	}
	return errors.Join(err, printed(stdout, r.forms[format](0)))
}

// IsTerminal takes a reader or a writer.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is above 0 on a terminal alone.
func terminalWidth(stream any) (width int) {
	if f, ok := stream.(*os.File); ok {
		width, _, _ = term.GetSize(int(f.Fd()))
	}
	return width
}
