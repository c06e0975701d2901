package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Review renders a review as a Markdown table and a list of items.
func Review(l lang.Language, r *schema.Review) string {
	return markdown(reviewColumns(l, r), reviewItems(l, r, unknownInTable))
}

// ReviewTable renders a review for a terminal, as ComparisonTable does.
func ReviewTable(l lang.Language, r *schema.Review, width int) string {
	t := terminalTable{
		columns: reviewColumns(l, r), items: reviewItems(l, r, unknownInTable),
		name: "title", id: "noteId", ranking: string(r.Meta.SortBy),
		texts: []cutColumn{{"title", usualName, leastName}, {"name", usualText, leastText}, {"flags", usualText, leastText}},
	}
	return t.render(width)
}

func reviewColumns(l lang.Language, r *schema.Review) []*tableColumn {
	return tableColumns(l, schema.NoteColumns, r.Rows, string(r.Meta.SortBy), "title", "noteId")
}

// NoteFailures is RowFailures for notes, with their noteIds.
func NoteFailures(l lang.Language, rows []schema.ReviewRow) (failed, waiting []string) {
	return failuresOf(l, rows, func(r *schema.ReviewRow) (reason, id string, isWaiting bool) {
		return r.Error, r.NoteID, r.Pending || r.NotCached
	})
}

// ReviewAbout returns the items below a review for a file, in which unknown cells are
// empty.
func ReviewAbout(l lang.Language, r *schema.Review) []string { return reviewItems(l, r, unknownInFile) }

// reviewItems returns the items below the table.
func reviewItems(l lang.Language, r *schema.Review, unknownCell lang.T) []string {
	m := &r.Meta
	out := []string{totalsItem(l, r), reviewCountsItem(l, r)}
	if m.OldestFetchedAt != "" {
		out = append(out, sourceItem(l, m.Source, m.OldestFetchedAt, m.NewestFetchedAt))
	}
	out = append(out, l.Say(t("Paid is as given, fee included; engagements are likes, collects, comments, shares and new followers; %s is unknown, not zero.",
		"实付为所提供的金额（含服务费）；互动为点赞、收藏、评论、分享与新增粉丝之和；%s表示未知，不是 0。"), unknownCell))
	failed, waiting := NoteFailures(l, r.Rows)
	return append(out, rowItems(l, failed, waiting, m.Caveats)...)
}

// totalsItem is the totals in one line.
func totalsItem(l lang.Language, r *schema.Review) string {
	s := &r.Totals
	if s.Notes == 0 {
		return l.Say(t("No note has counts: there are no totals.", "没有笔记有数据，无法合计。"))
	}
	sums := []string{
		sumSaid(l, r, t("%s impressions", "曝光 %s"), s.Impressions, func(r *schema.ReviewRow) *int64 { return r.Impressions }),
		sumSaid(l, r, t("%s reads", "阅读 %s"), s.Reads, func(r *schema.ReviewRow) *int64 { return r.Reads }),
		sumSaid(l, r, t("%s engagements", "互动 %s"), s.Engagements, func(r *schema.ReviewRow) *int64 { return r.Engagements }),
	}
	said := l.Say(t("Total of %d with counts: %s", "有数据的笔记 %d 篇，合计：%s"), s.Notes, joined(l, lang.Comma, sums))
	if s.PaidCNY != nil {
		said += l.Say(t("; %s CNY paid for %d of them", "；其中 %[2]d 篇有实付金额，共 %[1]s 元"), *s.PaidCNY, s.PaidNotes)
		costs := joined(l, lang.Comma, []string{
			costSaid(l, t("CPM %s CNY", "CPM %s 元"), s.CPM),
			costSaid(l, t("%s CNY per read", "阅读单价 %s 元"), s.CNYPerRead),
			costSaid(l, t("%s CNY per engagement", "互动单价 (CPE) %s 元"), s.CNYPerEngagement),
		})
		if costs != "" {
			said += l.Say(t(": %s (each over the notes whose amount and count are known)", "：%s（各按金额与该项数据均已知的笔记计算）"), costs)
		}
	}
	return l.Sentence(said)
}

// sumSaid says a sum, and over how many notes if some of those with counts lack it; "" is
// unknown.
func sumSaid(l lang.Language, r *schema.Review, text lang.T, sum *int64, member func(*schema.ReviewRow) *int64) string {
	if sum == nil {
		return ""
	}
	said := l.Say(text, *sum)
	n := 0
	for i := range r.Rows {
		if member(&r.Rows[i]) != nil {
			n++
		}
	}
	if n < r.Totals.Notes {
		said = l.Say(t("%s (known of %d)", "%s（仅 %d 篇已知）"), said, n)
	}
	return said
}

func costSaid(l lang.Language, text lang.T, cost *float64) string {
	if cost == nil {
		return ""
	}
	return l.Say(text, Figure(l, schema.UnitCost, *cost))
}

// joined joins the parts that are not empty.
func joined(l lang.Language, separator lang.T, parts []string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, l.Say(separator))
}

func reviewCountsItem(l lang.Language, r *schema.Review) string {
	m := &r.Meta
	s := l.Say(t("Notes", "笔记"))
	if m.SortBy != "" {
		s = l.Say(t("Notes by %s", "笔记（按%s排序）"), schema.NoteColumnOf(m.SortBy).Ranking)
	}
	s = l.Say(t("%s: %d looked up, %d cached, %d billed, %d pending, %d failed", "%s：查询 %d 篇，来自缓存 %d 篇，付费请求 %d 次，查询中 %d 篇，失败 %d 篇"), s, len(r.Rows), m.Cached, m.Billed, m.Pending, m.Failed)
	if m.NotCached > 0 {
		s += l.Say(t(", %d not cached", "，无缓存 %d 篇"), m.NotCached)
	}
	return l.Sentence(s + budgetLeft(l, m.CallsLeft))
}
