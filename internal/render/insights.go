package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Insights renders the sections of one blogger: a heading and lines for each, then the
// cost of the call.
func Insights(l lang.Language, i *schema.Insights) string {
	var who []Line
	if i.Name != "" {
		who = append(who, lineOf(l, textLabels["blogger"], i.Name))
	}
	paragraphs := []string{Text(l, append(who, lineOf(l, t("User ID", "用户 ID"), i.UserID)))}
	for _, p := range i.Parts() {
		paragraphs = append(paragraphs, partParagraphs(l, p)...)
	}
	return strings.Join(append(paragraphs, Text(l, insightsMeta(l, i))), "\n\n")
}

// A heading is a section's title and parts that say what its figures cover. The parts whose
// keys end in "Of" depend on the schema.Part.
var (
	sectionTitles = map[schema.Section]lang.T{
		schema.SectionPerformance:  t("Performance", "笔记数据"),
		schema.SectionAudience:     t("Audience", "粉丝画像"),
		schema.SectionFollowers:    t("Followers", "粉丝分析"),
		schema.SectionCosts:        t("Costs", "成本预估"),
		schema.SectionNotes:        t("Notes", "笔记列表"),
		schema.SectionTrend:        t("Trend", "数据趋势"),
		schema.SectionGrowth:       t("Growth", "涨粉趋势"),
		schema.SectionAvailability: t("Availability", "邀约响应"),
	}
	headingParts = map[schema.Section][]string{
		schema.SectionPerformance:  {"scopeOf", "formatOf", "lastDaysOf", "trafficOf"},
		schema.SectionAudience:     {"notViewers", "dayOf"},
		schema.SectionFollowers:    {"growthAndActivity"},
		schema.SectionCosts:        {"estimates"},
		schema.SectionNotes:        {"latestOf", "formatOf", "trafficOf", "pageOf"},
		schema.SectionTrend:        {"scopeOf", "formatOf", "mediansOf", "trafficOf"},
		schema.SectionGrowth:       {"followersByDay", "lastDaysOf"},
		schema.SectionAvailability: {"replies", "dayOf"},
	}
	headingTexts = map[string]lang.T{
		"scope-daily":       t("daily notes", "日常笔记"),
		"scope-sponsored":   t("sponsored notes", "合作笔记"),
		"latest-daily":      t("the latest of all notes", "最近发布的全部笔记"),
		"latest-sponsored":  t("the latest of sponsored notes", "最近发布的合作笔记"),
		"format-all":        t("image and video together", "图文与视频合计"),
		"format-image":      t("image alone", "仅图文"),
		"format-video":      t("video alone", "仅视频"),
		"paid":              t("paid traffic included", "含投流"),
		"organic":           t("organic traffic alone", "仅自然流量"),
		"lastDaysOf":        t("last %d days", "近%d天"),
		"mediansOf":         t("medians of %d days", "近%d天中位数"),
		"dayOf":             t("as of %s", "数据日期 %s"),
		"pageOf":            t("page %d", "第 %d 页"),
		"notViewers":        t("followers, not viewers", "统计的是粉丝，不是笔记读者"),
		"growthAndActivity": t("growth and activity", "增长与活跃"),
		"estimates":         t("the platform's estimates at list price, without its service fee", "平台按报价预估，不含平台服务费"),
		"followersByDay":    t("followers by day", "每日粉丝数"),
		"replies":           t("replies and activity", "回复与活跃"),
	}
)

// sectionName is a section's name within a line: the member of the result, or the title in
// Chinese.
func sectionName(s schema.Section) lang.T { return t(string(s), sectionTitles[s].Zh) }

func heading(l lang.Language, p *schema.Part) string {
	var parts []string
	for _, key := range headingParts[p.Section] {
		if part := headingPart(l, p, key); part != "" {
			parts = append(parts, part)
		}
	}
	return l.Say(sectionTitles[p.Section]) + l.Say(lang.Colon) + strings.Join(parts, l.Say(lang.Comma))
}

