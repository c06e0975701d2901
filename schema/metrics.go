package schema

import "pgy-mcp/internal/lang"

// Metric is one of the platform's own figures.
type Metric struct {
	Name     string // in platformMetrics
	Upstream string // in the upstream's data
	Scale    Scale
	Label    lang.T // in the text; the Chinese is the platform's term
	Unit     lang.T // behind the number in the text, with the blank between them
	Meaning  string // in the published schema and the field guide
}

// Metrics lists the platform's own figures in the order in which they are
// shown. The upstream fills only some of them for a given blogger.
var Metrics = []Metric{
	{"followerGrowth30d", "fans30GrowthNum", Change, t("Follower change", "粉丝增量"), in30Days, "30-day follower change"},
	{"followerGrowthRate30dPercent", "fans30GrowthRate", ChangePercent, t("Follower change rate", "涨粉率"), percentIn30Days, "粉丝量变化幅度, %"},
	{"activeFollowers28dPercent", "fansActiveIn28dLv", Percent, t("Active followers", "活跃粉丝占比"), percentIn28Days, "活跃粉丝占比, %"},
	{"engagedFollowers30dPercent", "fansEngageNum30dLv", Percent, t("Engaged followers", "互动粉丝占比"), percentIn30Days, "互动粉丝占比, %"},
	{"impressionMedian30d", "accumCommonImpMedinNum30d", Positive, t("Impression median, daily", "曝光中位数（日常笔记）"), perNoteIn30Days, "曝光中位数, daily notes"},
	{"sponsoredImpressionMedian30d", "accumCoopImpMedinNum30d", Positive, t("Impression median, sponsored", "曝光中位数（合作笔记）"), perNoteIn30Days, "曝光中位数, sponsored notes"},
	{"sponsoredReadMedian30d", "readMidCoop30", Positive, t("Read median, sponsored", "阅读中位数（合作笔记）"), perNoteIn30Days, "阅读中位数, sponsored notes"},
	{"sponsoredEngagementMedian30d", "interMidCoop30", Positive, t("Engagement median, sponsored", "互动中位数（合作笔记）"), perNoteIn30Days, "互动中位数, sponsored notes"},
	{"sponsoredNotes30d", "coopNoteNum30d", Positive, t("Sponsored notes", "合作笔记数"), in30Days, "近30天合作笔记数"},
	{"notesOver100LikesPercent30d", "hundredLikePercent30", Percent, t("Notes over 100 likes", "百赞笔记比例"), percentIn30Days, "百赞笔记比例, %"},
	{"notesOver1000LikesPercent30d", "thousandLikePercent30", Percent, t("Notes over 1,000 likes", "千赞笔记比例"), percentIn30Days, "千赞笔记比例, %"},
	{"imageReadMedian", "pictureClickMidNum", Positive, t("Read median, image", "阅读中位数（图文）"), perNote, "阅读中位数, image notes"},
	{"imageEngagementMedian", "pictureInterMidNum", Positive, t("Engagement median, image", "互动中位数（图文）"), perNote, "互动中位数, image notes"},
	{"videoReadMedian", "videoClickMidNum", Positive, t("Read median, video", "阅读中位数（视频）"), perNote, "阅读中位数, video notes"},
	{"videoEngagementMedian", "videoInterMidNum", Positive, t("Engagement median, video", "互动中位数（视频）"), perNote, "互动中位数, video notes"},
	{"videoCompletionPercent", "videoFinishRate", Percent, t("Video completion", "完播率"), percent, "完播率, %"},
	{"inviteReply48hPercent", "inviteReply48hNumRatio", Percent, t("Invitations answered", "邀约48h回复率"), t(" % within 48 h", "%"), "邀约48h回复率, %"},
	{"imageCpmCny", "estimatePictureCpm", Cost, t("CPM, image", "预估CPM（图文）"), cnyPerThousandImpressions, "预估CPM, CNY per 1,000 impressions"},
	{"videoCpmCny", "estimateVideoCpm", Cost, t("CPM, video", "预估CPM（视频）"), cnyPerThousandImpressions, "预估CPM, CNY per 1,000 impressions"},
	{"imageCnyPerEngagement", "estimatePictureEngageCost", Cost, t("Cost per engagement, image", "预估互动单价（图文）"), inCNY, "预估互动单价, CNY"},
	{"videoCnyPerEngagement", "estimateVideoEngageCost", Cost, t("Cost per engagement, video", "预估互动单价（视频）"), inCNY, "预估互动单价, CNY"},
	{"imageCnyPerRead", "pictureReadCost", Cost, t("Cost per read, image", "预估阅读单价（图文）"), inCNY, "预估阅读单价, CNY"},
	{"videoCnyPerRead", "videoReadCost", Cost, t("Cost per read, video", "预估阅读单价（视频）"), inCNY, "预估阅读单价, CNY"},
	{"storeVisitMedian30d", "mCpuvNum30d", Positive, t("Store visit median", "外溢进店中位数"), t(" visitors per sponsored note, 30 days", " 访客/篇（合作笔记，近30天）"), "外溢进店中位数"},
	{"cnyPerStoreVisit", "estimateCpuv30d", Cost, t("Cost per store visit", "外溢进店单价"), inCNY, "外溢进店单价, CNY"},
	{"liveSessions30d", "kliveCnt30d", Positive, t("Live sessions", "直播场次"), in30Days, "直播场次"},
	{"liveViewersAverage", "avgLiveViewerNum", Positive, t("Viewers per live session", "场均观播"), t("", " 人"), "场均观播"},
	{"liveSalesAverage90dCny", "avgAgmv90d", Positive, t("Sales per live session", "场均销售额"), t(" CNY, 90 days", " 元（近90天）"), "场均销售额, CNY"},
}

