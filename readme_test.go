package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/program"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// runOnce runs the program without an environment.
func runOnce(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = program.Run(t.Context(), args, nil, strings.NewReader(""), &out, &errs, samples())
	return status, out.String(), errs.String()
}

// What the documents say of the program is held to the program: readers copy
// it, and nothing else would notice a flag that is no more.

var commands = []string{"profile", "compare", "insights", "find", "review", "history", "account", "version", "healthcheck"}

var (
	flagPattern     = regexp.MustCompile(`(?:^|[\s(])--?([a-z][a-z-]*)`)
	variablePattern = regexp.MustCompile(`\b(?:PGY_MCP|JUSTONEAPI)_[A-Z_]+\b`)
	spanPattern     = regexp.MustCompile("`([^`\n]+)`")
	linkPattern     = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	fencePattern    = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	programPattern  = regexp.MustCompile(`(?:^|[\s/])(?:pgy-mcp|go run \.)\s+(.*)`)
)

// block is a fenced block of a document.
type block struct{ language, text string }

// document is one of the texts that people read.
type document struct {
	path   string
	text   string
	blocks []block
	spans  []string // inline code, outside the blocks
}

func readDocument(t *testing.T, path string) document {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := document{path: path, text: string(b)}
	for _, m := range fencePattern.FindAllStringSubmatch(d.text, -1) {
		d.blocks = append(d.blocks, block{m[1], m[2]})
	}
	for _, m := range spanPattern.FindAllStringSubmatch(fencePattern.ReplaceAllString(d.text, ""), -1) {
		d.spans = append(d.spans, m[1])
	}
	return d
}

