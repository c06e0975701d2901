package schema

// Fact says what one published member means: once for the JSON Schema that a
// client validates with, once for the field guide that a person reads.
type Fact struct {
	Type     string // Go type that holds it
	Name     string // JSON member
	Upstream string // the members of the upstream's data that it comes from; empty for our own
	Term     string // the platform's Chinese term
	Meaning  string // unit and definition, short: every tool is sent on every request
	Trap     string // what it is easily mistaken for; field guide only
}

// Facts is the table behind the schemas' descriptions and the field guide, for all
// members that are in no table of their own.
var Facts = []Fact{
	{"Profile", "raw", "data", "", "The upstream's data, see rawMode; in full, 0 often means not filled", ""},

	{"Summary", "userId", "userId", "", "24 hex digits", ""},
	{"Summary", "name", "name", "昵称", "", "As shown on the profile."},
	{"Summary", "redId", "redId", "小红书号", "小红书号; not a userId", "Shown in the app."},
	{"Summary", "gender", "gender", "性别", "", "As stated on the profile."},
	{"Summary", "location", "location", "地区", "From the profile, not the IP", ""},
	{"Summary", "profileUrl", "userId", "", "", "The page on Xiaohongshu."},
	{"Summary", "pgyUrl", "userId", "", "", "The page on Pugongying."},
	{"Summary", "mcn", "noteSign.name", "签约机构", "Agency under contract", ""},
	{"Summary", "contentCategories", "contentTags", "内容类目", "Content categories (内容类目)", ""},
	{"Summary", "personalTags", "personalTags", "人设标签", "Persona tags (人设标签)", ""},
	{"Summary", "featureTags", "featureTags", "内容特征", "Content features (内容特征)", ""},
	{"Summary", "cooperationIndustries", "tradeType", "合作行业", "Industries worked for (合作行业)", ""},
	{"Summary", "onPgy", "cooperType, userType", "入驻蒲公英", "Onboarded on Pugongying (入驻蒲公英)", "Who is not cannot be booked there."},
	{"Summary", "lowActive", "lowActive", "低活博主", "Marked low-active (低活博主)", ""},
	{"Summary", "healthLevel", "currentLevel", "健康等级", "Account health (健康等级); scale not documented", "Nor whether more is better."},
	{"Summary", "followers", "fansNum, fansCount", "粉丝数", "Follower count (粉丝数)", ""},
	{"Summary", "likesAndCollects", "likeCollectCountInfo", "获赞与收藏", "Lifetime likes plus collects", "One sum; it cannot be split."},
	{"Summary", "businessNotes", "businessNoteCount", "商业笔记数", "商业笔记数, cumulative", "0 is a fact here."},
	{"Summary", "readMedian", "clickMidNum", "阅读中位数", "Reads a note: median, 30 days, daily notes, image and video together", "Not of one format, and not of sponsored notes (合作笔记)."},
	{"Summary", "engagementMedian", "mEngagementNum, mengagementNum, interMidNum", "互动中位数", "Engagements a note: median, image and video together", "As the platform's own cost per engagement uses it; what counts beyond likes, collects and comments is not documented."},
	{"Summary", "engagementToReadRatio", "", "", "engagementMedian / readMedian", "A ratio of medians, not the platform's 互动率."},
	{"Summary", "readToFollowerRatio", "", "", "readMedian / followers", ""},
	{"Summary", "quotes", "pictureState, picturePrice, videoState, videoPrice", "报价", "One note, platform fee not included", ""},
	{"Summary", "platformMetrics", "", "", "The platform's own figures, those it filled", ""},
	{"Summary", "notProvided", "", "", "Unknown, not zero", ""},
	{"Summary", "caveats", "", "", "What to mind when using these figures", ""},

	{"Category", "category", "taxonomy1Tag", "", "", "Of contentCategories."},
	{"Category", "subcategories", "taxonomy2Tags", "", "", "Its parts; may be empty."},

	{"Quote", "status", "", "", "Only open can be booked; no_quote is not free; placeholder means do not book", ""},
	{"Quote", "priceCny", "picturePrice, videoPrice", "报价", "CNY", "The upstream's lowerPrice is the lower of the two quotes, not a floor to bargain to."},
	{"UnitCosts", "cnyPerEngagement", "", "", "priceCny / engagementMedian", "One format's quote by a median over both formats."},
	{"UnitCosts", "cnyPerRead", "", "", "priceCny / readMedian", "No CPM, nor the platform's 预估阅读单价."},
	{"UnitCosts", "cnyPerThousandFollowers", "", "", "priceCny / followers × 1000", ""},

	{"Row", "userId", "", "", "", "What was given, where that cannot be an id."},
	{"Row", "rank", "", "", "Of those who can be booked and have the value", ""},
	{"Row", "status", "", "", "", "Of the format asked for, as are price and costs."},
	{"Row", "notBookable", "", "", "Why it cannot be booked", ""},
	{"Row", "readMedian", "", "", "All formats", ""},
	{"Row", "engagementMedian", "", "", "All formats", ""},
	{"PlatformCosts", "platformCpmCny", "", "预估CPM", "", "The platform's own, of the format asked for."},
	{"PlatformCosts", "platformCnyPerEngagement", "", "预估互动单价", "", "The platform's own, of the format asked for."},
	{"PlatformCosts", "platformCnyPerRead", "", "预估阅读单价", "", "The platform's own, of the format asked for."},
	{"Row", "sponsoredReadMedian30d", "", "", "", "The platform's own, over all formats."},
	{"Row", "category", "", "", "", "The first content category."},
	{"Row", "error", "", "", "Why this look-up failed, kind: sentence", ""},
	{"ComparisonMeta", "maxPriceCny", "", "", "", "The limit that was asked for; dearer quotes have no rank."},
	{"ComparisonMeta", "cached", "", "", "Rows from memory", ""},
	{"ComparisonMeta", "billed", "", "", "Look-ups this call was charged for", ""},
	{"ComparisonMeta", "failed", "", "", "", "Rows with an error."},
	{"ComparisonMeta", "caveats", "", "", "", "What to mind, and which bloggers."},

	{"Meta", "source", "", "", "Which upstream; sample is recorded, not real", ""},
	{"AnswerMeta", "fetchedAt", "", "", "RFC 3339", "The day the figures are for is not documented; they change about once a day."},
	{"AnswerMeta", "ageSeconds", "", "", "", "Since fetchedAt."},
	{"AnswerMeta", "cached", "", "", "From memory", ""},
	{"AnswerMeta", "stale", "", "", "Past its time; served since the upstream fails", ""},
	{"AnswerMeta", "billed", "", "", "This call was paid for", ""},
	{"Meta", "rawMode", "", "", "", "compact: without null, {} and [] members and unfilled figures; full: all; none: no raw."},
	{"Meta", "requestId", "requestId", "", "The upstream's", ""},
	{"Meta", "callsLeft", "", "", "Requests left in the budget", ""},

	{"NoteRow", "title", "title", "", "", "Other people's text, cut at 60 characters."},
	{"NoteRow", "url", "noteId", "", "", "The note's page."},
	{"NoteRow", "publishedOn", "date", "", "", "Day of publication."},
	{"NoteRow", "format", "isVideo", "", "", "image or video."},
	{"NoteRow", "brand", "brandName", "", "", "Who paid; sponsored notes alone."},
	{"NoteRow", "reads", "readNum", "阅读数", "", ""},
	{"NoteRow", "likes", "likeNum", "点赞数", "", ""},
	{"NoteRow", "collects", "collectNum", "收藏数", "", ""},
	{"NoteRow", "shopVisits", "thirdReadUserNum", "", "", "Visitors to a shop outside; absent at 0."},

	{"Notes", "brands", "brandName", "合作品牌", "", "Sponsored notes alone: who paid for the notes that are listed, the latest first, with the number of notes and the day of the latest one."},
	{"Notes", "worstSponsored", "readNum", "", "", "Sponsored notes alone: the fewest reads among the notes that are listed."},

	{"Insights", "name", "", "昵称", "", "Where a profile, a row of a search or a note in memory has it."},
	{"Insights", "failed", "", "", "", "Sections that did not come."},
	{"Insights", "raw", "data", "", "", "By section, absent unless asked for."},
	{"FailedSection", "section", "", "", "", "Which one."},
	{"FailedSection", "error", "", "", "", "Why, kind: sentence."},
	{"InsightsMeta", "source", "", "", "", "Which upstream; sample is recorded, not real."},
	{"InsightsMeta", "sections", "", "", "", "Of those that came, in the fixed order performance, audience, followers, costs, notes, trend, growth, availability."},
	{"InsightsMeta", "cached", "", "", "", "Sections from memory."},
	{"InsightsMeta", "billed", "", "", "", "Requests that this call was charged for."},
	{"InsightsMeta", "failed", "", "", "", "How many sections failed."},
	{"InsightsMeta", "callsLeft", "", "", "", "Upstream requests left in the budget."},
}
