package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A table's row that is incomplete, or that another one hides, would be
// noticed by nobody.
func TestInsightsTables(t *testing.T) {
	seen := map[string]bool{}
	once := func(what string) {
		if seen[what] {
			t.Errorf("%s is there twice, want it once", what)
		}
		seen[what] = true
	}
	for _, f := range Figures {
		at := string(f.Section) + "." + f.Group + "." + f.Name
		once(at)
		if f.Upstream != "" {
			once(string(f.Section) + " upstream " + f.Upstream)
		}
		if slices.Contains([]string{f.Name, string(f.Scale), f.Label.En, f.Label.Zh}, "") {
			t.Errorf("%s is %+v, want no empty name, scale or label", at, f)
		}
		if isOurs := f.Path() == QuotedPrice || QuotientOf(&f) != nil; isOurs != (f.Upstream == "") {
			t.Errorf("%s: has a quotient or is the quote: %v, want that exactly where it has no upstream member, %q", at, isOurs, f.Upstream)
		}
		scales := []Scale{Count, Change, Median, Positive, Cost, Percent, ChangePercent, Fraction, ChangeFraction, Proportion, DaysOf7}
		if !slices.Contains(scales, f.Scale) {
			t.Errorf("%s: the scale is %q, want one of %q", at, f.Scale, scales)
		}
		isPercent := strings.Contains(f.Name+f.Group, "Percent") || strings.HasPrefix(f.Group, "traffic")
		if inScale := f.Scale == Percent || f.Scale == ChangePercent || f.Scale == Fraction || f.Scale == ChangeFraction; inScale != isPercent {
			t.Errorf("%s: the scale is %q; is one of percent %v, want %v by the name", at, f.Scale, inScale, isPercent)
		}
		grouped := slices.ContainsFunc(Groups, func(g Group) bool {
			return g.Section == f.Section && g.Name == f.Group && g.Label.En != "" && g.Label.Zh != ""
		})
		if f.Group != "" && !grouped {
			t.Errorf("%s: Groups has no labelled row %q, want one", at, f.Group)
		}
	}
	for _, q := range quotients {
		for _, path := range []string{q.Figure, q.Dividend, q.Divisor} {
			if !slices.ContainsFunc(Figures, func(f Figure) bool { return f.Section == q.Section && f.Path() == path }) {
				t.Errorf("the quotient %+v: Figures has no %s in %s, want one", q, path, q.Section)
			}
		}
		once(string(q.Section) + " quotient " + q.Figure)
	}
	for _, r := range AllSeries {
		at := string(r.Section) + " series " + r.Name
		once(at)
		if slices.Contains([]string{r.Name, r.Upstream, string(r.Scale), r.Label.En, r.Label.Zh}, "") || DayLists[r.Section] == "" {
			t.Errorf("%s is %+v, want no empty name, upstream member, scale or label, and a list of days", at, r)
		}
	}
	for _, m := range Marks {
		at := string(m.Section) + "." + m.Name
		once(at)
		if slices.Contains([]string{m.Name, m.Upstream, m.Label.En, m.Label.Zh}, "") {
			t.Errorf("%s is %+v, want no empty name, upstream member or label", at, m)
		}
	}
	for _, d := range Distributions {
		at := string(d.Section) + "." + d.Name
		once(at)
		if slices.Contains([]string{d.Name, d.Upstream, d.Key, d.UpstreamKey, d.Label.En, d.Label.Zh}, "") {
			t.Errorf("%s is %+v, want no empty name, upstream member, key, words or label", at, d)
		}
		if d.Scale != Percent && d.Scale != Fraction {
			t.Errorf("%s: the scale is %q, want %q or %q", at, d.Scale, Percent, Fraction)
		}
	}
}

