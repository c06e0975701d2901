package schema

import (
	_ "embed"
	"encoding/json"
)

// The published JSON Schemas of the tools' arguments and results. They are
// files, since reflecting them at every start would take longer than all the
// rest of it; "go test ./schema -update" writes them.
var (
	//go:embed published/profile-input.json
	PublishedProfileInput json.RawMessage
	//go:embed published/profile.json
	PublishedProfile json.RawMessage
	//go:embed published/compare-input.json
	PublishedCompareInput json.RawMessage
	//go:embed published/comparison.json
	PublishedComparison json.RawMessage
	//go:embed published/insights-input.json
	PublishedInsightsInput json.RawMessage
	//go:embed published/insights.json
	PublishedInsights json.RawMessage
)
