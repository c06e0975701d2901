package render

import (
	"maps"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Found renders the result of a search as a Markdown table and a list of items.
func Found(l lang.Language, f *schema.Found) string {
	if len(f.Rows) == 0 {
		return noRows(l, &f.Meta) + "\n" + markdownItems(foundItems(l, f, unknownInTable))
	}
	return markdown(foundColumns(l, f), foundItems(l, f, unknownInTable))
}

// FoundTable renders the result of a search for a terminal, as ComparisonTable does.
func FoundTable(l lang.Language, f *schema.Found, width int) string {
	if len(f.Rows) == 0 {
		return noRows(l, &f.Meta) + "\n" + terminalItems(foundItems(l, f, unknownInTable), width)
	}
	t := bloggersTable(foundColumns(l, f), string(f.Meta.SortBy), foundItems(l, f, unknownInTable))
	return t.render(width)
}

// noRows says why there is no table. A page behind the last one and an answer without a
// list do not mean that nobody was found.
func noRows(l lang.Language, m *schema.FoundMeta) string {
	if m.Found != nil && *m.Found > 0 || slices.Contains(m.Caveats, l.Say(schema.NotASearch.Text)) {
		return l.Say(t("No bloggers came with this answer.", "返回结果中没有博主。"))
	}
	return l.Say(t("Nobody was found.", "没有找到博主。"))
}

func foundColumns(l lang.Language, f *schema.Found) []*tableColumn {
	return tableColumns(l, schema.FoundColumns, withoutOrigin(f.Rows), string(f.Meta.SortBy), "name", "userId")
}

// withoutOrigin removes the flags that all rows have: a caveat says them once.
func withoutOrigin(rows []schema.FoundRow) []schema.FoundRow {
	out := slices.Clone(rows)
	for i := range out {
		out[i].Flags = slices.DeleteFunc(slices.Clone(out[i].Flags), func(flag string) bool {
			return flag == schema.FromSearch.Flag.En || flag == schema.RecordedSamples.Flag.En
		})
	}
	return out
}

// asCompared converts what a search and a comparison have in common.
func asCompared(f *schema.Found) *schema.Comparison {
	m := &f.Meta
	c := &schema.Comparison{Plan: f.Plan, Meta: schema.ComparisonMeta{Format: m.Format, SortBy: m.SortBy, BudgetCNY: m.BudgetCNY, MaxPicks: m.MaxPicks, FeePercent: m.FeePercent}}
	for _, r := range withoutOrigin(f.Rows) {
		c.Rows = append(c.Rows, r.Row)
	}
	return c
}

// FoundAbout returns the items below a search for a file, in which unknown cells are
// empty.
func FoundAbout(l lang.Language, f *schema.Found) []string { return foundItems(l, f, unknownInFile) }

func foundItems(l lang.Language, f *schema.Found, unknownCell lang.T) []string {
	m, c := &f.Meta, asCompared(f)
	var out []string
	if f.Plan != nil {
		out = append(out, planItem(l, c))
	}
	if len(f.Rows) == 0 && len(m.Filters) > 0 {
		next := t("Next step: give fewer or wider filters, or another topic or name.", "下一步：减少或放宽筛选条件，或换一个主题或名称。")
		if m.Found != nil && *m.Found > 0 && *m.Found <= int64((m.Page-1)*schema.PageSize) {
			next = t("Next step: give an earlier page; this one comes after the last one.", "下一步：请换更靠前的页码，该页在最后一页之后。")
		}
		out = append(out, l.Say(next))
	}
	hasQuotes := slices.ContainsFunc(f.Rows, func(r schema.FoundRow) bool { return r.Status != "" })
	if hasQuotes || len(m.Filters) > 0 {
		out = append(out, funnelItem(l, m))
	}
	if len(m.Filters) > 0 { // empty for a link
		out = append(out, l.Say(t("Sent to the platform: %s.", "发送给平台的条件：%s。"), sentFilters(l, m.Filters)))
	}
	if m.Outside > 0 {
		out = append(out, l.Say(t("%d of %d do not keep to a filter of numbers; the column Outside says to which.", "%d 位（共 %d 位）不符合数值条件，见“不符合条件”一栏。"), m.Outside, m.Fetched))
	}
	if m.NextPage > 0 {
		out = append(out, l.Say(t("Next page: %d, a paid request unless it is cached.", "下一页：第 %d 页，无缓存时需一次付费请求。"), m.NextPage))
	}
	out = append(out, requestsItem(l, m))
	if m.OldestFetchedAt != "" {
		out = append(out, sourceItem(l, m.Source, m.OldestFetchedAt, m.NewestFetchedAt))
	}
	if hasQuotes {
		out = append(out, unitsItem(l, c, unknownCell))
	}
	return append(out, rowItems(l, FailedPages(l, f), nil, m.Caveats)...)
}

// Lines about a search and parts of them. The page reads them back where a host passes the
// text alone.
var (
	foundInAll    = t("%s found", "共匹配 %s 位")
	foundOrMore   = t("%s or more found", "匹配 %s 位或更多")
	fetchedOfThem = t("%d fetched", "已取回 %d 位")
	bookableFor   = t("%d can be booked for %s", "%d 位可接单（%s）")
	rankedBy      = t("; ranked by %s, of the %d fetched", "；按%s排序，范围为已取回的 %d 位")
	requestsLine  = t("Requests: %d cached, %d billed", "请求：缓存 %d 次，计费 %d 次")
	failedPage    = t("page %d: %s", "第 %d 页：%s")
)

// FailedPages returns a line for each page that did not come.
func FailedPages(l lang.Language, f *schema.Found) []string {
	var out []string
	for _, p := range f.Meta.Failed {
		out = append(out, l.Say(failedPage, p.Page, p.Error))
	}
	return out
}

// funnelItem counts the bloggers: found, fetched, bookable, within the price.
func funnelItem(l lang.Language, m *schema.FoundMeta) string {
	var parts []string
	if m.Found != nil {
		found := foundInAll
		if m.FoundIsCeiling {
			found = foundOrMore
		}
		parts = append(parts, l.Say(found, *m.Found))
	}
	parts = append(parts, l.Say(fetchedOfThem, m.Fetched), l.Say(bookableFor, m.Bookable, m.Format.Word()))
	if m.WithinPrice != nil {
		parts = append(parts, l.Say(t("%d of them within the price", "其中 %d 位在价格范围内"), *m.WithinPrice))
	}
	s := strings.Join(parts, l.Say(lang.Comma))
	if m.SortBy != "" {
		s += l.Say(rankedBy, schema.ColumnOf(m.SortBy).Ranking, m.Fetched)
	}
	return l.Sentence(s)
}

func sentFilters(l lang.Language, filters schema.SentFilters) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(filters)) {
		out = append(out, name+"="+filters[name])
	}
	return strings.Join(out, l.Say(lang.Semicolon))
}

func requestsItem(l lang.Language, m *schema.FoundMeta) string {
	s := l.Say(requestsLine, m.Cached, m.Billed)
	return l.Sentence(s + budgetLeft(l, m.CallsLeft))
}
