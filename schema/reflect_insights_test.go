package schema

import (
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
	orderedmap "github.com/pb33f/ordered-map/v2"
)

// JSONSchemaExtend keeps the declaration short.
func (FailedSection) JSONSchemaExtend(s *jsonschema.Schema) { optional(s) }

// JSONSchemaExtend keeps the declaration short.
func (InsightsMeta) JSONSchemaExtend(s *jsonschema.Schema) { optional(s) }

// JSONSchemaExtend keeps the declaration short: a profile's meta has the
// descriptions.
func (SectionMeta) JSONSchemaExtend(s *jsonschema.Schema) {
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		p.Value.Description = ""
	}
}

// JSONSchemaExtend describes each section by the tables.
func (Insights) JSONSchemaExtend(s *jsonschema.Schema) {
	for _, section := range Sections {
		s.Properties.Set(string(section), sectionSchema(section))
	}
}

// JSONSchema is a place in Insights: Insights.JSONSchemaExtend fills it.
func (*Part) JSONSchema() *jsonschema.Schema { return &jsonschema.Schema{Type: "object"} }

func sectionSchema(section Section) *jsonschema.Schema {
	s := newObject(sectionMeanings[section])
	set := func(name, kind string) { s.Properties.Set(name, &jsonschema.Schema{Type: kind}) }
	if section.HasScope() {
		set("scope", "string")
		set("format", "string")
	}
	if section.HasWindow() {
		set("days", "integer")
	}
	if section.HasScope() {
		set("paidTraffic", "boolean")
	}
	if section.IsDated() {
		set("asOf", "string")
	}
	seriesSchema(s, section)
	switch section {
	case SectionNotes:
		set("page", "integer")
		s.Properties.Set("rows", listOf(brief[NoteRow]()))
		s.Properties.Set("brands", listOf(brief[Brand]()))
		s.Properties.Set("worstSponsored", brief[WorstNote]())
	case SectionCosts:
		s.Properties.Set("notProvided", words())
	case SectionGrowth:
		s.Properties.Set("largestDay", brief[LargestDay]())
		set("largestDayPercent", "number")
	case SectionAvailability:
		s.Properties.Set("industries", words())
	}
	for _, m := range Marks {
		if m.Section == section {
			set(m.Name, "boolean")
		}
	}
	for _, f := range Figures {
		if f.Section != section {
			continue
		}
		kind := "number"
		if f.Scale.Whole() {
			kind = "integer"
		}
		groupSchema(s, section, f.Group).Properties.Set(f.Name, &jsonschema.Schema{Type: kind})
	}
	for _, d := range Distributions {
		if d.Section != section {
			continue
		}
		entry := newObject("")
		entry.Properties.Set(d.Key, &jsonschema.Schema{Type: "string"})
		entry.Properties.Set("percent", &jsonschema.Schema{Type: "number"})
		s.Properties.Set(d.Name, listOf(entry))
	}
	s.Properties.Set("caveats", words())
	return s
}

// seriesSchema adds the points of a section, and the summaries of its series.
func seriesSchema(s *jsonschema.Schema, section Section) {
	if DayLists[section] == "" {
		return
	}
	point, change := newObject(""), newObject("")
	point.Properties.Set("date", &jsonschema.Schema{Type: "string"})
	s.Properties.Set("points", listOf(point))
	for _, r := range AllSeries {
		if r.Section != section {
			continue
		}
		kind := "number"
		if r.Scale.Whole() {
			kind = "integer"
		}
		point.Properties.Set(r.Name, &jsonschema.Schema{Type: kind})
		if r.Change != "" {
			s.Properties.Set(r.Name, brief[SeriesSummary]())
			change.Properties.Set(r.Change, &jsonschema.Schema{Type: "number"})
			s.Properties.Set("changePercent", change)
		}
	}
}

func listOf(items *jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: items}
}

// brief is the schema of T without what is always there.
func brief[T any]() *jsonschema.Schema {
	s := reflected(reflect.TypeFor[T]())
	optional(s)
	return s
}

// groupSchema gives the object of a group and makes it where it is missing.
func groupSchema(s *jsonschema.Schema, section Section, path string) *jsonschema.Schema {
	at := ""
	for name := range strings.SplitSeq(path, ".") {
		if name == "" {
			return s
		}
		at = strings.TrimPrefix(at+"."+name, ".")
		sub, ok := s.Properties.Get(name)
		if !ok {
			i := slices.IndexFunc(Groups, func(g Group) bool { return g.Section == section && g.Name == at })
			sub = newObject(Groups[i].Meaning)
			s.Properties.Set(name, sub)
		}
		s = sub
	}
	return s
}

func newObject(meaning string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Description: meaning, Properties: orderedmap.New[string, *jsonschema.Schema](), AdditionalProperties: jsonschema.FalseSchema}
}

func words() *jsonschema.Schema {
	return listOf(&jsonschema.Schema{Type: "string"})
}

// sectionMeanings says in the published schema what a section is about.
var sectionMeanings = map[Section]string{
	SectionPerformance: "Per note, of this scope, format and window alone",
	SectionAudience:    "Followers, not viewers; top lists do not add up to 100",
	SectionCosts:       "The platform's estimates, CNY at list price without its fee",
	SectionTrend:       "Each day is a rolling median: never add days up",
}
