package schema

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
)

// NoteColumns are the columns of a review, in the order in which they are shown.
var NoteColumns = []Column[ReviewRow]{
	{Name: "rank", EmptyMeansNone: true, Header: t("#", "#"), Figure: known(func(r *ReviewRow) *int { return r.Rank })},
	{Name: "title", Header: t("Note", "笔记"), Text: func(r *ReviewRow) string { return r.Title }, Link: func(r *ReviewRow) string { return r.URL }},
	{Name: "noteId", Header: t("Note ID", "笔记 ID"), Text: func(r *ReviewRow) string { return r.NoteID }, ID: true, Drop: 1},
	{Name: "name", Header: t("Blogger", "博主"), Text: func(r *ReviewRow) string { return r.Name }, Drop: 13},
	{Name: "userId", Header: t("User ID", "用户 ID"), Text: func(r *ReviewRow) string { return r.UserID }, ID: true, Detail: true},
	{Name: "format", Header: t("Format", "形式"), Text: func(r *ReviewRow) string { return string(r.Format) }, TextIn: func(l lang.Language, r *ReviewRow) string { return l.Say(r.Format.Word()) }, Drop: 5},
	{Name: "publishedOn", Header: t("Published", "发布日期"), Text: func(r *ReviewRow) string { return r.PublishedOn }, Drop: 8},
	{Name: "daysOut", Header: t("Days out", "已发布天数"), Unit: t("days", "天"), Figure: known(func(r *ReviewRow) *int { return r.DaysOut }), Drop: 4},
	{Name: "brand", EmptyMeansNone: true, Header: t("Brand", "品牌"), Text: func(r *ReviewRow) string { return r.Brand }, Drop: 2},
	money("paidCny", t("Paid CNY", "实付（元）"), func(r *ReviewRow) *float64 { return r.PaidCNY }).drop(14),
	counted("impressions", t("Impressions", "曝光"), t("impressions", "次"), func(r *ReviewRow) *int64 { return r.Impressions }).drop(10),
	counted("reads", t("Reads", "阅读"), t("reads", "次"), func(r *ReviewRow) *int64 { return r.Reads }).rankedBy(t("reads", "阅读")).drop(18),
	percentage("readRatePercent", t("Read rate", "阅读率"), func(r *ReviewRow) *float64 { return r.ReadRatePercent }).drop(7),
	counted("likes", t("Likes", "点赞"), t("likes", "次"), func(r *ReviewRow) *int64 { return r.Likes }).detail(),
	counted("collects", t("Collects", "收藏"), t("collects", "次"), func(r *ReviewRow) *int64 { return r.Collects }).detail(),
	counted("comments", t("Comments", "评论"), t("comments", "次"), func(r *ReviewRow) *int64 { return r.Comments }).detail(),
	counted("shares", t("Shares", "分享"), t("shares", "次"), func(r *ReviewRow) *int64 { return r.Shares }).detail(),
	counted("newFollowers", t("New followers", "新增粉丝"), t("followers", "人"), func(r *ReviewRow) *int64 { return r.NewFollowers }).detail(),
	counted("engagements", t("Engagements", "互动"), t("engagements", "次"), func(r *ReviewRow) *int64 { return r.Engagements }).rankedBy(t("engagements", "互动")).drop(15),
	percentage("engagementRatePercent", t("Engagement/read", "互动/阅读"), func(r *ReviewRow) *float64 { return r.EngagementRatePercent }).drop(6),
	unitCost(NotesByCPM, t("CPM CNY", "CPM（元）"), t("CPM", "CPM"), func(r *ReviewRow) *float64 { return r.CPM }).in(t("CNY/1,000 impressions", "元/千次曝光")).drop(9),
	unitCost(NotesByCNYPerRead, t("CNY/read", "阅读单价"), t("CNY per read", "阅读单价"), func(r *ReviewRow) *float64 { return r.CNYPerRead }).drop(17),
	unitCost(NotesByCNYPerEngagement, t("CNY/engagement", "互动单价 (CPE)"), t("CNY per engagement", "互动单价 (CPE)"), func(r *ReviewRow) *float64 { return r.CNYPerEngagement }).drop(16),
	ratio(NotesByReadsToMedian, t("Reads/median", "阅读/中位数"), func(r *ReviewRow) *float64 { return r.ReadsToMedian }).rankedBy(t("reads to the author's median", "阅读与博主中位数之比")).drop(12),
	ratio("engagementsToMedian", t("Engagements/median", "互动/中位数"), func(r *ReviewRow) *float64 { return r.EngagementsToMedian }).detail(),
	{Name: "url", Header: t("Note page", "笔记链接"), Text: func(r *ReviewRow) string { return r.URL }, Detail: true},
	{Name: "fetchedAt", Header: t("Fetched", "获取时间"), Text: func(r *ReviewRow) string { return r.FetchedAt }, Detail: true},
	{Name: "notProvided", EmptyMeansNone: true, Header: t("Not provided", "未提供"), Text: func(r *ReviewRow) string { return strings.Join(r.NotProvided, "; ") }, Detail: true},
	{Name: "flags", EmptyMeansNone: true, Uncut: true, Header: t("Flags", "提示"), Text: func(r *ReviewRow) string { return strings.Join(r.Flags, "; ") }, TextIn: noteFlagsSaid, List: func(l lang.Language, r *ReviewRow) []string { return flagWords(l, r.Flags) }, Drop: 11},
	{Name: "error", Header: t("Error", "查询失败"), Text: func(r *ReviewRow) string { return r.Error }, Detail: true},
}

// noteFlagsSaid is the cell of a row's flags, or says why there is no answer.
func noteFlagsSaid(l lang.Language, r *ReviewRow) string {
	if r.Error != "" {
		return l.Say(withoutAnswer(r.Pending, r.NotCached))
	}
	return FlagsSaid(l, r.Flags)
}

// NoteColumnOf gives the column of a sort key.
func NoteColumnOf(key NoteSortKey) *Column[ReviewRow] {
	return &NoteColumns[slices.IndexFunc(NoteColumns, func(c Column[ReviewRow]) bool { return c.Name == string(key) })]
}
