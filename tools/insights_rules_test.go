package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// everyRate has all figures that hang on there being notes of some format.
const everyRate = `"impMedian":9,"readMedian":8,"mEngagementNum":7,"likeMedian":6,"shareMedian":0,"interactionRate":"5.0","impMedianBeyondRate":"4.0",
	"videoFullViewRate":"3.0","videoFullViewBeyondRate":"2.0","picture3sViewRate":"1.0","noteType":[{"contentTag":"美食","percent":"100.0"}],"pagePercentVo":{"impSearchPercent":1}`

func TestFiguresThatNeedNotes(t *testing.T) {
	const (
		noNotes = "The platform reports no notes in this scope: no figures."
		fewNote = "Only 1 note in this scope: medians of so few say little."
		few     = "Only 4 notes in this scope: medians of so few say little."
	)
	for _, c := range []struct {
		counts                              string
		figures, videoCompletion, imageRead bool
		caveat                              string
	}{
		{`"noteNumber":24,"videoNoteNumber":10`, true, true, true, ""},
		{`"noteNumber":5,"videoNoteNumber":5`, true, true, false, ""},
		{`"noteNumber":5,"videoNoteNumber":0`, true, false, true, ""},
		{`"noteNumber":"4","videoNoteNumber":"1"`, true, true, true, few},
		{`"noteNumber":1,"videoNoteNumber":1`, true, true, false, fewNote},
		{`"noteNumber":24`, true, false, false, ""}, // how many are videos is not known
		{`"noteNumber":24,"videoNoteNumber":"-"`, true, false, false, ""},
		{`"noteNumber":24,"videoNoteNumber":-1`, true, false, false, ""},
		{`"noteNumber":3,"videoNoteNumber":4`, true, true, false, "Only 3 notes in this scope: medians of so few say little."},
		{`"noteNumber":0,"videoNoteNumber":0`, false, false, false, noNotes},
		{`"noteNumber":0,"videoNoteNumber":3`, false, false, false, noNotes},
		{`"noteNumber":null,"videoNoteNumber":3`, false, false, false, noNotes},
		{`"noteNumber":"-"`, false, false, false, noNotes},
		{`"noteNumber":-1`, false, false, false, noNotes},
		{`"unheardOf":1`, false, false, false, noNotes},
	} {
		got := insight(t, schema.SectionPerformance, `{`+c.counts+`,`+everyRate+`}`)
		for member, want := range map[string]bool{
			"impressionMedian": c.figures, "readMedian": c.figures, "engagementMedian": c.figures, "likeMedian": c.figures, "shareMedian": c.figures,
			"engagementRatePercent": c.figures, "abovePeersPercent.impressions": c.figures, "categories": c.figures, "traffic": c.figures,
			"videoCompletionPercent": c.videoCompletion, "abovePeersPercent.videoCompletion": c.videoCompletion, "imageRead3sPercent": c.imageRead,
		} {
			if value := show(got, member); want && value == "absent" {
				t.Errorf("%s: %s is absent, want it there", c.counts, member)
			} else if !want && value != "absent" {
				t.Errorf("%s: %s is %s, want it absent", c.counts, member, value)
			}
		}
		want := "absent"
		if c.caveat != "" {
			want = fmt.Sprintf("[%q]", c.caveat)
		}
		if g := show(got, "caveats"); g != want {
			t.Errorf("%s: caveats are %s, want %s", c.counts, g, want)
		}
	}
}

// The keys differ only in case: the first that can be read counts.
func TestEngagementAndFollowMedianKeys(t *testing.T) {
	for members, want := range map[string]string{
		`"mEngagementNum":310,"mengagementNum":5`:    "310",
		`"mengagementNum":310`:                       "310",
		`"mEngagementNum":null,"mengagementNum":"9"`: "9",
		`"mEngagementNum":0,"mengagementNum":9`:      "9",
		`"mEngagementNum":0,"mengagementNum":0`:      "absent",
		`"MEngagementNum":310`:                       "absent",
		`"interactionMedian":310`:                    "absent",
	} {
		if got := show(insight(t, schema.SectionPerformance, `{"noteNumber":9,`+members+`}`), "engagementMedian"); got != want {
			t.Errorf("engagementMedian of %s is %s, want %s", members, got, want)
		}
	}
	for members, want := range map[string]string{
		`"mFollowCnt":41,"mfollowCnt":5`: "41", `"mfollowCnt":41`: "41", `"mFollowCnt":0,"mfollowCnt":41`: "0", `"mFollowCnt":"-","mfollowCnt":41`: "41",
	} {
		if got := show(insight(t, schema.SectionPerformance, `{"noteNumber":9,`+members+`}`), "followMedian"); got != want {
			t.Errorf("followMedian of %s is %s, want %s", members, got, want)
		}
	}
}

