package schema

import (
	"encoding/json"
	"errors"
	"slices"
)

// DecodeInsightsInput reads the arguments of get_blogger_insights; the sections
// come in the order of Sections. The error is a sentence for the caller.
func DecodeInsightsInput(raw json.RawMessage) (InsightsInput, error) {
	var in InsightsInput
	a, err := decodeArguments(raw, "userId", "sections", "scope", "format", "days", "raw", "refresh")
	if err != nil {
		return in, err
	}
	id, given := a["userId"]
	if !given {
		return in, errors.New("userId is missing: " + wantID)
	}
	if in.UserID, err = readUserID(id, "userId"); err != nil {
		return in, err
	}
	if in.Sections, err = readEnums(a, "sections", Sections...); err != nil {
		return in, err
	}
	in.Sections = OrderSections(in.Sections)
	if in.Scope, err = readEnum(a, "scope", Scopes...); err != nil {
		return in, err
	}
	if in.Format, err = readEnum(a, "format", NoteFormats...); err != nil {
		return in, err
	}
	if in.Days, err = readInt(a, "days", Windows...); err != nil {
		return in, err
	}
	if in.Raw, err = readEnum(a, "raw", RawNone, RawCompact, RawFull); err != nil {
		return in, err
	}
	in.Refresh, err = readBool(a, "refresh")
	return in, err
}

// OrderSections puts sections into the order of Sections, each one once; none
// are the default ones.
func OrderSections(asked []Section) []Section {
	if len(asked) == 0 {
		asked = DefaultSections
	}
	var out []Section
	for _, s := range Sections {
		if slices.Contains(asked, s) {
			out = append(out, s)
		}
	}
	return out
}
