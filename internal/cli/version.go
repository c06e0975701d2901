package cli

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
)

// Version prints version, commit, Go version, MCP revisions and cache folder, and returns
// the exit status.
func Version(stdout, stderr io.Writer, version string, revisions []string, cacheDir string) int {
	built := map[string]string{"vcs.revision": "unknown", "vcs.time": "unknown"}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			built[s.Key] = s.Value
		}
	}
	commit := built["vcs.revision"]
	if built["vcs.modified"] == "true" {
		commit += " (modified)"
	}
	return outputStatus(stderr, printTo(stdout, fmt.Sprintf("pgy-mcp %s\ncommit  %s\ndate    %s\nGo      %s\nMCP     %s\ncache   %s\n",
		version, commit, built["vcs.time"], runtime.Version(), strings.Join(revisions, ", "), cmp.Or(cacheDir, "off"))))
}
