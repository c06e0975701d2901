package render

import (
	"cmp"
	"html"
	"maps"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// BloggerPage is the HTML page on which a host of MCP Apps shows a profile or insights.
var BloggerPage = newPage("blogger", bloggerPageWords(), "lines.js", "blogger.js", "blogger-text.js")

// BloggerFile is the page as a file, with bloggers inside.
func BloggerFile(l lang.Language, bloggers []Blogger) string {
	var b strings.Builder
	for i := range bloggers {
		bloggers[i].plain(&b, l)
	}
	return fileOf(BloggerPage.HTML(), l, bloggers, b.String())
}

// Blogger is what the page shows of one blogger; at least one member is set.
type Blogger struct {
	Profile  *schema.Profile  `json:"profile,omitempty"`
	Insights *schema.Insights `json:"insights,omitempty"`
}

// plain writes the blogger as HTML tables, for a reader without scripts.
func (g *Blogger) plain(b *strings.Builder, l lang.Language) {
	if p := g.Profile; p != nil {
		lines := Profile(l, &p.Summary)
		plainHeading(b, "h1", lines[0].Value)
		plainLines(b, append(lines[1:], ProfileMeta(l, &p.Meta)...))
	}
	i := g.Insights
	if i == nil {
		return
	}
	if g.Profile == nil {
		plainHeading(b, "h1", cmp.Or(i.Name, i.UserID))
	}
	for _, p := range i.Parts() {
		plainHeading(b, "h2", heading(l, p))
		plainLines(b, partLines(l, p))
		if len(p.Rows) > 0 {
			columns := listColumns(l, p.Rows)
			plainTables(b, columns, len(columns))
		}
		plainLines(b, caveatLines(l, p.NotProvided, p.Caveats))
	}
	plainLines(b, insightsMeta(l, i))
}

func plainLines(b *strings.Builder, lines []Line) {
	if len(lines) == 0 {
		return
	}
	b.WriteString("<table>\n")
	for _, line := range lines {
		b.WriteString(`<tr><th scope="row">` + html.EscapeString(line.Label) + "</th><td>" + html.EscapeString(line.Value) + "</td></tr>\n")
	}
	b.WriteString("</table>\n")
}

// pageFigure is a figure, or a list or series of figures, for the page's script.
type pageFigure struct {
	section  schema.Section
	name     string
	label    lang.T
	unit     lang.T
	quantity string // "" is a count or a percent
	group    string
	key      string // of a list: the member that names an entry
}

// array returns the members in order, without empty ones at the end: an array is half the
// size of an object. Section, label and unit are numbers; -1 is none.
func (f *pageFigure) array(texts *numbering[lang.T]) []any {
	unit := -1
	if f.unit.En != "" {
		unit = texts.of(f.unit)
	}
	out := []any{slices.Index(schema.Sections, f.section), f.name, texts.of(f.label), unit, f.quantity, f.group, f.key}
	for out[len(out)-1] == "" || out[len(out)-1] == -1 {
		out = out[:len(out)-1]
	}
	return out
}

// quantityOf returns the scripts' name of the quantity of a scale.
func quantityOf(s schema.Scale) string {
	if s == schema.Cost || s == schema.Proportion {
		return quantities[schema.UnitCost]
	}
	return ""
}

// bloggerPageWords returns the page's figures, sentences and texts in both languages.
func bloggerPageWords() any {
	var texts numbering[lang.T]
	add := func(list *[][]any, f pageFigure) { *list = append(*list, f.array(&texts)) }
	var w struct {
		Pairs          []pair                      `json:"pairs"`
		Sections       []pageSection               `json:"sections"`
		Figures        [][]any                     `json:"figures"`
		Groups         [][]any                     `json:"groups"`
		Distributions  [][]any                     `json:"distributions"`
		Marks          [][]any                     `json:"marks"`
		Series         [][]any                     `json:"series"`
		Metrics        [][]any                     `json:"metrics"`
		ProfileFigures [][]any                     `json:"profileFigures"`
		Details        [][]any                     `json:"details"`
		Amounts        [][]any                     `json:"amounts"`
		NoteHeads      map[string]pair             `json:"noteHeads"`
		Statuses       map[schema.QuoteStatus]pair `json:"statuses"`
		Sentences      []pair                      `json:"sentences"`
		Texts          map[string]pair             `json:"texts"`
	}
	for _, s := range schema.Sections {
		w.Sections = append(w.Sections, pageSection{s, pairOf(sectionTitles[s]), pairOf(sectionOffers[s]), headingParts[s]})
	}
	for _, f := range schema.Figures {
		add(&w.Figures, pageFigure{section: f.Section, group: f.Group, name: f.Name, label: f.Label, unit: f.Unit, quantity: quantityOf(f.Scale)})
	}
	for _, g := range schema.Groups {
		add(&w.Groups, pageFigure{section: g.Section, name: g.Name, label: g.Label})
	}
	for _, d := range schema.Distributions {
		add(&w.Distributions, pageFigure{section: d.Section, name: d.Name, key: d.Key, label: d.Label})
	}
	for _, m := range schema.Marks {
		add(&w.Marks, pageFigure{section: m.Section, name: m.Name, label: m.Label})
	}
	for _, s := range schema.AllSeries {
		add(&w.Series, pageFigure{section: s.Section, name: s.Name, label: s.Label})
	}
	for _, m := range schema.Metrics {
		add(&w.Metrics, pageFigure{name: m.Name, label: m.Label, unit: m.Unit, quantity: quantityOf(m.Scale)})
	}
	for _, f := range profileFigures {
		quantity := ""
		if strings.HasSuffix(f.member, "Ratio") {
			quantity = quantities[schema.Ratio]
		}
		add(&w.ProfileFigures, pageFigure{name: f.member, label: f.label, unit: f.unit, quantity: quantity})
	}
	for _, f := range slices.Concat(profileDetails, profileAddresses) {
		add(&w.Details, pageFigure{name: f.member, label: f.label})
	}
	for _, a := range quoteAmounts {
		add(&w.Amounts, pageFigure{name: a.member, label: a.text, quantity: quantities[a.quantity]})
	}
	for _, text := range texts.values {
		w.Pairs = append(w.Pairs, pairOf(text))
	}
	w.NoteHeads, w.Statuses = pairsOf(noteHeads), pairsOf(statuses)
	w.Sentences = sentencesOf(schema.NoteFormats, func(k *schema.CaveatKind) bool { return !k.OfTables })
	for _, said := range []map[string]lang.T{missing, genders} {
		for _, key := range slices.Sorted(maps.Keys(said)) { // a page is the same in every process
			w.Sentences = append(w.Sentences, pairOf(said[key]))
		}
	}
	for _, h := range schema.Healths {
		w.Sentences = append(w.Sentences, pairOf(schema.HealthWords[h]))
	}
	w.Texts = map[string]pair{}
	for _, said := range []map[string]lang.T{sharedTexts, textLabels, headingTexts, seriesTexts, changedMembers, bloggerTexts} {
		for key, text := range said {
			w.Texts[key] = pairOf(text)
		}
	}
	return w
}

// pageSection is a section for the page's script.
type pageSection struct {
	Key   schema.Section `json:"key"`
	Title pair           `json:"title"`
	Offer pair           `json:"offer"`
	Parts []string       `json:"parts"` // headingParts
}

// sectionOffers say what a section has; the page shows them for sections that were not
// looked up.
var sectionOffers = map[schema.Section]lang.T{
	schema.SectionPerformance:  t("medians, rates, traffic sources", "中位数、比率、流量来源"),
	schema.SectionAudience:     t("gender, ages, places, interests", "性别、年龄、地域、兴趣"),
	schema.SectionFollowers:    t("growth and activity", "增长与活跃"),
	schema.SectionCosts:        t("the platform's estimates", "平台预估"),
	schema.SectionNotes:        t("the latest ones, with brands", "最近的笔记与合作品牌"),
	schema.SectionTrend:        t("medians by day", "每日中位数"),
	schema.SectionGrowth:       t("followers by day", "每日粉丝数"),
	schema.SectionAvailability: t("replies to invitations", "邀约回复"),
}

// changedMembers are names of changed members that no other text has.
var changedMembers = map[string]lang.T{
	"imageStatus": t("Image quote's state", "图文报价状态"),
	"videoStatus": t("Video quote's state", "视频报价状态"),
}

// bloggerTexts are the texts of the blogger's page only, by the script's keys.
var bloggerTexts = map[string]lang.T{
	"quoteImage":   t("Image note", "图文笔记"),
	"quoteVideo":   t("Video note", "视频笔记"),
	"noQuotes":     t("no price to book at", "暂无可下单的报价"),
	"leadQuote":    t("%s %s CNY", "%s %s 元"),
	"perCount":     t("%s per engagement", "互动单价 %s"),
	"quotes":       t("Quotes", "报价"),
	"quotesAre":    t("CNY per note without the platform's service fee; unit costs are per all-format median.", "单位为元/篇，不含平台服务费；单位成本按图文与视频合计的中位数计算。"),
	"olderMedian":  t("Costs per engagement of one format alone and of sponsored notes divide by an older engagement median: not comparable with CNY per engagement.", "仅图文、仅视频及合作笔记的互动单价按较旧口径的互动中位数计算，不能与互动单价 (CPE) 直接比较。"),
	"reach":        t("Reach", "数据概览"),
	"platform":     t("The platform's own figures", "平台数据"),
	"about":        t("About", "博主信息"),
	"changes":      t("Changes since before", "与此前相比"),
	"changeLine":   t("%s: %s → %s%s, since %s", "%s：%s → %s%s（自 %s）"),
	"yes":          t("yes", "是"),
	"no":           t("no", "否"),
	"healthLevel":  t("%s (level %s of 0 to 2, more is better)", "%s（等级 %s，取值 0–2，越高越好）"),
	"inBrackets":   t("%s (%s)", "%s（%s）"),
	"notProvided":  t("Not provided: %s (unknown, not zero)", "未提供：%s（未知，不是 0）"),
	"peers":        t("Share of comparable creators that are below", "优于多少同类博主"),
	"topLists":     t("The lists have the largest ones, which do not add up to 100 %.", "只列占比最大的几项，合计不是 100%。"),
	"fromText":     t("Drawn from the text in eighths between low and high; the figures are exact.", "折线据文本绘制，精确到最低与最高之间的八分之一；数字为准确值。"),
	"failedPart":   t("Failed", "查询失败"),
	"waitingPart":  t("Without an answer yet", "尚无结果"),
	"notAsked":     t("Not looked up", "尚未查询"),
	"costOf":       t("Each is one paid request of get_blogger_insights, free where it is cached.", "每项为一次付费请求（get_blogger_insights），缓存中已有则免费。"),
	"profileOffer": t("Profile: quotes with unit costs, followers, medians (get_blogger_profile)", "博主资料：报价与单位成本、粉丝数、中位数（get_blogger_profile）"),
	"openProfile":  t("Xiaohongshu page", "小红书主页"),
	"openPgy":      t("Pgy page", "蒲公英主页"),
	"lowActive":    t("low-active", "低活"),
	"notOnPgy":     t("not on Pgy", "未入驻蒲公英"),
	"brandsListed": t("Brands", "合作品牌"),
	"worstListed":  t("Fewest reads of the sponsored notes listed", "所列合作笔记的最低阅读"),
	"since":        t("Since ", "自 "),
	"untitled":     t("(no title)", "（无标题）"),
}
