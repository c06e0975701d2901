package render

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

var verb = regexp.MustCompile(`%[a-z%]`)

// Every text that is said by way of a table has both languages, with the same verbs in
// the same order.
func TestTextsHaveBothLanguages(t *testing.T) {
	check := func(what string, text lang.T) {
		t.Helper()
		if text.En == "" || text.Zh == "" {
			t.Errorf("%s: got %+v, want a text in both languages", what, text)
		}
		if en, zh := verb.FindAllString(text.En, -1), verb.FindAllString(text.Zh, -1); !slices.Equal(en, zh) {
			t.Errorf("%s: got the verbs %q in %q, want %q as in %q", what, zh, text.Zh, en, text.En)
		}
	}
	// A number may need a unit in Chinese alone.
	checkUnit := func(what string, unit lang.T) {
		t.Helper()
		if unit.En != "" {
			check(what+", unit", unit)
		}
	}
	for _, c := range schema.Columns {
		if c.Name != "error" { // it is in CSV alone
			check(c.Name, c.Header)
		}
		checkUnit(c.Name, c.Unit)
	}
	for _, key := range schema.SortKeys {
		check(string(key), schema.ColumnOf(key).Ranking)
	}
	for _, m := range schema.Metrics {
		check(m.Name, m.Label)
		checkUnit(m.Name, m.Unit)
	}
	for _, f := range schema.Figures {
		check(f.Upstream, f.Label)
		checkUnit(f.Upstream, f.Unit)
		if f.Group != "" {
			check(f.Group, groupOf(&f).Label)
		}
	}
	for _, d := range schema.Distributions {
		check(d.Name, d.Label)
	}
	for _, k := range schema.CaveatKinds {
		check("a caveat", k.Text)
	}
	for _, r := range schema.Reasons {
		check("a reason", r.Text)
	}
	for _, k := range schema.CaveatKinds {
		if k.Flag != (lang.T{}) {
			check("a flag", k.Flag)
		}
	}
	for _, h := range schema.Healths {
		check(string(h), schema.HealthWords[h])
	}
	for key, text := range otherMedian {
		check(string(key), text)
	}
	for _, s := range schema.QuoteStatuses {
		check(string(s), schema.StatusWords[s])
		check(string(s), statuses[s])
	}
	for _, f := range schema.NoteFormats {
		check(string(f), f.Word())
	}
	for _, s := range schema.Sections {
		check(string(s), sectionTitles[s])
	}
	for _, s := range schema.Scopes {
		check(string(s), headingTexts["scope-"+string(s)])
	}
	for _, gender := range []string{"female", "male", "unknown"} {
		check(gender, genders[gender])
	}
}

// Each name that notProvided can have is said in both languages.
func TestNotProvidedIsSaid(t *testing.T) {
	profile, _ := condense.Profile(json.RawMessage(`{}`), condense.Terms{})
	costs, _ := condense.Section(schema.SectionCosts, json.RawMessage(`{}`), &schema.InsightsInput{}, nil)
	names := slices.Concat(profile.NotProvided, costs.NotProvided)
	if len(names) != len(missing) {
		t.Errorf("empty answers: got %q in notProvided, want the %d names of missing", names, len(missing))
	}
	for _, name := range names {
		if text := missing[name]; text.En == "" || text.Zh == "" {
			t.Errorf("notProvided %q: got %+v, want a name in both languages", name, text)
		}
	}
}
