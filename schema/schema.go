// Package schema holds the shapes that pgy-mcp publishes: what its tools take and give,
// their JSON Schemas, the columns of their tables, and the reading of a caller's arguments. It knows neither MCP nor HTTP.
//
// Each tool has a file for its result (profile.go) and one for its arguments
// (profileinput.go). What the upstream's members mean stands in tables: metrics.go for a
// profile, insights_figures.go for the sections of insights. memberdocs.go documents the
// other members.
package schema

import (
	_ "embed"
	"encoding/json"

	"pgy-mcp/internal/lang"
)

// t is one text in both languages.
func t(en, zh string) lang.T { return lang.T{En: en, Zh: zh} }

// The published JSON Schemas of the tools' results. "go test ./schema -update" writes
// the files from the Go types, since reflection would make every start slower.
var (
	//go:embed published/profile.json
	PublishedProfile json.RawMessage
	//go:embed published/comparison.json
	PublishedComparison json.RawMessage
	//go:embed published/found.json
	PublishedFound json.RawMessage
	//go:embed published/insights.json
	PublishedInsights json.RawMessage
	//go:embed published/review.json
	PublishedReview json.RawMessage
)
