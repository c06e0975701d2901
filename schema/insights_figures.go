package schema

// Scale says how a figure's number is read. A number outside its bounds is no
// figure: it counts as not given.
type Scale string

// The scales. Mixing them up is the mistake that everybody makes here.
const (
	Count         Scale = "count"          // whole, 0 or above; 0 is a fact
	Change        Scale = "change"         // whole, of either sign
	Median        Scale = "median"         // 0 or above; 0 is a fact
	Filled        Scale = "filled"         // above 0; 0 is not filled
	Percent       Scale = "percent"        // 0 to 100 as it is; 0 is a fact
	ChangePercent Scale = "change percent" // -100 or above, as it is
	Fraction      Scale = "fraction"       // 0 to 1, published times 100; not filled where all of a group are 0
)

// Whole reports whether the figure is a whole number.
func (s Scale) Whole() bool { return s == Count || s == Change }

// Need is what a figure is without meaning unless there is some of it.
type Need string

// The needs.
const (
	NeedsNotes     Need = "notes"       // notes > 0
	NeedsVideos    Need = "video notes" // videoNotes > 0
	NeedsImages    Need = "image notes" // notes > videoNotes
	NeedsFollowers Need = "followers"   // followers > 0
)

// Figure is one figure of a section.
type Figure struct {
	Section  Section
	Group    string // object within the section that it is in: "traffic.reads"; "" for the section's own
	Name     string // member
	Upstream string // member of the upstream's data, dotted where nested; of several the first that can be read
	Scale    Scale
	Needs    Need   // "" where it stands by itself
	Label    string // in the text
	Unit     string // behind the number in the text
	Term     string // the platform's Chinese term
	Remark   string // what it is easily mistaken for; field guide only
}

// Names in the upstream's list of provinces that are no provinces.
const (
	Overseas  = "海外"
	Elsewhere = "中国" // elsewhere in China
)

