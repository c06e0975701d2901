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
		raw := p.reflected
		var s map[string]any
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if s["type"] != "object" {
			t.Errorf("%s: the root's type is %v", name, s["type"])
		}
		checkSchema(t, name, s)
		if bytes.Contains(raw, []byte(`\u00`)) {
			t.Errorf("%s: has an HTML escape: %s", name, raw)
		}
	}
}

func checkSchema(t *testing.T, path string, s map[string]any) {
	for k := range s {
		if !slices.Contains(keywords, k) {
			t.Errorf("%s: keyword %q", path, k)
		}
	}
	kind, ok := s["type"].(string)
	if !ok || !slices.Contains([]string{"object", "array", "string", "integer", "number", "boolean"}, kind) {
		t.Errorf("%s: type is %v", path, s["type"])
	}
	if d, ok := s["description"].(string); ok && strings.ContainsAny(d, "<>&\n") {
		t.Errorf("%s: description %q", path, d)
	}
	if items, ok := s["items"].(map[string]any); ok {
		checkSchema(t, path+"[]", items)
	} else if kind == "array" {
		t.Errorf("%s: items is %v", path, s["items"])
	}
	properties, _ := s["properties"].(map[string]any)
	// raw is the upstream's own object: its members are not ours to list.
	if open := strings.HasSuffix(path, ".raw"); kind == "object" && !open {
		if s["additionalProperties"] != false {
			t.Errorf("%s: additionalProperties is %v", path, s["additionalProperties"])
		}
		if len(properties) == 0 {
			t.Errorf("%s: an object without properties", path)
		}
	}
	required, _ := s["required"].([]any)
	for _, r := range required {
		if properties[r.(string)] == nil {
			t.Errorf("%s: %v is required but not described", path, r)
		}
	}
	for name, p := range properties {
		sub, ok := p.(map[string]any)
		if !ok {
			t.Errorf("%s.%s: is %v, not a schema", path, name, p)
			continue
		}
		checkSchema(t, path+"."+name, sub)
	}
}

func TestSchemasSayWhatTheContractSays(t *testing.T) {
	type schema struct {
		Type       string
		Enum       []any
		Default    any
		Required   []string
		Properties map[string]schema
	}
	var in, out schema
	for name, s := range map[string]*schema{"profile-input": &in, "profile": &out} {
		if err := json.Unmarshal(published[name].reflected, s); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(in.Required, []string{"userId"}) {
		t.Errorf("required arguments: %v", in.Required)
	}
	if got := slices.Sorted(maps.Keys(in.Properties)); !slices.Equal(got, []string{"raw", "refresh", "userId"}) {
		t.Errorf("arguments: %v", got)
	}
	raw, refresh := in.Properties["raw"], in.Properties["refresh"]
	if !reflect.DeepEqual(raw.Enum, []any{"compact", "full", "none"}) || raw.Default != "compact" {
		t.Errorf("raw: %+v", raw)
	}
	if refresh.Type != "boolean" || refresh.Default != false {
		t.Errorf("refresh: %+v", refresh)
	}
	if !slices.Equal(out.Required, []string{"summary", "meta"}) {
		t.Errorf("required in the result: %v", out.Required)
	}
	metrics := out.Properties["summary"].Properties["platformMetrics"].Properties
	if len(metrics) != len(Metrics) {
		t.Errorf("%d platform metrics, want %d", len(metrics), len(Metrics))
	}
}

// A fact that names no member would describe nothing, unnoticed.
func TestFactsNameMembers(t *testing.T) {
	types := map[string]reflect.Type{}
	for _, v := range []any{Profile{}, Summary{}, Category{}, Quotes{}, Quote{}, UnitCosts{}, Meta{}, Comparison{}, Row{}, PlatformCosts{}, ComparisonMeta{}} {
		types[reflect.TypeOf(v).Name()] = reflect.TypeOf(v)
	}
	seen := map[string]bool{}
	for _, f := range Facts {
		key := f.Type + "." + f.Name
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
		typ, ok := types[f.Type]
		if !ok || !slices.Contains(members(typ), f.Name) {
			t.Errorf("%s names no member", key)
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
