package tools

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// nonTestFiles are the parsed sources of a folder.
func nonTestFiles(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatalf("listing %s ends with %v, want its files", dir, err)
	}
	var out []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("parsing %s ends with %v, want Go", name, err)
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		t.Fatalf("%s has no source, want some", dir)
	}
	return out
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

// called is the last name of what a call calls.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// saidTexts are the texts that this package's source gives to say, or to fact
// and add, which pass them on.
func saidTexts(t *testing.T) []string {
	var out []string
	for _, f := range nonTestFiles(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok || len(c.Args) == 0 || !slices.Contains([]string{"say", "fact", "add"}, called(c)) {
				return true
			}
			text, ok := literal(c.Args[0])
			if !ok {
				return true
			}
			out = append(out, text)
			if called(c) != "say" || text == waitAsked {
				return true
			}
			if got, want := len(c.Args)-1, len(verb.FindAllString(strings.ReplaceAll(text, "%%", ""), -1)); got != want {
				t.Errorf("%q is said with %d arguments, want %d, as many as its verbs", text, got, want)
			}
			return true
		})
	}
	return out
}

// waitAsked gets its argument together with the text that it is put behind.
const waitAsked = "; the upstream asks to wait %s"

var verb = regexp.MustCompile(`%[a-z%]`)

// upstreamDetails are the details that package upstream's source gives to its
// errors; those of our own faults are for the log alone.
func upstreamDetails(t *testing.T) []string {
	var out []string
	take := func(e ast.Expr) {
		if c, ok := e.(*ast.CallExpr); ok && called(c) == "Sprintf" {
			e = c.Args[0]
		}
		if s, ok := literal(e); ok && s != "" {
			out = append(out, strings.ReplaceAll(s, "%d MiB", "4 MiB"))
		}
	}
	for _, f := range nonTestFiles(t, "../upstream") {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				return !slices.ContainsFunc(n.Elts, isInternal)
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Detail" {
					take(n.Value)
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if s, ok := left.(*ast.SelectorExpr); ok && s.Sel.Name == "Detail" && len(n.Lhs) == len(n.Rhs) {
						take(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if called(n) == "fail" {
					take(n.Args[len(n.Args)-1])
				}
			case *ast.FuncDecl:
				if n.Name.Name == "dialDetail" {
					ast.Inspect(n, func(n ast.Node) bool {
						if r, ok := n.(*ast.ReturnStmt); ok {
							take(r.Results[0])
						}
						return true
					})
				}
			}
			return true
		})
	}
	return out
}

// isInternal recognizes Kind: Internal.
func isInternal(e ast.Expr) bool {
	pair, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return false
	}
	kind, ok := pair.Value.(*ast.Ident)
	return ok && kind.Name == "Internal"
}

// refused has a text for each reason to refuse one.
var refused = []string{
	strings.Repeat("x", 3000), "", "659902c1000000002200361", "zebra?zebra!zebra", "null", "4639645438", "ftp://www.xiaohongshu.com/user/profile/" + documented, "https://example.com/" + documented,
	"https://www.xiaohongshu.com/user/profile/", "https://www.xiaohongshu.com/explore/" + documented, "https://xhslink.com/abc",
	"https://www.xiaohongshu.com/user/profile/" + documented + " https://www.xiaohongshu.com/user/profile/" + full,
}

