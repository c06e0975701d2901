package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const mcpGo = "github.com/mark3labs/mcp-go"

// arrows are the packages of ours that each package may import. Imports point
// one way: a reader of a package needs to know those below it alone.
var arrows = map[string][]string{
	"":                         {"internal/program"},
	"internal/program":         {"internal/cli", "internal/config", "internal/lang", "internal/observe", "internal/serve", "tools", "upstream", "upstream/disk", "upstream/redis"},
	"internal/cli":             {"internal/config", "internal/lang", "internal/render", "schema", "tools"},
	"internal/condense":        {"schema"},
	"internal/config":          {"schema", "upstream"},
	"internal/observe":         {"internal/config", "internal/observe/quiet", "tools", "upstream"},
	"internal/observe/quiet":   nil,
	"internal/lang":            nil,
	"internal/render":          {"internal/lang", "schema"},
	"internal/serve":           {"tools"},
	"tools":                    {"internal/condense", "internal/lang", "internal/render", "schema", "upstream"},
	"schema":                   {"internal/lang"},
	"upstream":                 nil,
	"upstream/disk":            {"upstream"},
	"upstream/redis":           {"upstream"},
	"upstream/redis/redistest": nil,
	"internal/testkit":         nil,

	// Commands that make releases.
	"packaging/bundle":    nil,
	"packaging/entry":     nil,
	"packaging/universal": nil,
}

// strangers are what a package must not import from elsewhere.
var strangers = map[string][]string{
	"schema":            {mcpGo, "net/http", "os"},
	"upstream":          {mcpGo, "os", "github.com/VictoriaMetrics", "github.com/invopop"},
	"upstream/disk":     {mcpGo, "net/http"},
	"upstream/redis":    {mcpGo, "net/http", "os"},
	"tools":             {"net/http", "os", "github.com/VictoriaMetrics"},
	"internal/condense": {mcpGo, "net/http", "os"},
	"internal/render":   {mcpGo, "net/http", "os"},
	"internal/lang":     {mcpGo, "net/http", "os"},
	"internal/serve":    {"os", "github.com/VictoriaMetrics"},
	"internal/config":   {mcpGo, "net/http"},
	"internal/cli":      {mcpGo},
	"internal/program":  {mcpGo, "net/http"},
	"internal/observe":  {mcpGo},
}

func TestImports(t *testing.T) {
	for dir, imports := range importsByPackage(t) {
		allowed, known := arrows[dir]
		if !known {
			t.Errorf("the package %q is not in the list of arrows, want it there", dir)
			continue
		}
		for path, file := range imports {
			ours, isOurs := strings.CutPrefix(path, "pgy-mcp/")
			if isOurs && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s, want no more of ours than %q in %q", file, path, allowed, dir)
			}
			for _, stranger := range strangers[dir] {
				if path == stranger || strings.HasPrefix(path, stranger+"/") {
					t.Errorf("%s imports %s, want nothing of %s there", file, path, stranger)
				}
			}
		}
	}
}

// importsByPackage maps each folder to what it imports outside its tests, and
// that to a file that does.
func importsByPackage(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir == "." {
			dir = ""
		}
		if out[dir] == nil {
			out[dir] = map[string]string{}
		}
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			out[dir][imported] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 7 {
		t.Fatalf("%d packages were found, want 7 at least", len(out))
	}
	return out
}
