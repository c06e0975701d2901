package render

import (
	"strconv"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// textLabels are labels and parts of lines. The blogger's page parses them if a host
// passes only the text.
var textLabels = map[string]lang.T{
	"brandNotes":       t("%s %d", "%s %d 篇"),
	"brandLast":        t(" (last %s)", "（最近 %s）"),
	"requestsLeft":     t("Requests left", "剩余请求"),
	"blogger":          t("Blogger", "博主"),
	"imagePriceCny":    t("Image quote", "图文报价"),
	"videoPriceCny":    t("Video quote", "视频报价"),
	"platformFigure":   t(" (platform's figure)", "（平台数据）"),
	"caveatLabel":      t("Caveat", "注意"),
	"notProvidedLabel": t("Not provided", "未提供"),
	"notZero":          t(" (unknown, not zero)", "（未知，不是 0）"),
	"source":           t("Source", "数据来源"),
	"fetchedLabel":     t("Fetched", "获取时间"),
	"failedLabel":      t("Failed", "查询失败"),
	"unansweredLabel":  t("Without an answer", "尚无结果"),
	"industries":       t("Cooperation industries", "合作行业"),
	"brands":           t("Brands %s", "合作品牌（%s）"),
	"worst":            t("Fewest reads %s", "最低阅读（%s）"),
}

// Profile renders a summary as lines, with units.
func Profile(l lang.Language, s *schema.Summary) []Line {
	var out []Line
	add := func(label lang.T, value string) {
		if value != "" {
			out = append(out, lineOf(l, label, value))
		}
	}
	add(textLabels["blogger"], s.Name)
	add(textLabels["imagePriceCny"], quote(l, schema.FormatImage, s.Quotes.Image))
	add(textLabels["videoPriceCny"], quote(l, schema.FormatVideo, s.Quotes.Video))
	if q := s.Quotes; q.Image.PriceCNY != nil || q.Video.PriceCNY != nil {
		add(t("Quotes are", "报价说明"), l.Say(t("CNY per note without the platform's service fee; unit costs are per all-format median", "单位为元/篇，不含平台服务费；单位成本按图文与视频合计的中位数计算"))+olderMedianText(l, q))
	}
	out = append(out, changeLines(l, s.Changes)...)
	for _, f := range profileFigures {
		add(f.label, f.value(l, s))
	}
	for _, m := range s.PlatformMetrics {
		add(m.Metric.Label, metricNumber(m)+l.Say(m.Metric.Unit)+l.Say(textLabels["platformFigure"]))
	}
	for _, f := range profileDetails {
		add(f.label, f.value(l, s))
	}
	out = append(out, caveatLines(l, s.NotProvided, s.Caveats)...)
	for _, f := range profileAddresses {
		add(f.label, f.value(l, s))
	}
	return out
}

// olderMedianText warns of costs per engagement that are divided by an older median; ""
// if there are none.
func olderMedianText(l lang.Language, q schema.Quotes) string {
	for _, c := range []schema.UnitCosts{q.Image.UnitCosts, q.Video.UnitCosts} {
		if c.CNYPerFormatEngagement != nil || c.CNYPerSponsoredEngagement != nil {
			return l.Say(t("; costs per engagement of one format alone and of sponsored notes divide by an older engagement median: not comparable with CNY per engagement", "；仅图文、仅视频及合作笔记的互动单价按较旧口径的互动中位数计算，不能与互动单价 (CPE) 直接比较"))
		}
	}
	return ""
}

// profileLine is a member of a summary as a line of the text and of the page.
type profileLine struct {
	member string
	label  lang.T
	unit   lang.T // behind a figure
	value  func(lang.Language, *schema.Summary) string
}

func counted(member string, label, unit lang.T, of func(*schema.Summary) *int64) profileLine {
	return profileLine{member, label, unit, func(l lang.Language, s *schema.Summary) string { return count(of(s), l.Say(unit)) }}
}

func ratio(member string, label, unit lang.T, of func(*schema.Summary) *float64) profileLine {
	return profileLine{member, label, unit, func(l lang.Language, s *schema.Summary) string {
		if x := of(s); x != nil {
			return Figure(l, schema.Ratio, *x) + l.Say(unit)
		}
		return ""
	}}
}

func worded(member string, label lang.T, of func(*schema.Summary) string) profileLine {
	return profileLine{member, label, lang.T{}, func(_ lang.Language, s *schema.Summary) string { return of(s) }}
}

// The lines of a summary, except quotes, changes and the platform's figures.
var (
	profileFigures = []profileLine{
		counted("followers", t("Followers", "粉丝数"), lang.T{}, func(s *schema.Summary) *int64 { return s.Followers }),
		counted("readMedian", t("Read median", "阅读中位数"), t(" reads per note (daily notes, 30 days, all formats)", " 次阅读/篇（日常笔记，近30天，图文与视频合计）"), func(s *schema.Summary) *int64 { return s.ReadMedian }),
		counted("engagementMedian", t("Engagement median", "互动中位数"), t(" engagements per note (all formats)", " 次互动/篇（图文与视频合计）"), func(s *schema.Summary) *int64 { return s.EngagementMedian }),
		ratio("engagementToReadRatio", t("Engagement/read ratio", "互动/阅读比"), t(" (of the medians)", "（两个中位数之比）"), func(s *schema.Summary) *float64 { return s.EngagementToReadRatio }),
		ratio("readToFollowerRatio", t("Read/follower ratio", "阅读/粉丝比"), lang.T{}, func(s *schema.Summary) *float64 { return s.ReadToFollowerRatio }),
		counted("likesAndCollects", t("Likes and collects", "获赞与收藏"), t(" (lifetime, together)", "（累计，合计）"), func(s *schema.Summary) *int64 { return s.LikesAndCollects }),
		counted("businessNotes", t("Business notes", "商业笔记数"), t(" (cumulative)", "（累计）"), func(s *schema.Summary) *int64 { return s.BusinessNotes }),
	}
	profileDetails = []profileLine{
		{"health", t("Health level", "健康等级"), lang.T{}, health},
		{"onPgy", t("Onboarded on Pgy", "已入驻蒲公英"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return yesNo(l, s.OnPgy) }},
		{"lowActive", t("Low-active", "低活博主"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return yesNo(l, s.LowActive) }},
		{"contentCategories", t("Content categories", "内容类目"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return categories(l, s.ContentCategories) }},
		{"personalTags", t("Personal tags", "人设标签"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return l.List(s.PersonalTags) }},
		{"featureTags", t("Feature tags", "内容特征"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return l.List(s.FeatureTags) }},
		{"cooperationIndustries", textLabels["industries"], lang.T{}, func(l lang.Language, s *schema.Summary) string { return l.List(s.CooperationIndustries) }},
		worded("mcn", t("Agency (MCN)", "签约机构（MCN）"), func(s *schema.Summary) string { return s.MCN }),
		{"gender", t("Gender", "性别"), lang.T{}, func(l lang.Language, s *schema.Summary) string { return l.Say(genders[s.Gender]) }},
		worded("location", t("Location", "地区"), func(s *schema.Summary) string { return s.Location }),
	}
	profileAddresses = []profileLine{
		worded("userId", t("User ID", "用户 ID"), func(s *schema.Summary) string { return s.UserID }),
		worded("redId", t("Red ID (小红书号)", "小红书号"), func(s *schema.Summary) string { return s.RedID }),
		worded("profileUrl", t("Profile page", "小红书主页"), func(s *schema.Summary) string { return s.ProfileURL }),
		worded("pgyUrl", t("Pgy page", "蒲公英主页"), func(s *schema.Summary) string { return s.PgyURL }),
	}
)

// metricNumber writes one of the platform's figures for a reader.
func metricNumber(m schema.MetricValue) string {
	if m.Metric.Scale == schema.Cost {
		return digits(m.Value)
	}
	return shortDigits(m.Value)
}

// health says the level's word and number; the platform's page may have other words.
func health(l lang.Language, s *schema.Summary) string {
	switch {
	case s.HealthLevel == nil:
		return ""
	case s.Health == "":
		return lang.Whole(*s.HealthLevel)
	}
	return l.Say(t("%s (level %s of 0 to 2, more is better)", "%s（等级 %s，取值 0–2，越高越好）"), schema.HealthWords[s.Health], *s.HealthLevel)
}

// caveatLines returns a line with what is not provided, and a line for each caveat.
func caveatLines(l lang.Language, notProvided, caveats []string) []Line {
	var names []string
	for _, name := range notProvided {
		names = append(names, l.Say(missing[name]))
	}
	var out []Line
	if names != nil {
		out = append(out, lineOf(l, textLabels["notProvidedLabel"], l.List(names)+l.Say(textLabels["notZero"])))
	}
	for _, c := range caveats {
		out = append(out, lineOf(l, textLabels["caveatLabel"], c))
	}
	return out
}

// ProfileMeta renders where a profile comes from and what the call cost.
func ProfileMeta(l lang.Language, m *schema.Meta) []Line {
	out := []Line{
		lineOf(l, textLabels["source"], source(l, m.Source)),
		lineOf(l, textLabels["fetchedLabel"], fetched(l, m.AnswerMeta)),
		lineOf(l, t("This call", "本次查询"), origin(l, m.AnswerMeta)),
	}
	if m.CallsLeft != nil {
		out = append(out, callsLeft(l, *m.CallsLeft))
	}
	if m.RequestID != "" {
		out = append(out, lineOf(l, t("Request ID", "请求 ID"), m.RequestID))
	}
	return out
}

func fetched(l lang.Language, m schema.AnswerMeta) string {
	return m.FetchedAt + l.Say(lang.Comma) + Age(l, m.AgeSeconds)
}

func source(l lang.Language, source string) string {
	if source == schema.SourceSample {
		return source + l.Say(t(" (recorded, not live data)", "（录制的样例，非实时数据）"))
	}
	return source
}

func callsLeft(l lang.Language, n int) Line {
	return lineOf(l, textLabels["requestsLeft"], strconv.Itoa(n)+l.Say(t(" in the 24-hour budget", " 次（24 小时预算内）")))
}

// RawLine says where the raw data is and how to read its zeros. It is in English, since
// the command line does not print raw data.
func RawLine(mode schema.RawMode) Line {
	return Line{"Raw data", map[schema.RawMode]string{
		schema.RawCompact: "in the next block, without null and unfilled members",
		schema.RawFull:    "in the next block; 0 there often means not filled",
		schema.RawNone:    "left out (raw: none)",
	}[mode]}
}

// origin says whether an answer came from memory and whether it was billed.
func origin(l lang.Language, m schema.AnswerMeta) string {
	s := l.Say(t("asked the upstream", "已向数据接口请求"))
	switch {
	case m.Stale:
		s = l.Say(t("from memory, stale", "来自缓存，已过有效期"))
	case m.Cached:
		s = l.Say(t("from memory", "来自缓存"))
	}
	if m.Billed {
		return s + l.Say(t(", billed", "，已计费"))
	}
	return s + l.Say(t(", not billed", "，未计费"))
}

func categories(l lang.Language, cs []schema.Category) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.Category
		if len(c.Subcategories) > 0 {
			out[i] = l.Say(t("%s (%s)", "%s（%s）"), c.Category, l.List(c.Subcategories))
		}
	}
	return l.List(out)
}

