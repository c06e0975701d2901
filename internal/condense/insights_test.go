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

// section gives the published form of one section, which has no caveats until they are
// said, and its caveats. The arguments are the default ones unless in says otherwise.
func section(t testing.TB, name schema.Section, data string, in ...schema.InsightsInput) (map[string]any, []schema.Caveat) {
	t.Helper()
	asked := schema.InsightsInput{Scope: schema.ScopeDaily, Format: schema.FormatAll, Days: 30}
	if len(in) > 0 {
		asked = in[0]
	}
	p, caveats := Section(name, json.RawMessage(data), &asked, nil)
	checkArguments(t, call(name, data), caveats)
	return members(t, p), caveats
}

// insight is section without the caveats.
func insight(t testing.TB, name schema.Section, data string, in ...schema.InsightsInput) map[string]any {
	t.Helper()
	m, _ := section(t, name, data, in...)
	return m
}

// call names a call of Section.
func call(name schema.Section, data string) string {
	return fmt.Sprintf("Section(%s, %.300s)", name, data)
}

// The figures of the sample blogger full, computed by hand.
const fullPerformance = `{"scope":"daily","format":"all","days":30,"paidTraffic":true,"notes":24,"videoNotes":10,
	"impressionMedian":214600,"readMedian":88210,"engagementMedian":3105,
	"likeMedian":1840,"collectMedian":910,"commentMedian":200,"shareMedian":96,"followMedian":41,
	"engagementRatePercent":3.6,"notesOver100LikesPercent":100,"notesOver1000LikesPercent":58.3,
	"videoCompletionPercent":21.6,"imageRead3sPercent":58.9,
	"readRatePercent":41.1,"collectsToLikes":0.4946,"readsToLikes":47.94,"videoSharePercent":41.67,
	"abovePeersPercent":{"impressions":88.4,"reads":91.2,"videoCompletion":63},
	"categories":[{"category":"科技数码","percent":75},{"category":"家居家装","percent":25}],
	"traffic":{
		"impressions":{"discoveryPercent":74.1,"searchPercent":10.2,"followingPercent":4.8,"profilePercent":8.1,"nearbyPercent":0.1,"otherPercent":2.7},
		"reads":{"discoveryPercent":65.5,"searchPercent":16.8,"followingPercent":7.1,"profilePercent":8.3,"nearbyPercent":0.1,"otherPercent":2.2}}}`

const fullAudience = `{"asOf":"2026-04-30","femalePercent":38.71,"malePercent":61.29,"firstTierPercent":18.82,"overseasPercent":2.317,
	"ages":[{"group":"<18","percent":3.12},{"group":"18-24","percent":24.17},{"group":"25-34","percent":46.38},{"group":"35-44","percent":19.25},{"group":">44","percent":7.08}],
	"topProvinces":[{"name":"广东","percent":8.467},{"name":"江苏","percent":8.251},{"name":"浙江","percent":7.94},{"name":"山东","percent":7.938},{"name":"北京","percent":6.709},
		{"name":"上海","percent":6.604},{"name":"四川","percent":6.409},{"name":"河南","percent":5.443},{"name":"湖北","percent":4.458},{"name":"湖南","percent":3.935}],
	"topCities":[{"name":"北京","percent":6.709},{"name":"上海","percent":6.604},{"name":"成都","percent":3.205},{"name":"杭州","percent":3.017},{"name":"广州","percent":2.879},
		{"name":"深圳","percent":2.625},{"name":"武汉","percent":2.05},{"name":"重庆","percent":1.824},{"name":"西安","percent":1.503}],
	"topInterests":[{"name":"科技数码","percent":9.674},{"name":"家居家装","percent":8.409},{"name":"美食","percent":7.287},{"name":"娱乐","percent":7.228},{"name":"游戏","percent":6.621},
		{"name":"汽车","percent":5.822},{"name":"摄影","percent":5.147},{"name":"影视","percent":4.523},{"name":"生活记录","percent":4.262},{"name":"旅游","percent":4.181}],
	"topDevices":[{"name":"苹果","percent":24.16},{"name":"华为","percent":20.72},{"name":"小米","percent":15.69},{"name":"honor","percent":12.18},{"name":"vivo","percent":10.01}]}`

const fullFollowers = `{"followers":1203344,"change30d":12418,"changeRate30dPercent":1,"active28dPercent":77.1,"read30dPercent":19.4,"engaged30dPercent":2.4,"buyers30dPercent":33,
	"abovePeersPercent":{"growth":72.5,"active":69.3,"read":80.6,"engaged":74.8}}`

