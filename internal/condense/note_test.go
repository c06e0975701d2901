package condense

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

const sampleNote = "5a3e1e0000000000000000c1"

// fetched is 5 days after the sample notes were published, in China and in UTC.
var fetched = time.Date(2026, 5, 3, 1, 0, 0, 0, time.UTC)

// noteAnswer is the data object of an answer about a note.
func noteAnswer(members string) json.RawMessage {
	return json.RawMessage(`{"noteId":"` + sampleNote + `",` + members + `}`)
}

func TestNote(t *testing.T) {
	data := noteAnswer(`"userId":"5a3e1e000000000000000004","name":"样例：机构全量","type":2,"title":"样例合作笔记 01","content":"样例正文 #样例话题[话题]#","createTime":"2026-04-28 12:00",
		"impNum":148200,"likeNum":1101,"favNum":640,"cmtNum":87,"readNum":51240,"shareNum":58,"followCnt":33,"reportBrandName":"样例品牌甲",
		"userInfo":{"nickName":"x","userId":"5a3e1e000000000000000005","clickMidNum":88210,"interMidNum":2950,"mengagementNum":3105,"mEngagementNum":3105}`)
	row, caveats := Note(data, sampleNote, 12000, fetched)
	got := members(t, row)
	want := map[string]string{
		"noteId": `"` + sampleNote + `"`, "url": `"https://www.xiaohongshu.com/explore/` + sampleNote + `"`, "title": `"样例合作笔记 01"`, "format": `"video"`,
		"publishedOn": `"2026-04-28"`, "daysOut": "5", "userId": `"5a3e1e000000000000000004"`, "name": `"样例：机构全量"`, "brand": `"样例品牌甲"`,
		"impressions": "148200", "reads": "51240", "likes": "1101", "collects": "640", "comments": "87", "shares": "58", "newFollowers": "33", "engagements": "1919",
		"readRatePercent": "34.57", "engagementRatePercent": "3.745", "paidCny": "12000", "cpmCny": "80.97", "cnyPerRead": "0.2342", "cnyPerEngagement": "6.253",
		"readsToMedian": "0.5809", "engagementsToMedian": "0.618",
	}
	for name, value := range want {
		testkit.Equal(t, "the member "+name, show(got, name), value)
	}
	testkit.Equal(t, "the number of members", len(got), len(want))
	sameCaveats(t, "Note of a note 5 days old", caveats, schema.YoungNote.With())
}

