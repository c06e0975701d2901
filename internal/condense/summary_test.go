package condense

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// check compares one member of the summaries of several data objects.
func check(t *testing.T, path string, want map[string]string) {
	t.Helper()
	for _, data := range slices.Sorted(maps.Keys(want)) {
		if got := show(summaryOf(t, data), path); got != want[data] {
			t.Errorf("Profile(%.120s): got %s as %s, want %s", data, got, path, want[data])
		}
	}
}

func TestNumbersAsTheUpstreamSpellsThem(t *testing.T) {
	for _, c := range []struct{ in, integer, metric string }{
		{`13000`, "13000", "13000"},
		{`13000.0`, "13000", "13000"},
		{`"13000"`, "13000", "13000"},
		{`"13000.00"`, "13000", "13000"},
		{`" 13000 "`, "13000", "13000"},
		{`1e3`, "1000", "1000"},
		{`1.5E3`, "1500", "1500"},
		{`"1e3"`, "1000", "1000"},
		{`"0.31"`, "absent", "0.31"},
		{`130.9`, "131", "130.9"},
		{`0.6`, "1", "0.6"},
		{`0`, "absent", "absent"},
		{`0.0`, "absent", "absent"},
		{`-0`, "absent", "absent"},
		{`"0"`, "absent", "absent"},
		{`-5`, "absent", "-5"},
		{`"-5.5"`, "absent", "-5.5"},
		{`""`, "absent", "absent"},
		{`" "`, "absent", "absent"},
		{`"-"`, "absent", "absent"},
		{`"暂无"`, "absent", "absent"},
		{`null`, "absent", "absent"},
		{`"null"`, "absent", "absent"},
		{`"NaN"`, "absent", "absent"},
		{`"Inf"`, "absent", "absent"},
		{`"-Infinity"`, "absent", "absent"},
		{`"0x10"`, "absent", "absent"},
		{`"1_000"`, "absent", "absent"},
		{`"1,000"`, "absent", "absent"},
		{`"12%"`, "absent", "absent"},
		{`"+5"`, "absent", "absent"},
		{`".5"`, "absent", "absent"},
		{`"007"`, "absent", "absent"},
		{`"1.2万"`, "absent", "absent"},
		{`"１３"`, "absent", "absent"},
		{`true`, "absent", "absent"},
		{`{}`, "absent", "absent"},
		{`[13000]`, "absent", "absent"},
		{`1e400`, "absent", "absent"},
		{`1e30`, "absent", "absent"}, // no figure of a blogger
		{`99999999999999999999`, "absent", "absent"},
		{`1e-300`, "absent", "absent"},
		{`"` + strings.Repeat("9", 65) + `"`, "absent", "absent"},
	} {
		check(t, "followers", map[string]string{`{"fansNum":` + c.in + `}`: c.integer})
		check(t, "platformMetrics.followerGrowth30d", map[string]string{`{"fans30GrowthNum":` + c.in + `}`: c.metric})
	}
}

func TestIntegersAbove2To53StayExact(t *testing.T) {
	for _, in := range []string{`9007199254740993`, `"9007199254740993"`, `9223372036854775807`} {
		data := `{"likeCollectCountInfo":` + in + `}`
		s, _ := Profile(json.RawMessage(data), Terms{})
		want := strings.Trim(in, `"`)
		if s.LikesAndCollects == nil {
			t.Errorf("Profile(%s): got no LikesAndCollects, want %s", data, want)
		} else {
			testkit.Equal(t, "LikesAndCollects of Profile("+data+")", fmt.Sprint(*s.LikesAndCollects), want)
		}
		check(t, "likesAndCollects", map[string]string{data: want})
	}
}

