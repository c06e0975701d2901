// Command pgy-mcp is an MCP server that tells AI agents what a Xiaohongshu
// (RedNote) blogger costs and delivers, from Just One API's Pugongying endpoints.
package main

import (
	"embed"
	"io/fs"
	"os"

	"pgy-mcp/internal/program"
)

//go:embed testdata/upstream
var recorded embed.FS

func main() {
	ctx := program.UntilSignal()
	os.Exit(program.Run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr, samples()))
}

// samples are the recorded answers inside the binary.
func samples() fs.FS {
	dir, err := fs.Sub(recorded, "testdata/upstream")
	if err != nil {
		panic(err) // the name of the folder is invalid
	}
	return dir
}
