package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// metricNames and metricKeys are schema.Metrics written down a second time, in
// its order: the table cannot check itself.
var metricNames = []string{
	"followerGrowth30d", "followerGrowthRate30dPercent", "activeFollowers28dPercent", "engagedFollowers30dPercent",
	"impressionMedian30d", "sponsoredImpressionMedian30d", "sponsoredReadMedian30d", "sponsoredEngagementMedian30d", "sponsoredNotes30d",
	"notesOver100LikesPercent30d", "notesOver1000LikesPercent30d", "imageReadMedian", "imageEngagementMedian", "videoReadMedian",
	"videoEngagementMedian", "videoCompletionPercent", "inviteReply48hPercent", "imageCpmCny", "videoCpmCny", "imageCnyPerEngagement",
	"videoCnyPerEngagement", "imageCnyPerRead", "videoCnyPerRead", "storeVisitMedian30d", "cnyPerStoreVisit", "liveSessions30d",
	"liveViewersAverage", "liveSalesAverage90dCny",
}

var metricKeys = []string{
	"fans30GrowthNum", "fans30GrowthRate", "fansActiveIn28dLv", "fansEngageNum30dLv",
	"accumCommonImpMedinNum30d", "accumCoopImpMedinNum30d", "readMidCoop30", "interMidCoop30", "coopNoteNum30d",
	"hundredLikePercent30", "thousandLikePercent30", "pictureClickMidNum", "pictureInterMidNum", "videoClickMidNum",
	"videoInterMidNum", "videoFinishRate", "inviteReply48hNumRatio", "estimatePictureCpm", "estimateVideoCpm", "estimatePictureEngageCost",
	"estimateVideoEngageCost", "pictureReadCost", "videoReadCost", "mCpuvNum30d", "estimateCpuv30d", "kliveCnt30d",
	"avgLiveViewerNum", "avgAgmv90d",
}

func TestPlatformMetrics(t *testing.T) {
	if got, want := len(metricNames), len(schema.Metrics); got != want {
		t.Fatalf("metricNames: got %d rows, want the %d of schema.Metrics: add the new one", got, want)
	}
	if got, want := len(metricKeys), len(schema.Metrics); got != want {
		t.Fatalf("metricKeys: got %d rows, want the %d of schema.Metrics: add the new one", got, want)
	}
	var data, want []string
	for i, name := range metricNames {
		data = append(data, fmt.Sprintf(`%q:%d.5`, metricKeys[i], i+1))
		want = append(want, fmt.Sprintf(`%q:%d.5`, name, i+1))
	}
	slices.Reverse(data) // the order is ours, not the upstream's
	s, _ := Profile(json.RawMessage("{" + strings.Join(data, ",") + "}"))
	if got := encode(t, s.PlatformMetrics); got != "{"+strings.Join(want, ",")+"}" {
		t.Errorf("the metrics of Profile(%s)\n got %s\nwant {%s}", data, got, strings.Join(want, ","))
	}
	for i, name := range metricNames {
		for value, want := range map[string]string{
			`12`: "12", `12.0`: "12", `"12.5"`: "12.5", `-3`: "-3", `"-0.1"`: "-0.1", `130.9`: "130.9",
			`0`: "absent", `0.0`: "absent", `"0"`: "absent", `null`: "absent", `"-"`: "absent", `"暂无"`: "absent", `""`: "absent", `[12]`: "absent", `true`: "absent",
		} {
			check(t, "platformMetrics."+name, map[string]string{fmt.Sprintf("{%q:%s}", metricKeys[i], value): want})
		}
	}
}

// An agency's view, comparisons, the state of the account that asks, and members that
// are not documented stay in raw.
func TestMembersThatTheSummaryIgnores(t *testing.T) {
	nothing := encode(t, summaryOf(t, `{}`))
	for _, key := range []string{
		"clickMidNumMcn", "mEngagementNumMcn", "mengagementNumMcn", "estimatePictureCpmCompare", "estimateVideoCpmCompare",
		"estimatePictureEngageCostCompare", "estimateVideoEngageCostCompare", "isCollect", "pictureInCart", "videoInCart", "lowerPrice",
		"valid", "priceState", "cooperateState", "kolType", "buyerType", "kolHeadLabel", "efficiencyValidUser", "controlState", "fbState",
		"totalNoteCount", "mcpuvNum30d", "unheardOf",
	} {
		for _, v := range []string{`47.0`, `1`, `true`, `"x"`, `{"a":1}`} {
			data := fmt.Sprintf("{%q:%s}", key, v)
			if got := encode(t, summaryOf(t, data)); got != nothing {
				t.Errorf("Profile(%s): got %s, want %s as without the member", data, got, nothing)
			}
		}
	}
}
