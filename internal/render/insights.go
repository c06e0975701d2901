package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Insights says the sections of one blogger: a heading and a line for each figure, and
// below them the cost of the call.
func Insights(l lang.Language, i *schema.Insights) string {
	var who []Fact
	if i.Name != "" {
		who = append(who, fact(l, t("Blogger", "博主"), i.Name))
	}
	paragraphs := []string{Text(l, append(who, fact(l, t("User ID", "用户 ID"), i.UserID)))}
	for _, p := range i.Parts() {
		paragraphs = append(paragraphs, partParagraphs(l, p)...)
	}
	return strings.Join(append(paragraphs, Text(l, insightsMeta(l, i))), "\n\n")
}

// sectionNames are the sections' names in a line; in English the name is the member's.
var sectionNames = map[schema.Section]lang.T{
	schema.SectionPerformance:  t("performance", "笔记数据"),
	schema.SectionAudience:     t("audience", "粉丝画像"),
	schema.SectionFollowers:    t("followers", "粉丝分析"),
	schema.SectionCosts:        t("costs", "成本预估"),
	schema.SectionNotes:        t("notes", "笔记列表"),
	schema.SectionTrend:        t("trend", "数据趋势"),
	schema.SectionGrowth:       t("growth", "涨粉趋势"),
	schema.SectionAvailability: t("availability", "邀约响应"),
}

var scopes = map[schema.Scope]lang.T{schema.ScopeDaily: t("daily", "日常"), schema.ScopeSponsored: t("sponsored", "合作")}

// heading names a section and says what its figures are of.
func heading(l lang.Language, p *schema.Part) string {
	switch p.Section {
	case schema.SectionPerformance:
		return l.Say(t("Performance: %s notes, %s, last %d days, %s", "笔记数据：%s笔记，%s，近%d天，%s"), scopes[p.Scope], formats(l, p.Format), p.Days, traffic(l, p))
	case schema.SectionAudience:
		return l.Say(t("Audience: followers, not viewers", "粉丝画像：统计的是粉丝，不是笔记读者")) + asOf(l, p)
	case schema.SectionFollowers:
		return l.Say(t("Followers: growth and activity", "粉丝分析：增长与活跃"))
	case schema.SectionCosts:
		return l.Say(t("Costs: the platform's estimates at list price, without its service fee", "成本预估：平台按报价预估，不含平台服务费"))
	case schema.SectionTrend:
		return l.Say(t("Trend: %s notes, %s, medians of %d days, %s", "数据趋势：%s笔记，%s，近%d天中位数，%s"), scopes[p.Scope], formats(l, p.Format), p.Days, traffic(l, p))
	case schema.SectionGrowth:
		return l.Say(t("Growth: followers by day, last %d days", "涨粉趋势：每日粉丝数，近%d天"), p.Days)
	case schema.SectionAvailability:
		return l.Say(t("Availability: replies and activity", "邀约响应：回复与活跃")) + asOf(l, p)
	}
	scope := l.Say(t("all notes", "全部笔记"))
	if p.Scope == schema.ScopeSponsored {
		scope = l.Say(t("sponsored notes", "合作笔记"))
	}
	heading := l.Say(t("Notes: the latest of %s, %s, %s", "笔记列表：最近发布的%s，%s，%s"), scope, formats(l, p.Format), traffic(l, p))
	if p.Page > 1 {
		heading += l.Say(t(", page %d", "，第 %d 页"), p.Page)
	}
	return heading
}

func asOf(l lang.Language, p *schema.Part) string {
	if p.AsOf == "" {
		return ""
	}
	return l.Say(t(", as of %s", "，数据日期 %s"), p.AsOf)
}

func traffic(l lang.Language, p *schema.Part) string {
	if p.PaidTraffic {
		return l.Say(t("paid traffic included", "含投流"))
	}
	return l.Say(t("organic traffic alone", "仅自然流量"))
}

func formats(l lang.Language, f schema.Format) string {
	if f == schema.FormatAll {
		return l.Say(t("image and video together", "图文与视频合计"))
	}
	return l.Say(t("%s alone", "仅%s"), f.Word())
}