func headingPart(l lang.Language, p *schema.Part, key string) string {
	say := func(key string, args ...any) string { return l.Say(headingTexts[key], args...) }
	switch key {
	case "scopeOf", "latestOf":
		return say(strings.TrimSuffix(key, "Of") + "-" + string(p.Scope))
	case "formatOf":
		return say("format-" + string(p.Format))
	case "trafficOf":
		if p.PaidTraffic {
			return say("paid")
		}
		return say("organic")
	case "lastDaysOf", "mediansOf":
		return say(key, p.Days)
	case "dayOf":
		if p.AsOf == "" {
			return ""
		}
		return say(key, p.AsOf)
	case "pageOf":
		if p.Page < 2 {
			return ""
		}
		return say(key, p.Page)
	}
	return say(key)
}

// partParagraphs are one section's figures, then the table of notes, then the caveats.
// Without a table they are one paragraph.
func partParagraphs(l lang.Language, p *schema.Part) []string {
	figures, caveats := partLines(l, p), caveatLines(l, p.NotProvided, p.Caveats)
	head := "## " + heading(l, p) + "\n"
	if len(p.Rows) == 0 {
		return []string{head + Text(l, append(figures, caveats...))}
	}
	out := []string{strings.TrimSuffix(head+Text(l, figures), "\n"), strings.TrimSuffix(markdownTable(listColumns(l, p.Rows)), "\n")}
	if len(caveats) > 0 {
		out = append(out, Text(l, caveats))
	}
	return out
}

// partLines are the lines of a section without its caveats.
func partLines(l lang.Language, p *schema.Part) []Line {
	out := slices.Concat(endsLines(l, p), seriesLines(l, p), figureLines(l, p), largestDayLines(l, p))
	for _, v := range p.Marks {
		out = append(out, lineOf(l, v.Mark.Label, yesNo(l, &v.Is)))
	}
	if len(p.Industries) > 0 {
		out = append(out, lineOf(l, textLabels["industries"], l.List(p.Industries)))
	}
	for _, v := range p.Distributions {
		out = append(out, lineOf(l, v.Distribution.Label, shares(l, v.Shares)))
	}
	out = append(out, sponsoredLines(l, p)...)
	if p.Section == schema.SectionAudience && len(p.Distributions) > 0 {
		out = append(out, lineOf(l, t("Top lists", "分布说明"), l.Say(t("the largest ones, which do not add up to 100 %", "只列占比最大的几项，合计不是 100%"))))
	}
	return out
}