// Each rule of the guide, by what it does to single members.
func TestNoteRules(t *testing.T) {
	long := strings.Repeat("长", 59)
	for _, c := range []struct {
		members string
		paid    float64
		want    map[string]string
	}{
		// Counts of which all are 0 are not filled.
		{`"impNum":0,"readNum":0,"likeNum":0,"favNum":0,"cmtNum":0,"shareNum":0,"followCnt":0`, 5000, map[string]string{
			"impressions": "absent", "reads": "absent", "likes": "absent", "newFollowers": "absent", "engagements": "absent", "notProvided": `["counts"]`, "paidCny": "5000", "cnyPerRead": "absent", "cpmCny": "absent", "cnyPerEngagement": "absent"}},
		{`"impNum":"0","readNum":0.0,"likeNum":null`, 0, map[string]string{"impressions": "absent", "likes": "absent", "notProvided": `["counts"]`, "paidCny": "absent"}},
		{`"title":"x"`, 0, map[string]string{"reads": "absent", "notProvided": `["counts"]`}},
		// Else 0 is a fact, but for impressions and reads.
		{`"impNum":0,"readNum":0,"likeNum":5,"favNum":0,"cmtNum":0,"shareNum":0,"followCnt":0`, 100, map[string]string{
			"impressions": "absent", "reads": "absent", "likes": "5", "collects": "0", "comments": "0", "newFollowers": "0", "engagements": "5", "notProvided": "absent", "cnyPerEngagement": "20", "cnyPerRead": "absent"}},
		// More reads than impressions: both stand, their share is impossible.
		{`"impNum":900,"readNum":901`, 0, map[string]string{"impressions": "900", "reads": "901", "readRatePercent": "absent"}},
		{`"impNum":900,"readNum":900`, 0, map[string]string{"readRatePercent": "100"}},
		{`"impNum":900,"readNum":0,"likeNum":0`, 0, map[string]string{"impressions": "900", "reads": "absent", "likes": "0", "engagements": "0", "readRatePercent": "absent", "engagementRatePercent": "absent"}},
		{`"readNum":100,"likeNum":0,"favNum":0,"cmtNum":0,"shareNum":0,"followCnt":0`, 50, map[string]string{"engagements": "0", "engagementRatePercent": "0", "cnyPerEngagement": "absent", "cnyPerRead": "0.5"}},
		// Engagements are the sum of what is given, and need likes.
		{`"readNum":100,"likeNum":"3","shareNum":2`, 0, map[string]string{"engagements": "5", "engagementRatePercent": "5", "collects": "absent"}},
		{`"readNum":100,"favNum":3,"shareNum":2`, 0, map[string]string{"engagements": "absent", "collects": "3"}},
		{`"readNum":-5,"likeNum":4,"impNum":1e18`, 0, map[string]string{"reads": "absent", "impressions": "absent", "likes": "4"}},
		// Medians: the first that is above 0.
		{`"readNum":50,"likeNum":6,"userInfo":{"clickMidNum":100,"mEngagementNum":0,"mengagementNum":12,"interMidNum":3}`, 0, map[string]string{"readsToMedian": "0.5", "engagementsToMedian": "0.5"}},
		{`"readNum":50,"likeNum":6,"userInfo":{"clickMidNum":"0","interMidNum":"2.5"}`, 0, map[string]string{"readsToMedian": "absent", "engagementsToMedian": "2.4"}},
		{`"readNum":50,"likeNum":6,"userInfo":[]`, 0, map[string]string{"readsToMedian": "absent", "engagementsToMedian": "absent"}},
		// Words.
		{`"title":" ","content":"样例正文\n第二行 #样例话题[话题]# "`, 0, map[string]string{"title": `"样例正文 第二行 #样例话题#"`}},
		{`"title":null,"content":"` + strings.Repeat("长", 80) + `"`, 0, map[string]string{"title": `"` + long + `…"`}},
		{`"title":"` + strings.Repeat("长", 10000) + `"`, 0, map[string]string{"title": `"` + long + `…"`}},
		{`"title":"","content":""`, 0, map[string]string{"title": "absent", "name": "absent", "brand": "absent", "userId": "absent", "format": "absent", "publishedOn": "absent", "daysOut": "absent"}},
		{`"userInfo":{"nickName":"团子","userId":"5A3E1E000000000000000005"}`, 0, map[string]string{"name": `"团子"`, "userId": `"5a3e1e000000000000000005"`}},
		{`"userId":"evil","type":"1"`, 0, map[string]string{"userId": "absent", "format": `"image"`}},
		{`"type":3`, 0, map[string]string{"format": "absent"}},
		// Days are days in China.
		{`"createTime":"2026-05-03 08:59"`, 0, map[string]string{"publishedOn": `"2026-05-03"`, "daysOut": "0"}},
		{`"createTime":"2026-05-02 23:59:59"`, 0, map[string]string{"daysOut": "1"}},
		{`"createTime":"2026-04-26"`, 0, map[string]string{"daysOut": "7"}},
		{`"createTime":"2026-05-04 00:00"`, 0, map[string]string{"publishedOn": `"2026-05-04"`, "daysOut": "absent"}},
		{`"createTime":"yesterday"`, 0, map[string]string{"publishedOn": "absent", "daysOut": "absent"}},
		{`"createTime":1777348800000`, 0, map[string]string{"publishedOn": "absent"}},
	} {
		row, _ := Note(noteAnswer(c.members), sampleNote, c.paid, fetched)
		got := members(t, row)
		for name, want := range c.want {
			testkit.Equal(t, fmt.Sprintf("Note(%.120s, paid %v): %s", c.members, c.paid, name), show(got, name), want)
		}
	}
}

