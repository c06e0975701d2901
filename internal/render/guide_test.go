package render

import (
	"reflect"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// The guide knows every member of the results, and is short enough to be read
// along with them.
func TestFieldGuide(t *testing.T) {
	guide := FieldGuide()
	if n := len(guide); n >= 34_000 {
		t.Errorf("the guide has %d bytes, want less than 34,000", n)
	}
	for _, v := range []any{schema.Profile{}, schema.Summary{}, schema.Category{}, schema.Quote{}, schema.UnitCosts{}, schema.Meta{}, schema.AnswerMeta{}, schema.Row{}, schema.PlatformCosts{}, schema.Plan{}, schema.ComparisonMeta{}, schema.NoteRow{}, schema.FailedSection{}, schema.InsightsMeta{}, schema.ReviewRow{}, schema.NoteCosts{}, schema.ReviewTotals{}, schema.ReviewMeta{}} {
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			whole := map[string]bool{"summary": true, "meta": true, "format": true, "sortBy": true} // sections, and the caller's own words
			if row := "| " + name + " | "; name != "" && name != "-" && !whole[name] && !strings.Contains(guide, row) {
				t.Errorf("the guide has no row %q for a member of %T, want one", row, v)
			}
		}
	}
	for _, m := range schema.Metrics {
		if row := "| " + m.Name + " | " + m.Upstream + " | " + m.Label.En; !strings.Contains(guide, row) {
			t.Errorf("the guide has no row %q for a metric, want one", row)
		}
	}
	for _, f := range schema.Figures {
		row := "| " + f.Name + " | " + madeOf(&f) + " | " + f.Label.En
		if f.Group != "" {
			row = f.Name
		}
		for _, want := range []string{row, f.Upstream} {
			if !strings.Contains(guide, want) {
				t.Errorf("the guide has no %q for %s of %s, want it there", want, f.Name, f.Section)
			}
		}
	}
	for _, r := range schema.AllSeries {
		if row := "| points." + r.Name + " | " + schema.DayLists[r.Section] + "." + r.Upstream + " | "; !strings.Contains(guide, row) {
			t.Errorf("the guide has no row %q for a series of %s, want one", row, r.Section)
		}
	}
	for _, m := range schema.Marks {
		if row := "| " + m.Name + " | " + m.Upstream + " | " + m.Label.En; !strings.Contains(guide, row) {
			t.Errorf("the guide has no row %q for a mark of %s, want one", row, m.Section)
		}
	}
	for _, d := range schema.Distributions {
		if row := "| " + d.Name + " | " + d.Upstream + " | " + d.Label.En; !strings.Contains(guide, row) {
			t.Errorf("the guide has no row %q for a list of %s, want one", row, d.Section)
		}
	}
	for line := range strings.Lines(guide) {
		if strings.HasPrefix(line, "|") && strings.Contains(line, "|  |\n") {
			t.Errorf("a row is %q, want no empty last cell", line)
		}
	}
}