const fullCosts = `{"image":{"cpmCny":245.6140350877193,"cnyPerEngagement":19.004524886877828,"cnyPerRead":0.74},
	"video":{"cpmCny":259.5419847328244,"cnyPerEngagement":16.267942583732058,"cnyPerRead":0.61}}`

const fullNotes = `{"scope":"daily","format":"all","paidTraffic":true,"total":96,"rows":[
	{"title":"样例笔记 15","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000af","publishedOn":"2026-04-30","format":"image","reads":100096,"likes":2459,"collects":1387},
	{"title":"样例笔记 14","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000ae","publishedOn":"2026-04-29","format":"video","reads":116107,"likes":1699,"collects":1635},
	{"title":"样例笔记 13","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000ad","publishedOn":"2026-04-28","format":"image","reads":123310,"likes":2902,"collects":1997},
	{"title":"样例合作笔记 01","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1","publishedOn":"2026-04-28","format":"video","brand":"样例品牌甲","reads":51240,"likes":1101,"collects":640,"shopVisits":312},
	{"title":"样例笔记 12","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000ac","publishedOn":"2026-04-27","format":"video","reads":49482,"likes":1066,"collects":530},
	{"title":"样例笔记 11","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000ab","publishedOn":"2026-04-26","format":"image","reads":98829,"likes":1990,"collects":659},
	{"title":"样例笔记 10","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000aa","publishedOn":"2026-04-25","format":"image","reads":46874,"likes":1120,"collects":677},
	{"title":"样例合作笔记 02","url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c2","publishedOn":"2026-04-24","format":"image","brand":"样例品牌乙","reads":40388,"likes":902,"collects":377}]}`

// (88,210 − 110,781) ÷ 110,781
// is −20.37 %, (3,105 − 3,899) ÷ 3,899 is −20.36 %.
const fullTrend = `{"scope":"daily","format":"all","days":30,"paidTraffic":true,
	"readMedian":{"first":{"date":"2026-04-01","value":110781},"last":{"date":"2026-04-30","value":88210},"low":{"date":"2026-04-29","value":84824},"high":{"date":"2026-04-01","value":110781}},
	"engagementMedian":{"first":{"date":"2026-04-01","value":3899},"last":{"date":"2026-04-30","value":3105},"low":{"date":"2026-04-29","value":2985},"high":{"date":"2026-04-01","value":3899}},
	"changePercent":{"reads":-20.37,"engagements":-20.36},"cpmCny":316.8685927306617,"cnyPerEngagement":21.900161030595815}`

// 1,198,643 − 1,197,394 followers on 20 April is 10.06 % of 12,418.
const fullGrowth = `{"days":30,"change":12418,"changePercent":1.04,"largestDay":{"date":"2026-04-20","change":1249},"largestDayPercent":10.06}`

const fullAvailability = `{"asOf":"2026-04-30","replyPercent":87.5,"invitations":48,"activeDaysOf7":6,"active":true,"easyToReach":true,"industries":["3c及电器","家用电器"]}`

// Every member of the given shapes, at the guide's scale, computed by hand.
func TestFullSample(t *testing.T) {
	for section, want := range map[schema.Section]string{
		schema.SectionPerformance: fullPerformance, schema.SectionAudience: fullAudience, schema.SectionFollowers: fullFollowers,
		schema.SectionCosts: fullCosts, schema.SectionNotes: fullNotes, schema.SectionAvailability: fullAvailability,
	} {
		checkSection(t, section, sectionData(t, full, section), want)
	}
	for section, c := range map[schema.Section]struct{ want, first, last string }{
		schema.SectionTrend: {fullTrend, `{"date":"2026-04-01","engagementMedian":3899,"impressionMedian":269197,"readMedian":110781}`,
			`{"date":"2026-04-30","engagementMedian":3105,"impressionMedian":214600,"readMedian":88210}`},
		schema.SectionGrowth: {fullGrowth, `{"date":"2026-04-01","followers":1190926}`, `{"date":"2026-04-30","followers":1203344}`},
	} {
		data := sectionData(t, full, section)
		got := insight(t, section, data)
		points, _ := got["points"].([]any)
		if len(points) != 30 {
			t.Fatalf("%s: got %d points, want 30", call(section, data), len(points))
		}
		for i, want := range map[int]string{0: c.first, 29: c.last} {
			if g := encode(t, points[i]); g != want {
				t.Errorf("%s: got the point %d %s, want %s", call(section, data), i, g, want)
			}
		}
		delete(got, "points")
		sameMembers(t, call(section, data), got, c.want)
	}
}

