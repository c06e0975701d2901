package schema

import (
	"slices"

	"pgy-mcp/internal/lang"
)

// CaveatKind is a warning about figures that are easily misread: a sentence with verbs of
// package fmt.
type CaveatKind struct {
	Text lang.T // its verbs take Caveat.Args
	Flag lang.T // the short word on a row of a comparison; empty where there is none
	// OfTables is set if the kind appears only in tables, not in a profile or its insights.
	OfTables bool
	// OfBloggers is set if the kind appears only in a profile or its insights, not in tables.
	OfBloggers bool
}

// Caveat is a kind with the arguments of its sentence.
type Caveat struct {
	Kind *CaveatKind
	Args []any // numbers, lang.T, and text of the upstream that is safe to show
}

// With makes a caveat of this kind.
func (k *CaveatKind) With(args ...any) Caveat { return Caveat{k, args} }

// CaveatKinds lists all kinds. The page finds the translation of a caveat in it.
var CaveatKinds []*CaveatKind

func caveat(en, zh string) *CaveatKind {
	k := &CaveatKind{Text: t(en, zh)}
	CaveatKinds = append(CaveatKinds, k)
	return k
}

func tableCaveat(en, zh string) *CaveatKind {
	k := caveat(en, zh)
	k.OfTables = true
	return k
}

func bloggerCaveat(en, zh string) *CaveatKind {
	k := caveat(en, zh)
	k.OfBloggers = true
	return k
}

// flagged sets the short word of a kind.
func (k *CaveatKind) flagged(en, zh string) *CaveatKind {
	k.Flag = t(en, zh)
	return k
}

// The kinds of caveats about a profile.
var (
	NothingKnown = caveat("The upstream's answer has none of the members that this server knows: another kind of answer, or a changed API.", "数据接口的返回中没有本程序认识的字段：可能是其他接口的返回，或接口已变更。")
	NotOnboarded = caveat("Not onboarded on Pugongying: cannot be booked there.", "未入驻蒲公英，无法在平台下单。")
	LowActive    = caveat("The platform marks this blogger as low-active.", "平台将该博主标记为低活博主。").
			flagged("low-active", "低活")
	AbnormalHealth = caveat("The platform rates this blogger's health as abnormal (level 0): buyers leave such creators out.", "该博主的平台健康等级为异常（0 级）：品牌方一般不会选用。").
			flagged("abnormal health", "健康等级异常")
	OrdinaryHealth = caveat("The platform rates this blogger's health as ordinary (level 1): buyers hesitate.", "该博主的平台健康等级为普通（1 级）：品牌方会有所顾虑。").
			flagged("ordinary health", "健康等级普通")
	FollowersDisagree = caveat("The upstream gives two follower counts, %s and %s: at least one of them is wrong.", "数据接口给出了两个粉丝数（%s 和 %s），至少有一个有误。").
				flagged("followers disagree", "粉丝数不一致")
	FewSponsoredNotes = caveat("The figures of sponsored notes are medians of few notes: %s in 30 days.", "合作笔记数据为近30天仅 %s 篇合作笔记的中位数，参考意义有限。").
				flagged("few sponsored notes", "合作笔记较少")
	SponsoredNotesUnknown = caveat("The figures of sponsored notes are medians of an unknown number of notes.", "合作笔记数据为中位数，但对应的笔记篇数未知。")
	SponsoredAboveAll     = caveat("The upstream gives more sponsored notes in 30 days (%s) than in all (%s): at least one figure is wrong.", "数据接口给出的近30天合作笔记数（%s）多于累计数（%s），至少有一个有误。")
	LikesOutOfOrder       = caveat("The upstream gives more notes over 1,000 likes (%s %%) than over 100 likes (%s %%): at least one figure is wrong.", "数据接口给出的千赞笔记比例（%s%%）高于百赞笔记比例（%s%%），至少有一个有误。")
	PlaceholderQuote      = caveat("The %s quote is a placeholder that means \"do not book\".", "%s报价为占位报价，表示不接单。")
	OpenWithoutQuote      = caveat("The %s format is open without a quote: not free of charge, ask for the price.", "%s可接单但未给出报价：并非免费，请询价。")
	HiddenQuote           = caveat("The platform does not show the %s price: it cannot be booked at this quote, ask.", "平台未展示%s报价：无法按此报价下单，请询价。")
	ClothingQuote         = caveat("Clothing brands have their own %s quote: %s CNY.", "服饰品牌另有%s报价：%s 元。")
	ListCut               = caveat("Only the first %d of %d %s are shown; raw has them all.", "只显示前 %d 个，共 %d 个%s；原始数据中有全部内容。")
	RawCut                = bloggerCaveat("Raw data below 100 levels of nesting is left out; with raw full it is there.", "原始数据中超过 100 层嵌套的部分已略去；raw 为 full 时有全部内容。")
	StaleFigures          = caveat("These figures are from %s, %s", "以下是 %s的数据，%s")
)

