package tools

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// Every recorded answer as a client gets it. The bubble's clock stands still,
// so that fetchedAt is the same on every day.
func TestGolden(t *testing.T) {
	outputs := compileOutputSchema(t)
	for _, id := range testkit.SampleIDs(t) {
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
	t.Helper()
	testkit.Lacks(t, "the result", string(r), "\r", "\n", `\u003c`, `\u003e`, `\u0026`)
}

func checkGolden(t *testing.T, name string, r []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, r, "", "  "); err != nil {
		t.Fatalf("the result is %.300s: %v, want JSON", r, err)
	}
	b.WriteByte('\n')
	checkText(t, name+".json", b.String())
}

// checkError: text alone, complete in itself.
func checkError(t *testing.T, r []byte, a answer) {
	t.Helper()
	var members map[string]json.RawMessage
	if err := json.Unmarshal(r, &members); err != nil {
		t.Errorf("an error is %.300s: %v, want JSON", r, err)
	}
	if len(members) != 2 {
		t.Errorf("an error has %d members, want 2, the content and isError: %.300s", len(members), r)
	}
	if len(a.Content) != 1 {
		t.Errorf("an error has %d blocks, want 1: %.300s", len(a.Content), r)
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
		t.Fatalf("the result is %.300s: %v, want JSON", r, err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(members.StructuredContent))
	if err != nil {
		t.Fatalf("the structured content is %.300s: %v, want JSON", members.StructuredContent, err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("the structured content is %.300s: %v, want it as published", members.StructuredContent, err)
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
			spellings := spelt(t, v.String())
			if !slices.ContainsFunc(spellings, func(n string) bool { return inText[n] }) {
				t.Errorf("%s is in the summary, and the text is %.600q, want one of %q in it", v, text, spellings)
			}
		case string:
			texts++
			if v == "no_quote" || v == "open" || v == "closed" || v == "placeholder" || v == "unknown" {
				v = strings.TrimPrefix(v, "no_")
			}
			testkit.Contains(t, "the text", text, v)
		}
	})
	if numbers == 0 {
		t.Errorf("the summary has no numbers, want some: %.300s", a.Structured.Summary)
	}
	if texts < 6 {
		t.Errorf("the summary has %d texts, want 6 at least: %.300s", texts, a.Structured.Summary)
	}
	m := a.Structured.Meta
	testkit.Contains(t, "the text", text+"\n", "\nSource: sample (recorded, not live data)\n", "\nFetched: "+m.FetchedAt+", 0 s ago\n", "\nThis call: asked the upstream, not billed")
	testkit.Equal(t, "the source", m.Source, "sample")
	testkit.Equal(t, "the origin", a.origin(), origin{})
	testkit.Equal(t, "rawMode", m.RawMode, mode)
	testkit.Equal(t, "fetchedAt", m.FetchedAt, "2000-01-01T00:00:00Z")
	if m.RequestID != "" {
		testkit.Contains(t, "the text", text, "\nRequest ID: "+m.RequestID)
	}
	for line := range strings.SplitSeq(text, "\n") {
		checkNothingHidden(t, line)
		if label, value, ok := strings.Cut(line, ": "); !ok || label == "" || value == "" {
			t.Errorf("a line is %q, want a label and a value", line)
		}
	}
	none, blocks := mode == "none", 2
	if none {
		blocks = 1
	}
	testkit.Equal(t, "structuredContent.raw == nil", a.Structured.Raw == nil, none)
	testkit.Equal(t, "the number of blocks", len(a.Content), blocks)
	hasIf(t, none, "the text", text, "raw: none")
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
	if structured < 0 {
		t.Errorf("the result is %.300s, want structured content in it", r)
	}
	mostText := 8192
	if id == documented {
		mostText = 3072
		if n := len(r); n >= 8192 {
			t.Errorf("the result has %d bytes, want less than 8,192", n)
		}
	}
	if text >= mostText {
		t.Errorf("%d bytes of text, want less than %d", text, mostText)
	}
	if n := len(r) - structured; n >= 8192 {
		t.Errorf("%d bytes of structured content, want less than 8,192", n)
	}
}

// leaves visits every scalar of a JSON text but the keys.
func leaves(t *testing.T, raw json.RawMessage, visit func(any)) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("there is %.300s: %v, want JSON", raw, err)
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

// spelt are the ways in which a text may write a number: whole, with the digits that
// tell something, or as a percent.
func spelt(t *testing.T, n string) []string {
	t.Helper()
	x, err := strconv.ParseFloat(n, 64)
	if err != nil {
		t.Fatalf("there is %q: %v, want a number", n, err)
	}
	whole := grouped(t, n)
	out := []string{whole, strings.ReplaceAll(whole, ",", "")}
	for _, q := range []schema.Quantity{schema.UnitCost, schema.Ratio, schema.Percentage, schema.Counted} {
		out = append(out, strings.TrimSuffix(render.Figure(lang.English, q, x), " %"))
	}
	return out
}

// grouped spells a number as a reader expects it: 1,234,567.5.
func grouped(t *testing.T, n string) string {
	t.Helper()
	if strings.ContainsAny(n, "eE") {
		f, err := strconv.ParseFloat(n, 64)
		if err != nil {
			t.Fatalf("there is %q: %v, want a number", n, err)
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
