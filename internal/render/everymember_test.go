package render

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Clients show the model either the text or the structured content: a member
// of the summary that has no line in the text is lost to half of them, and one
// that the field guide does not know cannot be looked up.
func TestEveryMemberHasItsLineAndItsFact(t *testing.T) {
	nothing := Text(lang.English, Profile(lang.English, &schema.Summary{}))
	for i := range reflect.TypeFor[schema.Summary]().NumField() {
		var s schema.Summary
		field := reflect.ValueOf(&s).Elem().Field(i)
		member, _, _ := strings.Cut(reflect.TypeOf(s).Field(i).Tag.Get("json"), ",")
		fill(t, member, field)
		if member == "health" { // it is said with its level
			level := int64(1)
			s.HealthLevel = &level
		}
		if Text(lang.English, Profile(lang.English, &s)) == nothing {
			t.Errorf("the text has no line for %s, want one: add it to Profile (profile.go)", member)
		}
		if !slices.ContainsFunc(schema.MemberDocs, func(f schema.MemberDoc) bool { return f.Type == "Summary" && f.Name == member }) {
			t.Errorf("the field guide has no row for %s, want one: add it to schema.MemberDocs", member)
		}
	}
}

// fill puts something into a member that its zero value is not.
func fill(t *testing.T, member string, v reflect.Value) {
	t.Helper()
	yes, whole, fraction := true, int64(7), 0.5
	for _, value := range []any{
		"female", []string{"x"}, &yes, &whole, &fraction, []schema.Category{{Category: "x"}}, schema.HealthOrdinary,
		[]schema.ProfileChange{{What: "followers", From: 1.0, To: 2.0, Since: "2026-10-01"}},
		schema.Quotes{Video: schema.Quote{Status: schema.QuoteOpen, PriceCNY: &fraction}},
		schema.MetricValues{{Metric: &schema.Metrics[0], Value: 7}},
	} {
		if reflect.TypeOf(value) == v.Type() {
			v.Set(reflect.ValueOf(value))
			return
		}
	}
	t.Errorf("%s is a %s, want a type that this test can fill: add a value", member, v.Type())
}
