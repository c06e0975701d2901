package schema

// Metric is one of the platform's own figures.
type Metric struct {
	Name     string // in platformMetrics
	Upstream string // in the upstream's data
	Label    string // in the text
	Unit     string // behind the number in the text: "%", "CNY", or nothing
	Meaning  string // in the published schema and the field guide
}

// Metrics lists the platform's own figures in the order in which they are
// shown. The upstream fills only some of them for a given blogger.
var Metrics = []Metric{
	{"followerGrowth30d", "fans30GrowthNum", "Follower change", "in 30 days", "30-day follower change"},
	{"followerGrowthRate30dPercent", "fans30GrowthRate", "Follower change rate", "% in 30 days", "粉丝量变化幅度, %"},
	{"activeFollowers28dPercent", "fansActiveIn28dLv", "Active followers", "% in 28 days", "活跃粉丝占比, %"},
	{"engagedFollowers30dPercent", "fansEngageNum30dLv", "Engaged followers", "% in 30 days", "互动粉丝占比, %"},
	{"impressionMedian30d", "accumCommonImpMedinNum30d", "Impression median, daily", "per note, 30 days", "曝光中位数, daily notes"},
	{"sponsoredImpressionMedian30d", "accumCoopImpMedinNum30d", "Impression median, sponsored", "per note, 30 days", "曝光中位数, sponsored notes"},
	{"sponsoredReadMedian30d", "readMidCoop30", "Read median, sponsored", "per note, 30 days", "阅读中位数, sponsored notes"},
	{"sponsoredEngagementMedian30d", "interMidCoop30", "Engagement median, sponsored", "per note, 30 days", "互动中位数, sponsored notes"},
	{"sponsoredNotes30d", "coopNoteNum30d", "Sponsored notes", "in 30 days", "近30天合作笔记数"},
	{"notesOver100LikesPercent30d", "hundredLikePercent30", "Notes over 100 likes", "% in 30 days", "百赞笔记比例, %"},
	{"notesOver1000LikesPercent30d", "thousandLikePercent30", "Notes over 1,000 likes", "% in 30 days", "千赞笔记比例, %"},
	{"imageReadMedian", "pictureClickMidNum", "Read median, image", "per note", "阅读中位数, image notes"},
	{"imageEngagementMedian", "pictureInterMidNum", "Engagement median, image", "per note", "互动中位数, image notes"},
	{"videoReadMedian", "videoClickMidNum", "Read median, video", "per note", "阅读中位数, video notes"},
	{"videoEngagementMedian", "videoInterMidNum", "Engagement median, video", "per note", "互动中位数, video notes"},
	{"videoCompletionPercent", "videoFinishRate", "Video completion", "%", "完播率, %"},
	{"inviteReply48hPercent", "inviteReply48hNumRatio", "Invitations answered", "% within 48 h", "邀约48h回复率, %"},
	{"imageCpmCny", "estimatePictureCpm", "CPM, image", "CNY per 1,000 impressions", "预估CPM, CNY per 1,000 impressions"},
	{"videoCpmCny", "estimateVideoCpm", "CPM, video", "CNY per 1,000 impressions", "预估CPM, CNY per 1,000 impressions"},
	{"imageCnyPerEngagement", "estimatePictureEngageCost", "Cost per engagement, image", "CNY", "预估互动单价, CNY"},
	{"videoCnyPerEngagement", "estimateVideoEngageCost", "Cost per engagement, video", "CNY", "预估互动单价, CNY"},
	{"imageCnyPerRead", "pictureReadCost", "Cost per read, image", "CNY", "预估阅读单价, CNY"},
	{"videoCnyPerRead", "videoReadCost", "Cost per read, video", "CNY", "预估阅读单价, CNY"},
	{"storeVisitMedian30d", "mCpuvNum30d", "Store visit median", "in 30 days", "外溢进店中位数"},
	{"cnyPerStoreVisit", "estimateCpuv30d", "Cost per store visit", "CNY", "外溢进店单价, CNY"},
	{"liveSessions30d", "kliveCnt30d", "Live sessions", "in 30 days", "直播场次"},
	{"liveViewersAverage", "avgLiveViewerNum", "Viewers per live session", "", "场均观播"},
	{"liveSalesAverage90dCny", "avgAgmv90d", "Sales per live session", "CNY, 90 days", "场均销售额, CNY"},
}

// Unfilled lists members of the upstream's data that are no Metric, and in which
// 0 means that the platform did not fill them, as it does in a Metric's.
var Unfilled = []string{
	"accumPicCommonImpMedinNum30d", "accumVideoCommonImpMedinNum30d",
	"forecastReadUvLower", "forecastReadUvUpper", "forecastGroupCoverRateLower", "forecastGroupCoverRateUpper",
	"sellerRealIncomeAmt90d",
	"estimatePictureCpmCompare", "estimateVideoCpmCompare", "estimatePictureEngageCostCompare", "estimateVideoEngageCostCompare",
	"mcpuvNum30d",
}

// MetricValue is one figure that the upstream filled.
type MetricValue struct {
	Metric *Metric
	Value  float64
}

// MetricValues marshal as one JSON object, in the order of Metrics.
type MetricValues []MetricValue

// MarshalJSON implements json.Marshaler.
func (v MetricValues) MarshalJSON() ([]byte, error) {
	o := &object{}
	for _, m := range v {
		o.set(m.Metric.Name, m.Value)
	}
	return o.MarshalJSON()
}
