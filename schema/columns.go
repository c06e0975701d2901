package schema

import (
	"slices"

	"pgy-mcp/internal/lang"
)

// Column is one member of the rows of a table as a reader sees it. Markdown, terminal,
// CSV and page take their columns from one list.
type Column[R any] struct {
	Name   string // in JSON and CSV
	Header lang.T // in tables; a column without one is in CSV alone
	Unit   lang.T // of a figure, in the page
	// Ranking completes the sentence "ranked by …"; rows cannot be ranked by a
	// column without it.
	Ranking lang.T
	// Figure gives a number, or ok false where it is unknown; nil for words.
	Figure func(*R) (v float64, ok bool)
	// Word gives a text, "" where it is unknown; nil for figures.
	Word func(*R) string
	// Said gives the text in the reader's language; nil where Word does.
	Said func(lang.Language, *R) string
	// Drop says in which order columns are left out where a terminal is too narrow:
	// 1 first; 0 stays. No two columns above 0 have the same.
	Drop int
}

// Columns are the columns of a comparison, in the order in which they are shown.
var Columns = []Column[Row]{
	{Name: "rank", Header: t("#", "#"), Figure: known(func(r *Row) *int { return r.Rank })},
	{Name: "name", Header: t("Name", "博主"), Word: func(r *Row) string { return r.Name }},
	{Name: "userId", Header: t("User ID", "用户 ID"), Word: func(r *Row) string { return r.UserID }, Drop: 1},
	{Name: "status", Header: t("Quote", "报价状态"), Word: func(r *Row) string { return string(r.Status) }, Said: statusSaid},
	sortable(ByPriceCNY, t("Price CNY", "报价（元）"), t("CNY a note", "元/篇"), t("price", "报价"), 0, func(r *Row) *float64 { return r.PriceCNY }),
	sortable(ByCNYPerEngagement, t("CNY/engagement", "互动单价 (CPE)"), t("CNY", "元"), t("CNY per engagement", "互动单价 (CPE)"), 15, func(r *Row) *float64 { return r.CNYPerEngagement }),
	sortable(ByCNYPerRead, t("CNY/read", "阅读单价"), t("CNY", "元"), t("CNY per read", "阅读单价"), 11, func(r *Row) *float64 { return r.CNYPerRead }),
	sortable(ByCNYPerThousandFollowers, t("CNY/1,000 followers", "千粉成本"), t("CNY", "元"), t("CNY per 1,000 followers", "千粉成本"), 10, func(r *Row) *float64 { return r.CNYPerThousandFollowers }),
	sortable(ByFollowers, t("Followers", "粉丝数"), t("followers", "人"), t("followers", "粉丝数"), 14, func(r *Row) *int64 { return r.Followers }),
	sortable(ByReadMedian, t("Read median", "阅读中位数"), t("reads a note", "次/篇"), t("read median", "阅读中位数"), 13, func(r *Row) *int64 { return r.ReadMedian }),
	sortable(ByEngagementMedian, t("Engagement median", "互动中位数"), t("engagements a note", "次/篇"), t("engagement median", "互动中位数"), 12, func(r *Row) *int64 { return r.EngagementMedian }),
	sortable(ByEngagementToReadRatio, t("Engagement/read", "互动/阅读"), t("engagements a read", "次互动/次阅读"), t("engagement/read ratio", "互动/阅读比"), 9, func(r *Row) *float64 { return r.EngagementToReadRatio }),
	sortable(ByPlatformCPM, t("Platform CPM", "平台预估CPM"), t("CNY/1,000 impressions", "元/千次曝光"), t("the platform's CPM", "平台预估CPM"), 7, func(r *Row) *float64 { return r.PlatformCPM }),
	sortable(ByPlatformCNYPerEngagement, t("Platform CNY/engagement", "平台预估互动单价"), t("CNY", "元"), t("the platform's CNY per engagement", "平台预估互动单价"), 6, func(r *Row) *float64 { return r.PlatformCNYPerEngagement }),
	sortable(ByPlatformCNYPerRead, t("Platform CNY/read", "平台预估阅读单价"), t("CNY", "元"), t("the platform's CNY per read", "平台预估阅读单价"), 5, func(r *Row) *float64 { return r.PlatformCNYPerRead }),
	{Name: "sponsoredReadMedian30d", Header: t("Sponsored read median", "合作笔记阅读中位数"), Unit: t("reads a note, 30 days", "次/篇，近30天"), Figure: known(func(r *Row) *float64 { return r.SponsoredReadMedian30d }), Drop: 4},
	{Name: "mcn", Header: t("Agency", "签约机构"), Word: func(r *Row) string { return r.MCN }, Drop: 8},
	{Name: "category", Header: t("Category", "内容类目"), Word: func(r *Row) string { return r.Category }, Drop: 3},
	{Name: "location", Header: t("Location", "地区"), Word: func(r *Row) string { return r.Location }, Drop: 2},
	{Name: "notBookable", Header: t("Not bookable", "不可下单"), Word: func(r *Row) string { return r.NotBookable }},
	{Name: "error", Word: func(r *Row) string { return r.Error }},
}

// statusSaid names a quote's status in a table.
func statusSaid(l lang.Language, r *Row) string {
	if r.Error != "" {
		return l.Say(t("failed", "查询失败"))
	}
	return l.Say(StatusWords[r.Status])
}

// StatusWords are the short words for the quote statuses.
var StatusWords = map[QuoteStatus]lang.T{
	QuoteOpen:        t("open", "可接单"),
	QuoteClosed:      t("closed", "暂停接单"),
	QuoteNone:        t("no_quote", "未给出报价"),
	QuotePlaceholder: t("placeholder", "占位价"),
	QuoteUnknown:     t("unknown", "未知"),
}

// sortable is the column of a sort key.
func sortable[T int64 | float64](key SortKey, header, unit, ranking lang.T, drop int, member func(*Row) *T) Column[Row] {
	return Column[Row]{Name: string(key), Header: header, Unit: unit, Ranking: ranking, Figure: known(member), Drop: drop}
}

// known reads a member that is nil where it is unknown.
func known[R any, T int | int64 | float64](member func(*R) *T) func(*R) (float64, bool) {
	return func(r *R) (float64, bool) {
		p := member(r)
		if p == nil {
			return 0, false
		}
		return float64(*p), true
	}
}

// ColumnOf gives the column of a sort key.
func ColumnOf(key SortKey) *Column[Row] {
	return &Columns[slices.IndexFunc(Columns, func(c Column[Row]) bool { return c.Name == string(key) })]
}
