package condense

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// everyRate has all figures that need notes of some format.
const everyRate = `"impMedian":9,"readMedian":8,"mEngagementNum":7,"likeMedian":6,"shareMedian":5,"interactionRate":"5.0","impMedianBeyondRate":"4.0",
	"videoFullViewRate":"3.0","videoFullViewBeyondRate":"2.0","picture3sViewRate":"1.0","noteType":[{"contentTag":"美食","percent":"100.0"}],"pagePercentVo":{"impSearchPercent":1}`

func TestFiguresThatNeedNotes(t *testing.T) {
	var (
		enough  []schema.Caveat
		noNotes = []schema.Caveat{schema.NoNotesInScope.With()}
		unknown = []schema.Caveat{schema.NotesUnknown.With()}
		oneNote = []schema.Caveat{schema.OneNoteInScope.With()}
		few     = func(n int) []schema.Caveat { return []schema.Caveat{schema.FewNotesInScope.With(n)} }
	)
	for _, c := range []struct {
		counts                              string
		figures, videoCompletion, imageRead bool
		caveats                             []schema.Caveat
	}{
		{`"noteNumber":24,"videoNoteNumber":10`, true, true, true, enough},
		{`"noteNumber":5,"videoNoteNumber":5`, true, true, false, enough},
		{`"noteNumber":5,"videoNoteNumber":0`, true, false, true, enough},
		{`"noteNumber":"4","videoNoteNumber":"1"`, true, true, true, few(4)},
		{`"noteNumber":1,"videoNoteNumber":1`, true, true, false, oneNote},
		{`"noteNumber":24`, true, false, false, enough}, // how many are videos is not known
		{`"noteNumber":24,"videoNoteNumber":"-"`, true, false, false, enough},
		{`"noteNumber":24,"videoNoteNumber":-1`, true, false, false, enough},
		{`"noteNumber":3,"videoNoteNumber":4`, true, true, false, append(few(3), schema.VideosAboveNotes.With(4.0, 3.0))},
		{`"noteNumber":9,"videoNoteNumber":10`, true, true, false, []schema.Caveat{schema.VideosAboveNotes.With(10.0, 9.0)}},
		{`"noteNumber":0,"videoNoteNumber":0`, false, false, false, noNotes},
		{`"noteNumber":0,"videoNoteNumber":3`, false, false, false, append(noNotes, schema.VideosAboveNotes.With(3.0, 0.0))},
		{`"noteNumber":null,"videoNoteNumber":3`, true, true, false, unknown},
		{`"noteNumber":"-"`, true, false, false, unknown},
		{`"noteNumber":-1`, true, false, false, unknown},
		{`"unheardOf":1`, true, false, false, unknown},
	} {
		call := fmt.Sprintf("Section(performance, with %s)", c.counts)
		got, caveats := section(t, schema.SectionPerformance, `{`+c.counts+`,`+everyRate+`}`)
		for member, want := range map[string]bool{
			"impressionMedian": c.figures, "readMedian": c.figures, "engagementMedian": c.figures, "likeMedian": c.figures, "shareMedian": c.figures,
			"engagementRatePercent": c.figures, "abovePeersPercent.impressions": c.figures, "categories": c.figures, "traffic": c.figures,
			"videoCompletionPercent": c.videoCompletion, "abovePeersPercent.videoCompletion": c.videoCompletion, "imageRead3sPercent": c.imageRead,
		} {
			if value := show(got, member); want && value == "absent" {
				t.Errorf("%s: got no %s, want it", call, member)
			} else if !want && value != "absent" {
				t.Errorf("%s: got %s as %s, want none", call, member, value)
			}
		}
		sameCaveats(t, call, caveats, c.caveats...)
	}
}

// A median of 0 is a fact only where there are notes.
func TestMediansOfZero(t *testing.T) {
	const zeros = `"likeMedian":0,"collectMedian":"0","commentMedian":0.0,"shareMedian":0,"mFollowCnt":0,"mfollowCnt":0`
	for notes, want := range map[string]string{`9`: "0", `1`: "0", `0`: "absent", `null`: "absent", `"-"`: "absent"} {
		got := insight(t, schema.SectionPerformance, `{"noteNumber":`+notes+`,`+zeros+`}`)
		for _, member := range []string{"likeMedian", "collectMedian", "commentMedian", "shareMedian", "followMedian"} {
			if value := show(got, member); value != want {
				t.Errorf("Section(performance, with %s notes and %s): got the %s %s, want %s", notes, zeros, member, value, want)
			}
		}
	}
	got := insight(t, schema.SectionPerformance, `{"likeMedian":5,"collectMedian":0,"readMedian":20}`)
	if likes, ratio := show(got, "likeMedian"), show(got, "collectsToLikes"); likes != "5" || ratio != "absent" {
		t.Errorf("Section(performance) of 5 likes, 0 collects and no number of notes: got the likeMedian %s and collectsToLikes %s, want 5 and none", likes, ratio)
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
			t.Errorf("Section(performance, with %s): got the engagementMedian %s, want %s", members, got, want)
		}
	}
	for members, want := range map[string]string{
		`"mFollowCnt":41,"mfollowCnt":5`: "41", `"mfollowCnt":41`: "41", `"mFollowCnt":0,"mfollowCnt":41`: "0", `"mFollowCnt":"-","mfollowCnt":41`: "41",
	} {
		if got := show(insight(t, schema.SectionPerformance, `{"noteNumber":9,`+members+`}`), "followMedian"); got != want {
			t.Errorf("Section(performance, with %s): got the followMedian %s, want %s", members, got, want)
		}
	}
}

