package schema

import (
	"strings"

	"pgy-mcp/internal/lang"
)

// Scale says how a number of the upstream is read. A number outside the scale's bounds
// counts as not given. "0 is a fact" means that 0 is zero, "0 is not filled" that it is
// unknown.
type Scale string

// The scales. Take care: the upstream gives percents, fractions and counts under similar
// names.
const (
	Count          Scale = "count"           // whole, 0 or above; 0 is a fact
	Change         Scale = "change"          // whole, of either sign
	Median         Scale = "median"          // 0 or above; 0 is a fact where the notes are known
	Positive       Scale = "positive"        // above 0; 0 is not filled
	Cost           Scale = "cost"            // CNY a unit, above 0; 0 is not filled
	Percent        Scale = "percent"         // 0 to 100 as it is; 0 is a fact
	ChangePercent  Scale = "change percent"  // -100 or above, as it is
	Fraction       Scale = "fraction"        // 0 to 1, published times 100; not filled where all of a group are 0
	ChangeFraction Scale = "change fraction" // -1 or above, published times 100; 0 is a fact
	Proportion     Scale = "proportion"      // 0 or above
	DaysOf7        Scale = "days of 7"       // whole, 0 to 7; 0 is a fact
)

// Whole reports whether the figure is a whole number.
func (s Scale) Whole() bool { return s == Count || s == Change || s == DaysOf7 }

// Need says what a figure is computed over: where there is none of it, the figure is left
// out.
type Need string

// The needs.
const (
	NeedsNotes       Need = "notes"       // notes > 0, or not given
	NeedsVideos      Need = "video notes" // the same, and videoNotes > 0
	NeedsImages      Need = "image notes" // notes > videoNotes
	NeedsFollowers   Need = "followers"   // followers > 0
	NeedsInvitations Need = "invitations" // invitations > 0
)

// Figure is one figure of a section.
type Figure struct {
	Section Section
	Group   string // the object within the section, such as "traffic.reads"; "" is the section itself
	Name    string // member
	// Upstream is the path of the member in the upstream's data. "a, b" is the first of
	// them that can be read, "a + b" the sum of those that can. "" is a figure that we
	// compute, by quotients.
	Upstream string
	Scale    Scale
	Needs    Need   // "" is none
	Label    lang.T // in the text; the Chinese is the platform's term
	Unit     lang.T // behind the number in the text, with the blank between them
	Remark   string // what it is easily mistaken for; field guide only
}

// Path is the figure's dotted path in its section.
func (f *Figure) Path() string { return strings.TrimPrefix(f.Group+"."+f.Name, ".") }

// QuotedPrice is the path of the quote that unit costs are computed from. The quote comes
// from a profile, not from the section's answer.
const QuotedPrice = "unitCosts.priceCny"

// Entries of the upstream's list of provinces that are not provinces.
const (
	overseas  = "海外"
	elsewhere = "中国" // elsewhere in China
)