// The published schema has a member for each row of the tables.
func TestInsightsSchemaHasEveryMember(t *testing.T) {
	type node struct {
		Type       string
		Properties map[string]node
		Items      *node
	}
	var root node
	if err := json.Unmarshal(PublishedInsights, &root); err != nil {
		t.Fatalf("the published schema is no JSON: %v, want JSON", err)
	}
	for _, f := range Figures {
		n := root.Properties[string(f.Section)]
		for name := range strings.SplitSeq(strings.TrimPrefix(f.Group+"."+f.Name, "."), ".") {
			n = n.Properties[name]
		}
		want := "number"
		if f.Scale.Whole() {
			want = "integer"
		}
		if n.Type != want {
			t.Errorf("%s %s %s is published as %q, want %q", f.Section, f.Group, f.Name, n.Type, want)
		}
	}
	for _, d := range Distributions {
		n := root.Properties[string(d.Section)].Properties[d.Name]
		if n.Items == nil {
			t.Errorf("%s is published as %+v, want a list", d.Name, n)
			continue
		}
		if got, want := slices.Sorted(maps.Keys(n.Items.Properties)), slices.Sorted(slices.Values([]string{d.Key, "percent"})); !slices.Equal(got, want) {
			t.Errorf("an entry of %s has %v, want %v", d.Name, got, want)
		}
	}
	for _, r := range AllSeries {
		want := "number"
		if r.Scale.Whole() {
			want = "integer"
		}
		section := root.Properties[string(r.Section)]
		points := section.Properties["points"]
		if points.Items == nil || points.Items.Properties[r.Name].Type != want {
			t.Errorf("the points of %s are published as %+v, want a list of objects with %s, of type %s", r.Section, points, r.Name, want)
		}
		if r.Change == "" {
			continue
		}
		for _, path := range [][]string{{"changePercent", r.Change}, {r.Name, "first", "value"}, {r.Name, "last", "value"}, {r.Name, "low", "value"}, {r.Name, "high", "value"}} {
			n := section
			for _, name := range path {
				n = n.Properties[name]
			}
			if n.Type != "number" {
				t.Errorf("%s of %s is published as %q, want number", strings.Join(path, "."), r.Section, n.Type)
			}
		}
	}
	for _, m := range Marks {
		if n := root.Properties[string(m.Section)].Properties[m.Name]; n.Type != "boolean" {
			t.Errorf("%s of %s is published as %q, want boolean", m.Name, m.Section, n.Type)
		}
	}
	members := slices.Sorted(slices.Values([]string{"userId", "name", "performance", "audience", "followers", "costs", "notes", "trend", "growth", "availability", "failed", "raw", "meta"}))
	if got := slices.Sorted(maps.Keys(root.Properties)); !slices.Equal(got, members) {
		t.Errorf("the result has %v, want %v", got, members)
	}
}

