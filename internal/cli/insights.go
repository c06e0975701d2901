package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"pgy-mcp/internal/config"
	"pgy-mcp/tools"
)

// Insights is the command "insights": it prints the sections of all users in
// the order given, and what did not come on stderr. Like Profiles it waits until
// each look-up has ended.
func Insights(ctx context.Context, set *tools.Set, cfg config.Config, stdout, stderr io.Writer) int {
	var pages []string
	var failures strings.Builder
	for _, l := range set.Insights(withProgress(ctx, stderr), cfg.Users, cfg.Insights) {
		if l.Failure != "" {
			fmt.Fprintf(&failures, "%s\n%s\n", l.UserID, l.Failure)
		}
		switch {
		case cfg.JSON:
			pages = append(pages, string(tools.OneLine(l.Structured))+"\n")
		case l.Text != "":
			pages = append(pages, l.Text+"\n")
		}
	}
	separator := "\n"
	if cfg.JSON {
		separator = ""
	}
	status := printed(stdout, stderr, strings.Join(pages, separator))
	if failures.Len() > 0 {
		status = 1
		_, _ = io.WriteString(stderr, failures.String())
	}
	return status
}
