package schema

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A provider that meets a keyword outside this list drops the tool or fails
// the whole request.
var keywords = []string{"type", "properties", "items", "required", "enum", "description", "default", "additionalProperties", "minItems", "maxItems"}

func TestSchemasUseWhatEveryProviderTakes(t *testing.T) {
	for name, p := range published {
		raw := p.made
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: the types make %.300s: %v, want JSON", name, raw, err)
		}
		if s["type"] != "object" {
			t.Errorf("%s: the root's type is %v, want object", name, s["type"])
		}
		checkSchema(t, name, s)
		if bytes.Contains(raw, []byte(`\u00`)) {
			t.Errorf("%s: the schema has \\u00 in %.300s, want no HTML escapes", name, raw)
		}
	}
}

func checkSchema(t *testing.T, path string, s map[string]any) {
	for k := range s {
		if !slices.Contains(keywords, k) {
			t.Errorf("%s: keyword %q, want one of %q", path, k, keywords)
		}
	}
	kind, _ := s["type"].(string)
	if kinds := []string{"object", "array", "string", "integer", "number", "boolean"}; !slices.Contains(kinds, kind) {
		t.Errorf("%s: type is %v, want one of %q", path, s["type"], kinds)
	}
	if d, ok := s["description"].(string); ok && strings.ContainsAny(d, "<>&\n") {
		t.Errorf("%s: description %q, want it without <, >, & and line breaks", path, d)
	}
	if items, ok := s["items"].(map[string]any); ok {
		checkSchema(t, path+"[]", items)
	} else if kind == "array" {
		t.Errorf("%s: items is %v, want a schema", path, s["items"])
	}
	properties, _ := s["properties"].(map[string]any)
	// raw is the upstream's own object: its members are not ours to list. Of a change from
	// and to have several types, which cannot be said.
	if raw, change := strings.HasSuffix(path, ".raw"), strings.HasSuffix(path, ".changes[]"); kind == "object" && !raw {
		if s["additionalProperties"] != false && !change {
			t.Errorf("%s: additionalProperties is %v, want false", path, s["additionalProperties"])
		}
		if len(properties) == 0 {
			t.Errorf("%s: an object has no properties, want some", path)
		}
	}
	required, _ := s["required"].([]any)
	for _, r := range required {
		if properties[r.(string)] == nil {
			t.Errorf("%s: %v is required and has no schema, want one", path, r)
		}
	}
	for name, p := range properties {
		sub, ok := p.(map[string]any)
		if !ok {
			t.Errorf("%s.%s: is %v, want a schema", path, name, p)
			continue
		}
		checkSchema(t, path+"."+name, sub)
	}
}

// described is a schema as far as the tests below look at it.
type described struct {
	Type               string
	Enum               []any
	Default            any
	Required           []string
	MinItems, MaxItems int
	Properties         map[string]described
}

func describedBy(t *testing.T, name string) described {
	t.Helper()
	var s described
	if err := json.Unmarshal(published[name].made, &s); err != nil {
		t.Fatalf("%s: the types make %.300s: %v, want JSON", name, published[name].made, err)
	}
	return s
}

func TestSchemasSayWhatTheContractSays(t *testing.T) {
	in, out := describedBy(t, "profile-input"), describedBy(t, "profile")
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"the required arguments", in.Required, []string{"userId"}},
		{"the arguments", slices.Sorted(maps.Keys(in.Properties)), []string{"cachedOnly", "raw", "refresh", "userId"}},
		{"raw's values", in.Properties["raw"].Enum, []any{"compact", "full", "none"}},
		{"raw's default", in.Properties["raw"].Default, "compact"},
		{"refresh's type", in.Properties["refresh"].Type, "boolean"},
		{"refresh's default", in.Properties["refresh"].Default, false},
		{"what a result always has", out.Required, []string{"summary", "meta"}},
		{"the number of platform metrics", len(out.Properties["summary"].Properties["platformMetrics"].Properties), len(Metrics)},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

// What the schemas say in tags is what arguments are read by.
func TestSchemasSayWhatIsRead(t *testing.T) {
	in, compare := describedBy(t, "profile-input").Properties, describedBy(t, "compare-input").Properties
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"get_blogger_profile's raw", in["raw"].Enum, anyOf(rawModes)},
		{"raw's default", in["raw"].Default, string(rawModes[0])},
		{"meta.rawMode", describedBy(t, "profile").Properties["meta"].Properties["rawMode"].Enum, anyOf(rawModes)},
		{"format", compare["format"].Enum, anyOf(Formats)},
		{"format's default", compare["format"].Default, string(Formats[0])},
		{"meta.format", describedBy(t, "comparison").Properties["meta"].Properties["format"].Enum, anyOf(Formats)},
		{"sortBy", compare["sortBy"].Enum, anyOf(SortKeys)},
		{"sortBy's default", compare["sortBy"].Default, string(SortKeys[0])},
		{"the least userIds", compare["userIds"].MinItems, 1},
		{"the most userIds", compare["userIds"].MaxItems, MaxCompared},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: the schema says %v, want %v as it is read", c.what, c.got, c.want)
		}
	}
}

func anyOf[T ~string](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// A fact that names no member would describe nothing, unnoticed.
func TestFactsNameMembers(t *testing.T) {
	types := map[string]reflect.Type{}
	for _, v := range []any{Profile{}, Summary{}, ProfileChange{}, Category{}, Quotes{}, Quote{}, UnitCosts{}, Plan{}, Meta{}, AnswerMeta{}, Comparison{}, Row{}, PlatformCosts{}, ComparisonMeta{}, FoundRow{}, FoundMeta{}, NoteRow{}, Insights{}, FailedSection{}, InsightsMeta{}, ReviewRow{}, NoteCosts{}, ReviewTotals{}, ReviewMeta{}} {
		types[reflect.TypeOf(v).Name()] = reflect.TypeOf(v)
	}
	seen := map[string]bool{}
	for _, f := range MemberDocs {
		key := f.Type + "." + f.Name
		if seen[key] {
			t.Errorf("%s is there twice, want it once", key)
		}
		seen[key] = true
		typ, ok := types[f.Type]
		if !ok {
			t.Errorf("%s: the type is %q, want one of %q", key, f.Type, slices.Sorted(maps.Keys(types)))
			continue
		}
		if m := members(typ); !slices.Contains(m, f.Name) {
			t.Errorf("%s: the name is %q, want one of the members %q", key, f.Name, m)
		}
	}
}

func members(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, name)
	}
	return out
}
