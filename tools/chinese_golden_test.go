package tools

import (
	"strings"
	"testing"
	"testing/synctest"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
)

// Failures of the recorded answers as the command line prints them in Chinese.
func TestChineseFailuresGolden(t *testing.T) {
	var out []string
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: sample(), language: lang.Chinese})
		defer end()
		all := schema.InsightsInput{Sections: schema.Sections, Scope: schema.ScopeDaily, Format: schema.FormatAll, Days: 30, Raw: schema.RawNone}
		ids := []string{"5a3e1e000000000000000001", "5a3e1e000000000000000003", "5a3e1e0000000000000000e1", "5a3e1e0000000000000000e2", "4639645438"}
		for _, r := range append(b.set.Profiles(t.Context(), ids, schema.ProfileInput{}), b.set.Insights(t.Context(), ids, all)...) {
			if r.Failure != "" {
				out = append(out, r.UserID+"\n"+r.Failure)
			}
		}
		in := schema.CompareInput{Format: schema.FormatVideo, SortBy: schema.ByCNYPerEngagement}
		in.AddUsers(ids)
		c, _ := b.set.Compare(t.Context(), in)
		failed, _ := render.RowFailures(lang.Chinese, c.Rows)
		out = append(out, failed...)
	})
	text := strings.Join(out, "\n\n") + "\n"
	checkText(t, "zh/failures.txt", text)
	checkChinese(t, text)
}