func TestAskedForIsSaid(t *testing.T) {
	in := schema.InsightsInput{Scope: schema.ScopeSponsored, Format: schema.FormatVideo, Days: 90}
	for section, want := range map[schema.Section]string{
		"performance": "sponsored video 90", "notes": "sponsored video absent",
		"audience": "absent absent absent", "followers": "absent absent absent", "costs": "absent absent absent",
	} {
		got := insight(t, section, around[section], in)
		if said := strings.ReplaceAll(show(got, "scope")+" "+show(got, "format")+" "+show(got, "days"), `"`, ""); said != want {
			t.Errorf("%s says %s, want %s", section, said, want)
		}
	}
}

func TestAudienceLists(t *testing.T) {
	list := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf(`{"name":"n%d","group":"n%d","percent":0.0%d}`, i, i, 10+i))
		}
		return "[" + strings.Join(out, ",") + "]"
	}
	for key, want := range map[string]struct {
		member string
		most   int
	}{"provinces": {"topProvinces", 10}, "cities": {"topCities", 9}, "interests": {"topInterests", 10}, "devices": {"topDevices", 5}, "ages": {"ages", 20}} {
		got := insight(t, schema.SectionAudience, `{"`+key+`":`+list(25)+`}`)
		entries, _ := got[want.member].([]any)
		if len(entries) != want.most {
			t.Errorf("%s has %d entries, want %d", want.member, len(entries), want.most)
			continue
		}
		first, caveat := `"n24"`, "absent"
		if key == "ages" { // as they come, and cut only where there are far too many
			first, caveat = `"n0"`, `["Only the first 20 of 25 ages are shown; raw has them all."]`
		}
		if name := show(entries[0].(map[string]any), "name"); key != "ages" && name != first {
			t.Errorf("%s begins with %s, want %s, the largest", want.member, name, first)
		}
		if g := show(got, "caveats"); g != caveat {
			t.Errorf("%s: caveats are %s, want %s", want.member, g, caveat)
		}
	}
	for data, want := range map[string]string{
		`{"provinces":[{"name":"中国","percent":0.5},{"name":"海外","percent":0.3},{"name":"上海","percent":0.1},{"name":"广东","percent":0.2}]}`: `[{"name":"广东","percent":20},{"name":"上海","percent":10}] 30`,
		`{"provinces":[{"name":"上海","percent":"0.1"}]}`: `[{"name":"上海","percent":10}] absent`,
		`{"provinces":[{"name":"海外","percent":1}]}`:     `absent 100`,
		`{"provinces":[null,7,"上海",{"name":"上海"},{"percent":0.1},{"name":"","percent":0.1},{"name":"暂无","percent":0.1},{"name":"北京","percent":38.7},{"name":"天津","percent":-0.1}]}`: `absent absent`,
		`{"provinces":{"上海":0.1}}`:                    `absent absent`,
		`{"provinces":null}`:                          `absent absent`,
		`{"provinces":"上海"}`:                          `absent absent`,
		`{"provinces":[{"name":"海外","percent":"-"}]}`: `absent absent`,
	} {
		got := insight(t, schema.SectionAudience, data)
		if g := show(got, "topProvinces") + " " + show(got, "overseasPercent"); g != want {
			t.Errorf("%s: provinces and overseas are %s, want %s", data, g, want)
		}
	}
	for devices, want := range map[string]string{
		`[{"name":"apple inc.","desc":"苹果","percent":0.5}]`: `[{"name":"苹果","percent":50}]`,
		`[{"name":"apple inc.","desc":"","percent":0.5}]`:   `[{"name":"apple inc.","percent":50}]`,
		`[{"name":"apple inc.","desc":7,"percent":0.5}]`:    `[{"name":"apple inc.","percent":50}]`,
		`[{"name":"apple inc.","percent":0.5}]`:             `[{"name":"apple inc.","percent":50}]`,
		`[{"percent":0.5}]`:                                 `absent`,
	} {
		if got := show(insight(t, schema.SectionAudience, `{"devices":`+devices+`}`), "topDevices"); got != want {
			t.Errorf("topDevices of %s is %s, want %s", devices, got, want)
		}
	}
}

