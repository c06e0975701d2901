package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// filled is a comparison of 20 bloggers with a value in every column of the text, with
// flags, a fee and a plan.
func filled(name, agency string, sortBy schema.SortKey) *schema.Comparison {
	const at = "2026-05-01T07:00:00Z"
	c := &schema.Comparison{Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: sortBy, MaxPriceCNY: 60000, BudgetCNY: 150000, MaxPicks: 5, FeePercent: 10,
		Source: "prod-global", OldestFetchedAt: at, NewestFetchedAt: at, Billed: 20}}
	terms := condense.Terms{FeePercent: 10, MaxPriceCNY: 60000}
	concerns := map[string][]string{}
	var caveats []string
	for i := range 20 {
		data := fmt.Sprintf(`{"userId":"5a3e1e0000000000000001%02d","name":"%s%d","fansNum":%d,"clickMidNum":%d,"mEngagementNum":%d,"readMidCoop30":%d,"interMidCoop30":%d,"coopNoteNum30d":%d,
			"videoState":1,"videoPrice":%d,"fans30GrowthRate":-0.4,"currentLevel":%d,"cooperType":1,"noteSign":{"name":"%s"},"contentTags":[{"taxonomy1Tag":"美妆"},{"taxonomy1Tag":"时尚"}],
			"videoClickMidNum":51000,"videoInterMidNum":1400,"estimateVideoCpm":227.75}`,
			i, name, i, 1103684+i, 64478+i, 1746+i, 49215+i, 1650+i, 3+i, 18000+2500*i, 2-i%2, agency)
		row, notBookable, outside, found := condense.Row(json.RawMessage(data), schema.SeenInProfile, schema.FormatVideo, terms)
		row.NotBookable, row.Outside, row.FetchedAt, row.Flags = Reasons(lang.English, notBookable), Reasons(lang.English, outside), at, schema.Flags(found)
		c.Rows = append(c.Rows, row)
		for _, text := range Caveats(lang.English, found) {
			if concerns[text] == nil {
				caveats = append(caveats, text)
			}
			concerns[text] = append(concerns[text], row.Name)
		}
	}
	for _, text := range caveats {
		c.Meta.Caveats = append(c.Meta.Caveats, WithNames(lang.English, text, concerns[text]))
	}
	condense.Rank(c.Rows, sortBy)
	c.Plan = condense.PlanOf(c.Rows, sortBy, 150000, 5, 10)
	return c
}

// 20 bloggers cost a model under 8 KB of text, with usual names and with the longest that
// a cell shows, whatever they are ranked by.
func TestTwentyRowsAreShort(t *testing.T) {
	for _, name := range []string{"小红薯的日常", "a small potato ", strings.Repeat("很长的名字", 5)} {
		for _, key := range schema.SortKeys {
			if n := len(Comparison(lang.English, filled(name, "样例传媒机构", key))); n >= 8<<10 {
				t.Errorf("20 rows named %q by %s: got %d bytes, want less than %d", name, key, n, 8<<10)
			}
		}
	}
}
