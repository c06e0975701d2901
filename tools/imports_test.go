package tools

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The packages' order: schema and upstream stand alone, tools joins them.
func TestImports(t *testing.T) {
	const mcpGo = "github.com/mark3labs/mcp-go"
	for dir, rules := range map[string]struct{ needs, never []string }{
		"schema":   {nil, []string{"pgy-mcp", mcpGo, "net/http", "os"}},
		"upstream": {nil, []string{"pgy-mcp", mcpGo, "os"}},
		"tools":    {[]string{"pgy-mcp/schema", "pgy-mcp/upstream", mcpGo}, []string{"net/http", "os"}},
	} {
		imports := importsOf(t, filepath.Join("..", dir))
		for _, never := range rules.never {
			for path, file := range imports {
				if within(path, never) {
					t.Errorf("%s imports %s", file, path)
				}
			}
		}
		for _, need := range rules.needs {
			found := false
			for path := range imports {
				found = found || within(path, need)
			}
			if !found {
				t.Errorf("%s does not import %s", dir, need)
			}
		}
		for path, file := range imports {
			if dir == "tools" && within(path, "pgy-mcp") && path != "pgy-mcp/schema" && path != "pgy-mcp/upstream" {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

// within also takes os/exec for os, and net/http/httptest for net/http.
func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// importsOf maps what a package imports outside its tests to a file that does.
func importsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			out[path] = file
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s: no imports found", dir)
	}
	return out
}