// partParagraphs are one section's figures, then the table of notes, then the caveats.
// Without a table they are one paragraph.
func partParagraphs(l lang.Language, p *schema.Part) []string {
	facts := slices.Concat(endsFacts(l, p), courseFacts(l, p), figureFacts(l, p), largestDayFacts(l, p))
	for _, v := range p.Marks {
		facts = append(facts, fact(l, v.Mark.Label, yesNo(l, &v.Is)))
	}
	if len(p.Industries) > 0 {
		facts = append(facts, fact(l, t("Cooperation industries", "合作行业"), l.List(p.Industries)))
	}
	for _, v := range p.Distributions {
		facts = append(facts, fact(l, v.Distribution.Label, shares(l, v.Shares)))
	}
	facts = append(facts, sponsoredFacts(l, p)...)
	if p.Section == schema.SectionAudience && len(p.Distributions) > 0 {
		facts = append(facts, fact(l, t("Top lists", "分布说明"), l.Say(t("the largest ones, which do not add up to 100 %", "只列占比最大的几项，合计不是 100%"))))
	}
	caveats := caveatLines(l, p.NotProvided, p.Caveats)
	head := "## " + heading(l, p) + "\n"
	if len(p.Rows) == 0 {
		return []string{head + Text(l, append(facts, caveats...))}
	}
	out := []string{strings.TrimSuffix(head+Text(l, facts), "\n"), notesTable(l, p.Rows)}
	if len(caveats) > 0 {
		out = append(out, Text(l, caveats))
	}
	return out
}

// figureFacts gives each figure a line, and the figures of a group one together.
func figureFacts(l lang.Language, p *schema.Part) []Fact {
	var out []Fact
	for i, v := range p.Figures {
		text := lang.Group(string(v.Number)) + l.Say(v.Figure.Unit)
		if x, err := v.Number.Float64(); err == nil && v.Figure.Scale == schema.Cost {
			text = digits(x) + l.Say(v.Figure.Unit) // quotients with 16 digits
		}
		label := v.Figure.Label
		if v.Figure.Group == "unitCosts" && v.Figure.Scale == schema.Cost && p.Scope == schema.ScopeSponsored {
			label.Zh = "合作" + label.Zh
		}
		switch {
		case v.Figure.Group == "":
			out = append(out, fact(l, label, text))
		case i > 0 && p.Figures[i-1].Figure.Group == v.Figure.Group:
			out[len(out)-1].Value += l.Say(lang.Semicolon) + l.Say(groupOf(v.Figure).Entry, label, text)
		default:
			g := groupOf(v.Figure)
			out = append(out, fact(l, g.Label, l.Say(g.Entry, label, text)))
		}
	}
	return out
}

func groupOf(f *schema.Figure) *schema.Group {
	return &schema.Groups[slices.IndexFunc(schema.Groups, func(g schema.Group) bool { return g.Section == f.Section && g.Name == f.Group })]
}

func shares(l lang.Language, shares []schema.Share) string {
	out := make([]string, len(shares))
	for i, s := range shares {
		out[i] = s.Name + " " + string(s.Percent) + l.Say(t(" %", "%"))
	}
	return strings.Join(out, l.Say(lang.Semicolon))
}

// sponsoredFacts name the brands of the sponsored notes that are listed, and the note with
// the fewest reads.
func sponsoredFacts(l lang.Language, p *schema.Part) []Fact {
	of := l.Say(t("of the %d latest sponsored notes", "最近 %d 篇合作笔记"), len(p.Rows))
	if p.Page > 1 || p.Format != schema.FormatAll {
		of = l.Say(t("of the %d sponsored notes listed here", "此处列出的 %d 篇合作笔记"), len(p.Rows))
	}
	var out []Fact
	var brands []string
	for _, b := range p.Brands {
		text := l.Say(t("%s %d", "%s %d 篇"), b.Brand, b.Notes)
		if b.LastOn != "" {
			text += l.Say(t(" (last %s)", "（最近 %s）"), b.LastOn)
		}
		brands = append(brands, text)
	}
	if brands != nil {
		out = append(out, Fact{l.Say(t("Brands %s", "合作品牌（%s）"), of), strings.Join(brands, l.Say(lang.Semicolon))})
	}
	if w := p.WorstSponsored; w != nil {
		out = append(out, Fact{l.Say(t("Fewest reads %s", "最低阅读（%s）"), of), strings.TrimSpace(lang.Whole(w.Reads) + " " + w.URL)})
	}
	return out
}