// Figures lists the figures of all sections in the order in which they are shown.
var Figures = []Figure{
	{SectionPerformance, "", "notes", "noteNumber", Count, "", "Notes", "", "笔记数", ""},
	{SectionPerformance, "", "videoNotes", "videoNoteNumber", Count, "", "Video notes", "of them", "视频笔记数", ""},
	{SectionPerformance, "", "impressionMedian", "impMedian", Filled, NeedsNotes, "Impression median", "per note", "曝光中位数", ""},
	{SectionPerformance, "", "readMedian", "readMedian", Filled, NeedsNotes, "Read median", "per note", "阅读中位数", "Of this scope, format and window; not the profile's"},
	{SectionPerformance, "", "engagementMedian", "mEngagementNum, mengagementNum", Filled, NeedsNotes, "Engagement median", "per note", "互动中位数", ""},
	{SectionPerformance, "", "likeMedian", "likeMedian", Median, NeedsNotes, "Like median", "per note", "点赞中位数", ""},
	{SectionPerformance, "", "collectMedian", "collectMedian", Median, NeedsNotes, "Collect median", "per note", "收藏中位数", ""},
	{SectionPerformance, "", "commentMedian", "commentMedian", Median, NeedsNotes, "Comment median", "per note", "评论中位数", ""},
	{SectionPerformance, "", "shareMedian", "shareMedian", Median, NeedsNotes, "Share median", "per note", "分享中位数", ""},
	{SectionPerformance, "", "followMedian", "mFollowCnt, mfollowCnt", Median, NeedsNotes, "Follow median", "new followers per note", "关注中位数", ""},
	{SectionPerformance, "", "engagementRatePercent", "interactionRate", Percent, NeedsNotes, "Engagement rate", "%", "互动率", "The platform's own, no quotient of the medians"},
	{SectionPerformance, "", "notesOver100LikesPercent", "hundredLikePercent", Percent, NeedsNotes, "Notes over 100 likes", "%", "百赞笔记比例", ""},
	{SectionPerformance, "", "notesOver1000LikesPercent", "thousandLikePercent", Percent, NeedsNotes, "Notes over 1,000 likes", "%", "千赞笔记比例", ""},
	{SectionPerformance, "", "videoCompletionPercent", "videoFullViewRate", Percent, NeedsVideos, "Video completion", "%", "完播率", ""},
	{SectionPerformance, "", "imageRead3sPercent", "picture3sViewRate", Percent, NeedsImages, "Image notes read for 3 s", "%", "图文3秒阅读率", ""},
	{SectionPerformance, "abovePeersPercent", "impressions", "impMedianBeyondRate", Percent, NeedsNotes, "impressions", "%", "", ""},
	{SectionPerformance, "abovePeersPercent", "reads", "readMedianBeyondRate", Percent, NeedsNotes, "reads", "%", "", ""},
	{SectionPerformance, "abovePeersPercent", "videoCompletion", "videoFullViewBeyondRate", Percent, NeedsVideos, "video completion", "%", "", ""},
	{SectionPerformance, "traffic.impressions", "discoveryPercent", "pagePercentVo.impHomefeedPercent", Fraction, NeedsNotes, "discovery", "%", "发现页", ""},
	{SectionPerformance, "traffic.impressions", "searchPercent", "pagePercentVo.impSearchPercent", Fraction, NeedsNotes, "search", "%", "搜索页", ""},
	{SectionPerformance, "traffic.impressions", "followingPercent", "pagePercentVo.impFollowPercent", Fraction, NeedsNotes, "following", "%", "关注页", ""},
	{SectionPerformance, "traffic.impressions", "profilePercent", "pagePercentVo.impDetailPercent", Fraction, NeedsNotes, "profile", "%", "博主个人页", ""},
	{SectionPerformance, "traffic.impressions", "nearbyPercent", "pagePercentVo.impNearbyPercent", Fraction, NeedsNotes, "nearby", "%", "附近页", ""},
	{SectionPerformance, "traffic.impressions", "otherPercent", "pagePercentVo.impOtherPercent", Fraction, NeedsNotes, "other", "%", "其他", ""},
	{SectionPerformance, "traffic.reads", "discoveryPercent", "pagePercentVo.readHomefeedPercent", Fraction, NeedsNotes, "discovery", "%", "发现页", ""},
	{SectionPerformance, "traffic.reads", "searchPercent", "pagePercentVo.readSearchPercent", Fraction, NeedsNotes, "search", "%", "搜索页", ""},
	{SectionPerformance, "traffic.reads", "followingPercent", "pagePercentVo.readFollowPercent", Fraction, NeedsNotes, "following", "%", "关注页", ""},
	{SectionPerformance, "traffic.reads", "profilePercent", "pagePercentVo.readDetailPercent", Fraction, NeedsNotes, "profile", "%", "博主个人页", ""},
	{SectionPerformance, "traffic.reads", "nearbyPercent", "pagePercentVo.readNearbyPercent", Fraction, NeedsNotes, "nearby", "%", "附近页", ""},
	{SectionPerformance, "traffic.reads", "otherPercent", "pagePercentVo.readOtherPercent", Fraction, NeedsNotes, "other", "%", "其他", ""},

	{SectionAudience, "", "femalePercent", "gender.female", Fraction, "", "Female", "%", "女性粉丝占比", ""},
	{SectionAudience, "", "malePercent", "gender.male", Fraction, "", "Male", "%", "男性粉丝占比", ""},
	{SectionAudience, "", "overseasPercent", "provinces." + Overseas, Fraction, "", "Overseas", "%", "海外粉丝占比", ""},

	{SectionFollowers, "", "followers", "fansNum", Count, NeedsFollowers, "Followers", "", "粉丝数", ""},
	{SectionFollowers, "", "change30d", "fansIncreaseNum", Change, NeedsFollowers, "Follower change", "in 30 days", "粉丝增量", ""},
	{SectionFollowers, "", "changeRate30dPercent", "fansGrowthRate", ChangePercent, NeedsFollowers, "Follower change rate", "% in 30 days", "粉丝量变化幅度", ""},
	{SectionFollowers, "", "active28dPercent", "activeFansRate", Percent, NeedsFollowers, "Active followers", "% in 28 days", "活跃粉丝占比", "On the platform; it does not mean that they see this creator"},
	{SectionFollowers, "", "read30dPercent", "readFansRate", Percent, NeedsFollowers, "Followers who read", "% in 30 days", "阅读粉丝占比", ""},
	{SectionFollowers, "", "engaged30dPercent", "engageFansRate", Percent, NeedsFollowers, "Followers who engaged", "% in 30 days", "互动粉丝占比", ""},
	{SectionFollowers, "", "buyers30dPercent", "payFansUserRate30d", Percent, NeedsFollowers, "Followers who bought", "% in 30 days, anything on the platform", "下单粉丝占比", "Anything on the platform"},
	{SectionFollowers, "abovePeersPercent", "growth", "fansGrowthBeyondRate", Percent, NeedsFollowers, "growth", "%", "", ""},
	{SectionFollowers, "abovePeersPercent", "active", "activeFansBeyondRate", Percent, NeedsFollowers, "active", "%", "", ""},
	{SectionFollowers, "abovePeersPercent", "read", "readFansBeyondRate", Percent, NeedsFollowers, "read", "%", "", ""},
	{SectionFollowers, "abovePeersPercent", "engaged", "engageFansBeyondRate", Percent, NeedsFollowers, "engaged", "%", "", ""},

	{SectionCosts, "image", "cpmCny", "estimatePictureCpm", Filled, "", "CPM", "CNY per 1,000 impressions", "预估CPM", ""},
	{SectionCosts, "image", "cnyPerEngagement", "estimatePictureEngageCost", Filled, "", "per engagement", "CNY", "预估互动单价", ""},
	{SectionCosts, "image", "cnyPerRead", "pictureReadCost", Filled, "", "per read", "CNY", "预估阅读单价", ""},
	{SectionCosts, "video", "cpmCny", "estimateVideoCpm", Filled, "", "CPM", "CNY per 1,000 impressions", "预估CPM", ""},
	{SectionCosts, "video", "cnyPerEngagement", "estimateVideoEngageCost", Filled, "", "per engagement", "CNY", "预估互动单价", ""},
	{SectionCosts, "video", "cnyPerRead", "videoReadCost", Filled, "", "per read", "CNY", "预估阅读单价", ""},

	{SectionNotes, "", "total", "total", Count, "", "Notes in all", "", "笔记数", ""},
}