// Figures lists the figures of all sections in the order in which they are shown.
var Figures = []Figure{
	{SectionPerformance, "", "notes", "noteNumber", Count, "", t("Notes", "笔记数"), noText, ""},
	{SectionPerformance, "", "videoNotes", "videoNoteNumber", Count, "", t("Video notes", "其中视频笔记"), t(" of them", " 篇"), ""},
	{SectionPerformance, "", "impressionMedian", "impMedian", Positive, NeedsNotes, t("Impression median", "曝光中位数"), perNote, ""},
	{SectionPerformance, "", "readMedian", "readMedian", Positive, NeedsNotes, t("Read median", "阅读中位数"), perNote, "Of this scope, format and window; not the profile's"},
	{SectionPerformance, "", "engagementMedian", "mEngagementNum, mengagementNum", Positive, NeedsNotes, t("Engagement median", "互动中位数"), perNote, ""},
	{SectionPerformance, "", "likeMedian", "likeMedian", Median, NeedsNotes, t("Like median", "点赞中位数"), perNote, ""},
	{SectionPerformance, "", "collectMedian", "collectMedian", Median, NeedsNotes, t("Collect median", "收藏中位数"), perNote, ""},
	{SectionPerformance, "", "commentMedian", "commentMedian", Median, NeedsNotes, t("Comment median", "评论中位数"), perNote, ""},
	{SectionPerformance, "", "shareMedian", "shareMedian", Median, NeedsNotes, t("Share median", "分享中位数"), perNote, ""},
	{SectionPerformance, "", "followMedian", "mFollowCnt, mfollowCnt", Median, NeedsNotes, t("Follow median", "关注中位数"), t(" new followers per note", " 人/篇"), ""},
	{SectionPerformance, "", "engagementRatePercent", "interactionRate", Percent, NeedsNotes, t("Engagement rate", "互动率"), percent, "The platform's own, no quotient of the medians"},
	{SectionPerformance, "", "notesOver100LikesPercent", "hundredLikePercent", Percent, NeedsNotes, t("Notes over 100 likes", "百赞笔记比例"), percent, ""},
	{SectionPerformance, "", "notesOver1000LikesPercent", "thousandLikePercent", Percent, NeedsNotes, t("Notes over 1,000 likes", "千赞笔记比例"), percent, ""},
	{SectionPerformance, "", "videoCompletionPercent", "videoFullViewRate", Percent, NeedsVideos, t("Video completion", "完播率"), percent, ""},
	{SectionPerformance, "", "imageRead3sPercent", "picture3sViewRate", Percent, NeedsImages, t("Image notes read for 3 s", "图文3秒阅读率"), percent, ""},
	{SectionPerformance, "", "readRatePercent", "", Percent, NeedsNotes, t("Reads per impression", "阅读率"), percent, "Of the medians"},
	{SectionPerformance, "", "collectsToLikes", "", Proportion, NeedsNotes, t("Collects per like", "藏赞比"), noText, "Of the medians"},
	{SectionPerformance, "", "readsToLikes", "", Proportion, NeedsNotes, t("Reads per like", "阅赞比"), noText, "Of the medians"},
	{SectionPerformance, "", "videoSharePercent", "", Percent, NeedsNotes, t("Share of video notes", "视频笔记占比"), percent, ""},
	{SectionPerformance, "unitCosts", "priceCny", "", Positive, NeedsNotes, t("quote", "报价"), inCNY, ""},
	{SectionPerformance, "unitCosts", "cpmCny", "", Cost, NeedsNotes, t("CPM", "CPM"), cnyPerThousandImpressions, ""},
	{SectionPerformance, "unitCosts", "cnyPerRead", "", Cost, NeedsNotes, t("per read", "阅读单价"), inCNY, ""},
	{SectionPerformance, "unitCosts", "cnyPerEngagement", "", Cost, NeedsNotes, t("per engagement", "CPE"), inCNY, ""},
	{SectionPerformance, "abovePeersPercent", "impressions", "impMedianBeyondRate", Percent, NeedsNotes, t("impressions", "曝光"), percent, ""},
	{SectionPerformance, "abovePeersPercent", "reads", "readMedianBeyondRate", Percent, NeedsNotes, t("reads", "阅读"), percent, ""},
	{SectionPerformance, "abovePeersPercent", "videoCompletion", "videoFullViewBeyondRate", Percent, NeedsVideos, t("video completion", "完播率"), percent, ""},
	{SectionPerformance, "traffic.impressions", "discoveryPercent", "pagePercentVo.impHomefeedPercent", Fraction, NeedsNotes, t("discovery", "发现页"), percent, ""},
	{SectionPerformance, "traffic.impressions", "searchPercent", "pagePercentVo.impSearchPercent", Fraction, NeedsNotes, t("search", "搜索页"), percent, ""},
	{SectionPerformance, "traffic.impressions", "followingPercent", "pagePercentVo.impFollowPercent", Fraction, NeedsNotes, t("following", "关注页"), percent, ""},
	{SectionPerformance, "traffic.impressions", "profilePercent", "pagePercentVo.impDetailPercent", Fraction, NeedsNotes, t("profile", "博主个人页"), percent, ""},
	{SectionPerformance, "traffic.impressions", "nearbyPercent", "pagePercentVo.impNearbyPercent", Fraction, NeedsNotes, t("nearby", "附近页"), percent, ""},
	{SectionPerformance, "traffic.impressions", "otherPercent", "pagePercentVo.impOtherPercent", Fraction, NeedsNotes, t("other", "其他"), percent, ""},
	{SectionPerformance, "traffic.reads", "discoveryPercent", "pagePercentVo.readHomefeedPercent", Fraction, NeedsNotes, t("discovery", "发现页"), percent, ""},
	{SectionPerformance, "traffic.reads", "searchPercent", "pagePercentVo.readSearchPercent", Fraction, NeedsNotes, t("search", "搜索页"), percent, ""},
	{SectionPerformance, "traffic.reads", "followingPercent", "pagePercentVo.readFollowPercent", Fraction, NeedsNotes, t("following", "关注页"), percent, ""},
	{SectionPerformance, "traffic.reads", "profilePercent", "pagePercentVo.readDetailPercent", Fraction, NeedsNotes, t("profile", "博主个人页"), percent, ""},
	{SectionPerformance, "traffic.reads", "nearbyPercent", "pagePercentVo.readNearbyPercent", Fraction, NeedsNotes, t("nearby", "附近页"), percent, ""},
	{SectionPerformance, "traffic.reads", "otherPercent", "pagePercentVo.readOtherPercent", Fraction, NeedsNotes, t("other", "其他"), percent, ""},

	{SectionAudience, "", "femalePercent", "gender.female", Fraction, "", t("Female", "女性粉丝占比"), percent, ""},
	{SectionAudience, "", "malePercent", "gender.male", Fraction, "", t("Male", "男性粉丝占比"), percent, ""},
	{SectionAudience, "", "firstTierPercent", "cities.北京 + cities.上海 + cities.广州 + cities.深圳", Fraction, "", t("First-tier cities", "一线城市粉丝占比"), t(" % at least (北京, 上海, 广州, 深圳 where listed)", "%（至少；北京、上海、广州、深圳中已列出的合计）"), "A lower bound: the platform lists the largest cities alone"},
	{SectionAudience, "", "overseasPercent", "provinces." + overseas, Fraction, "", t("Overseas", "海外粉丝占比"), percent, ""},

	{SectionFollowers, "", "followers", "fansNum", Count, NeedsFollowers, t("Followers", "粉丝数"), noText, ""},
	{SectionFollowers, "", "change30d", "fansIncreaseNum", Change, NeedsFollowers, t("Follower change", "粉丝增量"), in30Days, ""},
	{SectionFollowers, "", "changeRate30dPercent", "fansGrowthRate", ChangePercent, NeedsFollowers, t("Follower change rate", "涨粉率"), percentIn30Days, ""},
	{SectionFollowers, "", "active28dPercent", "activeFansRate", Percent, NeedsFollowers, t("Active followers", "活跃粉丝占比"), percentIn28Days, "On the platform; it does not mean that they see this creator"},
	{SectionFollowers, "", "read30dPercent", "readFansRate", Percent, NeedsFollowers, t("Followers who read", "阅读粉丝占比"), percentIn30Days, ""},
	{SectionFollowers, "", "engaged30dPercent", "engageFansRate", Percent, NeedsFollowers, t("Followers who engaged", "互动粉丝占比"), percentIn30Days, ""},
	{SectionFollowers, "", "buyers30dPercent", "payFansUserRate30d", Percent, NeedsFollowers, t("Followers who bought", "下单粉丝占比"), t(" % in 30 days, anything on the platform", "%（近30天，在平台购买任意商品）"), "Anything on the platform"},
	{SectionFollowers, "abovePeersPercent", "growth", "fansGrowthBeyondRate", Percent, NeedsFollowers, t("growth", "粉丝增长"), percent, ""},
	{SectionFollowers, "abovePeersPercent", "active", "activeFansBeyondRate", Percent, NeedsFollowers, t("active", "活跃粉丝"), percent, ""},
	{SectionFollowers, "abovePeersPercent", "read", "readFansBeyondRate", Percent, NeedsFollowers, t("read", "阅读粉丝"), percent, ""},
	{SectionFollowers, "abovePeersPercent", "engaged", "engageFansBeyondRate", Percent, NeedsFollowers, t("engaged", "互动粉丝"), percent, ""},

	{SectionCosts, "image", "cpmCny", "estimatePictureCpm", Cost, "", t("CPM", "预估CPM"), cnyPerThousandImpressions, ""},
	{SectionCosts, "image", "cnyPerEngagement", "estimatePictureEngageCost", Cost, "", t("per engagement", "预估互动单价"), inCNY, ""},
	{SectionCosts, "image", "cnyPerRead", "pictureReadCost", Cost, "", t("per read", "预估阅读单价"), inCNY, ""},
	{SectionCosts, "video", "cpmCny", "estimateVideoCpm", Cost, "", t("CPM", "预估CPM"), cnyPerThousandImpressions, ""},
	{SectionCosts, "video", "cnyPerEngagement", "estimateVideoEngageCost", Cost, "", t("per engagement", "预估互动单价"), inCNY, ""},
	{SectionCosts, "video", "cnyPerRead", "videoReadCost", Cost, "", t("per read", "预估阅读单价"), inCNY, ""},

	{SectionNotes, "", "total", "total", Count, "", t("Notes in all", "笔记总数"), noText, ""},

	{SectionTrend, "", "cpmCny", "cpm", Cost, "", t("Platform's CPM on the last day", "平台预估CPM（最后一天）"), cnyPerThousandImpressions, "At the quote of that day's answer"},
	{SectionTrend, "", "cnyPerEngagement", "cpe", Cost, "", t("Platform's cost per engagement on the last day", "平台预估互动单价 (CPE)（最后一天）"), inCNY, "At the quote of that day's answer"},

	{SectionGrowth, "", "change", "fansNumInc", Change, "", t("Follower change", "粉丝增量"), noText, "Against the first day"},
	{SectionGrowth, "", "changePercent", "fansNumIncRate", ChangeFraction, "", t("Follower change rate", "粉丝增长率"), percent, "Against the first day"},

	{SectionAvailability, "", "replyPercent", "responseRate", Percent, NeedsInvitations, t("Invitations answered within 48 h", "邀约48h回复率"), percent, ""},
	{SectionAvailability, "", "invitations", "inviteNum", Count, "", t("Invitations", "收到邀约"), t(" (the platform does not say over which time)", " 次（平台未说明统计时段）"), "Over which time is not documented"},
	{SectionAvailability, "", "activeDaysOf7", "activeDayInLast7", DaysOf7, "", t("Active days", "近7天活跃"), t(" of the last 7", " 天"), ""},
}

