package schema

import (
	"encoding/json"
	"slices"
)

// DecodeInsightsInput reads the arguments of get_blogger_insights; the sections
// come in the order of Sections. The error is a sentence for the caller.
func DecodeInsightsInput(raw json.RawMessage) (InsightsInput, error) {
	a := decodeArguments(raw, "userId", "sections", "scope", "format", "days", "raw", "refresh")
	in := InsightsInput{
		UserID:   requiredUserID(a),
		Sections: OrderSections(readEnums(a, "sections", Sections...)),
		Scope:    readEnum(a, "scope", Scopes...),
		Format:   readEnum(a, "format", NoteFormats...),
		Days:     readInt(a, "days", Windows...),
		Raw:      readEnum(a, "raw", RawNone, RawCompact, RawFull),
		Refresh:  readBool(a, "refresh"),
	}
	return in, a.err
}

// OrderSections puts sections into the order of Sections, each one once; none
// are the default ones.
func OrderSections(asked []Section) []Section {
	if len(asked) == 0 {
		asked = DefaultSections
	}
	return slices.DeleteFunc(slices.Clone(Sections), func(s Section) bool { return !slices.Contains(asked, s) })
}