func documents(t *testing.T) []document {
	t.Helper()
	paths, err := filepath.Glob("packaging/*.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []document
	for _, p := range append([]string{"README.md", "README.zh-CN.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"}, paths...) {
		out = append(out, readDocument(t, p))
	}
	return out
}

// usedFlags gives the flags that -h tells of, for the server and each command.
func usedFlags(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, args := range [][]string{{"-h"}, {"profile", "-h"}, {"compare", "-h"}, {"insights", "-h"}, {"review", "-h"}, {"healthcheck", "-h"}} {
		status, usage, stderr := runOnce(t, args...)
		if status != 0 {
			t.Errorf("%q: got status %d (%s), want 0", args, status, stderr)
		}
		for _, m := range flagPattern.FindAllStringSubmatch(usage, -1) {
			out = append(out, m[1])
		}
	}
	return append(out, "h", "help", "version")
}

// commandLines gives the arguments of the program in each line that calls it.
func (d document) commandLines() []string {
	lines := slices.Clone(d.spans)
	for _, b := range d.blocks {
		if b.language != "json" && b.language != "text" {
			lines = append(lines, strings.Split(strings.ReplaceAll(b.text, "\\\n", ""), "\n")...)
		}
	}
	var out []string
	for _, line := range lines {
		line, _, _ = strings.Cut(line, " # ")
		m := programPattern.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(line, "npx ") { // what follows is npx's
			continue
		}
		args := m[1]
		for _, end := range []string{"|", "<", ">", "&&", ";", "`", "'", "$"} {
			args, _, _ = strings.Cut(args, end)
		}
		out = append(out, strings.TrimSpace(args))
	}
	return out
}

func TestDocumentsNameFlags(t *testing.T) {
	known := usedFlags(t)
	for _, d := range documents(t) {
		places := d.commandLines()
		for _, s := range d.spans {
			if strings.HasPrefix(s, "-") {
				places = append(places, s)
			}
		}
		for _, place := range places {
			for _, m := range flagPattern.FindAllStringSubmatch(place, -1) {
				if !slices.Contains(known, m[1]) {
					t.Errorf("%s: %q has the flag -%s, want one that -h tells of", d.path, place, m[1])
				}
			}
		}
	}
}

// Values are held to the program too: a command line must be one that it takes.
func TestDocumentsCallTheProgram(t *testing.T) {
	env := config.Environment{"JUSTONEAPI_TOKEN": testkit.Token, "PGY_MCP_AUTH_TOKEN": testkit.Token}
	tried := 0
	for _, d := range documents(t) {
		for _, line := range d.commandLines() {
			words := strings.Fields(strings.NewReplacer("USER", testkit.DocumentedID, "NOTE", testkit.DocumentedID).Replace(line))
			// The program's name is also what builds are called that end in a folder.
			if len(words) == 0 || words[0] == "." || strings.Contains(line, "[flags]") {
				continue
			}
			if first := words[0]; !strings.HasPrefix(first, "-") && !slices.Contains(commands, first) {
				t.Errorf("%s: %q has the command %s, want one of %q", d.path, line, first, commands)
				continue
			}
			if _, err := config.Parse(words, env, strings.NewReader(testkit.DocumentedID)); err != nil && !errors.Is(err, flag.ErrHelp) {
				t.Errorf("%s: %q: got %v, want no error", d.path, line, err)
			}
			tried++
		}
	}
	if tried < 10 {
		t.Errorf("got %d command lines in the documents, want 10 at least", tried)
	}
}

// Commands on recorded samples are carried out. A text block that follows one
// is an excerpt of what it prints, with … for what is left out of a line.
func TestDocumentsRunSamples(t *testing.T) {
	for _, d := range documents(t) {
		for i, b := range d.blocks {
			if !isSample(b) {
				continue
			}
			args := strings.TrimPrefix(strings.TrimSpace(b.text), "go run . ")
			status, stdout, stderr := runOnce(t, strings.Fields(args)...)
			if status != 0 {
				t.Errorf("%s: %q: got status %d (%s), want 0", d.path, args, status, stderr)
			}
			if i+1 == len(d.blocks) || d.blocks[i+1].language != "text" {
				continue
			}
			for line := range strings.Lines(d.blocks[i+1].text) {
				if line = strings.TrimSpace(line); !excerpt(line).MatchString(stdout) {
					t.Errorf("%s: %q prints %.600q, want the line %q in it", d.path, args, stdout, line)
				}
			}
		}
	}
}

// isSample reports whether a block is a command on recorded samples.
func isSample(b block) bool {
	return b.language == "sh" && strings.HasPrefix(b.text, "go run . ") && strings.Contains(b.text, "-upstream sample")
}

func excerpt(line string) *regexp.Regexp {
	return regexp.MustCompile("(?m)^" + strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + "$")
}

func TestDocumentsNameVariables(t *testing.T) {
	known := []string{"JUSTONEAPI_TOKEN", "JUSTONEAPI_TOKEN_FILE", "PGY_MCP_AUTH_TOKEN", "PGY_MCP_AUTH_TOKEN_FILE", "PGY_MCP_REDIS_FILE"}
	for _, f := range usedFlags(t) {
		known = append(known, "PGY_MCP_"+strings.ToUpper(strings.ReplaceAll(f, "-", "_")))
	}
	texts := map[string]string{}
	for _, d := range documents(t) {
		texts[d.path] = d.text
	}
	err := filepath.WalkDir("packaging", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Name() == "node_modules":
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) == ".png":
			return nil
		}
		b, err := os.ReadFile(path)
		texts[filepath.ToSlash(path)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range texts {
		for _, name := range variablePattern.FindAllString(text, -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s has the variable %s, want one of %q", path, name, known)
			}
		}
	}
}

func TestDocumentsNamePaths(t *testing.T) {
	top, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		// A link is relative to its document, a path in code to the repository.
		for _, m := range linkPattern.FindAllStringSubmatch(d.text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(d.path), m[1])); err != nil {
				t.Errorf("%s links to %s, want a file there: %v", d.path, m[1], err)
			}
		}
		for _, s := range d.spans {
			path, _, _ := strings.Cut(s, " ")
			first, _, isPath := strings.Cut(path, "/")
			if !isPath || !slices.ContainsFunc(top, func(e fs.DirEntry) bool { return e.Name() == first }) {
				continue
			}
			if found, err := filepath.Glob(path); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, want a file there; found %q, %v", d.path, path, found, err)
			}
		}
	}
}