func yesNo(l lang.Language, b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return l.Say(t("yes", "是"))
	}
	return l.Say(t("no", "否"))
}

// statuses explain what can be done with a quote; schema.StatusWords are shorter.
var statuses = map[schema.QuoteStatus]lang.T{
	schema.QuoteOpen:        t("open", "可接单"),
	schema.QuoteClosed:      t("closed, cannot be booked now", "暂停接单"),
	schema.QuoteHidden:      t("price hidden by the platform, cannot be booked at it", "价格未展示，不能按此报价下单"),
	schema.QuoteNone:        t("open, but no quote given (not free of charge)", "可接单，但未给出报价（并非免费）"),
	schema.QuotePlaceholder: t("placeholder price, means do not book", "占位报价，表示不接单"),
	schema.QuoteUnknown:     t("unknown", "未知"),
}

var genders = map[string]lang.T{"female": t("female", "女"), "male": t("male", "男"), "unknown": t("unknown", "未知")}

// missing maps the names in notProvided to words.
var missing = map[string]lang.T{
	"followers":        t("followers", "粉丝数"),
	"likesAndCollects": t("likesAndCollects", "获赞与收藏"),
	"readMedian":       t("readMedian", "阅读中位数"),
	"engagementMedian": t("engagementMedian", "互动中位数"),
	"quotes.image":     t("quotes.image", "图文报价"),
	"quotes.video":     t("quotes.video", "视频报价"),
	"image":            t("image", "图文"),
	"video":            t("video", "视频"),
}

