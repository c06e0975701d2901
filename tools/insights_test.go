package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

const allSections = `["performance","audience","followers","costs","notes","trend","growth","availability"]`

// insightsAnswer is a result of get_blogger_insights as a client reads it.
type insightsAnswer struct {
	Content    []struct{ Type, Text string }
	IsError    bool
	Structured struct {
		UserID, Name                                   string
		Performance, Audience, Followers, Costs, Notes map[string]any
		Trend, Growth, Availability                    map[string]any
		Failed                                         []schema.FailedSection
		Raw                                            map[string]json.RawMessage
		Meta                                           schema.InsightsMeta
	} `json:"structuredContent"`
}

func (a insightsAnswer) text() string { return a.Content[0].Text }

// failed gives the kind of each section's failure.
func (a insightsAnswer) failed() map[schema.Section]string {
	out := map[schema.Section]string{}
	for _, f := range a.Structured.Failed {
		out[f.Section], _, _ = strings.Cut(f.Error, ":")
	}
	return out
}

// came lists the sections that came.
func (a insightsAnswer) came() []schema.Section {
	var out []schema.Section
	for _, m := range a.Structured.Meta.Sections {
		out = append(out, m.Section)
	}
	return out
}

func (a insightsAnswer) counts() counts {
	m := a.Structured.Meta
	return counts{Cached: m.Cached, Billed: m.Billed, Failed: m.Failed, Pending: m.Pending, NotCached: m.NotCached}
}

// insightsResult is tools/call as the transports make it.
func (b *bench) insightsResult(t testing.TB, arguments string) []byte {
	t.Helper()
	result, ok := b.set.Call(t.Context(), "get_blogger_insights", json.RawMessage(arguments))
	if !ok {
		t.Fatal("there is no tool get_blogger_insights, want one")
	}
	return bytes.Join(result.Object(""), nil)
}

func (b *bench) insights(t testing.TB, arguments string) insightsAnswer {
	t.Helper()
	return readInsights(t, b.insightsResult(t, arguments))
}

func readInsights(t testing.TB, r []byte) insightsAnswer {
	t.Helper()
	var a insightsAnswer
	if err := json.Unmarshal(r, &a); err != nil || len(a.Content) == 0 {
		t.Fatalf("the result is %.300s: %v, want JSON with content", r, err)
	}
	return a
}