// A day begins at midnight in China, also where it is still another one in UTC.
func TestDaysOutInChina(t *testing.T) {
	row, _ := Note(noteAnswer(`"createTime":"2026-05-02 12:00"`), sampleNote, 0, time.Date(2026, 5, 2, 16, 0, 0, 0, time.UTC))
	testkit.Equal(t, "daysOut at 16:00 UTC", *row.DaysOut, 1)
	row, _ = Note(noteAnswer(`"createTime":"2026-05-02 12:00"`), sampleNote, 0, time.Date(2026, 5, 2, 15, 59, 59, 0, time.UTC))
	testkit.Equal(t, "daysOut at 15:59 UTC", *row.DaysOut, 0)
}

func TestNoteCaveats(t *testing.T) {
	const counts = `"readNum":5,"likeNum":1`
	for members, want := range map[string][]schema.Caveat{
		counts + `,"createTime":"2026-04-26 12:00"`: nil,
		counts + `,"createTime":"2026-04-27 00:00"`: {schema.YoungNote.With()},
		counts:                            nil,
		`"createTime":"2026-04-01 12:00"`: {schema.NoCounts.With()},
		`"createTime":"2026-05-01 12:00"`: {schema.NoCounts.With(), schema.YoungNote.With()},
	} {
		_, got := Note(noteAnswer(members), sampleNote, 0, fetched)
		sameCaveats(t, "Note("+members+")", got, want...)
	}
}

// reviewed condenses notes of reads, engagements and amounts; -1 is not known.
func reviewed(notes ...[3]float64) []schema.ReviewRow {
	var rows []schema.ReviewRow
	for _, n := range notes {
		members := []string{`"followCnt":0`}
		if n[0] >= 0 {
			members = append(members, fmt.Sprintf(`"readNum":%v`, n[0]))
		}
		if n[1] >= 0 {
			members = append(members, fmt.Sprintf(`"likeNum":%v`, n[1]))
		}
		row, _ := Note(noteAnswer(strings.Join(members, ",")), sampleNote, n[2], fetched)
		rows = append(rows, row)
	}
	return rows
}

func TestTotals(t *testing.T) {
	for _, c := range []struct {
		what string
		rows []schema.ReviewRow
		want string
	}{
		{"the guide's example", reviewed([3]float64{8200, -1, 13200}, [3]float64{4100, -1, 5000}, [3]float64{900, -1, 700}, [3]float64{51240, -1, 0}),
			`{"notes":4,"reads":64440,"paidNotes":3,"paidCny":18900,"cnyPerRead":1.432}`},
		{"a note without counts", reviewed([3]float64{100, 10, 50}, [3]float64{0, 0, 5000}), `{"notes":1,"reads":100,"engagements":10,"paidNotes":1,"paidCny":50,"cnyPerRead":0.5,"cnyPerEngagement":5}`},
		{"an amount without the divisor", reviewed([3]float64{-1, 10, 50}, [3]float64{100, 10, 30}), `{"notes":2,"reads":100,"engagements":20,"paidNotes":2,"paidCny":80,"cnyPerRead":0.3,"cnyPerEngagement":4}`},
		{"no amounts", reviewed([3]float64{100, 10, 0}), `{"notes":1,"reads":100,"engagements":10,"paidNotes":0}`},
		{"no engagements for an amount", reviewed([3]float64{100, 0, 30}, [3]float64{100, 10, 30}), `{"notes":2,"reads":200,"engagements":10,"paidNotes":2,"paidCny":60,"cnyPerRead":0.3,"cnyPerEngagement":6}`},
		{"amounts with cents", reviewed([3]float64{10, 1, 0.1}, [3]float64{20, 2, 0.2}), `{"notes":2,"reads":30,"engagements":3,"paidNotes":2,"paidCny":0.3,"cnyPerRead":0.01,"cnyPerEngagement":0.1}`},
		{"no rows", nil, `{"notes":0,"paidNotes":0}`},
		{"a failed row", []schema.ReviewRow{{NoteID: sampleNote, Error: "x", PaidCNY: new(float64)}}, `{"notes":0,"paidNotes":0}`},
	} {
		testkit.Equal(t, c.what, encode(t, Totals(c.rows)), c.want)
	}
	two := append(reviewed([3]float64{1000, 1, 80}), reviewed([3]float64{500, 1, 20})...)
	for i, impressions := range []int64{4000, 1000} {
		two[i].Impressions = &impressions
	}
	testkit.Equal(t, "the CPM of two notes", *Totals(two).CPM, 20)
}