// The kinds of caveats about a comparison.
var (
	SeveralDisagree = tableCaveat("The upstream gives two follower counts, of which at least one is wrong: %s.", "数据接口给出了两个粉丝数，至少有一个有误：%s。")
	StaleRow        = tableCaveat("These figures are older than they should be, %s", "数据已过有效期，%s").
			flagged("stale", "数据过期")
	FromSearch = tableCaveat("These figures are from a search, which does not say whether the price is shown.", "数据来自搜索结果，无法得知价格是否展示。").
			flagged("from search", "来自搜索")
	FromNote = tableCaveat("These figures are from a note, which does not say whether the price is shown or the blogger is low-active.", "数据来自笔记，无法得知价格是否展示、博主是否低活。").
			flagged("from a note", "来自笔记")
	NoRank          = tableCaveat("No blogger has a rank: %s is unknown for all of them.", "无人参与排名：所有博主的%s均未知。")
	RecordedSamples = caveat("Recorded samples, not live data.", "录制的样例，非实时数据。").
			flagged("sample", "样例")
)

// The kinds of caveats about a search.
var (
	WithoutID    = tableCaveat("%d bloggers came without a userId and are left out.", "有 %d 位博主没有 userId，已略去。")
	LabelUnknown = tableCaveat("The platform is not known to have the label %s; the nearest ones are %s.", "平台没有已知的标签“%s”；最接近的是 %s。")
	LabelNotLike = tableCaveat("The platform is not known to have the label %s, nor one like it.", "平台没有已知的标签“%s”，也没有相近的标签。")
	IsAPersona   = tableCaveat("%s is a persona: give it as personas (-persona %s).", "“%s”是博主人设：请用 personas（-persona %s）。")
	IsACategory  = tableCaveat("%s is a category: give it as categories (-category %s).", "“%s”是内容类目：请用 categories（-category %s）。")
	CityAlone    = tableCaveat("%s is a city of %s: give it as %s, since the platform may ignore a city alone.", "“%s”是%s的城市：请写成“%s”，平台可能会忽略单独的城市。")
	PlaceUnknown = tableCaveat("The platform is not known to have the place %s: it wants a country, or a province as in 广东 深圳, no city alone, and may ignore what it does not know.", "平台没有已知的地点“%s”：平台需要国家，或“广东 深圳”这样以省份开头的写法，不认识的地点可能会被忽略。")
	TwoPlaces    = tableCaveat("%s names several places, of which the platform takes one and may ignore the rest: search once for each.", "“%s”包含多个地区，平台只接受一个，其余可能被忽略：请每个地区各搜索一次。")
	LedToProfile = tableCaveat("The short link leads to the profile %s; its figures are a paid look-up of their own, get_blogger_profile or compare_bloggers with the userId.", "短链接指向博主主页 %s；要看数据，需用 userId 另行付费查询：pgy-mcp profile 或 pgy-mcp compare。")
	NotASearch   = tableCaveat("The upstream's answer has no list of bloggers: another kind of answer, or a changed API.", "数据接口的返回中没有博主列表：可能是其他接口的返回，或接口已变更。")
)

// The kinds of caveats about insights.
var (
	NothingReported  = bloggerCaveat("The platform's answer has none of this section's figures.", "平台的返回中没有这一项的数据。")
	NoNotesInScope   = bloggerCaveat("The platform reports no notes in this scope: no figures.", "该范围内没有笔记，因此没有数据。")
	OneNoteInScope   = bloggerCaveat("Only 1 note in this scope: medians of so few say little.", "此范围内只有 1 篇笔记：样本过少，中位数参考意义不大。")
	FewNotesInScope  = bloggerCaveat("Only %d notes in this scope: medians of so few say little.", "此范围内只有 %d 篇笔记：样本过少，中位数参考意义不大。")
	NoFollowerCount  = bloggerCaveat("The platform gives no follower count: no figures.", "平台未给出粉丝数，因此没有数据。")
	ActiveNotReading = bloggerCaveat("%s %% of the followers are active on the platform, %s %% read this creator: active does not mean that they see this creator.", "%s%% 的粉丝在平台上活跃，%s%% 的粉丝阅读了该博主：活跃不等于看得到该博主。")
	NotesOfOneFormat = bloggerCaveat("The rows are the %s notes among the %d sponsored ones of this page; the total counts both formats.", "所列为%s笔记，取自本页的 %d 篇合作笔记；总数包含图文与视频。")
	NoNotesListed    = bloggerCaveat("The platform lists no notes here.", "平台没有返回笔记。")
	NotesUnknown     = bloggerCaveat("The platform does not give the number of notes in this scope: these are medians of an unknown number of notes.", "平台未给出该范围内的笔记数：不知道这些中位数来自多少篇笔记。")
	VideosAboveNotes = bloggerCaveat("The platform gives more video notes (%s) than notes (%s): at least one number is wrong.", "平台给出的视频笔记数（%s）多于笔记数（%s），至少有一个是错的。")
	QuoteNotCached   = bloggerCaveat("Unit costs need the %s quote, which is not cached: a profile look-up (one paid request) gives it.", "单位成本需要%s报价，而缓存中没有：查询一次博主报价（一次付费请求）即可获得。")
	QuoteNotOpen     = bloggerCaveat("There is no open %s quote: no unit costs.", "%s没有可接单的报价，因此没有单位成本。")
	NoDays           = bloggerCaveat("The platform gives no figures by day here.", "平台没有给出这里的逐日数据。")
	DaysCut          = bloggerCaveat("The platform gives %d days: only the latest %d are counted and shown.", "平台给出了 %d 天的数据：只统计和显示最近的 %d 天。")
	GrowthDaysCut    = bloggerCaveat("The platform gives %d days: only the latest %d are counted and shown, but its change is over all of them.", "平台给出了 %d 天的数据：只统计和显示最近的 %d 天，但平台的增量涵盖全部天数。")
)

