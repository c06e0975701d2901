package schema

import "github.com/invopop/jsonschema"

// JSONSchemaExtend keeps the declaration short.
func (ReviewRow) JSONSchemaExtend(s *jsonschema.Schema) { optional(s) }

// JSONSchemaExtend keeps the declaration short: the rows have the descriptions of the
// unit costs.
func (ReviewTotals) JSONSchemaExtend(s *jsonschema.Schema) {
	for _, cost := range []string{"cpmCny", "cnyPerRead", "cnyPerEngagement"} {
		p, _ := s.Properties.Get(cost)
		p.Description = ""
	}
	optional(s)
}

// JSONSchemaExtend takes the enum from the list that the argument is read by.
func (ReviewMeta) JSONSchemaExtend(s *jsonschema.Schema) {
	enum(s, "sortBy", NoteSortKeys)
	optional(s)
}