// encoding/json's struct matching would let the last of these keys win.
func TestKeysThatDifferInCaseAlone(t *testing.T) {
	check(t, "engagementMedian", map[string]string{
		`{"mEngagementNum":746,"mengagementNum":1}`:            "746",
		`{"mengagementNum":1,"mEngagementNum":746}`:            "746",
		`{"MENGAGEMENTNUM":9,"MengagementNum":9}`:              "absent",
		`{"mEngagementNumMcn":9,"mengagementNumMcn":9}`:        "absent",
		`{"mEngagementNumMcn":9,"mengagementNum":7}`:           "7",
		`{"mEngagementNum":null,"mengagementNum":7}`:           "7",
		`{"MEngagementNum":9,"INTERMIDNUM":8,"interMidNum":7}`: "7",
	})
	check(t, "platformMetrics", map[string]string{
		`{"mcpuvNum30d":5}`:                  "absent",
		`{"mCpuvNum30d":4,"mcpuvNum30d":5}`:  `{"storeVisitMedian30d":4}`,
		`{"mcpuvNum30d":5,"mCpuvNum30d":4}`:  `{"storeVisitMedian30d":4}`,
		`{"mCpuvNum30d":0,"mcpuvNum30d":5}`:  "absent",
		`{"FANS30GROWTHNUM":5,"userid":"x"}`: "absent",
	})
	check(t, "followers", map[string]string{`{"FansNum":9,"fansnum":8,"fansCount":7}`: "7"})
	check(t, "userId", map[string]string{`{"userid":"x","USERID":"y"}`: "absent"})
}

func TestFallbacks(t *testing.T) {
	check(t, "followers", map[string]string{
		`{"fansNum":1,"fansCount":2}`:     "1",
		`{"fansNum":0,"fansCount":2}`:     "2",
		`{"fansNum":-3,"fansCount":2}`:    "2",
		`{"fansNum":null,"fansCount":2}`:  "2",
		`{"fansNum":"-","fansCount":"2"}`: "2",
		`{"fansNum":[],"fansCount":2}`:    "2",
		`{"fansCount":2}`:                 "2",
		`{"fansNum":0,"fansCount":0}`:     "absent",
		`{"fansNum":0,"fansCount":"暂无"}`:  "absent",
		`{}`:                              "absent",
	})
	check(t, "engagementMedian", map[string]string{
		`{"mEngagementNum":3,"mengagementNum":2,"interMidNum":1}`:   "3",
		`{"mEngagementNum":0,"mengagementNum":2,"interMidNum":1}`:   "2",
		`{"mEngagementNum":"-","mengagementNum":0,"interMidNum":1}`: "1",
		`{"interMidNum":1}`: "1",
		`{"mEngagementNum":0,"mengagementNum":null,"interMidNum":""}`: "absent",
	})
	check(t, "readMedian", map[string]string{
		`{"clickMidNum":64478}`:                    "64478",
		`{"clickMidNum":0,"clickMidNumMcn":64478}`: "absent", // an agency's view
		`{"clickMidNumMcn":64478}`:                 "absent",
	})
}

// Lifetime likes come as a number or as the platform displays it.
func TestDisplayText(t *testing.T) {
	check(t, "likesAndCollects", map[string]string{
		`{"likeCollectCountInfo":5}`:                  "5",
		`{"likeCollectCountInfo":"5"}`:                "5",
		`{"likeCollectCountInfo":"80.0w"}`:            "800000",
		`{"likeCollectCountInfo":"80.0W"}`:            "800000",
		`{"likeCollectCountInfo":"80.0万"}`:            "800000",
		`{"likeCollectCountInfo":" 1.2万 "}`:           "12000",
		`{"likeCollectCountInfo":"0.29w"}`:            "2900",
		`{"likeCollectCountInfo":"1.05亿"}`:            "105000000",
		`{"likeCollectCountInfo":0}`:                  "absent",
		`{"likeCollectCountInfo":"0w"}`:               "absent",
		`{"likeCollectCountInfo":"-3w"}`:              "absent",
		`{"likeCollectCountInfo":"w"}`:                "absent",
		`{"likeCollectCountInfo":"多w"}`:               "absent",
		`{"likeCollectCountInfo":"80.0k万"}`:           "absent",
		`{"likeCollectCountInfo":"999999999999万"}`:    "absent", // no figure of a blogger
		`{"likeCollectCountInfo":"999999999999999亿"}`: "absent",
	})
}

func TestZeroIsAFactForBusinessNotesAlone(t *testing.T) {
	check(t, "businessNotes", map[string]string{
		`{"businessNoteCount":0}`:    "0",
		`{"businessNoteCount":"0"}`:  "0",
		`{"businessNoteCount":31}`:   "31",
		`{"businessNoteCount":null}`: "absent",
		`{"businessNoteCount":"-"}`:  "absent",
		`{"businessNoteCount":-1}`:   "absent",
		`{}`:                         "absent",
	})
	check(t, "healthLevel", map[string]string{
		`{"currentLevel":2}`:    "2",
		`{"currentLevel":"2"}`:  "2",
		`{"currentLevel":0}`:    "0",
		`{"currentLevel":-1}`:   "-1", // another number stands without a word
		`{"currentLevel":null}`: "absent",
		`{"currentLevel":"优秀"}`: "absent",
	})
}

