package config

import (
	"fmt"
	"io"

	"pgy-mcp/schema"
)

func Usage(w io.Writer) {
	_, _ = fmt.Fprintf(w, `pgy-mcp tells AI agents what a Xiaohongshu blogger costs and delivers (an MCP server).

  pgy-mcp [flags]                   serve MCP, on stdin and stdout unless -transport says otherwise
  pgy-mcp profile [flags] USER...   look bloggers up and print them; -json for JSON
  pgy-mcp compare [flags] USER...   rank them, as many as you like
  pgy-mcp version

USER is a userId (24 hex digits) or a profile URL that carries it:
https://www.xiaohongshu.com/user/profile/USERID
- reads USERs from standard input, one a line; lines that begin with # are skipped.

Flags of compare, the default first:

  -%-16s %s
  -%-16s %s
  -%-16s %s
  -%-16s most CNY for one note; dearer quotes get no rank (no limit)

Flags, each one also an Environment variable (-cache-ttl is %s):

`, "format", schema.List(schema.Formats), "sort", schema.List(schema.SortKeys),
		"o", schema.List(Outputs), "max-price", variable("cache-ttl"))
	for _, s := range settings {
		usage := s.usage
		if s.value != "" {
			usage += " (" + s.value + ")"
		}
		_, _ = fmt.Fprintf(w, "  -%-16s %s\n", s.name, usage)
	}
	_, _ = fmt.Fprintf(w, `
Secrets, from the Environment only: %s or %[1]s_FILE, %s or %[2]s_FILE.
`, apiToken, authToken)
}
