package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
)

// Version prints what the program is, and which revisions of MCP it speaks.
func Version(w io.Writer, version string, revisions []string) int {
	commit := "unknown"
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				commit += " (modified)"
			}
		}
	}
	_, err := fmt.Fprintf(w, "pgy-mcp %s\ncommit  %s\nGo      %s\nMCP     %s\n", version, commit, runtime.Version(), strings.Join(revisions, ", "))
	if err != nil {
		return 1
	}
	return 0
}