// Configuration to be copied is JSON, and starts the program as it says.
func TestDocumentsConfigureClients(t *testing.T) {
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if b.language != "json" {
				continue
			}
			var value any
			if err := json.Unmarshal([]byte(b.text), &value); err != nil {
				t.Errorf("%s: a block is %.300s, want JSON: %v", d.path, b.text, err)
				continue
			}
			eachServer(value, func(server map[string]any) {
				var args []string
				for _, a := range asList(server["args"]) {
					args = append(args, a.(string))
				}
				// A container engine's own arguments end with the image.
				if at := slices.Index(args, "pgy-mcp"); at >= 0 {
					args = args[at+1:]
				}
				env := config.Environment{}
				for name, v := range asMap(server["env"]) {
					if env[name] = v.(string); strings.Contains(name, "TOKEN") {
						env[name] = testkit.Token // a placeholder, which is refused
					}
				}
				if _, err := config.Parse(args, env, strings.NewReader("")); err != nil {
					t.Errorf("%s: %q: got %v, want no error", d.path, args, err)
				}
			})
		}
	}
}

// The links that add the server with one click hold what the blocks of JSON do.
func TestReadmesLinkClients(t *testing.T) {
	for _, path := range []string{"README.md", "README.zh-CN.md"} {
		d := readDocument(t, path)
		var cursor struct {
			MCPServers map[string]json.RawMessage
		}
		var code struct {
			Inputs  json.RawMessage
			Servers map[string]json.RawMessage
		}
		for _, b := range d.blocks {
			if b.language == "json" && strings.Contains(b.text, `"mcpServers"`) {
				unmarshal(t, path, b.text, &cursor)
			} else if b.language == "json" && strings.Contains(b.text, `"servers"`) {
				unmarshal(t, path, b.text, &code)
			}
		}
		config := url.QueryEscape(base64.StdEncoding.EncodeToString(compact(t, cursor.MCPServers["pgy"])))
		inputs, server := compact(t, code.Inputs), compact(t, code.Servers["pgy"])
		whole := `{"name":"pgy",` + string(server[1:len(server)-1]) + `,"inputs":` + string(inputs) + `}`
		for _, link := range []string{
			"](https://cursor.com/install-mcp?name=pgy&config=" + config + ")",
			"\ncursor://anysphere.cursor-deeplink/mcp/install?name=pgy&config=" + config + "\n",
			"](https://insiders.vscode.dev/redirect/mcp/install?name=pgy&inputs=" + escape(string(inputs)) + "&config=" + escape(string(server)) + ")",
			"\nvscode:mcp/install?" + escape(whole) + "\n",
		} {
			if !strings.Contains(d.text, link) {
				t.Errorf("%s has no link as its JSON wants it, want %s", path, link)
			}
		}
	}
}

// escape escapes a text for an address as JavaScript's encodeURIComponent does.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func unmarshal(t *testing.T, path, text string, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%s: a block is %.300s, want JSON: %v", path, text, err)
	}
}

func compact(t *testing.T, raw json.RawMessage) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil || b.Len() < 2 {
		t.Fatalf("a server or its inputs are %.300q (%v), want JSON", raw, err)
	}
	return b.Bytes()
}