// Group is an object of figures within a section: one line of the text.
type Group struct {
	Section Section
	Name    string
	Label   lang.T
	Meaning string // in the published schema
	Entry   lang.T // its verbs take a figure's label, and the value with its unit
}

var (
	plainEntry = t("%s %s", "%s %s")
	ofPeers    = t("%s %s", "%s优于 %s 的同类博主")
)

// Groups lists the groups of Figures.
var Groups = []Group{
	{SectionPerformance, "unitCosts", t("Unit costs", "单位成本"), "Quote by these medians", plainEntry},
	{SectionPerformance, "abovePeersPercent", t("Comparable creators below", "同类对比"), "Percent of comparable creators below", ofPeers},
	{SectionPerformance, "traffic", noText, "", plainEntry},
	{SectionPerformance, "traffic.impressions", t("Impressions come from", "曝光来源"), "", plainEntry},
	{SectionPerformance, "traffic.reads", t("Reads come from", "阅读来源"), "", plainEntry},
	{SectionFollowers, "abovePeersPercent", t("Comparable creators below", "同类对比"), "", ofPeers},
	{SectionCosts, "image", t("Image note", "图文笔记"), "", plainEntry},
	{SectionCosts, "video", t("Video note", "视频笔记"), "", plainEntry},
}

// Quotient says how a figure is computed: Dividend / Divisor × Times. Both are figures that
// stand before it in Figures.
type Quotient struct {
	Section  Section
	Figure   string // path
	Dividend string // path
	Divisor  string // path
	Times    float64
}