// The kinds of caveats about a review.
var (
	NoCounts = tableCaveat("The platform has not filled the counts of this note: impressions, reads and engagements are unknown, not zero.", "平台未提供这篇笔记的数据：曝光、阅读、互动均未知，不是 0。").
			flagged("no counts", "无数据")
	YoungNote = tableCaveat("Published less than 7 days before the figures were fetched: a note gathers reads for weeks, so the counts are still rising.", "数据获取时发布不足 7 天：笔记的阅读会持续数周，数据仍会上升。").
			flagged("still young", "发布不足7天")
	NoNoteRanked = tableCaveat("No note has a rank: %s is unknown for all of them.", "没有笔记参与排名：所有笔记的%s均未知。")
	PaidTraffic  = tableCaveat("These counts include paid traffic; the platform does not separate it.", "这些数据包含付费流量，无法区分。")
	TodaysMedian = tableCaveat("Reads and engagements are compared with the author's medians of today (daily notes, 30 days), not with those of the day of booking.", "阅读、互动与中位数之比按博主目前的中位数（近30天日常笔记）计算，不是下单时的中位数。")
)

// Reason says why a quote cannot be booked, or why it does not keep to a filter.
type Reason struct{ Text lang.T }

// Reasons lists all reasons.
var Reasons []Reason

func reason(en, zh string) Reason {
	r := Reason{t(en, zh)}
	Reasons = append(Reasons, r)
	return r
}

// The reasons.
var (
	ReasonClosed      = reason("closed", "暂停接单")
	ReasonHidden      = reason("price hidden", "价格未展示")
	ReasonPlaceholder = reason("placeholder price", "占位报价")
	ReasonUnknown     = reason("the upstream does not say", "数据接口未说明")
	ReasonNotOnPgy    = reason("not on Pgy", "未入驻蒲公英")

	// The quote can be booked, but not within the caller's limit.
	ReasonOverLimit = reason("over the limit", "超出上限")
	ReasonNoPrice   = reason("no price to hold against the limit", "无报价，无法与上限比较")

	// The blogger does not keep to a search's filter. Such a row may also be not bookable.
	ReasonUnderLimit        = reason("under the least price", "低于报价下限")
	ReasonFewFollowers      = reason("fewer followers than asked for", "粉丝数低于条件")
	ReasonManyFollowers     = reason("more followers than asked for", "粉丝数高于条件")
	ReasonFewReads          = reason("fewer reads than asked for", "阅读中位数低于条件")
	ReasonFewEngagements    = reason("fewer engagements than asked for", "互动中位数低于条件")
	ReasonFewSponsoredReads = reason("fewer sponsored reads than asked for", "合作笔记阅读中位数低于条件")
)

// Arguments of ListCut.
var (
	PersonalTags          = t("personal tags", "人设标签")
	FeatureTags           = t("feature tags", "内容特征")
	CooperationIndustries = t("cooperation industries", "合作行业")
	ContentCategories     = t("content categories", "内容类目")
	Subcategories         = t("subcategories", "二级类目")
)

// Flags returns the English flags of the caveats, each once.
func Flags(caveats []Caveat) []string {
	var out []string
	for _, c := range caveats {
		if flag := c.Kind.Flag.En; flag != "" && !slices.Contains(out, flag) {
			out = append(out, flag)
		}
	}
	return out
}

// flagWord returns an English flag in both languages.
func flagWord(flag string) lang.T {
	for _, k := range CaveatKinds {
		if k.Flag.En == flag {
			return k.Flag
		}
	}
	return t(flag, flag)
}
