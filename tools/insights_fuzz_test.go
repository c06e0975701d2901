package tools

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/schema"
)

// Whatever an answer holds: what comes of it is as published, within the
// scales, and safe to show.
func FuzzCondense(f *testing.F) {
	published := compiled(f, schema.PublishedInsights)
	for i, section := range schema.Sections {
		f.Add(byte(i), sectionData(f, full, string(section)))
		f.Add(byte(i), sectionData(f, "5a3e1e000000000000000005", string(section)))
	}
	f.Add(byte(4), sectionData(f, "5a3e1e000000000000000007", "notes"))
	f.Add(byte(1), `{"gender":{"female":1e-12,"male":"1"},"provinces":[{"name":"海外","percent":2}]}`)
	f.Add(byte(8), `{"list":[{"isVideo":true,"readNum":1e18}]}`)
	f.Fuzz(func(t *testing.T, which byte, data string) {
		section := schema.Sections[int(which)%len(schema.Sections)]
		in := schema.InsightsInput{Scope: schema.Scopes[which/5%2], Format: schema.NoteFormats[which/10%3], Days: 30}
		p := condense(English, section, json.RawMessage(data), &in)
		i := &insights{parts: []*schema.Part{p}, Insights: schema.Insights{UserID: full, Meta: schema.InsightsMeta{Sections: []schema.SectionMeta{}}}}
		i.Set(p)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSON(i.Insights)))
		if err != nil {
			t.Fatalf("%q: the result is no JSON: %v, want JSON", data, err)
		}
		if err := published.Validate(doc); err != nil {
			t.Errorf("%q: got %v, want the result as published", data, err)
		}
		for _, v := range p.Figures {
			checkInScale(t, data, v)
		}
		text := i.text()
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

func checkInScale(t *testing.T, data string, v schema.FigureValue) {
	x, err := v.Number.Float64()
	if err != nil {
		t.Errorf("%q: %s is %q: %v, want a number", data, v.Figure.Name, v.Number, err)
	}
	if strings.ContainsAny(string(v.Number), "eE") {
		t.Errorf("%q: %s is %q, want it without an exponent", data, v.Figure.Name, v.Number)
	}
	low, high := 0.0, 1e19
	switch v.Figure.Scale {
	case schema.Percent, schema.Fraction:
		high = 100
	case schema.Change:
		low = -high
	case schema.ChangePercent:
		low = -100
	}
	if x < low || x > high {
		t.Errorf("%q: %s is %s, want %v to %v", data, v.Figure.Name, v.Number, low, high)
	}
	if v.Figure.Scale == schema.Filled && x == 0 {
		t.Errorf("%q: %s is %s, want it absent or another number", data, v.Figure.Name, v.Number)
	}
}