func TestInsightsInputSchema(t *testing.T) {
	var in struct {
		Required   []string
		Properties map[string]struct {
			Type               string
			Default            any
			Enum               []any
			MinItems, MaxItems int
			Items              struct{ Enum []Section }
		}
	}
	if err := json.Unmarshal(InsightsArguments.Schema(), &in); err != nil {
		t.Fatalf("the schema of the arguments is no JSON: %v, want JSON", err)
	}
	if !slices.Equal(in.Required, []string{"userId"}) {
		t.Errorf("required arguments: %v, want userId", in.Required)
	}
	for name, want := range map[string]string{
		"sections": `["performance","audience"]`, "scope": `"daily"`, "format": `"all"`, "days": `30`, "traffic": `"all"`, "page": `1`, "raw": `"none"`, "refresh": `false`,
	} {
		if got, _ := json.Marshal(in.Properties[name].Default); string(got) != want {
			t.Errorf("default of %s is %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"scope": `["daily","sponsored"]`, "format": `["all","image","video"]`, "days": `[30,90]`, "traffic": `["all","organic"]`, "raw": `["none","compact","full"]`,
	} {
		if got, _ := json.Marshal(in.Properties[name].Enum); string(got) != want {
			t.Errorf("values of %s are %s, want %s", name, got, want)
		}
	}
	sections := in.Properties["sections"]
	if !slices.Equal(sections.Items.Enum, Sections) {
		t.Errorf("values of sections are %v, want %v", sections.Items.Enum, Sections)
	}
	if sections.MinItems != 1 {
		t.Errorf("sections takes %d at least, want 1", sections.MinItems)
	}
	if sections.MaxItems != len(Sections) {
		t.Errorf("sections takes %d at most, want %d", sections.MaxItems, len(Sections))
	}
}

func TestInsightsArguments(t *testing.T) {
	standard := InsightsInput{UserID: id, Sections: defaultSections, Scope: ScopeDaily, Format: FormatAll, Days: 30, Traffic: TrafficAll, Page: 1, Raw: RawNone}
	with := func(change func(*InsightsInput)) InsightsInput {
		in := standard
		change(&in)
		return in
	}
	sections := func(s ...Section) InsightsInput { return with(func(in *InsightsInput) { in.Sections = s }) }
	for members, want := range map[string]InsightsInput{
		``:                                  standard,
		`,"sections":null,"scope":null`:     standard,
		`,"days":null,"raw":null`:           standard,
		`,"sections":["costs"]`:             sections(SectionCosts),
		`,"sections":["notes","followers"]`: sections(SectionFollowers, SectionNotes), // in the fixed order
		`,"sections":["costs","costs"]`:     sections(SectionCosts),
		`,"sections":"costs"`:               sections(SectionCosts),
		`,"sections":"notes, audience"`:     sections(SectionAudience, SectionNotes),
		`,"sections":"[\"notes\"]"`:         sections(SectionNotes),
		`,"sections":["performance","audience","followers","costs","notes","trend","growth","availability"]`: sections(Sections...),
		`,"scope":"sponsored"`:         with(func(in *InsightsInput) { in.Scope = ScopeSponsored }),
		`,"format":"image"`:            with(func(in *InsightsInput) { in.Format = FormatImage }),
		`,"days":90`:                   with(func(in *InsightsInput) { in.Days = 90 }),
		`,"days":"90"`:                 with(func(in *InsightsInput) { in.Days = 90 }),
		`,"days":90.0`:                 with(func(in *InsightsInput) { in.Days = 90 }),
		`,"raw":"full","refresh":true`: with(func(in *InsightsInput) { in.Raw, in.Refresh = RawFull, true }),
	} {
		got, err := InsightsArguments.Decode(json.RawMessage(`{"userId":"` + id + `"` + members + `}`))
		if err != nil {
			t.Errorf("%s: got %v, want no error", members, err)
			continue
		}
		if g, w := mustMarshal(t, got), mustMarshal(t, want); g != w {
			t.Errorf("%s: %s, want %s", members, g, w)
		}
	}
}

func TestInsightsArgumentsRefusals(t *testing.T) {
	const values = "performance, audience, followers, costs, notes, trend, growth, availability"
	for in, want := range map[string]string{
		`{}`:                                     "userId is missing",
		`{"userId":"4639645438"}`:                "小红书号 (redId)",
		`{"userId":"ID","x":1}`:                  `unknown argument "x": the arguments are userId, sections, scope, format, days, traffic, page, raw, refresh`,
		`{"userId":"ID","sections":[]}`:          "sections is empty: give 1 to 8 of " + values,
		`{"userId":"ID","sections":["growht"]}`:  "sections must be one or some of " + values,
		`{"userId":"ID","sections":["Costs"]}`:   "sections must be one or some of " + values,
		`{"userId":"ID","sections":["costs",7]}`: values,
		`{"userId":"ID","sections":{"costs":1}}`: "sections must be an array of " + values + ", not an object",
		`{"userId":"ID","sections":true}`:        "sections must be an array of " + values + ", not a boolean",
		`{"userId":"ID","scope":"all"}`:          "scope must be one of daily, sponsored",
		`{"userId":"ID","format":"photo"}`:       "format must be one of all, image, video",
		`{"userId":"ID","days":31}`:              "days must be one of",
		`{"userId":"ID","days":true}`:            "days must be one of",
		`{"userId":"ID","traffic":"paid"}`:       "traffic must be one of all, organic",
		`{"userId":"ID","page":0}`:               "page must be",
		`{"userId":"ID","page":11}`:              "page must be",
		`{"userId":"ID","raw":"some"}`:           "raw must be one of none, compact, full",
		`{"userId":"ID","refresh":"perhaps"}`:    "refresh must be true or false",
	} {
		_, err := InsightsArguments.Decode(json.RawMessage(strings.Replace(in, `"ID"`, `"`+id+`"`, 1)))
		if err == nil {
			t.Errorf("%s: got no error, want %q in it", in, want)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", in, err, want)
		}
		checkSentence(t, in, err)
	}
}

func TestPartMarshalsInOrder(t *testing.T) {
	figure := func(section Section, group, name string) *Figure {
		return &Figures[slices.IndexFunc(Figures, func(f Figure) bool { return f.Section == section && f.Group == group && f.Name == name })]
	}
	p := &Part{Section: SectionPerformance, Scope: ScopeDaily, Format: FormatAll, Days: 30,
		Figures: []FigureValue{
			{figure(SectionPerformance, "", "notes"), "7"},
			{figure(SectionPerformance, "traffic.impressions", "searchPercent"), "0.5"},
			{figure(SectionPerformance, "traffic.reads", "searchPercent"), "12.5"},
		},
		Distributions: []DistributionValue{{&Distributions[0], []Share{{"<a>", "40"}}}},
		Caveats:       []string{"x & y"},
	}
	const want = `{"scope":"daily","format":"all","days":30,"paidTraffic":false,"notes":7,"traffic":{"impressions":{"searchPercent":0.5},"reads":{"searchPercent":12.5}},"categories":[{"category":"<a>","percent":40}],"caveats":["x & y"]}`
	if got, err := p.MarshalJSON(); err != nil || strings.ReplaceAll(string(got), "\n", "") != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	if got, want := mustMarshal(t, &Part{Section: SectionNotes, Scope: ScopeDaily, Format: FormatAll, PaidTraffic: true}), `{"scope":"daily","format":"all","paidTraffic":true,"rows":[]}`; got != want {
		t.Errorf("notes without rows: %s, want %s", got, want)
	}
	if got, want := mustMarshal(t, &Part{Section: SectionCosts}), `{}`; got != want {
		t.Errorf("an empty section: %s, want %s", got, want)
	}
}

func mustMarshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshalling %+v: got %v, want no error", v, err)
	}
	return string(b)
}