func TestArgumentsInTheSections(t *testing.T) {
	in := schema.InsightsInput{Scope: schema.ScopeSponsored, Format: schema.FormatVideo, Days: 90, Traffic: schema.TrafficOrganic, Page: 3}
	const nothing = "absent absent absent absent absent"
	for section, want := range map[schema.Section]string{
		"performance": "sponsored video 90 false absent", "trend": "sponsored video 90 false absent",
		"notes":  "sponsored video absent true 3", // the lists follow no switch
		"growth": "absent absent 90 absent absent", "audience": nothing, "followers": nothing, "costs": nothing, "availability": nothing,
	} {
		got := insight(t, section, around[section], in)
		var said []string
		for _, member := range []string{"scope", "format", "days", "paidTraffic", "page"} {
			said = append(said, strings.Trim(show(got, member), `"`))
		}
		if got := strings.Join(said, " "); got != want {
			t.Errorf("Section(%s) of %+v: got scope, format, days, paidTraffic and page %s, want %s", section, in, got, want)
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
		call := fmt.Sprintf("Section(audience, with 25 %s)", key)
		got, caveats := section(t, schema.SectionAudience, `{"`+key+`":`+list(25)+`}`)
		entries, _ := got[want.member].([]any)
		if len(entries) != want.most {
			t.Errorf("%s: got %d entries of %s, want %d", call, len(entries), want.member, want.most)
			continue
		}
		nameKey, first := "name", `"n24"` // the largest
		var wantCaveats []schema.Caveat
		if key == "ages" { // in the upstream's order, and cut only where there are far too many
			nameKey, first = "group", `"n0"`
			wantCaveats = append(wantCaveats, schema.ListCut.With(20, 25, lang.T{En: "ages", Zh: "年龄分布"}))
		}
		if name := show(entries[0].(map[string]any), nameKey); name != first {
			t.Errorf("%s: got %s first in %s, want %s", call, name, want.member, first)
		}
		sameCaveats(t, call, caveats, wantCaveats...)
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
			t.Errorf("%s: got provinces and overseas %s, want %s", call(schema.SectionAudience, data), g, want)
		}
	}
	for devices, want := range map[string]string{
		`[{"name":"apple inc.","desc":"苹果","percent":0.5}]`: `[{"name":"苹果","percent":50}]`,
		`[{"name":"apple inc.","desc":"","percent":0.5}]`:   `[{"name":"apple inc.","percent":50}]`,
		`[{"name":"apple inc.","desc":7,"percent":0.5}]`:    `[{"name":"7","percent":50}]`,
		`[{"name":"apple inc.","desc":{},"percent":0.5}]`:   `[{"name":"apple inc.","percent":50}]`,
		`[{"name":"apple inc.","percent":0.5}]`:             `[{"name":"apple inc.","percent":50}]`,
		`[{"percent":0.5}]`:                                 `absent`,
	} {
		if got := show(insight(t, schema.SectionAudience, `{"devices":`+devices+`}`), "topDevices"); got != want {
			t.Errorf("Section(audience, with devices %s): got the topDevices %s, want %s", devices, got, want)
		}
	}
}

