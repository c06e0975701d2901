// Package testdata holds recorded answers of the upstream: the documented one
// and made-up bloggers, one for each shape that the field guide knows.
package testdata

import (
	"embed"
	"io/fs"
)

//go:embed upstream/*.json
var files embed.FS

// Upstream is the folder of recorded answers, USERID.json each.
func Upstream() fs.FS {
	dir, err := fs.Sub(files, "upstream")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return dir
}