// figureLines gives each figure a line, and the figures of a group one together.
func figureLines(l lang.Language, p *schema.Part) []Line {
	var out []Line
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
			out = append(out, lineOf(l, label, text))
		case i > 0 && p.Figures[i-1].Figure.Group == v.Figure.Group:
			out[len(out)-1].Value += l.Say(lang.Semicolon) + l.Say(groupOf(v.Figure).Entry, label, text)
		default:
			g := groupOf(v.Figure)
			out = append(out, lineOf(l, g.Label, l.Say(g.Entry, label, text)))
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

// sponsoredLines name the brands of the sponsored notes that are listed, and the note with
// the fewest reads.
func sponsoredLines(l lang.Language, p *schema.Part) []Line {
	of := l.Say(t("of the %d latest sponsored notes", "最近 %d 篇合作笔记"), len(p.Rows))
	if p.Page > 1 || p.Format != schema.FormatAll {
		of = l.Say(t("of the %d sponsored notes listed here", "此处列出的 %d 篇合作笔记"), len(p.Rows))
	}
	var out []Line
	var brands []string
	for _, b := range p.Brands {
		text := l.Say(textLabels["brandNotes"], b.Brand, b.Notes)
		if b.LastOn != "" {
			text += l.Say(textLabels["brandLast"], b.LastOn)
		}
		brands = append(brands, text)
	}
	if brands != nil {
		out = append(out, Line{l.Say(textLabels["brands"], of), strings.Join(brands, l.Say(lang.Semicolon))})
	}
	if w := p.WorstSponsored; w != nil {
		out = append(out, Line{l.Say(textLabels["worst"], of), strings.TrimSpace(lang.Whole(w.Reads) + " " + w.URL)})
	}
	return out
}

// noteHeads are the headers of a list of notes, by member.
var noteHeads = map[string]lang.T{
	"publishedOn": t("Published", "发布日期"),
	"format":      t("Format", "形式"),
	"title":       t("Title", "标题"),
	"brand":       t("Brand", "品牌"),
	"reads":       t("Reads", "阅读"),
	"likes":       t("Likes", "点赞"),
	"collects":    t("Collects", "收藏"),
	"shopVisits":  t("Shop visits", "进店"),
	"url":         t("Page", "链接"),
}

// listColumns returns the columns of a list of notes that have a value in at least one
// row.
func listColumns(l lang.Language, rows []schema.NoteRow) []*tableColumn {
	text := func(member string, of func(*schema.NoteRow) string) *tableColumn {
		return newTableColumn(l.Say(noteHeads[member]), unknown, rows, of)
	}
	number := func(member string, of func(*schema.NoteRow) *int64) *tableColumn {
		c := text(member, func(r *schema.NoteRow) string { return count(of(r), "") })
		c.right = true
		return c
	}
	columns := []*tableColumn{
		text("publishedOn", func(r *schema.NoteRow) string { return r.PublishedOn }),
		text("format", func(r *schema.NoteRow) string { return l.Say(r.Format.Word()) }),
		text("title", func(r *schema.NoteRow) string { return r.Title }),
		text("brand", func(r *schema.NoteRow) string { return r.Brand }),
		number("reads", func(r *schema.NoteRow) *int64 { return r.Reads }),
		number("likes", func(r *schema.NoteRow) *int64 { return r.Likes }),
		number("collects", func(r *schema.NoteRow) *int64 { return r.Collects }),
		number("shopVisits", func(r *schema.NoteRow) *int64 { return r.ShopVisits }),
		text("url", func(r *schema.NoteRow) string { return r.URL }),
	}
	return slices.DeleteFunc(columns, (*tableColumn).isEmpty)
}

// SectionFailures returns a line for each section that did not come.
func SectionFailures(l lang.Language, failed []schema.FailedSection) []string {
	out := make([]string, len(failed))
	for i, f := range failed {
		out[i] = l.Say(sectionName(f.Section)) + l.Say(lang.Colon) + f.Error
	}
	return out
}

// insightsMeta renders where the sections come from and what the call cost.
func insightsMeta(l lang.Language, i *schema.Insights) []Line {
	m := &i.Meta
	var out []Line
	for n, line := range SectionFailures(l, i.Failed) {
		label := textLabels["failedLabel"]
		if i.Failed[n].IsWaiting {
			label = textLabels["unansweredLabel"]
		}
		out = append(out, lineOf(l, label, line))
	}
	out = append(out, lineOf(l, textLabels["source"], source(l, m.Source)))
	for _, s := range m.Sections {
		text := fetched(l, s.AnswerMeta) + l.Say(lang.Semicolon) + origin(l, s.AnswerMeta)
		if s.RequestID != "" {
			text += l.Say(t("; request ID %s", "；请求 ID %s"), s.RequestID)
		}
		out = append(out, Line{l.Say(t("Fetched %s", "%s获取时间"), sectionName(s.Section)), text})
	}
	counts := l.Say(t("%d cached, %d billed, %d failed", "来自缓存 %d 项，付费请求 %d 次，失败 %d 项"), m.Cached, m.Billed, m.Failed)
	if m.Pending > 0 {
		counts += l.Say(t(", %d pending", "，查询中 %d 项"), m.Pending)
	}
	if m.NotCached > 0 {
		counts += l.Say(t(", %d not cached", "，无缓存 %d 项"), m.NotCached)
	}
	out = append(out, lineOf(l, t("This call", "本次查询"), counts))
	if m.CallsLeft != nil {
		out = append(out, callsLeft(l, *m.CallsLeft))
	}
	return out
}
