package condense

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// The figures that each scale makes of values; of a value that is not here, none.
var (
	asCount    = map[string]string{`12`: "12", `"12"`: "12", `12.0`: "12", `0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "1", `130.9`: "131", `9007199254740993`: "9007199254740993"}
	asChange   = merged(asCount, map[string]string{`-3`: "-3", `"-3.0"`: "-3", `-130.9`: "-131"})
	asMedian   = map[string]string{`12`: "12", `"12"`: "12", `12.0`: "12", `0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "0.5", `130.9`: "130.9"}
	asFilled   = map[string]string{`12`: "12", `"12"`: "12", `12.0`: "12", `0.5`: "0.5", `130.9`: "130.9"}
	asPercent  = map[string]string{`12`: "12", `"12"`: "12", `12.0`: "12", `0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "0.5"}
	asRate     = merged(asPercent, map[string]string{`-3`: "-3", `"-3.0"`: "-3", `130.9`: "130.9"})
	asCost     = asFilled
	asOfSeven  = map[string]string{`0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "1", `7`: "7", `"6"`: "6"}
	asGrowth   = map[string]string{`0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "50", `-0.25`: "-25", `12`: "1200", `"12"`: "1200", `12.0`: "1200", `0.0104`: "1.04", `130.9`: "13090", `0.123456`: "12.35"}
	asFraction = map[string]string{`0`: "0", `"0.0"`: "0", `-0.0`: "0", `0.5`: "50", `1e-17`: "0", `-1e-17`: "0", `0.123456`: "12.35", `1.0000000000000002`: "100"}
)

// values are those that a member may have one day.
var values = []string{`12`, `"12"`, `12.0`, `0`, `"0.0"`, `-0.0`, `0.5`, `-3`, `"-3.0"`, `130.9`, `-130.9`, `1e999`, `"1e999"`, `-1e999`, `"NaN"`, `"Infinity"`,
	`"-"`, `"暂无"`, `""`, `null`, `[12]`, `true`, `{}`, `{"12":12}`, `"12%"`, `"1,200"`}

// insightsMembers is the guide written down a second time: the table cannot
// check itself.
var insightsMembers = []struct {
	section schema.Section
	member  string
	key     string
	scale   map[string]string
}{
	{"performance", "notes", "noteNumber", asCount},
	{"performance", "videoNotes", "videoNoteNumber", asCount},
	{"performance", "impressionMedian", "impMedian", asFilled},
	{"performance", "readMedian", "readMedian", asFilled},
	{"performance", "engagementMedian", "mEngagementNum", asFilled},
	{"performance", "engagementMedian", "mengagementNum", asFilled},
	{"performance", "likeMedian", "likeMedian", asMedian},
	{"performance", "collectMedian", "collectMedian", asMedian},
	{"performance", "commentMedian", "commentMedian", asMedian},
	{"performance", "shareMedian", "shareMedian", asMedian},
	{"performance", "followMedian", "mFollowCnt", asMedian},
	{"performance", "followMedian", "mfollowCnt", asMedian},
	{"performance", "engagementRatePercent", "interactionRate", asPercent},
	{"performance", "notesOver100LikesPercent", "hundredLikePercent", asPercent},
	{"performance", "notesOver1000LikesPercent", "thousandLikePercent", asPercent},
	{"performance", "videoCompletionPercent", "videoFullViewRate", asPercent},
	{"performance", "imageRead3sPercent", "picture3sViewRate", asPercent},
	{"performance", "abovePeersPercent.impressions", "impMedianBeyondRate", asPercent},
	{"performance", "abovePeersPercent.reads", "readMedianBeyondRate", asPercent},
	{"performance", "abovePeersPercent.videoCompletion", "videoFullViewBeyondRate", asPercent},
	{"performance", "traffic.impressions.discoveryPercent", "pagePercentVo.impHomefeedPercent", asFraction},
	{"performance", "traffic.impressions.searchPercent", "pagePercentVo.impSearchPercent", asFraction},
	{"performance", "traffic.impressions.followingPercent", "pagePercentVo.impFollowPercent", asFraction},
	{"performance", "traffic.impressions.profilePercent", "pagePercentVo.impDetailPercent", asFraction},
	{"performance", "traffic.impressions.nearbyPercent", "pagePercentVo.impNearbyPercent", asFraction},
	{"performance", "traffic.impressions.otherPercent", "pagePercentVo.impOtherPercent", asFraction},
	{"performance", "traffic.reads.discoveryPercent", "pagePercentVo.readHomefeedPercent", asFraction},
	{"performance", "traffic.reads.searchPercent", "pagePercentVo.readSearchPercent", asFraction},
	{"performance", "traffic.reads.followingPercent", "pagePercentVo.readFollowPercent", asFraction},
	{"performance", "traffic.reads.profilePercent", "pagePercentVo.readDetailPercent", asFraction},
	{"performance", "traffic.reads.nearbyPercent", "pagePercentVo.readNearbyPercent", asFraction},
	{"performance", "traffic.reads.otherPercent", "pagePercentVo.readOtherPercent", asFraction},
	{"audience", "femalePercent", "gender.female", asFraction},
	{"audience", "malePercent", "gender.male", asFraction},
	{"followers", "change30d", "fansIncreaseNum", asChange},
	{"followers", "changeRate30dPercent", "fansGrowthRate", asRate},
	{"followers", "active28dPercent", "activeFansRate", asPercent},
	{"followers", "read30dPercent", "readFansRate", asPercent},
	{"followers", "engaged30dPercent", "engageFansRate", asPercent},
	{"followers", "buyers30dPercent", "payFansUserRate30d", asPercent},
	{"followers", "abovePeersPercent.growth", "fansGrowthBeyondRate", asPercent},
	{"followers", "abovePeersPercent.active", "activeFansBeyondRate", asPercent},
	{"followers", "abovePeersPercent.read", "readFansBeyondRate", asPercent},
	{"followers", "abovePeersPercent.engaged", "engageFansBeyondRate", asPercent},
	{"costs", "image.cpmCny", "estimatePictureCpm", asCost},
	{"costs", "image.cnyPerEngagement", "estimatePictureEngageCost", asCost},
	{"costs", "image.cnyPerRead", "pictureReadCost", asCost},
	{"costs", "video.cpmCny", "estimateVideoCpm", asCost},
	{"costs", "video.cnyPerEngagement", "estimateVideoEngageCost", asCost},
	{"costs", "video.cnyPerRead", "videoReadCost", asCost},
	{"notes", "total", "total", asCount},
	{"growth", "change", "fansNumInc", asChange},
	{"growth", "changePercent", "fansNumIncRate", asGrowth},
	{"availability", "replyPercent", "responseRate", asPercent},
	{"availability", "invitations", "inviteNum", asCount},
	{"availability", "activeDaysOf7", "activeDayInLast7", asOfSeven},
}

// around has the members that a section's figures need: notes of both formats,
// followers, and another share beside the one that a test sets.
var around = map[schema.Section]string{
	"performance": `{"noteNumber":24,"videoNoteNumber":10,"pagePercentVo":{"impBesideIt":0.5}}`,
	"audience":    `{"gender":{}}`,
	"followers":   `{"fansNum":1000}`,
	"costs":       `{}`,
	"notes":       `{}`,
	"trend":       `{"dailyData":[{"dateKey":"2026-04-01","read":5}]}`,
	"growth":      `{"list":[{"dateKey":"2026-04-01","num":5}]}`,

	"availability": `{"inviteNum":48}`,
}

func TestEveryFigureAtItsScale(t *testing.T) {
	tried := map[string]bool{}
	for _, m := range insightsMembers {
		tried[string(m.section)+" "+m.key] = true
		for _, value := range append(slices.Sorted(maps.Keys(m.scale)), values...) {
			want, ok := m.scale[value]
			zeroAlone := want == "0" && strings.Contains(m.key, ".") // TestSharesThatAreAllZero
			if !ok || zeroAlone {
				want = "absent"
			}
			data := with(t, around[m.section], m.key, value)
			if got := show(insight(t, m.section, data), m.member); got != want {
				t.Errorf("%s: got %s as %s, want %s", call(m.section, data), m.member, got, want)
			}
		}
	}
	for _, f := range schema.Figures {
		for key := range strings.SplitSeq(f.Upstream, ", ") {
			// These are in tests of their own.
			exempt := key == "" || f.Section == schema.SectionTrend || slices.Contains([]string{"followers", "overseasPercent", "firstTierPercent"}, f.Name)
			if !exempt && !tried[string(f.Section)+" "+key] {
				t.Errorf("insightsMembers: got no %s of %s, want it there with the scale that you expect", key, f.Section)
			}
		}
	}
}

// One part of a whole may be 0; all parts cannot.
func TestSharesThatAreAllZero(t *testing.T) {
	for _, c := range []struct {
		section            schema.Section
		data, member, want string
	}{
		{"audience", `{"gender":{"female":0,"male":0}}`, "femalePercent", "absent"},
		{"audience", `{"gender":{"female":0,"male":0.0}}`, "malePercent", "absent"},
		{"audience", `{"gender":{"female":0,"male":1}}`, "femalePercent", "0"},
		{"audience", `{"gender":{"female":0,"male":1}}`, "malePercent", "100"},
		{"audience", `{"gender":{"female":0}}`, "femalePercent", "absent"},
		{"audience", `{"provinces":[{"name":"海外","percent":0.25},{"name":"海外","percent":0.5}]}`, "overseasPercent", "25"},
		{"audience", `{"ages":[{"group":"a","percent":0},{"group":"b","percent":0}]}`, "ages", "absent"},
		{"audience", `{"ages":[{"group":"a","percent":0},{"group":"b","percent":1}]}`, "ages", `[{"group":"a","percent":0},{"group":"b","percent":100}]`},
		{"performance", `{"noteNumber":9,"pagePercentVo":{"impNearbyPercent":0,"impSearchPercent":0,"readSearchPercent":0.5,"readNearbyPercent":0}}`,
			"traffic", `{"reads":{"nearbyPercent":0,"searchPercent":50}}`},
		{"performance", `{"noteNumber":9,"noteType":[{"contentTag":"美食","percent":"0.0"}]}`, "categories", "absent"},
	} {
		if got := show(insight(t, c.section, c.data), c.member); got != c.want {
			t.Errorf("%s: got %s as %s, want %s", call(c.section, c.data), c.member, got, c.want)
		}
	}
}

// The lines that the guide proves with numbers.
func TestProvenNumbers(t *testing.T) {
	for _, c := range []struct {
		section            schema.Section
		data, member, want string
	}{
		{"costs", `{"estimateVideoCpm":227.750082,"estimateVideoEngageCost":24.128686}`, "video", `{"cnyPerEngagement":24.128686,"cpmCny":227.750082}`},
		{"followers", `{"fansNum":103684,"fansIncreaseNum":3941,"fansGrowthRate":"4.0","activeFansL28":77809,"activeFansRate":"75.0"}`, "active28dPercent", "75"},
		{"followers", `{"fansNum":103684,"fansIncreaseNum":3941,"fansGrowthRate":"4.0","activeFansL28":77809,"activeFansRate":"75.0"}`, "changeRate30dPercent", "4"},
		{"performance", `{"noteNumber":64,"hundredLikePercent":"73.4","likeMedian":231,"collectMedian":33,"commentMedian":12,"interactionMedian":276,"mEngagementNum":310}`, "notesOver100LikesPercent", "73.4"},
		{"performance", `{"noteNumber":64,"hundredLikePercent":"73.4","likeMedian":231,"collectMedian":33,"commentMedian":12,"interactionMedian":276,"mEngagementNum":310}`, "engagementMedian", "310"},
		{"performance", `{"noteNumber":64,"interactionMedian":276}`, "engagementMedian", "absent"},
	} {
		if got := show(insight(t, c.section, c.data), c.member); got != c.want {
			t.Errorf("%s: got %s as %s, want %s", call(c.section, c.data), c.member, got, c.want)
		}
	}
}

// Members that the guide leaves to raw change no section.
func TestMembersThatTheInsightsIgnore(t *testing.T) {
	published := func(name schema.Section, data string) string {
		m, caveats := section(t, name, data)
		return encode(t, m) + encode(t, spelled(caveats))
	}
	for name, keys := range map[schema.Section]string{
		"performance": "interactionMedian interactionBeyondRate longTermCommonNoteVo longTermCooperateNoteVo tradeNames notes MEngagementNum engagementMedian unheardOf",
		"audience":    "interest province unheardOf",
		"followers":   "activeFansL28 engageFansL30 readFansIn30 payFansUserNum30d unheardOf",
		"costs":       "estimatePictureCpmCompare estimateVideoCpmCompare estimatePictureEngageCostCompare pictureSurpassRate videoSurpassRate pictureCase videoCase date",
		"notes":       "unheardOf",
		"trend":       "sumData thirdUserNum cpv cpuv unheardOf",
		"growth":      "unheardOf",

		"availability": "kolAdvantage kolAdvantageHover pictureReadCost picReadCost videoReadCost readMedian interactionMedian mEngagementNum noteNumber fans30GrowthRate unheardOf",
	} {
		nothing := published(name, around[name])
		for key := range strings.FieldsSeq(keys) {
			for _, value := range []string{`47.0`, `1`, `true`, `"x"`, `{"noteNumber":1}`, `[{"percent":1,"name":"x"}]`} {
				data := with(t, around[name], key, value)
				if got := published(name, data); got != nothing {
					t.Errorf("%s: got %s, want %s as without %s", call(name, data), got, nothing, key)
				}
			}
		}
	}
}

// with sets a member, dotted where it is nested, of a JSON object.
func with(t *testing.T, object, key, value string) string {
	t.Helper()
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		t.Fatalf("setting %s of %.300s: got %v, want a JSON object", key, object, err)
	}
	name, rest, nested := strings.Cut(key, ".")
	if nested {
		inner := "{}"
		if m[name] != nil {
			inner = string(m[name])
		}
		value = with(t, inner, rest, value)
	}
	delete(m, name)
	out := fmt.Sprintf("{%q:%s", name, value)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out += fmt.Sprintf(",%q:%s", k, m[k])
	}
	return out + "}"
}

func merged(a, b map[string]string) map[string]string {
	m := maps.Clone(a)
	maps.Copy(m, b)
	return m
}