func TestFollowersRules(t *testing.T) {
	const rates = `,"fansIncreaseNum":-7,"fansGrowthRate":"-0.7","activeFansRate":"77.1","readFansRate":"19.4","fansGrowthBeyondRate":"72.5"`
	for _, none := range []string{`"fansNum":0`, `"fansNum":"0"`, `"fansNum":null`, `"fansNum":"-"`, `"fansNum":-1`, `"unheardOf":1`} {
		got := string(JSON(insight(t, schema.SectionFollowers, `{`+none+rates+`}`)))
		if want := `{"caveats":["The platform gives no follower count: no figures."]}`; got != want {
			t.Errorf("%s: followers is %s, want %s", none, got, want)
		}
	}
	compareObjects(t, "shrinking", insight(t, schema.SectionFollowers, `{"fansNum":1000`+rates+`}`),
		`{"followers":1000,"change30d":-7,"changeRate30dPercent":-0.7,"active28dPercent":77.1,"read30dPercent":19.4,"abovePeersPercent":{"growth":72.5}}`)
	for rates, want := range map[string]bool{
		`"activeFansRate":"50.0","readFansRate":"0.9"`: true,
		`"activeFansRate":"77.1","readFansRate":"0.0"`: true,
		`"activeFansRate":"49.9","readFansRate":"0.9"`: false,
		`"activeFansRate":"77.1","readFansRate":"1.0"`: false,
		`"activeFansRate":"77.1","readFansRate":"-"`:   false,
		`"activeFansRate":"77.1"`:                      false,
		`"readFansRate":"0.1"`:                         false,
	} {
		caveats := show(insight(t, schema.SectionFollowers, `{"fansNum":1000,`+rates+`}`), "caveats")
		hasIf(t, want, rates+": the text of the caveats", caveats, "active does not mean")
	}
}

func TestCostsRules(t *testing.T) {
	for data, want := range map[string]string{
		`{"estimatePictureCpm":245.6,"videoReadCost":"0.61"}`:                              `{"image":{"cpmCny":245.6},"video":{"cnyPerRead":0.61}}`,
		`{"estimatePictureCpm":null,"pictureReadCost":"0.00","estimateVideoCpm":259.5}`:    `{"video":{"cpmCny":259.5},"notProvided":["image"]}`,
		`{"estimateVideoCpm":0,"estimateVideoEngageCost":-3,"estimatePictureCpm":"245.6"}`: `{"image":{"cpmCny":245.6},"notProvided":["video"]}`,
		`{"pictureCase":2}`: `{"notProvided":["image","video"]}`,
	} {
		compareObjects(t, data, insight(t, schema.SectionCosts, data), want)
	}
	compareObjects(t, "one format", insight(t, schema.SectionCosts, sectionData(t, "5a3e1e000000000000000001", "costs")),
		`{"video":{"cpmCny":259.5419847328244,"cnyPerEngagement":16.267942583732058,"cnyPerRead":0.61},"notProvided":["image"]}`)
}

// A section without any figure is no empty object without a word.
func TestSectionsOfNothingSaySo(t *testing.T) {
	for section, want := range map[schema.Section]string{
		"performance": `"caveats":["The platform reports no notes`, "audience": `"caveats":["The platform's answer has none of this section's figures."]`,
		"followers": `"caveats":["The platform gives no follower count`, "costs": `"notProvided":["image","video"]`, "notes": `"caveats":["The platform lists no notes here."]`,
	} {
		for _, data := range []string{`{"unheardOf":7}`, `{}`, `[]`, `null`, `7`, ``} {
			in := schema.InsightsInput{Scope: schema.ScopeDaily, Format: schema.FormatAll, Days: 30}
			if got := string(JSON(condense(English, section, json.RawMessage(data), &in))); !strings.Contains(got, want) {
				t.Errorf("%s of %q is %s, want %s in it", section, data, got, want)
			}
		}
	}
}

func TestRoundedCost(t *testing.T) {
	for number, want := range map[string]string{
		"245.6140350877193": "245.6", "19.004524886877828": "19", "0.74": "0.74", "0.012345": "0.01235",
		"999.96": "1000", "1234.56": "1235", "123456.7": "123457", "-": "-",
	} {
		if got := roundedCost(number); got != want {
			t.Errorf("%s becomes %s, want %s", number, got, want)
		}
	}
}

// The largest ones are those before rounding, and long names are cut.
func TestTopListsAreOfTheExactShares(t *testing.T) {
	var devices []string
	for i, percent := range []string{"0.123451", "0.9", "0.8", "0.7", "0.123454", "0.6"} {
		devices = append(devices, fmt.Sprintf(`{"name":"%d%s","percent":%s}`, i, strings.Repeat("长", 30), percent))
	}
	p := condense(English, schema.SectionAudience, []byte(`{"devices":[`+strings.Join(devices, ",")+`]}`), &schema.InsightsInput{})
	shares := p.Distributions[0].Shares
	if got := shares[4].Name; !strings.HasPrefix(got, "4") {
		t.Errorf("the fifth is %s, want the one of 0.123454", got)
	}
	if n := len([]rune(shares[0].Name)); n != maxShareName {
		t.Errorf("the longest name has %d characters, want %d", n, maxShareName)
	}
}