// eachServer finds the objects that start a command.
func eachServer(value any, found func(map[string]any)) {
	for _, v := range asList(value) {
		eachServer(v, found)
	}
	m := asMap(value)
	if _, is := m["command"].(string); is {
		found(m)
	}
	for _, v := range m {
		eachServer(v, found)
	}
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// A default that the READMEs tell of is one: given as a flag it changes nothing.
func TestReadmesTellDefaults(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| (`-[^|]+) \\| (`[^|]+) \\|")
	byItself, err := config.Parse(nil, nil, strings.NewReader(""))
	if err != nil {
		t.Fatalf("no arguments: got %v, want no error", err)
	}
	for _, path := range []string{"README.md", "README.zh-CN.md"} {
		rows := row.FindAllStringSubmatch(readDocument(t, path).text, -1)
		told := 0
		for _, r := range rows {
			flags, defaults := spanPattern.FindAllStringSubmatch(r[1], -1), spanPattern.FindAllStringSubmatch(r[2], -1)
			if len(flags) != len(defaults) {
				t.Errorf("%s: %q: got %d defaults, want %d", path, r[0], len(defaults), len(flags))
				continue
			}
			for i, f := range flags {
				got, err := config.Parse([]string{f[1] + "=" + defaults[i][1]}, nil, strings.NewReader(""))
				if err != nil {
					t.Errorf("%s: %s: got %v, want no error", path, r[0], err)
				} else if !reflect.DeepEqual(got, byItself) {
					t.Errorf("%s: %s: got %+v, want what the program does by itself, %+v", path, r[0], got, byItself)
				}
				told++
			}
		}
		if told < 12 {
			t.Errorf("%s: got %d defaults, want 12 at least", path, told)
		}
	}
}

// chineseLabels makes an example print Chinese, as those of the Chinese README do.
const chineseLabels = " -lang zh"

// The two languages have the same code, in the same order where it is a block. Examples
// of the Chinese README print Chinese; TestDocumentsRunSamples holds what they print.
func TestReadmesInStep(t *testing.T) {
	english, chinese := readDocument(t, "README.md"), readDocument(t, "README.zh-CN.md")
	if got, want := len(chinese.blocks), len(english.blocks); got != want {
		t.Fatalf("README.zh-CN.md: got %d blocks, want %d as in README.md", got, want)
	}
	for i, want := range english.blocks {
		got := chinese.blocks[i]
		if got.language != want.language {
			t.Errorf("README.zh-CN.md, block %d: got language %q, want %q as in README.md", i, got.language, want.language)
		}
		if i > 0 && want.language == "text" && isSample(english.blocks[i-1]) {
			continue
		}
		if isSample(want) {
			testkit.Contains(t, fmt.Sprintf("block %d of README.zh-CN.md", i), got.text, chineseLabels)
		}
		testkit.EqualText(t, fmt.Sprintf("block %d of README.zh-CN.md, which README.md has too,", i), strings.Replace(got.text, chineseLabels, "", 1), want.text)
	}
	for _, s := range english.spans {
		if !slices.Contains(chinese.spans, s) {
			t.Errorf("README.zh-CN.md has no `%s`, want it as in README.md", s)
		}
	}
	for _, s := range chinese.spans {
		if !slices.Contains(english.spans, s) {
			t.Errorf("README.zh-CN.md has `%s`, want no code that README.md lacks", s)
		}
	}
}

func TestReadmeHasEverySetting(t *testing.T) {
	_, usage, _ := runOnce(t, "-h")
	for _, path := range []string{"README.md", "README.zh-CN.md"} {
		d := readDocument(t, path)
		for _, m := range flagPattern.FindAllStringSubmatch(usage, -1) {
			if !strings.Contains(d.text, "`-"+m[1]+"`") {
				t.Errorf("%s does not tell of -%s, want a word of it", path, m[1])
			}
		}
	}
}

// Every filter of a search has its row, by the argument and the flag.
func TestReadmeHasEveryFilter(t *testing.T) {
	for _, path := range []string{"README.md", "README.zh-CN.md"} {
		d := readDocument(t, path)
		for _, f := range schema.FilterDocs() {
			if row := "\n| `" + f.Name + "` | `-" + f.Flag + "` | "; !strings.Contains(d.text, row) {
				t.Errorf("%s has no row that begins with %q, want one", path, row)
			}
		}
	}
}
