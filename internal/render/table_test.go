package render

import (
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// A text can neither end its cell nor become an image, a link or markup, in
// the table and in the list below it.
func TestNamesInMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"团子有点咸":                 "团子有点咸",
		"a|b":                   "a/b",
		"![x](http://a.co/)":    `!\[x\](http://a.co/)`,
		`\[x](//a.co)`:          `\\\[x\](//a.co)`,
		"<img src=//a.co>":      `\<img src=//a.co\>`,
		"`code`":                "\\`code\\`",
		"":                      "-",
		"snake_case *star* ~x":  "snake_case *star* ~x",
		strings.Repeat("长", 20): strings.Repeat("长", 20),
		strings.Repeat("长", 21): strings.Repeat("长", 19) + "…",
	} {
		c := schema.Comparison{Rows: []schema.Row{{UserID: documentedID, Name: in}}}
		c.Meta.SortBy = schema.ByPriceCNY
		c.Meta.Caveats = []string{"Low-active. (" + in + ")"}
		lines := strings.Split(Comparison(lang.English, &c), "\n")
		equal(t, fmt.Sprintf("the row of %q", in), lines[2], "| "+want+" | "+documentedID+" |")
		equal(t, fmt.Sprintf("the caveat of %q", in), lines[len(lines)-1], "- Caveat: Low-active. ("+inMarkdown.Replace(in)+")")
	}
}

// The flags of a row are the program's own words. All of them are in the text.
func TestManyFlags(t *testing.T) {
	c := schema.Comparison{Rows: []schema.Row{{UserID: documentedID, Name: "a", Flags: []string{"low-active", "abnormal health", "followers disagree", "few sponsored notes"}}}}
	c.Meta.SortBy = schema.ByPriceCNY
	for l, want := range map[lang.Language]string{
		lang.English: "low-active, abnormal health, followers disagree, few sponsored notes",
		lang.Chinese: "低活、健康等级异常、粉丝数不一致、合作笔记较少",
	} {
		for how, text := range map[string]string{"Markdown": Comparison(l, &c), "a wide terminal": ComparisonTable(l, &c, 200)} {
			if !strings.Contains(text, want) {
				t.Errorf("Comparison in %s for %s: got %s, want %q in it", l, how, text, want)
			}
		}
	}
}

func TestComparison(t *testing.T) {
	full := fullRow(t)
	full.Error, full.Pending, full.NotCached, full.NotBookable = "", false, false, ""
	full.MCN, full.SponsoredReadMedian30d, full.PlatformCosts = "", nil, schema.PlatformCosts{}
	c := schema.Comparison{
		Rows: []schema.Row{
			full,
			{UserID: bloggerID(1), Error: "pending: The look-up goes on. Ask again in 15 s.", Pending: true},
			{UserID: bloggerID(2), Error: "not_cached: Not in memory.", NotCached: true},
			{UserID: bloggerID(3), Error: "not_found: There is none."},
			{UserID: bloggerID(4), Error: "not_found: There is none."},
		},
		Meta: schema.ComparisonMeta{Format: schema.FormatImage, SortBy: schema.ByPlatformCPM, MaxPriceCNY: 15000, Source: "prod-global", OldestFetchedAt: "2026-05-01T00:00:00Z", NewestFetchedAt: "2026-05-01T07:00:00Z",
			Cached: 1, Billed: 2, Pending: 1, Failed: 2, NotCached: 1, Caveats: []string{"Mind this. (团子有点咸)"}},
	}
	want := `| # | Name | User ID | Quote | Price CNY | With fee CNY | CNY/engagement | CNY/read | Followers | Growth 30 d | Read median | Engagement median | Categories | Flags | Outside |
| --: | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- | --- | --- |
| 3 | 团子有点咸 | 659902c1000000002200361b | open | 18,000.5 | 19,800.55 | 24.13 | 0.279 | 1,103,684 | -0.1 % | 64,478 | 746 | 母婴; 家居 | low-active, stale | over the limit |
|  | - | 000000000000000000000001 | pending | - | - | - | - | - | - | - | - | - |  |  |
|  | - | 000000000000000000000002 | not cached | - | - | - | - | - | - | - | - | - |  |  |
|  | - | 000000000000000000000003 | failed | - | - | - | - | - | - | - | - | - |  |  |
|  | - | 000000000000000000000004 | failed | - | - | - | - | - | - | - | - | - |  |  |

- Image quotes of at most 15,000 CNY, by the platform's CPM: 5 looked up, 1 cached, 2 billed, 1 pending, 2 failed, 1 not cached.
- Fetched from 2026-05-01T00:00:00Z to 2026-05-01T07:00:00Z, from prod-global.
- Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.
- Without an answer: pending: The look-up goes on. Ask again in 15 s. (000000000000000000000001)
- Without an answer: not_cached: Not in memory. (000000000000000000000002)
- Failed: not_found: There is none. (000000000000000000000003, 000000000000000000000004)
- Caveat: Mind this. (团子有点咸)`
	equalText(t, "the text", Comparison(lang.English, &c), want)
	left := 7
	c.Meta = schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByCNYPerEngagement, CallsLeft: &left}
	equal(t, "the first note without limit and answers", comparisonItems(lang.English, &c, unknownInTable)[0], "Video quotes, by CNY per engagement: 5 looked up, 0 cached, 0 billed, 0 pending, 0 failed; 7 requests left in the 24-hour budget.")
}

