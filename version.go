package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// release is set by the linker for a release: -ldflags "-X main.release=1.2.3".
var release string

// version is the release, else the module's version that "go install" records.
func version() string {
	if release != "" {
		return release
	}
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return strings.TrimPrefix(b.Main.Version, "v")
	}
	return "(devel)"
}

func printVersion(w io.Writer) {
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
	_, _ = fmt.Fprintf(w, "pgy-mcp %s\ncommit  %s\nGo      %s\nMCP     %s\n",
		version(), commit, runtime.Version(), strings.Join(mcp.ValidProtocolVersions, ", "))
}
