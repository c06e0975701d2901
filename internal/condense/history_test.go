package condense

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgy-mcp/schema"
)

// profileData is a profile with a video quote, and more members.
func profileData(price int, more string) json.RawMessage {
	return fmt.Appendf(nil, `{"userId":"%024x","videoState":1,"videoPrice":%d%s}`, 1, price, more)
}

var october = time.Date(2026, 10, 1, 8, 30, 0, 999, time.FixedZone("Shanghai", 8*3600))

func TestHistoryLineOfEachAnswer(t *testing.T) {
	const data = `{"userId":"1","fansNum":0,"fansCount":1200,"clickMidNum":64478.5,"mengagementNum":746,"interMidNum":700,"currentLevel":2,
		"pictureState":1,"picturePrice":13000,"pictureShowState":false,"videoState":0,"videoPrice":18000.5}`
	for from, name := range map[schema.AnswerKind]string{schema.SeenInProfile: "profile", schema.SeenInSearch: "search", schema.SeenInNote: "note"} {
		got := string(HistoryLine(json.RawMessage(data), from, october, nil))
		want := `{"at":"2026-10-01T00:30:00Z","from":"` + name + `","imagePriceCny":13000,"imageStatus":"hidden","videoPriceCny":18000.5,"videoStatus":"closed",` +
			`"followers":1200,"readMedian":64479,"engagementMedian":746,"health":"excellent",` +
			`"upstream":{"engagementMedian":"mengagementNum","followers":"fansCount","imagePriceCny":"picturePrice","readMedian":"clickMidNum","videoPriceCny":"videoPrice"}}`
		if got != want {
			t.Errorf("HistoryLine of a %s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// An unknown figure has no member, and an answer without a known figure has no line.
func TestHistoryLineOfUnknownFigures(t *testing.T) {
	for data, want := range map[string]string{
		`{"userId":"1","name":"x"}`: ``,
		`{"x":1}`:                   ``,
		`[]`:                        ``,
		`{"videoState":1,"videoPrice":9999999,"currentLevel":7,"fansNum":0,"clickMidNum":"-","pictureState":9}`: `{"at":"2026-10-01T00:30:00Z","from":"profile","videoStatus":"placeholder"}`,
		`{"videoState":0,"videoPrice":0.3}`:  `{"at":"2026-10-01T00:30:00Z","from":"profile","videoPriceCny":0.3,"videoStatus":"closed","upstream":{"videoPriceCny":"videoPrice"}}`,
		`{"videoState":1,"videoPrice":null}`: `{"at":"2026-10-01T00:30:00Z","from":"profile","videoStatus":"no_quote"}`,
	} {
		if got := string(HistoryLine(json.RawMessage(data), schema.SeenInProfile, october, nil)); got != want {
			t.Errorf("HistoryLine of %s: got %s, want %s", data, got, want)
		}
	}
}

func TestHistoryLineIsWrittenWhereItDiffers(t *testing.T) {
	const known = `,"fansNum":1000,"currentLevel":2`
	last := HistoryLine(profileData(16000, known), schema.SeenInProfile, october, nil)
	for _, c := range []struct {
		what    string
		data    json.RawMessage
		from    schema.AnswerKind
		after   time.Duration
		last    []byte
		written bool
	}{
		{"the same", profileData(16000, known), schema.SeenInProfile, time.Hour, last, false},
		{"the same, exactly a day later", profileData(16000, known), schema.SeenInProfile, 24 * time.Hour, last, false},
		{"the same, over a day later", profileData(16000, known), schema.SeenInProfile, 24*time.Hour + time.Second, last, true},
		{"the same from another answer", profileData(16000, known), schema.SeenInNote, time.Hour, last, false},
		{"less is known", profileData(16000, ""), schema.SeenInProfile, time.Hour, last, false},
		{"a figure from another member", profileData(16000, `,"fansCount":1000`), schema.SeenInProfile, time.Hour, last, false},
		{"more is known", profileData(16000, known+`,"clickMidNum":5`), schema.SeenInProfile, time.Hour, last, true},
		{"another price", profileData(16001, known), schema.SeenInProfile, time.Hour, last, true},
		{"another word", profileData(16000, `,"currentLevel":1`), schema.SeenInProfile, time.Hour, last, true},
		{"no line before", profileData(16000, known), schema.SeenInProfile, time.Hour, nil, true},
		{"a damaged line before", profileData(16000, known), schema.SeenInProfile, time.Hour, last[:len(last)/2], true},
	} {
		got := HistoryLine(c.data, c.from, october.Add(c.after), c.last)
		if (got != nil) != c.written {
			t.Errorf("%s: HistoryLine gives %s, want a line: %v", c.what, got, c.written)
		}
	}
}

// seen is a line of a history.
func seen(at time.Time, from schema.AnswerKind, data string) []byte {
	return HistoryLine(json.RawMessage(data), from, at, nil)
}

func TestChanges(t *testing.T) {
	now := time.Date(2026, 10, 8, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	const day = 24 * time.Hour
	for _, c := range []struct {
		what  string
		lines [][]byte
		data  string
		want  string // what from to since, each
	}{
		{"no history", nil, `{"videoState":1,"videoPrice":18000}`, ""},
		{"a price", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":18000}`,
			"videoPriceCny 16000 18000 2026-10-05"},
		{"a price in a search", [][]byte{seen(ago(3*day), schema.SeenInSearch, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":18000}`,
			"videoPriceCny 16000 18000 2026-10-05"},
		{"the same", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":18000}`)}, `{"videoState":1,"videoPrice":18000}`, ""},
		{"a second less than a day ago", [][]byte{seen(ago(day-time.Second), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":18000}`, ""},
		{"a day ago", [][]byte{seen(ago(day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":18000}`,
			"videoPriceCny 16000 18000 2026-10-07"},
		{"the newest that is a day old counts", [][]byte{
			seen(ago(9*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":10000}`),
			seen(ago(5*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`),
			seen(ago(time.Hour), schema.SeenInProfile, `{"videoState":1,"videoPrice":17000}`)}, `{"videoState":1,"videoPrice":18000}`,
			"videoPriceCny 16000 18000 2026-10-03"},
		{"it went and came back", [][]byte{
			seen(ago(9*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":10000}`),
			seen(ago(5*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":18000}`)}, `{"videoState":1,"videoPrice":18000}`, ""},
		{"not known now", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"fansNum":1000,"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":16000,"fansNum":0}`, ""},
		{"not known in the newest", [][]byte{
			seen(ago(4*day), schema.SeenInProfile, `{"fansNum":1000}`),
			seen(ago(3*day), schema.SeenInProfile, `{"clickMidNum":50}`)}, `{"fansNum":1100,"clickMidNum":60}`,
			"followers 1000 1100 2026-10-04; readMedian 50 60 2026-10-05"},
		{"an engagement median from a fallback", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"interMidNum":700}`)}, `{"mEngagementNum":746,"interMidNum":702}`, ""},
		{"an older one from the same member", [][]byte{
			seen(ago(4*day), schema.SeenInProfile, `{"mEngagementNum":740}`),
			seen(ago(3*day), schema.SeenInNote, `{"interMidNum":700}`)}, `{"mEngagementNum":746}`,
			"engagementMedian 740 746 2026-10-04"},
		{"followers of another member", [][]byte{seen(ago(3*day), schema.SeenInSearch, `{"fansCount":900}`)}, `{"fansNum":1000}`, ""},
		{"hidden in a profile, open in a search", [][]byte{seen(ago(3*day), schema.SeenInSearch, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":16000,"videoShowState":false}`, ""},
		{"hidden, and open in an older profile", [][]byte{
			seen(ago(4*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`),
			seen(ago(3*day), schema.SeenInNote, `{"videoState":1,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":16000,"videoShowState":false}`,
			"videoStatus open hidden 2026-10-04"},
		{"open in a profile, hidden in one before", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000,"videoShowState":false}`)}, `{"videoState":1,"videoPrice":16000}`,
			"videoStatus hidden open 2026-10-05"},
		{"no price in a search", [][]byte{seen(ago(3*day), schema.SeenInSearch, `{"videoState":1,"videoPrice":null}`)}, `{"videoState":1,"videoPrice":16000}`, ""},
		{"closed in a search", [][]byte{seen(ago(3*day), schema.SeenInSearch, `{"videoState":0,"videoPrice":16000}`)}, `{"videoState":1,"videoPrice":16000}`,
			"videoStatus closed open 2026-10-05"},
		{"all at once, in order", [][]byte{seen(ago(3*day), schema.SeenInProfile, `{"pictureState":1,"picturePrice":1000,"videoState":1,"videoPrice":2000,"fansNum":10,"clickMidNum":20,"mEngagementNum":30,"currentLevel":1}`)},
			`{"pictureState":0,"picturePrice":1100,"videoState":0,"videoPrice":2200,"fansNum":11,"clickMidNum":22,"mEngagementNum":33,"currentLevel":2}`,
			"imagePriceCny 1000 1100 2026-10-05; imageStatus open closed 2026-10-05; videoPriceCny 2000 2200 2026-10-05; videoStatus open closed 2026-10-05; " +
				"followers 10 11 2026-10-05; readMedian 20 22 2026-10-05; engagementMedian 30 33 2026-10-05; health ordinary excellent 2026-10-05"},
		{"damaged lines", [][]byte{
			seen(ago(3*day), schema.SeenInProfile, `{"videoState":1,"videoPrice":16000}`),
			[]byte(`{"at":"2026-10-05T12:00:00Z","from":"profile","videoPriceC`), nil, []byte(`[]`), []byte(`{"at":"soon","from":"profile","videoPriceCny":1}`),
			[]byte(`{"at":"2026-10-06T12:00:00Z","from":"hearsay","videoPriceCny":1,"upstream":{"videoPriceCny":"videoPrice"}}`),
			[]byte(`{"at":"2026-10-06T12:00:00Z","from":"profile","videoPriceCny":"a lot","videoStatus":"sold","health":{},"upstream":3}`)},
			`{"videoState":1,"videoPrice":18000}`, "videoPriceCny 16000 18000 2026-10-05"},
	} {
		var got []string
		s, _ := ProfileSince(json.RawMessage(c.data), Terms{}, now, c.lines)
		for _, change := range s.Changes {
			got = append(got, fmt.Sprint(change.What, " ", change.From, " ", change.To, " ", change.Since))
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: ProfileSince gives the changes %q, want %q", c.what, got, c.want)
		}
	}
}

// The published lines have no word of where in the upstream a figure was.
func TestHistoryLines(t *testing.T) {
	line := seen(october, schema.SeenInSearch, `{"videoState":1,"videoPrice":16000,"fansNum":1000}`)
	got, err := json.Marshal(HistoryLines([][]byte{line, []byte("damaged"), line}))
	const one = `{"at":"2026-10-01T00:30:00Z","from":"search","videoPriceCny":16000,"videoStatus":"open","followers":1000}`
	if want := "[" + one + "," + one + "]"; err != nil || string(got) != want {
		t.Errorf("HistoryLines: got %s, %v, want %s", got, err, want)
	}
	if got := HistoryLines(nil); got == nil {
		t.Errorf("HistoryLines of nothing: got nil, want a list, which is [] in JSON")
	}
}

// A member that changes has a text, a column and a name in the stored line.
func TestEveryChangingColumnIsInTheLine(t *testing.T) {
	line := seen(october, schema.SeenInProfile, `{"pictureState":1,"picturePrice":1000,"videoState":1,"videoPrice":2000,"fansNum":10,"clickMidNum":20,"mEngagementNum":30,"currentLevel":1}`)
	var members map[string]any
	if err := json.Unmarshal(line, &members); err != nil {
		t.Fatalf("the line is %s: %v, want JSON", line, err)
	}
	for _, c := range schema.ChangingColumns {
		if members[c.Name] == nil {
			t.Errorf("the line is %s, want %s in it", line, c.Name)
		}
	}
}

func FuzzRecall(f *testing.F) {
	f.Add(string(seen(october, schema.SeenInProfile, `{"videoState":1,"videoPrice":2000}`)))
	f.Add(`{"at":"2026-10-01T00:30:00Z","from":"note","followers":-1,"upstream":[]}`)
	f.Fuzz(func(t *testing.T, line string) {
		ProfileSince(json.RawMessage(`{"videoState":1,"videoPrice":3000}`), Terms{}, october.Add(48*time.Hour), [][]byte{[]byte(line)})
		for _, l := range HistoryLines([][]byte{[]byte(line)}) {
			if strings.ContainsAny(l.At+string(l.From)+string(l.VideoStatus)+string(l.Health), "<>\n\x1b") {
				t.Errorf("HistoryLines of %q: got %+v, want our own words alone", line, l)
			}
		}
	})
}
