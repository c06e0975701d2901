package condense

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/schema"
)

// A section of any answer is as published, within the scales, and safe to show.
func FuzzSection(f *testing.F) {
	published := compiled(f, schema.PublishedInsights)
	for i, section := range schema.Sections {
		f.Add(byte(i), sectionData(f, full, section))
		f.Add(byte(i), sectionData(f, "5a3e1e000000000000000005", section))
	}
	f.Add(byte(4), sectionData(f, "5a3e1e000000000000000007", schema.SectionNotes))
	f.Add(byte(1), `{"gender":{"female":1e-12,"male":"1"},"provinces":[{"name":"海外","percent":2}]}`)
	f.Add(byte(8), `{"list":[{"isVideo":true,"readNum":1e18}]}`)
	f.Fuzz(func(t *testing.T, which byte, data string) {
		section := schema.Sections[int(which)%len(schema.Sections)]
		in := schema.InsightsInput{Scope: schema.Scopes[which/5%2], Format: schema.NoteFormats[which/10%3], Days: 30}
		p, caveats := Section(section, json.RawMessage(data), &in)
		checkArguments(t, call(section, data), caveats)
		i := schema.Insights{UserID: full, Meta: schema.InsightsMeta{Sections: []schema.SectionMeta{}}}
		i.Set(p)
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(encode(t, i)))
		if err != nil {
			t.Fatalf("%s: got %v, want JSON", call(section, data), err)
		}
		if err := published.Validate(doc); err != nil {
			t.Errorf("%s: got %v, want the result as published", call(section, data), err)
		}
		for _, v := range p.Figures {
			checkInScale(t, data, v)
		}
		if b := encode(t, p); len(b) >= 64<<10 {
			t.Errorf("%s: got %d bytes, want less than %d", call(section, data), len(b), 64<<10)
		}
		checkShown(t, p.AsOf)
		for _, d := range p.Distributions {
			for _, s := range d.Shares {
				checkShown(t, s.Name)
			}
		}
		for _, r := range p.Rows {
			for _, text := range []string{r.Title, r.URL, r.PublishedOn, r.Brand} {
				checkShown(t, text)
			}
		}
	})
}

func compiled(t testing.TB, raw json.RawMessage) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatalf("the schema %.300s: got %v, want JSON", raw, err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("output.json", doc); err != nil {
		t.Fatalf("the schema %.300s: got %v, want one that can be added", raw, err)
	}
	s, err := c.Compile("output.json")
	if err != nil {
		t.Fatalf("the schema %.300s: got %v, want one that compiles", raw, err)
	}
	return s
}

// checkInScale wants a figure to be within the bounds of its scale.
func checkInScale(t *testing.T, data string, v schema.FigureValue) {
	x, err := v.Number.Float64()
	if err != nil {
		t.Errorf("Section of %q: got %s as %q (%v), want a number", data, v.Figure.Name, v.Number, err)
	}
	if strings.ContainsAny(string(v.Number), "eE") {
		t.Errorf("Section of %q: got %s as %q, want it without an exponent", data, v.Figure.Name, v.Number)
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
		t.Errorf("Section of %q: got %s as %s, want %v to %v", data, v.Figure.Name, v.Number, low, high)
	}
	if v.Figure.Scale == schema.Filled && x == 0 {
		t.Errorf("Section of %q: got %s as %s, want it absent or another number", data, v.Figure.Name, v.Number)
	}
}
