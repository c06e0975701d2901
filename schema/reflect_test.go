package schema

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
	orderedmap "github.com/pb33f/ordered-map/v2"
)

// The schemas are reflected here and not in the program, which embeds the files
// that TestPublishedSchemas writes.

// schemaOf returns the JSON Schema of T, a struct, in the subset of JSON Schema that
// every model provider takes: one tree without $ref, scalar types, no formats
// and no combinators. Descriptions come from the tables MemberDocs and Metrics or
// from the field's jsonschema_description tag; they do without <, > and &,
// which encoders spell as \u003c: six characters for one.
//
// It panics where T cannot be described, which is a mistake in this package.
func schemaOf[T any]() json.RawMessage {
	b, err := json.Marshal(reflected(reflect.TypeFor[T]()))
	if err != nil {
		panic("schema: " + err.Error())
	}
	return b
}

func reflected(t reflect.Type) *jsonschema.Schema {
	r := jsonschema.Reflector{
		Anonymous:      true,
		DoNotReference: true,
		ExpandedStruct: true,
		Mapper:         openObject,
		LookupComment:  describe,
	}
	s := r.ReflectFromType(t)
	s.Version = ""
	return s
}

// optional leaves out which members are always there, in nested objects too: the
// declarations of all tools go to the model with every request.
func optional(s *jsonschema.Schema) {
	s.Required = nil
	if s.Items != nil {
		optional(s.Items)
	}
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		optional(p.Value)
	}
}

// openObject describes raw upstream JSON as an object of unknown members;
// the reflector would call it true, which some providers refuse.
func openObject(t reflect.Type) *jsonschema.Schema {
	if t == reflect.TypeFor[json.RawMessage]() {
		return &jsonschema.Schema{Type: "object"}
	}
	return nil
}

func describe(t reflect.Type, goName string) string {
	if t.Kind() != reflect.Struct {
		return ""
	}
	f, _ := t.FieldByName(goName)
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return descriptions[t.Name()+"."+name]
}

// descriptions maps "Type.member" to what the published schema says of it.
var descriptions = func() map[string]string {
	m := make(map[string]string, len(MemberDocs))
	for _, f := range MemberDocs {
		m[f.Type+"."+f.Name] = f.Meaning
	}
	return m
}()

// enum describes a member that has one of the values.
func enum[T ~string](s *jsonschema.Schema, member string, values []T) *jsonschema.Schema {
	p, _ := s.Properties.Get(member)
	for _, v := range values {
		p.Enum = append(p.Enum, v)
	}
	return p
}

// JSONSchemaExtend takes the enum from the list that the argument is read by.
func (ComparisonMeta) JSONSchemaExtend(s *jsonschema.Schema) {
	enum(s, "format", Formats)
	optional(s)
}

// JSONSchemaExtend takes the enums from the lists that the arguments are read by.
func (FoundMeta) JSONSchemaExtend(s *jsonschema.Schema) {
	enum(s, "format", Formats)
	optional(s)
}

// JSONSchema describes the object by the table of filters.
func (SentFilters) JSONSchema() *jsonschema.Schema {
	p := orderedmap.New[string, *jsonschema.Schema]()
	p.Set("keyword", &jsonschema.Schema{Type: "string"})
	for _, f := range filters {
		for _, name := range f.parameters {
			p.Set(name, &jsonschema.Schema{Type: "string"})
		}
	}
	return &jsonschema.Schema{Type: "object", Properties: p, AdditionalProperties: jsonschema.FalseSchema, Description: descriptions["FoundMeta.filters"]}
}

// JSONSchema describes the object by the table Metrics.
func (MetricValues) JSONSchema() *jsonschema.Schema {
	p := orderedmap.New[string, *jsonschema.Schema]()
	for _, m := range slices.All(Metrics) {
		p.Set(m.Name, &jsonschema.Schema{Type: "number", Description: m.Meaning})
	}
	return &jsonschema.Schema{Type: "object", Properties: p, AdditionalProperties: jsonschema.FalseSchema}
}

// JSONSchemaExtend keeps the declaration short.
func (Meta) JSONSchemaExtend(s *jsonschema.Schema) { optional(s) }

// JSONSchema leaves from and to open, which are numbers or words: providers take no
// lists of types.
func (ProfileChange) JSONSchema() *jsonschema.Schema {
	what := &jsonschema.Schema{Type: "string"}
	for _, c := range ChangingColumns {
		what.Enum = append(what.Enum, c.Name)
	}
	p := orderedmap.New[string, *jsonschema.Schema]()
	p.Set("what", what)
	p.Set("since", &jsonschema.Schema{Type: "string", Description: descriptions["ProfileChange.since"]})
	return &jsonschema.Schema{Type: "object", Properties: p, Description: "Also from and to: a number, or a word of status and health"}
}
