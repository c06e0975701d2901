package render

import (
	"cmp"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Comparison renders a comparison as a Markdown table and a list of items.
func Comparison(l lang.Language, c *schema.Comparison) string {
	return markdown(comparisonColumns(l, c), comparisonItems(l, c, unknownInTable))
}

// markdown renders a table and the list items below it.
func markdown(columns []*tableColumn, items []string) string {
	return markdownTable(columns) + markdownItems(items)
}

func markdownItems(items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString("\n- " + inMarkdown.Replace(item))
	}
	return b.String()
}

func comparisonColumns(l lang.Language, c *schema.Comparison) []*tableColumn {
	return tableColumns(l, schema.Columns, c.Rows, string(c.Meta.SortBy), "name", "userId")
}

// RowFailures returns each error of rows once, "kind: sentence (userIds)": of the rows
// that failed, and of those that are pending or not cached.
func RowFailures(l lang.Language, rows []schema.Row) (failed, waiting []string) {
	return failuresOf(l, rows, func(r *schema.Row) (reason, id string, isWaiting bool) {
		return r.Error, r.UserID, r.Pending || r.NotCached
	})
}

// failuresOf returns each error of rows once, with the ids of its rows.
func failuresOf[R any](l lang.Language, rows []R, of func(*R) (reason, id string, isWaiting bool)) (failed, waiting []string) {
	ids := map[string][]string{} // by reason
	for i := range rows {
		reason, id, isWaiting := of(&rows[i])
		switch {
		case reason == "" || ids[reason] != nil:
		case isWaiting:
			waiting = append(waiting, reason)
		default:
			failed = append(failed, reason)
		}
		ids[reason] = append(ids[reason], id)
	}
	for _, reasons := range [][]string{failed, waiting} {
		for i, reason := range reasons {
			reasons[i] = WithNames(l, reason, ids[reason])
		}
	}
	return failed, waiting
}

// WithNames adds to a sentence the names or ids that it is about.
func WithNames(l lang.Language, sentence string, names []string) string {
	return l.Say(t("%s (%s)", "%s（%s）"), sentence, nameList(l, names))
}

// TwoCounts says whose two counts these are.
func TwoCounts(l lang.Language, who string, counts ...any) string {
	return l.Say(t("%s %s/%s", "%s %s/%s"), append([]any{nameList(l, []string{who})}, counts...)...)
}

// nameList joins names. A name that has a separator of lists in it gets quotation marks.
func nameList(l lang.Language, names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = cutToCell(name); strings.ContainsAny(name, ",，、;；()（）") {
			out[i] = "“" + strings.NewReplacer("“", "'", "”", "'").Replace(out[i]) + "”"
		}
	}
	return l.List(out)
}

// ComparisonAbout returns the items below a comparison for a file, in which unknown cells
// are empty.
func ComparisonAbout(l lang.Language, c *schema.Comparison) []string {
	return comparisonItems(l, c, unknownInFile)
}

// comparisonItems returns the items below the table: plan, counts, source, units,
// failures, caveats. unknownCell is what to call the cell of an unknown value.
func comparisonItems(l lang.Language, c *schema.Comparison, unknownCell lang.T) []string {
	m := &c.Meta
	var out []string
	if c.Plan != nil {
		out = append(out, planItem(l, c))
	}
	out = append(out, countsItem(l, c))
	if m.OldestFetchedAt != "" {
		out = append(out, sourceItem(l, m.Source, m.OldestFetchedAt, m.NewestFetchedAt))
	}
	failed, waiting := RowFailures(l, c.Rows)
	return append(append(out, unitsItem(l, c, unknownCell)), rowItems(l, failed, waiting, m.Caveats)...)
}

// rowItems returns the items about single rows: without an answer, failed, caveats.
func rowItems(l lang.Language, failed, waiting, caveats []string) []string {
	var out []string
	for _, line := range waiting {
		out = append(out, l.Say(unansweredLine, line))
	}
	for _, line := range failed {
		out = append(out, l.Say(failedLine, line))
	}
	for _, caveat := range caveats {
		out = append(out, l.Say(caveatLine, caveat))
	}
	return out
}

// Items below the table. The page parses them if a host passes only the text.
var (
	unansweredLine = t("Without an answer: %s", "尚无结果：%s")
	failedLine     = t("Failed: %s", "失败：%s")
	caveatLine     = t("Caveat: %s", "注意：%s")
	planLine       = t("Plan within %s: %s for %s, %s CNY left; sum of engagement medians %s, of read medians %s. These sums are no forecast, and audiences overlap.",
		"预算 %s内的投放方案：%s，共 %s，剩余 %s 元；互动中位数合计 %s，阅读中位数合计 %s。合计不代表预估效果，受众会有重叠。")
	noPlanLine         = t("Plan within %s: no blogger that can be booked fits.", "预算 %s内没有可下单的博主。")
	countsLine         = t("%s, by %s: %d looked up, %d cached, %d billed, %d pending, %d failed", "%s，按%s排序：查询 %d 位，来自缓存 %d 位，付费请求 %d 次，查询中 %d 位，失败 %d 位")
	fetchedLine        = t("Fetched %s from %s.", "获取时间 %s，来源 %s。")
	fetchedBetweenLine = t("Fetched from %s to %s, from %s.", "获取时间 %s 至 %s，来源 %s。")
)