func TestRatiosHave4SignificantDigits(t *testing.T) {
	for _, c := range []struct{ a, b, want float64 }{
		{746, 64478, 0.01157}, {1, 3, 0.3333}, {2, 3, 0.6667}, {123456, 1, 123500}, {1, 1, 1}, {99999, 1, 100000}, {123.456, 1e6, 0.0001235}, {24.69, 2, 12.35},
	} {
		if got := quotient(c.a, c.b); got == nil {
			t.Errorf("quotient(%v, %v): got nil, want %v", c.a, c.b, c.want)
		} else if *got != c.want {
			t.Errorf("quotient(%v, %v): got %v, want %v", c.a, c.b, *got, c.want)
		}
	}
	check(t, "engagementToReadRatio", map[string]string{
		`{"mEngagementNum":1,"clickMidNum":3}`: "0.3333",
		`{"mEngagementNum":1}`:                 "absent",
		`{"clickMidNum":3}`:                    "absent",
		`{"mEngagementNum":0,"clickMidNum":3}`: "absent",
	})
	check(t, "readToFollowerRatio", map[string]string{
		`{"clickMidNum":2,"fansNum":3}`:               "0.6667",
		`{"clickMidNum":2,"fansNum":0,"fansCount":4}`: "0.5",
		`{"clickMidNum":2}`:                           "absent",
		`{"fansNum":3}`:                               "absent",
	})
}

// Medians of even counts end in .5: the divisor of a unit cost is the median itself,
// not the whole number that is shown.
func TestFractionsAreDividedUnrounded(t *testing.T) {
	check(t, "quotes.video.cnyPerEngagement", map[string]string{
		`{"videoState":1,"videoPrice":13000,"mEngagementNum":2.5}`:   "5200",
		`{"videoState":1,"videoPrice":13000,"mEngagementNum":"0.5"}`: "26000",
		`{"videoState":1,"videoPrice":13000,"mEngagementNum":2.0}`:   "6500",
	})
	check(t, "quotes.video.cnyPerRead", map[string]string{`{"videoState":1,"videoPrice":13000,"clickMidNum":"1.5"}`: "8667"})
	check(t, "engagementToReadRatio", map[string]string{`{"mEngagementNum":1.5,"clickMidNum":4.5}`: "0.3333"})
	check(t, "engagementMedian", map[string]string{`{"mEngagementNum":2.5}`: "3", `{"mEngagementNum":0.4,"interMidNum":7}`: "7"})
}

func TestNotProvidedNamesAndOrder(t *testing.T) {
	check(t, "notProvided", map[string]string{
		`{}`: `["followers","likesAndCollects","readMedian","engagementMedian","quotes.image","quotes.video"]`,
		`{"fansNum":1,"likeCollectCountInfo":1,"clickMidNum":1,"mEngagementNum":1,"pictureState":0,"videoState":1}`: `[]`,
		`{"fansNum":1,"clickMidNum":1,"pictureState":0,"videoState":2,"videoPrice":5}`:                              `["likesAndCollects","engagementMedian","quotes.video"]`,
		`{"likeCollectCountInfo":1,"mEngagementNum":1,"videoState":0}`:                                              `["followers","readMedian","quotes.image"]`,
	})
}

// The platform's addresses have the id in small letters.
func TestAnIDInCapitals(t *testing.T) {
	const data = `{"userId":"659902C1000000002200361B"}`
	s, _ := Profile(json.RawMessage(data), Terms{})
	testkit.Equal(t, "UserID of Profile("+data+")", s.UserID, documented)
	testkit.Equal(t, "ProfileURL of Profile("+data+")", s.ProfileURL, profileURL+documented)
	testkit.Equal(t, "PgyURL of Profile("+data+")", s.PgyURL, pgyURL+documented)
}

// The upstream's words for nothing are no name, no id and no category.
func TestWordsForNothing(t *testing.T) {
	const data = `{"name":"暂无","redId":"-","contentTags":[{"taxonomy1Tag":"暂无"}],"tradeType":"母婴 - 暂无","currentLevel":2.5}`
	for path, want := range map[string]string{
		"name": "absent", "redId": "absent", "contentCategories": "absent", "cooperationIndustries": `["母婴"]`, "healthLevel": "absent",
	} {
		check(t, path, map[string]string{data: want})
	}
}
