package render

import (
	"strconv"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Profile says a summary in lines, units included.
func Profile(l lang.Language, s *schema.Summary) []Fact {
	var out []Fact
	add := func(label lang.T, value string) {
		if value != "" {
			out = append(out, fact(l, label, value))
		}
	}
	add(t("Blogger", "博主"), s.Name)
	add(t("Image quote", "图文报价"), quote(l, schema.FormatImage, s.Quotes.Image))
	add(t("Video quote", "视频报价"), quote(l, schema.FormatVideo, s.Quotes.Video))
	if q := s.Quotes; q.Image.PriceCNY != nil || q.Video.PriceCNY != nil {
		add(t("Quotes are", "报价说明"), l.Say(t("CNY per note without the platform's service fee; unit costs are per all-format median", "单位为元/篇，不含平台服务费；单位成本按图文与视频合计的中位数计算"))+olderMedianNote(l, q))
	}
	out = append(out, changes(l, s.Changes)...)
	add(t("Followers", "粉丝数"), count(s.Followers, ""))
	add(t("Read median", "阅读中位数"), count(s.ReadMedian, l.Say(t(" reads per note (daily notes, 30 days, all formats)", " 次阅读/篇（日常笔记，近30天，图文与视频合计）"))))
	add(t("Engagement median", "互动中位数"), count(s.EngagementMedian, l.Say(t(" engagements per note (all formats)", " 次互动/篇（图文与视频合计）"))))
	add(t("Engagement/read ratio", "互动/阅读比"), ratio(l, s.EngagementToReadRatio, t(" (of the medians)", "（两个中位数之比）")))
	add(t("Read/follower ratio", "阅读/粉丝比"), ratio(l, s.ReadToFollowerRatio, lang.T{}))
	add(t("Likes and collects", "获赞与收藏"), count(s.LikesAndCollects, l.Say(t(" (lifetime, together)", "（累计，合计）"))))
	add(t("Business notes", "商业笔记数"), count(s.BusinessNotes, l.Say(t(" (cumulative)", "（累计）"))))
	for _, m := range s.PlatformMetrics {
		add(m.Metric.Label, metricNumber(m)+l.Say(m.Metric.Unit)+l.Say(t(" (platform's figure)", "（平台数据）")))
	}
	add(t("Health level", "健康等级"), health(l, s))
	add(t("Onboarded on Pgy", "已入驻蒲公英"), yesNo(l, s.OnPgy))
	add(t("Low-active", "低活博主"), yesNo(l, s.LowActive))
	add(t("Content categories", "内容类目"), categories(l, s.ContentCategories))
	add(t("Personal tags", "人设标签"), l.List(s.PersonalTags))
	add(t("Feature tags", "内容特征"), l.List(s.FeatureTags))
	add(t("Cooperation industries", "合作行业"), l.List(s.CooperationIndustries))
	add(t("Agency (MCN)", "签约机构（MCN）"), s.MCN)
	add(t("Gender", "性别"), l.Say(genders[s.Gender]))
	add(t("Location", "地区"), s.Location)
	out = append(out, caveatLines(l, s.NotProvided, s.Caveats)...)
	add(t("User ID", "用户 ID"), s.UserID)
	add(t("Red ID (小红书号)", "小红书号"), s.RedID)
	add(t("Profile page", "小红书主页"), s.ProfileURL)
	add(t("Pgy page", "蒲公英主页"), s.PgyURL)
	return out
}

// olderMedianNote says what the costs by format and of sponsored notes divide by, where
// there are any.
func olderMedianNote(l lang.Language, q schema.Quotes) string {
	for _, c := range []schema.UnitCosts{q.Image.UnitCosts, q.Video.UnitCosts} {
		if c.CNYPerFormatEngagement != nil || c.CNYPerSponsoredEngagement != nil {
			return l.Say(t("; costs per engagement of one format alone and of sponsored notes divide by an older engagement median: not to be held against CNY per engagement", "；仅图文、仅视频及合作笔记的互动单价按较旧口径的互动中位数计算，不能与互动单价 (CPE) 直接比较"))
		}
	}
	return ""
}

func ratio(l lang.Language, x *float64, remark lang.T) string {
	if x == nil {
		return ""
	}
	return Figure(l, schema.Ratio, *x) + l.Say(remark)
}

// metricNumber writes one of the platform's figures with as many digits as tell something.
func metricNumber(m schema.MetricValue) string {
	if m.Metric.Scale == schema.Cost {
		return digits(m.Value)
	}
	return shortDigits(m.Value)
}

// health gives the level's number and word together: the platform's page may show
// other words.
func health(l lang.Language, s *schema.Summary) string {
	switch {
	case s.HealthLevel == nil:
		return ""
	case s.Health == "":
		return lang.Whole(*s.HealthLevel)
	}
	return l.Say(t("%s (level %s of 0 to 2, more is better)", "%s（等级 %s，取值 0–2，越高越好）"), schema.HealthWords[s.Health], *s.HealthLevel)
}

// caveatLines says which figures are not known, and the caveats.
func caveatLines(l lang.Language, notProvided, caveats []string) []Fact {
	var names []string
	for _, name := range notProvided {
		names = append(names, l.Say(missing[name]))
	}
	var out []Fact
	if names != nil {
		out = append(out, fact(l, t("Not provided", "未提供"), l.List(names)+l.Say(t(" (unknown, not zero)", "（未知，不是 0）"))))
	}
	for _, c := range caveats {
		out = append(out, fact(l, t("Caveat", "注意"), c))
	}
	return out
}

// ProfileMeta says where a profile comes from and what the call cost.
func ProfileMeta(l lang.Language, m *schema.Meta) []Fact {
	out := []Fact{
		fact(l, t("Source", "数据来源"), source(l, m.Source)),
		fact(l, t("Fetched", "获取时间"), fetched(l, m.AnswerMeta)),
		fact(l, t("This call", "本次查询"), cost(l, m.AnswerMeta)),
	}
	if m.CallsLeft != nil {
		out = append(out, callsLeft(l, *m.CallsLeft))
	}
	if m.RequestID != "" {
		out = append(out, fact(l, t("Request ID", "请求 ID"), m.RequestID))
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

func callsLeft(l lang.Language, n int) Fact {
	return fact(l, t("Requests left", "剩余请求"), strconv.Itoa(n)+l.Say(t(" in the 24-hour budget", " 次（24 小时预算内）")))
}

// RawFact says where the raw data is and how to read its zeros. The command line
// prints no raw data, so this is in English alone.
func RawFact(mode schema.RawMode) Fact {
	return Fact{"Raw data", map[schema.RawMode]string{
		schema.RawCompact: "in the next block, without null and unfilled members",
		schema.RawFull:    "in the next block; 0 there often means not filled",
		schema.RawNone:    "left out (raw: none)",
	}[mode]}
}

// cost says who answered a call and whether it was charged.
func cost(l lang.Language, m schema.AnswerMeta) string {
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

// statuses are the words of a profile for what can be done with a quote.
var statuses = map[schema.QuoteStatus]lang.T{
	schema.QuoteOpen:        t("open", "可接单"),
	schema.QuoteClosed:      t("closed, cannot be booked now", "暂停接单"),
	schema.QuoteHidden:      t("price hidden by the platform, cannot be booked at it", "价格未展示，不能按此报价下单"),
	schema.QuoteNone:        t("open, but no quote given (not free of charge)", "可接单，但未给出报价（并非免费）"),
	schema.QuotePlaceholder: t("placeholder price, means do not book", "占位报价，表示不接单"),
	schema.QuoteUnknown:     t("unknown", "未知"),
}

var genders = map[string]lang.T{"female": t("female", "女"), "male": t("male", "男"), "unknown": t("unknown", "未知")}

// missing are the names in notProvided.
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

func quote(l lang.Language, f schema.Format, q schema.Quote) string {
	out := []string{l.Say(statuses[q.Status])}
	add := func(n *float64, quantity schema.Quantity, amount lang.T) {
		if n != nil {
			out = append(out, l.Say(amount, Figure(l, quantity, *n)))
		}
	}
	addOfFormat := func(n *float64, amount lang.T) {
		if n != nil {
			out = append(out, l.Say(amount, Figure(l, schema.UnitCost, *n), f.Word()))
		}
	}
	add(q.PriceCNY, schema.Money, t("%s CNY", "%s 元"))
	add(q.PriceWithFeeCNY, schema.Money, t("%s CNY with fee", "含服务费 %s 元"))
	add(q.CNYPerEngagement, schema.UnitCost, t("%s CNY per engagement", "互动单价 (CPE) %s 元"))
	add(q.CNYPerRead, schema.UnitCost, t("%s CNY per read", "阅读单价 %s 元"))
	add(q.CNYPerThousandFollowers, schema.UnitCost, t("%s CNY per 1,000 followers", "千粉成本 %s 元"))
	addOfFormat(q.CNYPerFormatEngagement, t("%s CNY per engagement of %s notes alone", "仅%[2]s互动单价 %[1]s 元"))
	addOfFormat(q.CNYPerFormatRead, t("%s CNY per read of %s notes alone", "仅%[2]s阅读单价 %[1]s 元"))
	add(q.CNYPerSponsoredEngagement, schema.UnitCost, t("%s CNY per engagement of sponsored notes", "合作笔记互动单价 %s 元"))
	add(q.CNYPerSponsoredRead, schema.UnitCost, t("%s CNY per read of sponsored notes", "合作笔记阅读单价 %s 元"))
	add(q.ClothingPriceCNY, schema.Money, t("for clothing brands %s CNY", "服饰品牌报价 %s 元"))
	return strings.Join(out, l.Say(lang.Semicolon))
}