// quotients lists the computed figures. They have 4 significant digits.
var quotients = []Quotient{
	{SectionPerformance, "readRatePercent", "readMedian", "impressionMedian", 100},
	{SectionPerformance, "collectsToLikes", "collectMedian", "likeMedian", 1},
	{SectionPerformance, "readsToLikes", "readMedian", "likeMedian", 1},
	{SectionPerformance, "videoSharePercent", "videoNotes", "notes", 100},
	{SectionPerformance, "unitCosts.cpmCny", QuotedPrice, "impressionMedian", 1000},
	{SectionPerformance, "unitCosts.cnyPerRead", QuotedPrice, "readMedian", 1},
	{SectionPerformance, "unitCosts.cnyPerEngagement", QuotedPrice, "engagementMedian", 1},
}

// QuotientOf returns how a figure is computed, or nil if the upstream gives it.
func QuotientOf(f *Figure) *Quotient {
	for i, q := range quotients {
		if q.Section == f.Section && q.Figure == f.Path() {
			return &quotients[i]
		}
	}
	return nil
}

// Distribution is a list of shares within a section.
type Distribution struct {
	Section     Section
	Name        string // member
	Upstream    string // the list in the upstream's data
	Key         string // published member that names an entry
	UpstreamKey string // the upstream's member for it; of "a, b" the first that has text
	Scale       Scale  // Percent or Fraction
	Needs       Need
	Most        int      // how many of the largest entries are kept; 0 keeps the first 20, in the upstream's order
	Except      []string // entries that are left out
	Label       lang.T
}

