package tools

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/schema"
)

// Every recorded answer as a client gets it. The bubble's clock stands still,
// so that fetchedAt is the same on every day.
func TestGolden(t *testing.T) {
	outputs := compileOutputSchema(t)
	for _, id := range sampleIDs(t) {
		modes := []string{"compact"}
		if id == documented {
			modes = []string{"compact", "full", "none"}
		}
		for _, mode := range modes {
			name, arguments := id, `{"userId":"`+id+`"}`
			if mode != "compact" {
				name, arguments = id+"-"+mode, `{"userId":"`+id+`","raw":"`+mode+`"}`
			}
			t.Run(name, func(t *testing.T) {
				var result []byte
				synctest.Test(t, func(t *testing.T) {
					b, close := newBench(setup{fetcher: sample()})
					defer close()
					result = b.call(t, t.Context(), arguments)
				})
				checkWire(t, result)
				checkGolden(t, name, result)
				a := read(t, result)
				if a.IsError {
					checkError(t, result, a)
					return
				}
				checkSize(t, id, mode, result, a)
				checkStructured(t, outputs, result)
				checkBothChannels(t, id, mode, a)
			})
		}
	}
}

func checkWire(t *testing.T, r []byte) {
	if bytes.ContainsAny(r, "\r\n") {
		t.Errorf("more than one line: %q", r)
	}
	for _, escape := range []string{`\u003c`, `\u003e`, `\u0026`} {
		if bytes.Contains(r, []byte(escape)) {
			t.Errorf("HTML escapes: %s", r)
		}
	}
}

func checkGolden(t *testing.T, name string, r []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, r, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, r)
	}
	b.WriteByte('\n')
	file := filepath.Join("..", "testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s has changed; look at it, then run the test with -update:\n%s", file, b.Bytes())
	}
}

// checkError: text alone, complete in itself.
func checkError(t *testing.T, r []byte, a answer) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(r, &members); err != nil || len(members) != 2 || len(a.Content) != 1 {
		t.Errorf("an error with more than its text: %s", r)
	}
	checkWords(t, a.kind(), a.text())
}

func compileOutputSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	return compiled(t, schema.PublishedProfile)
}

func checkStructured(t *testing.T, s *jsonschema.Schema, r []byte) {
	t.Helper()
	var members struct{ StructuredContent json.RawMessage }
	if err := json.Unmarshal(r, &members); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(members.StructuredContent))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("the structured content is not as published: %v", err)
	}
}

// checkBothChannels: a client shows its model the text or the structured
// content, so each one carries every fact.
func checkBothChannels(t *testing.T, id, mode string, a answer) {
	text := a.text()
	inText := map[string]bool{}
	for _, n := range regexp.MustCompile(`-?[0-9][0-9,]*(\.[0-9]+)?`).FindAllString(text, -1) {
		inText[strings.TrimRight(n, ",")] = true
	}
	numbers, texts := 0, 0
	leaves(t, a.Structured.Summary, func(v any) {
		switch v := v.(type) {
		case json.Number:
			numbers++
			if n := grouped(t, v.String()); !inText[n] && !inText[strings.ReplaceAll(n, ",", "")] {
				t.Errorf("%s is in the summary, %s not in the text: %s", v, n, text)
			}
		case string:
			texts++
			if v == "no_quote" || v == "open" || v == "closed" || v == "placeholder" || v == "unknown" {
				v = strings.TrimPrefix(v, "no_")
			}
			if !strings.Contains(text, v) {
				t.Errorf("%q is in the summary and not in the text: %s", v, text)
			}
		}
	})
	if numbers == 0 || texts < 6 {
		t.Errorf("only %d numbers and %d texts in the summary", numbers, texts)
	}
	m := a.Structured.Meta
	for _, want := range []string{"\nSource: sample (recorded, not live data)\n", "\nFetched: " + m.FetchedAt + ", 0 s ago\n", "\nThis call: asked the upstream, not billed"} {
		if !strings.Contains(text+"\n", want) {
			t.Errorf("no %q in the text: %s", want, text)
		}
	}
	if m.Source != "sample" || m.Billed || m.Cached || m.Stale || m.RawMode != mode || m.FetchedAt != "2000-01-01T00:00:00Z" {
		t.Errorf("meta is %+v", m)
	}
	if m.RequestID != "" && !strings.Contains(text, "\nRequest ID: "+m.RequestID) {
		t.Errorf("no request id in the text: %s", text)
	}
	for line := range strings.SplitSeq(text, "\n") {
		checkNothingHidden(t, line)
		if label, value, ok := strings.Cut(line, ": "); !ok || label == "" || value == "" {
			t.Errorf("no fact: %q", line)
		}
	}
	if (mode == "none") != (a.Structured.Raw == nil) || (mode == "none") != (len(a.Content) == 1) || (mode == "none") != strings.Contains(text, "raw: none") {
		t.Errorf("%s: %d blocks, raw %.40s", mode, len(a.Content), a.Structured.Raw)
	}
}

// checkSize: VS Code puts more than 8,192 bytes of what it shows into a file,
// and it shows either the text or the structured content.
func checkSize(t *testing.T, id, mode string, r []byte, a answer) {
	if mode == "full" {
		return // as long as the upstream's data is
	}
	text, structured := 0, bytes.Index(r, []byte(`,"structuredContent":`))
	for _, block := range a.Content {
		text += len(block.Text)
	}
	if structured < 0 || len(r)-structured >= 8192 || text >= 8192 {
		t.Errorf("%d bytes of text, %d of structured content", text, len(r)-structured)
	}
	if id == documented && (text >= 3072 || len(r) >= 8192) {
		t.Errorf("%d bytes of text in a result of %d", text, len(r))
	}
}

// leaves visits every scalar of a JSON text but the keys.
func leaves(t *testing.T, raw json.RawMessage, visit func(any)) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		default:
			visit(v)
		}
	}
	walk(v)
}

// grouped spells a number as a reader expects it: 1,234,567.5.
func grouped(t *testing.T, n string) string {
	t.Helper()
	if strings.ContainsAny(n, "eE") {
		f, err := strconv.ParseFloat(n, 64)
		if err != nil {
			t.Fatal(err)
		}
		n = strconv.FormatFloat(f, 'f', -1, 64)
	}
	whole, rest, _ := strings.Cut(n, ".")
	if rest != "" {
		rest = "." + rest
	}
	for thousands := regexp.MustCompile(`([0-9])([0-9]{3})(,|$)`); thousands.MatchString(whole); {
		whole = thousands.ReplaceAllString(whole, "$1,$2$3")
	}
	return whole + rest
}
