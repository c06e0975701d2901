package schema

import (
	"cmp"
	"encoding/json"
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
	var errs [7]error
	in.UserID, errs[0] = requiredUserID(a)
	in.Sections, errs[1] = readEnums(a, "sections", Sections...)
	in.Scope, errs[2] = readEnum(a, "scope", Scopes...)
	in.Format, errs[3] = readEnum(a, "format", NoteFormats...)
	in.Days, errs[4] = readInt(a, "days", Windows...)
	in.Raw, errs[5] = readEnum(a, "raw", RawNone, RawCompact, RawFull)
	in.Refresh, errs[6] = readBool(a, "refresh")
	in.Sections = OrderSections(in.Sections)
	return in, cmp.Or(errs[:]...)
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
