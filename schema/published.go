// Package schema holds the shapes that pgy-mcp publishes: what its tools take
// and give, their JSON Schemas, and the strict reading of a caller's arguments.
// It knows neither MCP nor HTTP.
package schema

import (
	_ "embed"
	"encoding/json"
)

// The published JSON Schemas of the tools' results. They are files, which
// "go test ./schema -update" writes from the types: reflecting them at every start
// would take longer than all the rest of it.
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
