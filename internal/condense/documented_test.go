package condense

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"pgy-mcp/schema"
)

// The figures that the vendor's own example comes to, computed by hand.
func TestDocumentedSample(t *testing.T) {
	s := summaryOf(t, sampleData(t, documented))
	wants := map[string]string{
		"userId": `"659902c1000000002200361b"`, "name": `"团子有点咸"`, "redId": `"4639645438"`, "gender": `"female"`, "location": `"河北 廊坊 固安县"`,
		"profileUrl": `"https://www.xiaohongshu.com/user/profile/659902c1000000002200361b"`,
		"pgyUrl":     `"https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/659902c1000000002200361b"`,
		"mcn":        "absent", "featureTags": "absent", "cooperationIndustries": "absent", "platformMetrics": "absent",
		"contentCategories": `[{"category":"母婴","subcategories":["母婴日常"]}]`,
		"personalTags":      `["1-3岁","爸爸","萌娃","妈妈","家庭","夫妻"]`,
		"onPgy":             "true", "lowActive": "false", "healthLevel": "2", "health": `"excellent"`,
		"followers": "103684", "likesAndCollects": "2757601", "businessNotes": "31", "readMedian": "64478", "engagementMedian": "746",
		"engagementToReadRatio": "0.01157", "readToFollowerRatio": "0.6219",
		"quotes.image": `{"cnyPerEngagement":17.43,"cnyPerRead":0.2016,"cnyPerThousandFollowers":125.4,"priceCny":13000,"status":"open"}`,
		"quotes.video": `{"cnyPerEngagement":24.13,"cnyPerRead":0.2792,"cnyPerThousandFollowers":173.6,"priceCny":18000,"status":"open"}`,
		"notProvided":  `[]`, "caveats": `[]`,
	}
	for path, want := range wants {
		if got := show(s, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	for _, member := range slices.Sorted(maps.Keys(s)) {
		if _, ok := wants[member]; !ok && member != "quotes" {
			t.Errorf("the sample has %s, want it among the wants here, with the figure that you expect", member)
		}
	}
}

// Nothing that is unknown may look like a figure, in any of the samples.
func TestAbsentFactsAreAbsent(t *testing.T) {
	const want = `{"gender":"unknown","quotes":{"image":{"status":"unknown"},"video":{"status":"unknown"}},` +
		`"notProvided":["followers","likesAndCollects","readMedian","engagementMedian","quotes.image","quotes.video"],"caveats":null}`
	for _, data := range []string{`{}`, `[]`, `null`, `"x"`, `7`, ``} {
		s, caveats := Profile(json.RawMessage(data), Terms{})
		got, err := json.Marshal(s)
		if err != nil || string(got) != want {
			t.Errorf("%q: the summary is %s, %v; want %s", data, got, err, want)
		}
		if len(caveats) != 1 || caveats[0].Kind != schema.NothingKnown {
			t.Errorf("%q: the caveats are %v, want NothingKnown alone", data, caveats)
		}
	}
}
