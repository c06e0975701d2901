package cli

import (
	"context"
	"io"

	"pgy-mcp/internal/config"
	"pgy-mcp/tools"
)

// Comparison is the command "compare": it prints one comparison of all users,
// failures on stderr too. Like Profiles it waits until each look-up has ended.
func Comparison(ctx context.Context, set *tools.Set, cfg config.Config, stdout io.Writer, console *Console) int {
	c := set.Compare(withProgress(ctx, console), cfg.Compare)
	return printed(stdout, console, document(c, cfg, terminalWidth(stdout)), c.Failures())
}

// document is the comparison as -o asks for it; width is the terminal's,
// 0 without one.
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