// Group is an object of figures within a section: one line of the text.
type Group struct {
	Section Section
	Name    string
	Label   string
	Meaning string
}

// Groups lists the groups of Figures.
var Groups = []Group{
	{SectionPerformance, "abovePeersPercent", "Comparable creators below", "Percent of comparable creators below"},
	{SectionPerformance, "traffic", "", ""},
	{SectionPerformance, "traffic.impressions", "Impressions come from", ""},
	{SectionPerformance, "traffic.reads", "Reads come from", ""},
	{SectionFollowers, "abovePeersPercent", "Comparable creators below", ""},
	{SectionCosts, "image", "Image note", ""},
	{SectionCosts, "video", "Video note", ""},
}

// Distribution is a list of shares within a section.
type Distribution struct {
	Section  Section
	Name     string // member
	Upstream string // the list in the upstream's data
	Key      string // member of an entry that names it
	Words    string // what that is read from; the first that has text counts
	Scale    Scale  // Percent or Fraction
	Needs    Need
	Most     int      // entries shown: the largest ones; 0 is all, in the upstream's order
	Except   []string // names that are none of its kind
	Label    string
	Term     string
}

// Distributions lists the distributions in the order in which they are shown.
var Distributions = []Distribution{
	{SectionPerformance, "categories", "noteType", "category", "contentTag", Percent, NeedsNotes, 0, nil, "Categories of the notes", "内容类目"},
	{SectionAudience, "ages", "ages", "group", "group", Fraction, "", 0, nil, "Ages", "年龄分布"},
	{SectionAudience, "topProvinces", "provinces", "name", "name", Fraction, "", 10, []string{Overseas, Elsewhere}, "Top provinces", "省份分布"},
	{SectionAudience, "topCities", "cities", "name", "name", Fraction, "", 9, nil, "Top cities", "城市分布"},
	{SectionAudience, "topInterests", "interests", "name", "name", Fraction, "", 10, nil, "Top interests", "用户兴趣"},
	{SectionAudience, "topDevices", "devices", "name", "desc, name", Fraction, "", 5, nil, "Top devices", "设备分布"},
}
