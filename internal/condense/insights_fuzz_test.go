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
	price := 42000.0
	for i, section := range schema.Sections {
		f.Add(byte(i), sectionData(f, full, section))
		f.Add(byte(i), sectionData(f, "5a3e1e000000000000000005", section))
	}
	f.Add(byte(5), `{"dailyData":[{"dateKey":"9999-12-31","read":1e15},{"dateKey":"0001-01-01","read":1e-9},{"dateKey":"0001-01-01"}]}`)
	f.Add(byte(6), `{"fansNumInc":1,"list":[{"dateKey":"2026-04-01","num":1},{"dateKey":"2026-04-02","num":9223372036854775807}]}`)
	f.Add(byte(4), sectionData(f, "5a3e1e000000000000000007", schema.SectionNotes))
	f.Add(byte(1), `{"gender":{"female":1e-12,"male":"1"},"provinces":[{"name":"海外","percent":2}]}`)
	f.Add(byte(12), `{"list":[{"isVideo":true,"readNum":1e18}]}`)
	f.Fuzz(func(t *testing.T, which byte, data string) {
		section := schema.Sections[int(which)%len(schema.Sections)]
		in := schema.InsightsInput{Scope: schema.Scopes[which/8%2], Format: schema.NoteFormats[which/16%3], Days: 30}
		p, caveats := Section(section, json.RawMessage(data), &in, &schema.Quote{Status: schema.QuoteOpen, PriceCNY: &price})
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
		checkPoints(t, call(section, data), p)
		checkShown(t, p.AsOf)
		for _, text := range p.Industries {
			checkShown(t, text)
		}
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

// checkPoints wants days in order, within the window, and none that is not filled.
func checkPoints(t *testing.T, call string, p *schema.Part) {
	t.Helper()
	if len(p.Points) > p.Days {
		t.Errorf("%s: got %d points, want %d at most", call, len(p.Points), p.Days)
	}
	for i, point := range p.Points {
		if i > 0 && p.Points[i-1].Date >= point.Date {
			t.Errorf("%s: got the day %s before %s, want days in order", call, p.Points[i-1].Date, point.Date)
		}
		for _, v := range point.Values {
			if x, err := v.Number.Float64(); err != nil || x <= 0 {
				t.Errorf("%s: got %s of %s as %q, want it absent or above 0", call, v.Series.Name, point.Date, v.Number)
			}
		}
	}
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
	case schema.DaysOf7:
		high = 7
	case schema.Change:
		low = -high
	case schema.ChangePercent, schema.ChangeFraction:
		low = -100
	}
	if x < low || x > high {
		t.Errorf("Section of %q: got %s as %s, want %v to %v", data, v.Figure.Name, v.Number, low, high)
	}
	if v.Figure.Scale == schema.Positive && x == 0 {
		t.Errorf("Section of %q: got %s as %s, want it absent or another number", data, v.Figure.Name, v.Number)
	}
}
