package tools

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// The text of whatever profile there is: a line a fact, and safe to show.
func FuzzProfileText(f *testing.F) {
	for _, id := range testkit.SampleIDs(f) {
		f.Add([]byte(testkit.SampleData(f, id)))
	}
	for _, s := range []string{
		`{}`, `[]`, `null`, `{"name":"\ud800\u202e"}`, `{"contentTags":[[{"taxonomy1Tag":1}]]}`, `{"fansNum":1e308,"fans30GrowthNum":-1e-300}`,
		`{"tradeType":"` + strings.Repeat("a ", 300) + `"}`, `{"personalTags":["` + strings.Repeat("x", 3000) + `"]}`,
		`{"name":"🏴\udb40\udc67\udb40\udc62","noteSign":{"name":[]}}`, "{\"name\":\"\xff\xfe\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		// A profile has about 4 KB; a larger one has larger lists, which are
		// bounded one by one below.
		if !json.Valid(data) || len(data) > 16<<10 {
			return
		}
		s, caveats := condense.Profile(data, condense.Terms{})
		s.Caveats = render.Caveats(lang.English, caveats)
		facts := render.Profile(lang.English, &s)
		text := render.Text(lang.English, facts)
		if len(text) >= 64<<10 {
			t.Errorf("%q: %d bytes of text, want less than %d", data, len(text), 64<<10)
		}
		if !utf8.ValidString(text) {
			t.Errorf("%q: the text is %.300q, want UTF-8", data, text)
		}
		lines := strings.Split(text, "\n")
		if len(lines) != len(facts) {
			t.Errorf("%q: %d lines, want %d, one a fact", data, len(lines), len(facts))
		}
		for _, l := range lines {
			checkNothingHidden(t, l)
		}
	})
}

// Whatever an answer holds: what comes of it is as published, within the
// scales, and safe to show.
func FuzzInsights(f *testing.F) {
	published := compiled(f, schema.PublishedInsights)
	price := 42000.0
	for i, section := range schema.Sections {
		f.Add(byte(i), sectionData(f, full, string(section)))
		f.Add(byte(i), sectionData(f, "5a3e1e000000000000000005", string(section)))
	}
	f.Add(byte(4), sectionData(f, "5a3e1e000000000000000007", "notes"))
	f.Add(byte(1), `{"gender":{"female":1e-12,"male":"1"},"provinces":[{"name":"海外","percent":2}]}`)
	f.Add(byte(12), `{"list":[{"isVideo":true,"readNum":1e18}]}`)
	f.Fuzz(func(t *testing.T, which byte, data string) {
		section := schema.Sections[int(which)%len(schema.Sections)]
		in := schema.InsightsInput{Scope: schema.Scopes[which/8%2], Format: schema.NoteFormats[which/16%3], Days: 30}
		p, caveats := condense.Section(section, json.RawMessage(data), &in, &schema.Quote{Status: schema.QuoteOpen, PriceCNY: &price})
		p.Caveats = render.Caveats(lang.English, caveats)
		i := schema.Insights{UserID: full, Meta: schema.InsightsMeta{Sections: []schema.SectionMeta{}}}
		i.Set(p)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSON(i)))
		if err != nil {
			t.Fatalf("%q: the result is no JSON: %v, want JSON", data, err)
		}
		if err := published.Validate(doc); err != nil {
			t.Errorf("%q: got %v, want the result as published", data, err)
		}
		text := render.Insights(lang.English, &i)
		if !utf8.ValidString(text) {
			t.Errorf("%q: the text is %.300q, want UTF-8", data, text)
		}
		if n := len(text); n >= 64<<10 {
			t.Errorf("%q: %d bytes of text, want less than %d", data, n, 64<<10)
		}
		for line := range strings.SplitSeq(text, "\n") {
			checkNothingHidden(t, line)
		}
	})
}
