// Package schema holds the shapes that pgy-mcp publishes: what its tools take
// and give, their JSON Schemas, and the strict reading of a caller's arguments.
// It knows neither MCP nor HTTP.
package schema

import (
	_ "embed"
	"encoding/json"
)

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