func TestFollowersRules(t *testing.T) {
	const rates = `,"fansIncreaseNum":-7,"fansGrowthRate":"-0.7","activeFansRate":"77.1","readFansRate":"19.4","fansGrowthBeyondRate":"72.5"`
	for _, none := range []string{`"fansNum":0`, `"fansNum":"0"`, `"fansNum":null`, `"fansNum":"-"`, `"fansNum":-1`, `"unheardOf":1`} {
		checkSection(t, schema.SectionFollowers, `{`+none+rates+`}`, `{}`, schema.NoFollowerCount.With())
	}
	checkSection(t, schema.SectionFollowers, `{"fansNum":1000`+rates+`}`,
		`{"followers":1000,"change30d":-7,"changeRate30dPercent":-0.7,"active28dPercent":77.1,"read30dPercent":19.4,"abovePeersPercent":{"growth":72.5}}`)
	for rates, want := range map[string][]schema.Caveat{
		`"activeFansRate":"50.0","readFansRate":"0.9"`: {schema.ActiveNotReading.With(json.Number("50"), json.Number("0.9"))},
		`"activeFansRate":"77.1","readFansRate":"0.0"`: {schema.ActiveNotReading.With(json.Number("77.1"), json.Number("0"))},
		`"activeFansRate":"49.9","readFansRate":"0.9"`: nil,
		`"activeFansRate":"77.1","readFansRate":"1.0"`: nil,
		`"activeFansRate":"77.1","readFansRate":"-"`:   nil,
		`"activeFansRate":"77.1"`:                      nil,
		`"readFansRate":"0.1"`:                         nil,
	} {
		data := `{"fansNum":1000,` + rates + `}`
		_, got := section(t, schema.SectionFollowers, data)
		sameCaveats(t, call(schema.SectionFollowers, data), got, want...)
	}
}

func TestCostsRules(t *testing.T) {
	for data, want := range map[string]string{
		`{"estimatePictureCpm":245.6,"videoReadCost":"0.61"}`:                              `{"image":{"cpmCny":245.6},"video":{"cnyPerRead":0.61}}`,
		`{"estimatePictureCpm":null,"pictureReadCost":"0.00","estimateVideoCpm":259.5}`:    `{"video":{"cpmCny":259.5},"notProvided":["image"]}`,
		`{"estimateVideoCpm":0,"estimateVideoEngageCost":-3,"estimatePictureCpm":"245.6"}`: `{"image":{"cpmCny":245.6},"notProvided":["video"]}`,
		`{"pictureCase":2}`: `{"notProvided":["image","video"]}`,
	} {
		checkSection(t, schema.SectionCosts, data, want)
	}
	checkSection(t, schema.SectionCosts, sectionData(t, "5a3e1e000000000000000001", schema.SectionCosts),
		`{"video":{"cpmCny":259.5419847328244,"cnyPerEngagement":16.267942583732058,"cnyPerRead":0.61},"notProvided":["image"]}`)
}

// A section without any figure has a caveat, or names the formats without figures.
func TestSectionsOfNothing(t *testing.T) {
	for _, c := range []struct {
		section schema.Section
		want    string
		caveats []schema.Caveat
	}{
		{schema.SectionPerformance, `{"scope":"daily","format":"all","days":30,"paidTraffic":true}`, []schema.Caveat{schema.NothingReported.With()}},
		{schema.SectionAudience, `{}`, []schema.Caveat{schema.NothingReported.With()}},
		{schema.SectionFollowers, `{}`, []schema.Caveat{schema.NoFollowerCount.With()}},
		{schema.SectionCosts, `{"notProvided":["image","video"]}`, nil},
		{schema.SectionNotes, `{"scope":"daily","format":"all","paidTraffic":true,"rows":[]}`, []schema.Caveat{schema.NoNotesListed.With()}},
		{schema.SectionTrend, `{"scope":"daily","format":"all","days":30,"paidTraffic":true}`, []schema.Caveat{schema.NoDays.With()}},
		{schema.SectionGrowth, `{"days":30}`, []schema.Caveat{schema.NoDays.With()}},
		{schema.SectionAvailability, `{}`, []schema.Caveat{schema.NothingReported.With()}},
	} {
		for _, data := range []string{`{"unheardOf":7}`, `{}`, `[]`, `null`, `7`, ``} {
			checkSection(t, c.section, data, c.want, c.caveats...)
		}
	}
}

// A list of the largest shares compares them before they are rounded, and cuts long
// names.
func TestTopListsAreOfTheExactShares(t *testing.T) {
	var devices []string
	for i, percent := range []string{"0.123451", "0.9", "0.8", "0.7", "0.123454", "0.6"} {
		devices = append(devices, fmt.Sprintf(`{"name":"%d%s","percent":%s}`, i, strings.Repeat("长", 30), percent))
	}
	p, _ := Section(schema.SectionAudience, json.RawMessage(`{"devices":[`+strings.Join(devices, ",")+`]}`), &schema.InsightsInput{}, nil)
	shares := p.Distributions[0].Shares
	if got := shares[4].Name; !strings.HasPrefix(got, "4") {
		t.Errorf("Section(audience, with the devices %s): got %s fifth, want the one of 0.123454", devices, got)
	}
	if n := len([]rune(shares[0].Name)); n != maxListName {
		t.Errorf("Section(audience, with the devices %s): got a name of %d characters, want %d", devices, n, maxListName)
	}
}
