package schema

import "pgy-mcp/internal/lang"

// CaveatKind is one sentence about figures that are easily misread.
type CaveatKind struct {
	Text lang.T // its verbs take the caveat's arguments
}

// Caveat is a kind of caveat with what goes into its sentence.
type Caveat struct {
	Kind *CaveatKind
	Args []any // numbers, cleaned text and lang.T
}

// With makes a caveat of this kind.
func (k *CaveatKind) With(args ...any) Caveat { return Caveat{k, args} }

// CaveatKinds lists all kinds. The page says a caveat in the reader's language by it.
var CaveatKinds []*CaveatKind

func caveat(en, zh string) *CaveatKind {
	k := &CaveatKind{Text: t(en, zh)}
	CaveatKinds = append(CaveatKinds, k)
	return k
}

// The kinds of caveats about a profile.
var (
	NotOnboarded     = caveat("Not onboarded on Pugongying: cannot be booked there.", "未入驻蒲公英，无法在平台下单。")
	LowActive        = caveat("The platform marks this blogger as low-active.", "平台将该博主标记为低活博主。")
	PlaceholderQuote = caveat("The %s quote is a placeholder that means \"do not book\".", "%s报价为占位价，表示不接单。")
	OpenWithoutQuote = caveat("The %s format is open without a quote: not free of charge, ask for the price.", "%s可接单但未给出报价：并非免费，请询价。")
	ListCut          = caveat("Only the first %d of %d %s are shown; raw has them all.", "只显示前 %d 个，共 %d 个%s；原始数据中有全部内容。")
	StaleFigures     = caveat("These figures are from %s, %s", "以下是 %s的数据，%s")
)

// The kinds of caveats about a comparison.
var (
	StaleRow        = caveat("These figures are older than they should be, %s", "数据已过有效期，%s")
	NoRank          = caveat("Nobody has a rank: %s is not known of any of them.", "无人参与排名：所有博主的%s均未知。")
	RecordedSamples = caveat("Recorded samples, not live data.", "录制的样例，非实时数据。")
)

// The kinds of caveats about insights.
var (
	NothingReported  = caveat("The platform's answer has none of this section's figures.", "平台的返回中没有这一项的数据。")
	NoNotesInScope   = caveat("The platform reports no notes in this scope: no figures.", "该范围内没有笔记，因此没有数据。")
	OneNoteInScope   = caveat("Only 1 note in this scope: medians of so few say little.", "此范围内只有 1 篇笔记：样本过少，中位数参考意义不大。")
	FewNotesInScope  = caveat("Only %d notes in this scope: medians of so few say little.", "此范围内只有 %d 篇笔记：样本过少，中位数参考意义不大。")
	NoFollowerCount  = caveat("The platform gives no follower count: no figures.", "平台未给出粉丝数，因此没有数据。")
	ActiveNotReading = caveat("%s %% of the followers are active on the platform, %s %% read this creator: active does not mean that they see this creator.", "%s%% 的粉丝在平台上活跃，%s%% 的粉丝阅读了该博主：活跃不等于看得到该博主。")
	NotesOfOneFormat = caveat("The rows are the %s notes among the latest %d sponsored ones; the total counts both formats.", "所列为%s笔记，取自最新的 %d 篇合作笔记；总数包含图文与视频。")
	NoNotesListed    = caveat("The platform lists no notes here.", "平台没有返回笔记。")
)

// Reason is why a quote cannot be booked.
type Reason struct{ Text lang.T }

// The reasons.
var (
	ReasonClosed      = Reason{t("closed", "暂停接单")}
	ReasonPlaceholder = Reason{t("placeholder price", "占位价")}
	ReasonUnknown     = Reason{t("quote unknown", "报价未知")}
	ReasonNotOnPgy    = Reason{t("not on Pgy", "未入驻蒲公英")}
	ReasonOverLimit   = Reason{t("over the limit", "超出上限")}
	ReasonNoPrice     = Reason{t("no price to hold against the limit", "无报价，无法与上限比较")}
)

// Reasons lists all reasons.
var Reasons = []Reason{ReasonClosed, ReasonPlaceholder, ReasonUnknown, ReasonNotOnPgy, ReasonOverLimit, ReasonNoPrice}

// Names of lists in the sentence of ListCut.
var (
	PersonalTags          = t("personal tags", "人设标签")
	FeatureTags           = t("feature tags", "内容特征")
	CooperationIndustries = t("cooperation industries", "合作行业")
	ContentCategories     = t("content categories", "内容类目")
	Subcategories         = t("subcategories", "二级类目")
)