// Parts of these items.
var (
	quotesOf = map[schema.Format]lang.T{
		schema.FormatVideo: t("Video quotes", "视频报价"),
		schema.FormatImage: t("Image quotes", "图文报价"),
	}
	ofAtMost   = t("%s of at most %s CNY", "%s（不超过 %s 元）")
	unitsAre   = t("Quotes are CNY per note without the platform's service fee", "报价单位为元/篇，不含平台服务费")
	feeAdds    = t("; with fee adds %s %%; limit and budget include the fee", "；含服务费价按加收 %s%% 计算，价格上限和预算均以此为准")
	costsAreOf = t("; unit costs are per all-format median", "；单位成本按图文与视频合计的中位数计算")
)

// planItem is the plan in one line.
func planItem(l lang.Language, c *schema.Comparison) string {
	p, m := c.Plan, &c.Meta
	budget := l.Say(t("%s CNY", "%s 元"), m.BudgetCNY)
	if len(p.UserIDs) == 0 {
		return l.Say(noPlanLine, budget)
	}
	var names, flagged []string
	var engagements, reads []*int64
	for _, id := range p.UserIDs {
		for i := range c.Rows {
			if r := &c.Rows[i]; r.UserID == id {
				name := cmp.Or(r.Name, r.UserID)
				names = append(names, name)
				engagements, reads = append(engagements, r.EngagementMedian), append(reads, r.ReadMedian)
				// A caveat already says that all rows are samples.
				flags := slices.DeleteFunc(slices.Clone(r.Flags), func(flag string) bool { return flag == schema.RecordedSamples.Flag.En })
				if len(flags) > 0 {
					flagged = append(flagged, WithNames(l, schema.FlagsSaid(l, flags), []string{name}))
				}
			}
		}
	}
	price := l.Say(t("%s CNY", "%s 元"), p.PriceCNY)
	if p.PriceWithFeeCNY != nil {
		price = l.Say(t("%s CNY (%s with fee)", "%s 元（含服务费 %s 元）"), p.PriceCNY, *p.PriceWithFeeCNY)
	}
	s := l.Say(planLine, budget, nameList(l, names), price, p.Left, sumOfMedians(l, p.EngagementMedians, engagements), sumOfMedians(l, p.ReadMedians, reads))
	if !p.Exact {
		s += l.Say(t(" It is the best set that was found in a second; there may be a better one.", "这是一秒内找到的最佳组合，可能还有更好的。"))
	}
	if len(flagged) > 0 {
		s += l.Say(t(" Flags: %s.", "请留意：%s。"), strings.Join(flagged, l.Say(lang.Semicolon)))
	}
	return s
}

// sumOfMedians says the sum of a plan's medians, and of how many picks it is where the
// medians of others are unknown.
func sumOfMedians(l lang.Language, sum *int64, medians []*int64) string {
	known := 0
	for _, n := range medians {
		if n != nil {
			known++
		}
	}
	switch {
	case sum == nil:
		return l.Say(t("unknown", "未知"))
	case known < len(medians):
		return l.Say(t("%s (known for %d of %d)", "%s（已知 %d/%d 位）"), *sum, known, len(medians))
	}
	return lang.Whole(*sum)
}

func countsItem(l lang.Language, c *schema.Comparison) string {
	m := &c.Meta
	quotes := l.Say(quotesOf[m.Format])
	if m.MaxPriceCNY > 0 {
		quotes = l.Say(ofAtMost, quotes, m.MaxPriceCNY)
	}
	s := l.Say(countsLine, quotes, schema.ColumnOf(m.SortBy).Ranking, len(c.Rows), m.Cached, m.Billed, m.Pending, m.Failed)
	if m.NotCached > 0 {
		s += l.Say(t(", %d not cached", "，无缓存 %d 位"), m.NotCached)
	}
	return l.Sentence(s + budgetLeft(l, m.CallsLeft))
}

// budgetLeft says how many requests the budget has left; "" without a budget.
func budgetLeft(l lang.Language, n *int) string {
	if n == nil {
		return ""
	}
	return l.Say(t("; %d requests left in the 24-hour budget", "；24 小时预算内剩余 %d 次请求"), *n)
}

// sourceItem says when and from where the figures were fetched.
func sourceItem(l lang.Language, from, oldest, newest string) string {
	if oldest == newest {
		return l.Say(fetchedLine, oldest, source(l, from))
	}
	return l.Say(fetchedBetweenLine, oldest, newest, source(l, from))
}

// unitsItem explains prices, unit costs and unknown cells.
func unitsItem(l lang.Language, c *schema.Comparison, unknownCell lang.T) string {
	s := l.Say(unitsAre)
	if fee := c.Meta.FeePercent; fee > 0 {
		s += l.Say(feeAdds, fee)
	}
	s += l.Say(costsAreOf) + l.Say(otherMedian[c.Meta.SortBy])
	return s + l.Say(t("; %s is unknown, not zero.", "；%s表示未知，不是 0。"), unknownCell)
}

// otherMedian says which median a ranked cost is divided by, if it is not the one of daily
// notes of both formats.
var otherMedian = map[schema.SortKey]lang.T{
	schema.ByCNYPerFormatRead:    t(", but the ranked cost is per read median of that format alone", "，但排序所用的单价按该形式笔记的阅读中位数计算"),
	schema.ByCNYPerSponsoredRead: t(", but the ranked cost is per read median of sponsored notes", "，但排序所用的单价按合作笔记的阅读中位数计算"),
	schema.ByCNYPerFormatEngagement: t(", but the ranked cost is per older engagement median of that format alone: not comparable with CNY/engagement",
		"，但排序所用的单价按该形式笔记较旧口径的互动中位数计算，不能与互动单价 (CPE) 直接比较"),
	schema.ByCNYPerSponsoredEngagement: t(", but the ranked cost is per older engagement median of sponsored notes: not comparable with CNY/engagement",
		"，但排序所用的单价按合作笔记较旧口径的互动中位数计算，不能与互动单价 (CPE) 直接比较"),
}