// The plan is the first line below the table.
func TestPlanNote(t *testing.T) {
	c := schema.Comparison{
		Rows: []schema.Row{{UserID: bloggerID(1), Name: "甲", Flags: []string{"low-active", "stale"}}, {UserID: bloggerID(2), Name: "a, b"}, {UserID: bloggerID(3)}},
		Plan: &schema.Plan{UserIDs: []string{bloggerID(1), bloggerID(2)}, PriceCNY: 30000, PriceWithFeeCNY: figure(33000.5), EngagementMedians: figure(int64(2150)), ReadMedians: figure(int64(120500)), Left: 16999.5, Exact: true},
		Meta: schema.ComparisonMeta{SortBy: schema.ByCNYPerEngagement, BudgetCNY: 50000, FeePercent: 10},
	}
	for i := range 2 {
		c.Rows[i].EngagementMedian, c.Rows[i].ReadMedian = figure(int64(1)), figure(int64(1))
	}
	const sums = "sum of engagement medians 2,150, of read medians 120,500. These sums are no forecast, and audiences overlap."
	for _, step := range []struct {
		change func()
		l      lang.Language
		want   string
	}{
		{func() {}, lang.English, "Plan within 50,000 CNY: 甲, “a, b” for 30,000 CNY (33,000.5 with fee), 16,999.5 CNY left; " + sums + " Flags: low-active, stale (甲)."},
		{func() {}, lang.Chinese, "预算 50,000 元内的投放方案：甲、“a, b”，共 30,000 元（含服务费 33,000.5 元），剩余 16,999.5 元；互动中位数合计 2,150，阅读中位数合计 120,500。合计不代表预估效果，受众会有重叠。请留意：低活、数据过期（甲）。"},
		{func() { c.Plan.PriceWithFeeCNY, c.Rows[0].Flags, c.Plan.Left = nil, nil, 20000 }, lang.English, "Plan within 50,000 CNY: 甲, “a, b” for 30,000 CNY, 20,000 CNY left; " + sums},
		{func() { c.Plan.Exact = false }, lang.English, "Plan within 50,000 CNY: 甲, “a, b” for 30,000 CNY, 20,000 CNY left; " + sums + " It is the best set that was found in a second; there may be a better one."},
		{func() { c.Rows[1].ReadMedian, c.Plan.Exact = nil, true }, lang.English, "Plan within 50,000 CNY: 甲, “a, b” for 30,000 CNY, 20,000 CNY left; sum of engagement medians 2,150, of read medians 120,500 (known for 1 of 2). These sums are no forecast, and audiences overlap."},
		{func() { c.Plan.ReadMedians = nil }, lang.English, "Plan within 50,000 CNY: 甲, “a, b” for 30,000 CNY, 20,000 CNY left; sum of engagement medians 2,150, of read medians unknown. These sums are no forecast, and audiences overlap."},
		{func() {}, lang.Chinese, "预算 50,000 元内的投放方案：甲、“a, b”，共 30,000 元，剩余 20,000 元；互动中位数合计 2,150，阅读中位数合计 未知。合计不代表预估效果，受众会有重叠。"},
		{func() { c.Plan.UserIDs = []string{} }, lang.English, "Plan within 50,000 CNY: no blogger that can be booked fits."},
		{func() {}, lang.Chinese, "预算 50,000 元内没有可下单的博主。"},
	} {
		step.change()
		equal(t, "the plan's line", comparisonItems(step.l, &c, unknownInTable)[0], step.want)
	}
}

// A cost that does not divide by an all-format median of daily notes says so where it ranks.
func TestUnitsNote(t *testing.T) {
	const before, after = "Quotes are CNY per note without the platform's service fee; unit costs are per all-format median", "; - is unknown, not zero."
	for key, want := range map[schema.SortKey]string{
		schema.ByCNYPerEngagement:          "",
		schema.ByPlatformCPM:               "",
		schema.ByCNYPerFormatRead:          ", but the ranked cost is per read median of that format alone",
		schema.ByCNYPerSponsoredRead:       ", but the ranked cost is per read median of sponsored notes",
		schema.ByCNYPerFormatEngagement:    ", but the ranked cost is per older engagement median of that format alone: not comparable with CNY/engagement",
		schema.ByCNYPerSponsoredEngagement: ", but the ranked cost is per older engagement median of sponsored notes: not comparable with CNY/engagement",
	} {
		equal(t, "the note on units by "+string(key), unitsItem(lang.English, &schema.Comparison{Meta: schema.ComparisonMeta{SortBy: key}}, unknownInTable), before+want+after)
	}
	equal(t, "the note on units with a fee", unitsItem(lang.English, &schema.Comparison{Meta: schema.ComparisonMeta{FeePercent: 7.5}}, unknownInTable),
		"Quotes are CNY per note without the platform's service fee; with fee adds 7.5 %; limit and budget include the fee; unit costs are per all-format median"+after)
}

// A name that holds what parts a list is not read as two names.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"甲", "乙"}, "甲, 乙"},
		{[]string{"甲, 乙", "丙"}, "“甲, 乙”, 丙"},
		{[]string{"甲、乙"}, "“甲、乙”"},
		{[]string{"a (b)"}, "“a (b)”"},
		{[]string{"“a”, b"}, "“'a', b”"},
		{[]string{strings.Repeat("长", 30)}, strings.Repeat("长", 19) + "…"},
	} {
		equal(t, fmt.Sprintf("Names(%q)", c.names), nameList(lang.English, c.names), c.want)
	}
}
