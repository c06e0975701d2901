package cli

import (
	"context"
	"io"
	"strings"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/tools"
)

// printHistory is the command "history".
func printHistory(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
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
	l, text := set.Language, ""
	switch width := terminalWidth(stdout); {
	case cfg.Output == "csv":
		text = render.HistoryCSV(histories)
	case cfg.Output == "json":
		text = documents.String()
	case width > 0:
		text = render.HistoryTable(l, histories, width)
	default:
		text = render.History(l, histories)
	}
	status := printed(stdout, console, text, failures)
	_, _ = io.WriteString(console, render.NoHistory(l, histories))
	return status
}

// printAccount is the command "account".
func printAccount(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	a := set.AccountState(ctx, set.Language)
	text := render.Text(set.Language, render.Account(set.Language, &a)) + "\n"
	if cfg.JSON {
		text = string(tools.JSON(a)) + "\n"
	}
	return printed(stdout, console, text, a.Errors)
}
