package tools

import (
	"reflect"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// The guide knows every member of the results, and is short enough to be read
// along with them.
func TestFieldGuide(t *testing.T) {
	guide := fieldGuide()
	if n := len(guide); n >= 16000 {
		t.Errorf("%d bytes, want less than 16,000", n)
	}
	for _, v := range []any{schema.Profile{}, schema.Summary{}, schema.Category{}, schema.Quote{}, schema.UnitCosts{}, schema.Meta{}, schema.AnswerMeta{}, schema.Row{}, schema.PlatformCosts{}, schema.ComparisonMeta{}, schema.NoteRow{}, schema.FailedSection{}, schema.InsightsMeta{}} {
		for i := range reflect.TypeOf(v).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			whole := map[string]bool{"summary": true, "meta": true, "format": true, "sortBy": true} // sections, and the caller's own words
			if name != "" && !whole[name] && !strings.Contains(guide, "| "+name+" | ") {
				t.Errorf("nothing about %s of %T", name, v)
			}
		}
	}
	for _, m := range schema.Metrics {
		if !strings.Contains(guide, "| "+m.Name+" | "+m.Upstream+" | "+m.Label) {
			t.Errorf("nothing about %s", m.Name)
		}
	}
	for _, f := range schema.Figures {
		row := "| " + f.Name + " | " + f.Upstream + " | " + f.Label
		if f.Group != "" {
			row = f.Name
		}
		if !strings.Contains(guide, row) || !strings.Contains(guide, f.Upstream) {
			t.Errorf("nothing about %s of %s", f.Name, f.Section)
		}
	}
	for _, d := range schema.Distributions {
		if !strings.Contains(guide, "| "+d.Name+" | "+d.Upstream+" | "+d.Label) {
			t.Errorf("nothing about %s of %s", d.Name, d.Section)
		}
	}
	for line := range strings.Lines(guide) {
		if strings.HasPrefix(line, "|") && strings.Contains(line, "|  |\n") {
			t.Errorf("nothing is said in %q", line)
		}
	}
}