// quoteAmount is one amount of a quote, in the text and on the page.
type quoteAmount struct {
	member   string
	quantity schema.Quantity
	text     lang.T // takes the amount, and may take the format's word
	of       func(*schema.Quote) *float64
}

var quoteAmounts = []quoteAmount{
	{"priceCny", schema.Money, t("%s CNY", "%s 元"), func(q *schema.Quote) *float64 { return q.PriceCNY }},
	{"priceWithFeeCny", schema.Money, t("%s CNY with fee", "含服务费 %s 元"), func(q *schema.Quote) *float64 { return q.PriceWithFeeCNY }},
	{"cnyPerEngagement", schema.UnitCost, t("%s CNY per engagement", "互动单价 (CPE) %s 元"), func(q *schema.Quote) *float64 { return q.CNYPerEngagement }},
	{"cnyPerRead", schema.UnitCost, t("%s CNY per read", "阅读单价 %s 元"), func(q *schema.Quote) *float64 { return q.CNYPerRead }},
	{"cnyPerThousandFollowers", schema.UnitCost, t("%s CNY per 1,000 followers", "千粉成本 %s 元"), func(q *schema.Quote) *float64 { return q.CNYPerThousandFollowers }},
	{"cnyPerFormatEngagement", schema.UnitCost, t("%s CNY per engagement of %s notes alone", "仅%[2]s互动单价 %[1]s 元"), func(q *schema.Quote) *float64 { return q.CNYPerFormatEngagement }},
	{"cnyPerFormatRead", schema.UnitCost, t("%s CNY per read of %s notes alone", "仅%[2]s阅读单价 %[1]s 元"), func(q *schema.Quote) *float64 { return q.CNYPerFormatRead }},
	{"cnyPerSponsoredEngagement", schema.UnitCost, t("%s CNY per engagement of sponsored notes", "合作笔记互动单价 %s 元"), func(q *schema.Quote) *float64 { return q.CNYPerSponsoredEngagement }},
	{"cnyPerSponsoredRead", schema.UnitCost, t("%s CNY per read of sponsored notes", "合作笔记阅读单价 %s 元"), func(q *schema.Quote) *float64 { return q.CNYPerSponsoredRead }},
	{"clothingPriceCny", schema.Money, t("for clothing brands %s CNY", "服饰品牌报价 %s 元"), func(q *schema.Quote) *float64 { return q.ClothingPriceCNY }},
}

func quote(l lang.Language, f schema.Format, q schema.Quote) string {
	out := []string{l.Say(statuses[q.Status])}
	for _, a := range quoteAmounts {
		if n := a.of(&q); n != nil {
			args := []any{Figure(l, a.quantity, *n), f.Word()}
			out = append(out, l.Say(a.text, args[:strings.Count(a.text.En, "%s")]...))
		}
	}
	return strings.Join(out, l.Say(lang.Semicolon))
}