// Recorded answers as a client gets them: each sample with all its sections,
// and each argument that changes what is shown.
func TestInsightsGolden(t *testing.T) {
	published := compiled(t, schema.PublishedInsights)
	for name, arguments := range map[string]string{
		"all-sections":    `{"userId":"` + full + `","sections":` + allSections + `}`,
		"default":         `{"userId":"` + full + `"}`,
		"sponsored":       `{"userId":"` + full + `","sections":["performance","notes"],"scope":"sponsored"}`,
		"sponsored-video": `{"userId":"` + full + `","sections":["performance","notes"],"scope":"sponsored","format":"video","days":90}`,
		"organic":         `{"userId":"` + full + `","sections":["performance","trend"],"traffic":"organic"}`,
		"sponsored-trend": `{"userId":"` + full + `","sections":["trend","availability"],"scope":"sponsored"}`,
		"second-page":     `{"userId":"` + full + `","sections":["notes"],"page":2}`,
		"jump":            `{"userId":"5a3e1e000000000000000001","sections":["growth","availability"]}`,
		"raw-compact":     `{"userId":"` + full + `","sections":["followers","costs"],"raw":"compact"}`,
		"raw-full":        `{"userId":"` + full + `","sections":["followers","costs"],"raw":"full"}`,
		"partly-failed":   `{"userId":"5a3e1e000000000000000001","sections":` + allSections + `}`,
		"no-notes":        `{"userId":"5a3e1e000000000000000003","sections":` + allSections + `}`,
		"other-spellings": `{"userId":"5a3e1e000000000000000005","sections":` + allSections + `}`,
		"hostile-text":    `{"userId":"5a3e1e000000000000000007","sections":["notes"]}`,
		"nothing":         `{"userId":"5a3e1e000000000000000008"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var result []byte
			synctest.Test(t, func(t *testing.T) {
				b, end := newBench(setup{fetcher: sample()})
				defer end()
				result = b.insightsResult(t, arguments)
			})
			checkWire(t, result)
			checkGolden(t, "insights/"+name, retried.ReplaceAll(result, []byte("${1}0${2}")))
			if a := readInsights(t, result); a.IsError {
				if name != "nothing" {
					t.Errorf("got the error %.300q, want an answer", a.text())
				}
				testkit.Equal(t, "the number of an error's blocks", len(a.Content), 1)
				return
			}
			checkStructured(t, published, result)
			checkInsightsChannels(t, result)
		})
	}
}

// retried are the seconds that the others waited for a section that was tried
// again: how many is left to chance.
var retried = regexp.MustCompile(`(Z, |"ageSeconds":)[0-9]( s ago|,)`)

// checkInsightsChannels: a client shows its model the text or the structured
// content, so each one carries every fact.
func checkInsightsChannels(t *testing.T, result []byte) {
	t.Helper()
	var r struct {
		Content    []struct{ Text string }
		Structured map[string]json.RawMessage `json:"structuredContent"`
	}
	if err := json.Unmarshal(result, &r); err != nil {
		t.Fatalf("the result is %.300s: %v, want JSON", result, err)
	}
	text := r.Content[0].Text
	inText := map[string]bool{}
	for _, n := range regexp.MustCompile(`-?[0-9][0-9,]*(\.[0-9]+)?`).FindAllString(text, -1) {
		inText[strings.TrimRight(n, ",")] = true
	}
	ours := []any{"all", "daily", "sponsored", "image", "video"} // said in the headings, in words
	for _, member := range []string{"userId", "name", "performance", "audience", "followers", "costs", "notes", "trend", "growth", "availability", "failed"} {
		if r.Structured[member] == nil {
			continue
		}
		leaves(t, withoutPoints(r.Structured[member]), func(v any) {
			switch v := v.(type) {
			case json.Number:
				spellings := spelt(t, v.String())
				if !slices.ContainsFunc(spellings, func(n string) bool { return inText[n] }) {
					t.Errorf("%s is in %s, and the text is %.600q, want one of %q in it", v, member, text, spellings)
				}
			case string:
				if !slices.Contains(ours, any(v)) && !strings.Contains(text, v) && !strings.Contains(text, escaped.Replace(v)) {
					t.Errorf("%q is in %s, and the text is %.600q, want it in there too", v, member, text)
				}
			}
		})
	}
	for line := range strings.SplitSeq(text, "\n") {
		checkNothingHidden(t, line)
		label, value, ok := strings.Cut(line, ": ")
		isFact := ok && label != "" && value != ""
		isFrame := line == "" || strings.HasPrefix(line, "## ") || strings.HasPrefix(line, "|")
		if !isFact && !isFrame {
			t.Errorf("a line is %q, want a fact, a heading or a row of a table", line)
		}
	}
}

// escaped is other people's text as a table in Markdown has it.
var escaped = strings.NewReplacer("|", "/", `\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`")

// points are the days of trend and growth. The text draws them.
var points = regexp.MustCompile(`"points":\[[^\]]*\],?`)

func withoutPoints(section json.RawMessage) json.RawMessage { return points.ReplaceAll(section, nil) }

// Hosts cut or set aside what is longer.
func TestTwoSectionsAreShort(t *testing.T) {
	for i, first := range schema.Sections {
		for _, second := range schema.Sections[i+1:] {
			b, end := newBench(setup{fetcher: sample()})
			r := b.insightsResult(t, fmt.Sprintf(`{"userId":"%s","sections":["%s","%s"]}`, full, first, second))
			end()
			var a struct {
				Content    []struct{ Text string }
				Structured json.RawMessage `json:"structuredContent"`
			}
			if err := json.Unmarshal(r, &a); err != nil {
				t.Fatalf("%s and %s: the result is %.300s: %v, want JSON", first, second, r, err)
			}
			if n := len(a.Content[0].Text); n >= 4096 {
				t.Errorf("%s and %s: %d bytes of text, want less than 4,096", first, second, n)
			}
			if n := len(withoutPoints(a.Structured)); n >= 4096 {
				t.Errorf("%s and %s: %d bytes of structured content without points, want less than 4,096", first, second, n)
			}
		}
	}
}

// Points of trend and growth together, with figures of a blogger of 100 million followers.
func TestPointsAreShort(t *testing.T) {
	for window, most := range map[int]int{30: 12 << 10, 90: 16 << 10} {
		var medians, followers []string
		for i := range 10_000 {
			date := time.Date(2000, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			medians = append(medians, fmt.Sprintf(`{"dateKey":%q,"imp":%d.5,"read":%d.5,"engage":%d.5,"cpm":1234.567890123456,"cpe":12.34567890123456}`, date, 98765432+i, 12345678+i, 1234567+i))
			followers = append(followers, fmt.Sprintf(`{"dateKey":%q,"num":%d}`, date, 123456789+i*i))
		}
		p := &paidSections{files: fstest.MapFS{
			full + "/trend.json":  {Data: []byte(`{"code":0,"data":{"dailyData":[` + strings.Join(medians, ",") + `]}}`)},
			full + "/growth.json": {Data: []byte(`{"code":0,"data":{"fansNumInc":12345678,"fansNumIncRate":0.1234,"list":[` + strings.Join(followers, ",") + `]}}`)},
		}}
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		structured := func(sections string) (text string, size int) {
			r := b.insightsResult(t, fmt.Sprintf(`{"userId":"%s","sections":"%s","days":%d}`, full, sections, window))
			var members struct{ StructuredContent json.RawMessage }
			if err := json.Unmarshal(r, &members); err != nil {
				t.Fatalf("the result is %.300s: %v, want JSON", r, err)
			}
			return readInsights(t, r).text(), len(members.StructuredContent)
		}
		if _, n := structured("trend,growth"); n >= most {
			t.Errorf("trend and growth of %d days: %d bytes of structured content, want less than %d", window, n, most)
		}
		for _, section := range []string{"trend", "growth"} {
			text, _ := structured(section)
			if n := len(text); n >= 2048 {
				t.Errorf("%s of %d days: %d bytes of text, want less than 2,048", section, window, n)
			}
			if n := strings.Count(strings.Map(func(r rune) rune {
				if r >= '▁' && r <= '█' {
					return '#'
				}
				return r
			}, text), "#") - strings.Count(text, "#"); n != 30 {
				t.Errorf("%s of %d days: %d blocks in the text %q, want 30", section, window, n, text)
			}
		}
		end()
	}
}

func TestInsightsDeclarationIsShort(t *testing.T) {
	s := &Set{}
	tool := s.insightsTool()
	b, err := json.Marshal(s.declare(tool))
	if err != nil {
		t.Fatalf("marshalling the declaration ends with %v, want JSON", err)
	}
	if n := len(b); n >= 13_000 {
		t.Errorf("the declaration has %d bytes, want less than 13,000", n)
	}
	if n := len(tool.description); n >= 1000 {
		t.Errorf("the description has %d bytes, want less than 1,000", n)
	}
}

// raw: none, the same value without white space, or byte for byte.
func TestInsightsRaw(t *testing.T) {
	b, end := newBench(setup{fetcher: sample()})
	defer end()
	data := map[string]string{"followers": sectionData(t, full, "followers"), "costs": sectionData(t, full, "costs")}
	for mode, want := range map[string]string{
		"none":    "",
		"compact": `{"followers":` + compacted(data["followers"]) + `,"costs":` + compacted(data["costs"]) + `}`,
		"full":    `{"followers":` + data["followers"] + `,"costs":` + data["costs"] + `}`,
	} {
		a := b.insights(t, `{"userId":"`+full+`","sections":["costs","followers"],"raw":"`+mode+`"}`)
		got := ""
		if len(a.Content) == 2 {
			got = a.Content[1].Text
		}
		testkit.EqualText(t, mode+": the raw block", got, want)
		testkit.Equal(t, mode+": structuredContent.raw == nil", a.Structured.Raw == nil, want == "")
		if mode == "compact" {
			testkit.EqualText(t, "the structured raw data of costs", string(a.Structured.Raw["costs"]), compacted(data["costs"]))
		}
	}
}

func compacted(data string) string {
	raw, _ := condense.Compact(json.RawMessage(data), nil)
	return string(raw)
}

// A cut of the raw data is told where it was cut, and nowhere else.
func TestRawDataIsCutWithACaveat(t *testing.T) {
	deep := strings.Repeat(`{"x":`, 150) + "1" + strings.Repeat("}", 150)
	p := &paidSections{files: fstest.MapFS{full + ".json": {Data: []byte(`{"code":0,"data":{"userId":"` + full + `","name":"a","deep":` + deep + `}}`)},
		full + "/costs.json":     {Data: []byte(`{"code":0,"data":{"videoReadCost":"0.61","deep":` + deep + `}}`)},
		full + "/followers.json": {Data: []byte(`{"code":0,"data":{"fansNum":5}}`)}}}
	b, end := newBench(setup{fetcher: p, source: "prod-global"})
	defer end()
	const caveat = "Raw data below 100 levels of nesting is left out; with raw full it is there."
	for raw, want := range map[string]bool{"none": false, "compact": true, "full": false} {
		profile := read(t, b.call(t, t.Context(), `{"userId":"`+full+`","raw":"`+raw+`"}`))
		testkit.Equal(t, raw+": the profile's caveat", strings.Contains(string(profile.Structured.Summary), caveat), want)
		testkit.Equal(t, raw+": the profile's line", strings.Contains(profile.text(), "\nCaveat: "+caveat), want)
		a := b.insights(t, `{"userId":"`+full+`","sections":["costs","followers"],"raw":"`+raw+`"}`)
		testkit.Equal(t, raw+": the caveat of costs", strings.Count(a.text(), caveat) == 1, want)
	}
}

// In a profile a 0 of these members means that it was not filled; in a section
// it is what the section says.
func TestInsightsRawKeepsZeros(t *testing.T) {
	p := &paidSections{files: fstest.MapFS{full + "/costs.json": {Data: []byte(`{"code":0,"data":{"estimatePictureCpm":0,"videoReadCost":"0.00","date":null}}`)}}}
	b, end := newBench(setup{fetcher: p, source: "prod-global"})
	defer end()
	a := b.insights(t, `{"userId":"`+full+`","sections":["costs"],"raw":"compact"}`)
	if got, want := string(a.Structured.Raw["costs"]), `{"estimatePictureCpm":0,"videoReadCost":"0.00"}`; got != want {
		t.Errorf("raw compact is %s, want %s", got, want)
	}
}

// Who asks for a scope that is not recorded learns for whom it is.
func TestSamplesOfTheScopeAreNamed(t *testing.T) {
	b, end := newBench(setup{fetcher: sample()})
	defer end()
	a := b.insights(t, `{"userId":"5a3e1e000000000000000003","sections":["performance"],"scope":"sponsored"}`)
	testkit.Contains(t, "the text", a.text(), "Next step: use one of the recorded samples: "+full+".\n")
}