// tableTexts are the texts of tables, which say gets by way of a variable.
func tableTexts() []string {
	out := []string{"female", "male", "unknown", "failed", "bloggers", "sections"}
	for _, m := range schema.Metrics {
		out = append(out, m.Label, " "+m.Unit)
	}
	for _, f := range schema.Figures {
		out = append(out, f.Label, " "+f.Unit)
	}
	for _, g := range schema.Groups {
		out = append(out, g.Label)
	}
	for _, d := range schema.Distributions {
		out = append(out, d.Label)
		if d.Most == 0 {
			out = append(out, d.Name)
		}
	}
	for _, c := range columns {
		out = append(out, c.header, c.ranking)
	}
	for _, f := range schema.Formats {
		out = append(out, string(f))
	}
	for _, s := range schema.Scopes {
		out = append(out, string(s))
	}
	for status, text := range statuses {
		out = append(out, string(status), text)
	}
	for _, w := range failures {
		out = append(out, w.sentence, w.retryable, w.next)
	}
	for _, b := range []upstream.Billing{upstream.NotBilled, upstream.Billed, upstream.UnknownBilling} {
		out = append(out, string(b))
	}
	out = append(out, notProvided(&schema.Summary{Quotes: schema.Quotes{Image: schema.Quote{Status: schema.QuoteUnknown}, Video: schema.Quote{Status: schema.QuoteUnknown}}})...)
	// The heads of the table of notes are in its function.
	out = append(out, "Published", "Format", "Title", "Brand", "Reads", "Likes", "Collects", "Shop visits", "Page")
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// Whatever is said has Chinese, with the same verbs in the same order, and the
// catalogues hold nothing else.
func TestCatalogues(t *testing.T) {
	chinese := map[string]string{}
	for _, c := range catalogues {
		for text, said := range c {
			if _, twice := chinese[text]; twice {
				t.Errorf("%q is in two catalogues, want it in one", text)
			}
			chinese[text] = said
		}
	}
	used := map[string]bool{}
	for _, text := range slices.Concat(saidTexts(t), tableTexts(), upstreamDetails(t)) {
		if _, ok := chinese[text]; !ok && !used[text] {
			t.Errorf("%q has no Chinese, want some in a catalogue", text)
		}
		used[text] = true
	}
	for _, text := range slices.Sorted(maps.Keys(chinese)) {
		if !used[text] {
			t.Errorf("%q is in a catalogue and never said, want it said or left out", text)
		}
		if got, want := fmt.Sprint(verb.FindAllString(chinese[text], -1)), fmt.Sprint(verb.FindAllString(text, -1)); got != want {
			t.Errorf("the Chinese of %q has the verbs %s, want %s", text, got, want)
		}
	}
	for _, s := range schema.Sections {
		if sections[s] == "" {
			t.Errorf("the section %s has no Chinese name, want one", s)
		}
	}
}

// A new text in the source of another package is seen here too.
func TestDetailsAreFound(t *testing.T) {
	found := upstreamDetails(t)
	for detail := range details {
		if !slices.Contains(found, detail) {
			t.Errorf("package upstream has no detail %q, want it there: it is in a catalogue", detail)
		}
	}
}

func TestSay(t *testing.T) {
	for _, c := range []struct {
		language Language
		got      func(Language) string
		want     string
	}{
		{"", func(l Language) string { return l.say("%d cached, %d billed, %d failed", 1, 2, 3) }, "1 cached, 2 billed, 3 failed"},
		{Chinese, func(l Language) string { return l.say("%d cached, %d billed, %d failed", 1, 2, 3) }, "缓存 1 项，计费 2 项，失败 3 项"},
		{English, func(l Language) string { return l.say(" %") }, " %"},
		{Chinese, func(l Language) string { return l.say(" %") }, "%"},
		{Chinese, func(l Language) string { return l.say("no such text: %s", "x") }, "no such text: x"},
		{English, func(l Language) string { return l.list([]string{"a", "b"}) }, "a, b"},
		{Chinese, func(l Language) string { return l.list([]string{"a", "b"}) }, "a、b"},
		{English, func(l Language) string { return l.sentence("a") + l.sentence("b.") }, "a.b."},
		{Chinese, func(l Language) string { return l.sentence("甲") + l.sentence("乙。") }, "甲。乙。"},
	} {
		if got := c.got(c.language); got != c.want {
			t.Errorf("%q: got %q, want %q", c.language, got, c.want)
		}
	}
}

// checkText holds a text to a golden file as it is.
func checkText(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatalf("writing %s ends with %v, want it written", file, err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading %s ends with %v, want it read", file, err)
	}
	sameText(t, file+" has changed (look at it, then run the test with -update): it", text, string(want))
}