// Unfilled lists members of the upstream's data in which 0 means "not filled", besides
// the Metrics' own.
var Unfilled = []string{
	"accumPicCommonImpMedinNum30d", "accumVideoCommonImpMedinNum30d",
	"forecastReadUvLower", "forecastReadUvUpper", "forecastGroupCoverRateLower", "forecastGroupCoverRateUpper",
	"sellerRealIncomeAmt90d",
	"estimatePictureCpmCompare", "estimateVideoCpmCompare", "estimatePictureEngageCostCompare", "estimateVideoEngageCostCompare",
	"mcpuvNum30d",
}

// Names of metrics that other packages use.
const (
	FollowerGrowthRate   = "followerGrowthRate30dPercent"
	SponsoredImpressions = "sponsoredImpressionMedian30d"
	SponsoredReads       = "sponsoredReadMedian30d"
	SponsoredEngagements = "sponsoredEngagementMedian30d"
	SponsoredNotes       = "sponsoredNotes30d"
	InviteReply          = "inviteReply48hPercent"
)

// MetricValue is one figure that the upstream filled.
type MetricValue struct {
	Metric *Metric
	Value  float64
}

// MetricValues marshal as one JSON object, in the order of Metrics.
type MetricValues []MetricValue

// Value returns the figure of that name; nil if the upstream did not fill it.
func (v MetricValues) Value(name string) *float64 {
	for i := range v {
		if v[i].Metric.Name == name {
			return &v[i].Value
		}
	}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (v MetricValues) MarshalJSON() ([]byte, error) {
	o := &object{}
	for _, m := range v {
		o.set(m.Metric.Name, m.Value)
	}
	return o.MarshalJSON()
}

// Units behind a number, with the blank between them.
var (
	noText                    = lang.T{}
	percent                   = t(" %", "%")
	percentIn28Days           = t(" % in 28 days", "%（近28天）")
	percentIn30Days           = t(" % in 30 days", "%（近30天）")
	perNote                   = t(" per note", " 次/篇")
	perNoteIn30Days           = t(" per note, 30 days", " 次/篇（近30天）")
	in30Days                  = t(" in 30 days", "（近30天）")
	inCNY                     = t(" CNY", " 元")
	cnyPerThousandImpressions = t(" CNY per 1,000 impressions", " 元/千次曝光")
)