// Numbers as strings, strings as numbers and unknown members change only the members
// that nobody can read any more.
func TestSampleWithOtherSpellings(t *testing.T) {
	const odd = "5a3e1e000000000000000005"
	audience := strings.NewReplacer(`{"name":"科技数码","percent":9.674},{"name":"家居家装","percent":8.409},`, "",
		`{"name":"旅游","percent":4.181}`, `{"name":"旅游","percent":4.181},{"name":"时尚","percent":3.706},{"name":"运动健身","percent":3.694}`,
		`苹果`, `apple inc.`).Replace(fullAudience)
	notes := strings.NewReplacer(`"title":"样例笔记 15",`, `"title":"15",`, `"url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1",`, "").Replace(fullNotes)
	for section, want := range map[schema.Section]string{
		schema.SectionPerformance: strings.Replace(fullPerformance, `"shareMedian":96,`, "", 1),
		schema.SectionAudience:    audience, schema.SectionFollowers: fullFollowers, schema.SectionCosts: fullCosts, schema.SectionNotes: notes,
		schema.SectionAvailability: fullAvailability,
	} {
		checkSection(t, section, sectionData(t, odd, section), want)
	}
}

// Four days are missing, and two are not filled.
func TestSampleWithGaps(t *testing.T) {
	const odd = "5a3e1e000000000000000005"
	for section, c := range map[schema.Section]struct {
		want   string
		points int
	}{
		schema.SectionTrend:  {fullTrend, 26},
		schema.SectionGrowth: {fullGrowth, 26},
	} {
		got := insight(t, section, sectionData(t, odd, section))
		points, _ := got["points"].([]any)
		if len(points) != c.points {
			t.Errorf("Section(%s) of the sample with gaps: got %d points, want %d", section, len(points), c.points)
		}
		delete(got, "points")
		want := c.want
		if section == schema.SectionGrowth { // 20 April follows a day that is missing; 1,199,845 − 1,198,681 is the next largest
			want = strings.NewReplacer(`"2026-04-20","change":1249`, `"2026-04-22","change":1164`, "10.06", "9.373").Replace(want)
		}
		sameMembers(t, fmt.Sprintf("Section(%s) of the sample with gaps", section), got, want)
	}
}

func TestSamplesWithoutNotesOrFollowers(t *testing.T) {
	const hollow = "5a3e1e000000000000000003"
	for _, c := range []struct {
		section schema.Section
		want    string
		caveats []schema.Caveat
	}{
		{schema.SectionPerformance, `{"scope":"daily","format":"all","days":30,"paidTraffic":true,"notes":0,"videoNotes":0}`, []schema.Caveat{schema.NoNotesInScope.With()}},
		{schema.SectionFollowers, `{}`, []schema.Caveat{schema.NoFollowerCount.With()}},
		{schema.SectionCosts, `{"notProvided":["image","video"]}`, nil},
		{schema.SectionNotes, `{"scope":"daily","format":"all","paidTraffic":true,"total":0,"rows":[]}`, []schema.Caveat{schema.NoNotesListed.With()}},
		{schema.SectionTrend, `{"scope":"daily","format":"all","days":30,"paidTraffic":true}`, []schema.Caveat{schema.NoDays.With()}},
		{schema.SectionGrowth, `{"days":30}`, []schema.Caveat{schema.NoDays.With()}},
		{schema.SectionAvailability, `{"asOf":"2026-04-30","invitations":0,"activeDaysOf7":0,"active":false,"easyToReach":false}`, nil},
	} {
		checkSection(t, c.section, sectionData(t, hollow, c.section), c.want, c.caveats...)
	}
}

// checkSection names each member that differs from those of want, a JSON object.
func checkSection(t *testing.T, name schema.Section, data, want string, caveats ...schema.Caveat) {
	t.Helper()
	got, gotCaveats := section(t, name, data)
	sameCaveats(t, call(name, data), gotCaveats, caveats...)
	sameMembers(t, call(name, data), got, want)
}

func sameMembers(t *testing.T, call string, got map[string]any, want string) {
	t.Helper()
	w := members(t, json.RawMessage(want))
	union := maps.Clone(w)
	maps.Copy(union, got)
	for _, member := range slices.Sorted(maps.Keys(union)) {
		if g, w := show(got, member), show(w, member); g != w {
			t.Errorf("%s: got %s as\n%s, want\n%s", call, member, g, w)
		}
	}
}
