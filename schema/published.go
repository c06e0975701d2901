package schema

import (
	_ "embed"
	"encoding/json"
)

//go:generate go run ./generate

// The published JSON Schemas of the tools' arguments and results.
var (
	//go:embed published/profile-input.json
	PublishedProfileInput json.RawMessage
	//go:embed published/profile.json
	PublishedProfile json.RawMessage
	//go:embed published/compare-input.json
	PublishedCompareInput json.RawMessage
	//go:embed published/comparison.json
	PublishedComparison json.RawMessage
)

// Reflected makes the published schemas anew from the types, by file name.
func Reflected() map[string]json.RawMessage {
	return map[string]json.RawMessage{
		"profile-input": Of[ProfileInput](),
		"profile":       Of[Profile](),
		"compare-input": Of[CompareInput](),
		"comparison":    Of[Comparison](),
	}
}