// Notes with the value come first; the others, then those without an answer, keep their
// order.
func TestRankNotes(t *testing.T) {
	rows := reviewed([3]float64{100, 5, 200}, [3]float64{100, 5, 0}, [3]float64{300, 5, 100}, [3]float64{100, 5, 200})
	rows = append([]schema.ReviewRow{{Error: "not_found: x"}, {Error: "pending: x", Pending: true}, {Error: "not_cached: x", NotCached: true}}, rows...)
	for i := range rows {
		rows[i].NoteID = fmt.Sprint(i)
	}
	for key, want := range map[schema.NoteSortKey]string{
		"cnyPerRead": "1:5 2:3 3:6 -:4 -:1 -:2 -:0", "cnyPerEngagement": "1:5 2:3 3:6 -:4 -:1 -:2 -:0",
		"reads": "1:5 2:3 3:4 4:6 -:1 -:2 -:0", "engagements": "1:3 2:4 3:5 4:6 -:1 -:2 -:0", "cpmCny": "-:3 -:4 -:5 -:6 -:1 -:2 -:0", "readsToMedian": "-:3 -:4 -:5 -:6 -:1 -:2 -:0",
	} {
		sorted := append([]schema.ReviewRow(nil), rows...)
		RankNotes(sorted, key)
		var got []string
		for _, r := range sorted {
			place := "-"
			if r.Rank != nil {
				place = fmt.Sprint(*r.Rank)
			}
			got = append(got, place+":"+r.NoteID)
		}
		testkit.Equal(t, "by "+string(key), strings.Join(got, " "), want)
	}
}

// No answer makes a figure that is negative, or a text of more than one line.
func FuzzNote(f *testing.F) {
	for _, s := range []string{`{}`, `[]`, `{"impNum":1,"likeNum":"2","createTime":"2026-05-01","title":"a\nb"}`, `{"userInfo":{"clickMidNum":1e-9},"readNum":9e15}`} {
		f.Add([]byte(s), 12.5)
	}
	f.Fuzz(func(t *testing.T, data []byte, paid float64) {
		if !json.Valid(data) || !(paid >= 0 && paid <= 1e12) {
			return
		}
		row, caveats := Note(data, sampleNote, paid, fetched)
		checkArguments(t, "Note", caveats)
		for i := range schema.NoteColumns {
			c := &schema.NoteColumns[i]
			if c.Figure != nil {
				if v, ok := c.Figure(&row); ok && !(v >= 0) {
					t.Errorf("%s of %.300s: got %v, want 0 or more", c.Name, data, v)
				}
			} else if strings.ContainsAny(c.Text(&row), "\n\r\t\x1b") {
				t.Errorf("%s of %.300s: got %q, want one line", c.Name, data, c.Text(&row))
			}
		}
		encode(t, row)
		encode(t, Totals([]schema.ReviewRow{row}))
	})
}