// Distributions lists the distributions in the order in which they are shown.
var Distributions = []Distribution{
	{SectionPerformance, "categories", "noteType", "category", "contentTag", Percent, NeedsNotes, 0, nil, t("Categories of the notes", "笔记内容类目")},
	{SectionAudience, "ages", "ages", "group", "group", Fraction, "", 0, nil, t("Ages", "年龄分布")},
	{SectionAudience, "topProvinces", "provinces", "name", "name", Fraction, "", 10, []string{overseas, elsewhere}, t("Top provinces", "省份分布")},
	{SectionAudience, "topCities", "cities", "name", "name", Fraction, "", 9, nil, t("Top cities", "城市分布")},
	{SectionAudience, "topInterests", "interests", "name", "name", Fraction, "", 10, nil, t("Top interests", "用户兴趣")},
	{SectionAudience, "topDevices", "devices", "name", "desc, name", Fraction, "", 5, nil, t("Top devices", "设备分布")},
}

// Mark is a yes or no within a section.
type Mark struct {
	Section  Section
	Name     string // member
	Upstream string
	Label    lang.T
}

// Marks lists the marks in the order in which they are shown.
var Marks = []Mark{
	{SectionAvailability, "active", "isActive", t("Active", "活跃博主")},
	{SectionAvailability, "easyToReach", "easyConnect", t("Easy to reach", "好联系")},
}