// notesTable is a Markdown table. A column that would be empty in every row is
// left out.
func notesTable(l lang.Language, rows []schema.NoteRow) string {
	columns := []*tableColumn{
		newTableColumn(l.Say(t("Published", "发布日期")), false, len(rows), func(i int) string { return rows[i].PublishedOn }),
		newTableColumn(l.Say(t("Format", "形式")), false, len(rows), func(i int) string { return l.Say(rows[i].Format.Word()) }),
		newTableColumn(l.Say(t("Title", "标题")), false, len(rows), func(i int) string { return rows[i].Title }),
		newTableColumn(l.Say(t("Brand", "品牌")), false, len(rows), func(i int) string { return rows[i].Brand }),
		newTableColumn(l.Say(t("Reads", "阅读")), true, len(rows), func(i int) string { return count(rows[i].Reads, "") }),
		newTableColumn(l.Say(t("Likes", "点赞")), true, len(rows), func(i int) string { return count(rows[i].Likes, "") }),
		newTableColumn(l.Say(t("Collects", "收藏")), true, len(rows), func(i int) string { return count(rows[i].Collects, "") }),
		newTableColumn(l.Say(t("Shop visits", "进店")), true, len(rows), func(i int) string { return count(rows[i].ShopVisits, "") }),
		newTableColumn(l.Say(t("Page", "链接")), false, len(rows), func(i int) string { return rows[i].URL }),
	}
	var b strings.Builder
	writeTable(&b, slices.DeleteFunc(columns, (*tableColumn).isEmpty))
	return strings.TrimSuffix(b.String(), "\n")
}

// SectionFailures has a line for each section that did not come.
func SectionFailures(l lang.Language, failed []schema.FailedSection) []string {
	out := make([]string, len(failed))
	for i, f := range failed {
		out[i] = l.Say(sectionNames[f.Section]) + l.Say(lang.Colon) + f.Error
	}
	return out
}

// insightsMeta says where the sections come from and what the call cost.
func insightsMeta(l lang.Language, i *schema.Insights) []Fact {
	m := &i.Meta
	var out []Fact
	for n, line := range SectionFailures(l, i.Failed) {
		label := t("Failed", "查询失败")
		if i.Failed[n].IsWaiting {
			label = t("Without an answer", "尚无结果")
		}
		out = append(out, fact(l, label, line))
	}
	out = append(out, fact(l, t("Source", "数据来源"), source(l, m.Source)))
	for _, s := range m.Sections {
		text := fetched(l, s.AnswerMeta) + l.Say(lang.Semicolon) + cost(l, s.AnswerMeta)
		if s.RequestID != "" {
			text += l.Say(t("; request ID %s", "；请求 ID %s"), s.RequestID)
		}
		out = append(out, Fact{l.Say(t("Fetched %s", "%s获取时间"), sectionNames[s.Section]), text})
	}
	counts := l.Say(t("%d cached, %d billed, %d failed", "来自缓存 %d 项，付费请求 %d 次，失败 %d 项"), m.Cached, m.Billed, m.Failed)
	if m.Pending > 0 {
		counts += l.Say(t(", %d pending", "，查询中 %d 项"), m.Pending)
	}
	if m.NotCached > 0 {
		counts += l.Say(t(", %d not cached", "，无缓存 %d 项"), m.NotCached)
	}
	out = append(out, fact(l, t("This call", "本次查询"), counts))
	if m.CallsLeft != nil {
		out = append(out, callsLeft(l, *m.CallsLeft))
	}
	return out
}
