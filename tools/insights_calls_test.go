package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// paidSections answers like recorded files do, and charges for it as the real
// upstream does. It counts the requests by section.
type paidSections struct {
	files fstest.MapFS
	takes map[string]time.Duration // how long a section takes

	mu       sync.Mutex
	requests map[string]int
	queries  []string
	begun    []time.Time
}

func (*paidSections) Ready() error { return nil }

func (p *paidSections) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	p.mu.Lock()
	if p.requests == nil {
		p.requests = map[string]int{}
	}
	p.requests[q.Endpoint.Name]++
	p.queries = append(p.queries, q.Key())
	p.begun = append(p.begun, time.Now())
	p.mu.Unlock()
	// Under the race detector, timers that are due at once crash a synctest bubble
	// where two goroutines make them at a time.
	if takes := p.takes[q.Endpoint.Name]; takes > 0 {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return nil, &upstream.Error{Kind: upstream.Internal, Billed: upstream.UnknownBilling}
		}
	}
	r, err := upstream.NewSample(p.files).Fetch(ctx, q)
	if err == nil {
		return upstream.NewResponse(q.Subject, r.Data(), "req-"+q.Endpoint.Name, true), nil
	}
	e := *upstream.AsError(err)
	switch e.Kind { // recorded answers are never charged
	case upstream.NotFound:
		e.Billed = upstream.Billed
	case upstream.BadResponse:
		e.Billed = upstream.UnknownBilling
	}
	return nil, &e
}

func (p *paidSections) count() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprint(p.requests)
}

// fullSections are the recorded sections of the sample that has them all.
func fullSections(t *testing.T) *paidSections {
	t.Helper()
	files := fstest.MapFS{}
	recorded, err := fs.Glob(testkit.Samples(), full+"/*.json")
	if err != nil || len(recorded) < len(schema.Sections) {
		t.Fatalf("the recorded sections are %q, %v; want %d at least", recorded, err, len(schema.Sections))
	}
	for _, name := range append(recorded, full+".json") {
		data := testkit.SampleData(t, strings.TrimSuffix(name, ".json"))
		files[name] = &fstest.MapFile{Data: slices.Concat([]byte(`{"code":0,"data":`), data, []byte("}"))}
	}
	return &paidSections{files: files}
}

const fullAll = `{"userId":"` + full + `","sections":` + allSections + `}`

// everyOnce is what was asked where each section was asked for once.
const everyOnce = "map[audience:1 availability:1 costs:1 followers:1 growth:1 notes:1 performance:1 trend:1]"

// Eight sections are eight paid requests, side by side; asked again in whatever
// order they are none.
func TestSectionsArePaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		p.takes = map[string]time.Duration{"performance": 30 * time.Second, "audience": 20 * time.Second, "notes": 10 * time.Second}
		b, end := newBench(setup{fetcher: p, source: "prod-global", budget: 100})
		defer end()
		begin := time.Now()
		a := b.insights(t, fullAll)
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("the sections took %v, want as long as the slowest, 30s", took)
		}
		const once = everyOnce
		if got := p.count(); got != once {
			t.Errorf("requests %s, want %s", got, once)
		}
		testkit.Equal(t, "what was counted in the first call", a.counts(), counts{Billed: 8})
		if left := a.Structured.Meta.CallsLeft; left == nil {
			t.Error("callsLeft is absent, want 92")
		} else {
			testkit.Equal(t, "callsLeft", *left, 92)
		}
		for _, again := range []string{
			fullAll,
			`{"userId":"` + full + `","sections":["trend","notes","growth","costs","availability","followers","audience","performance"]}`,
			`{"userId":"` + full + `","sections":["costs"],"scope":"sponsored","days":90,"format":"video","traffic":"organic","page":2}`, // these change other sections
			`{"userId":"` + full + `","sections":["growth","availability"],"format":"video","traffic":"organic","page":2}`,
			`{"userId":"` + full + `","sections":"followers,audience","raw":"full"}`,
		} {
			a := b.insights(t, again)
			testkit.Equal(t, again+": what was counted", a.counts(), counts{Cached: len(a.came())})
		}
		if got := p.count(); got != once {
			t.Errorf("requests after asking again %s, want %s", got, once)
		}
		b.insights(t, `{"userId":"`+full+`","sections":["costs"],"refresh":true}`)
		if got, want := p.count(), strings.Replace(once, "costs:1", "costs:2", 1); got != want {
			t.Errorf("requests after a refresh %s, want %s", got, want)
		}
	})
}

// Requests go out within the rate, and none waits for another's answer.
func TestSectionsKeepToTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		p.takes = map[string]time.Duration{}
		for i, s := range schema.Sections {
			p.takes[string(s)] = 10*time.Second + time.Duration(i)*time.Millisecond
		}
		b, end := newBench(setup{fetcher: p, source: "prod-global", rate: 5})
		defer end()
		begin := time.Now()
		b.insights(t, fullAll)
		if took := time.Since(begin); took < 11*time.Second || took > 12*time.Second {
			t.Errorf("the sections took %v, want 10 s after the last of eight began, 1.4 s after the first", took)
		}
		for i := range p.begun[1:] {
			if gap := p.begun[i+1].Sub(p.begun[i]); gap < 199*time.Millisecond {
				t.Errorf("a request went out %v after the one before it, want 200 ms", gap)
			}
		}
	})
}

// Other traffic, another scope, window, format or page asks only the sections that it
// changes.
func TestOtherArgumentsAskWhatIsNew(t *testing.T) {
	for arguments, want := range map[string]string{
		`"traffic":"organic"`:  "performance trend",
		`"scope":"sponsored"`:  "performance notes trend availability",
		`"days":90`:            "performance trend growth",
		`"format":"video"`:     "performance notes trend",
		`"page":2`:             "notes",
		`"raw":"compact"`:      "",
		`"traffic":"all"`:      "",
		`"page":1,"days":30.0`: "",
	} {
		p := fullSections(t)
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		b.insights(t, fullAll)
		before := maps.Clone(p.requests)
		b.insights(t, strings.Replace(fullAll, "{", "{"+arguments+",", 1))
		var again []string
		for _, s := range schema.Sections {
			if p.requests[string(s)] > before[string(s)] {
				again = append(again, string(s))
			}
		}
		if got := strings.Join(again, " "); got != want {
			t.Errorf("with %s: asked again for %q, want %q", arguments, got, want)
		}
		end()
	}
}

// The order is fixed, whatever the caller's is.
func TestSectionsComeInOneOrder(t *testing.T) {
	b, end := newBench(setup{fetcher: fullSections(t), source: "prod-global"})
	defer end()
	a := b.insights(t, `{"userId":"`+full+`","sections":["notes","costs","performance"]}`)
	if got, want := a.came(), []schema.Section{"performance", "costs", "notes"}; !slices.Equal(got, want) {
		t.Errorf("meta.sections has %v, want %v", got, want)
	}
	performance, costs, notes := strings.Index(a.text(), "## Performance"), strings.Index(a.text(), "## Costs"), strings.Index(a.text(), "## Notes")
	if order := []int{0, performance, costs, notes}; !slices.IsSorted(order) {
		t.Errorf("the headings of performance, costs and notes are at %v, want them there and in order: %.600q", order[1:], a.text())
	}
}

// What is asked of the upstream.
func TestSectionQueries(t *testing.T) {
	p := fullSections(t)
	b, end := newBench(setup{fetcher: p, source: "prod-global"})
	defer end()
	b.insights(t, `{"userId":"`+full+`","sections":`+allSections+`,"scope":"sponsored","format":"image","days":90,"traffic":"organic","page":3}`)
	want := []string{
		"audience/" + full,
		"availability/" + full + "?business=COOPERATE_NOTE",
		"costs/" + full,
		"followers/" + full,
		"growth/" + full + "?dateType=DAY_90&increaseType=FANS_TOTAL",
		"notes/" + full + "?advertiseSwitch=ALL&isThirdPlatform=NO&noteType=COOPERATION&orderType=LATEST&pageNumber=3",
		"performance/" + full + "?advertiseSwitch=ORGANIC_ONLY&business=COOPERATE_NOTE&dateType=DAY_90&noteType=PHOTO_TEXT",
		"trend/" + full + "?advertiseSwitch=ORGANIC_ONLY&business=COOPERATE_NOTE&dateType=DAY_90&noteType=PHOTO_TEXT",
	}
	if got := slices.Sorted(slices.Values(p.queries)); !slices.Equal(got, want) {
		t.Errorf("asked\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// One section fails in every way that there is; the others come, and nothing
// is paid twice.
func TestOneSectionFails(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":301}`: "collection_failed", `{"code":400}`: "invalid_parameters", `{"code":500}`: "upstream_error", `{"code":302}`: "rate_limited",
		`{"code":201}`: "not_found", `{"code":0,"data":null}`: "not_found", `{"code":0,"data":{}}`: "not_found", `{"code":0,"data":[]}`: "not_found", `{"code":0}`: "not_found",
		`{"code":0,"data":[{"noteNumber":1}]}`: "bad_response", `{"code":0,"data":"x"}`: "bad_response", `{"code":0,"data":{"noteNumber":2`: "bad_response",
		`<html>Bad Gateway</html>`: "bad_response", `[]`: "bad_response", ``: "bad_response",
	} {
		synctest.Test(t, func(t *testing.T) {
			for _, failing := range schema.Sections {
				if isEmpty := slices.Contains([]string{`{"code":0}`, `{"code":0,"data":null}`, `{"code":0,"data":{}}`, `{"code":0,"data":[]}`}, body); failing == schema.SectionTrend && isEmpty {
					continue // an answer without figures: TestTrendWithoutData
				}
				p := fullSections(t)
				p.files[full+"/"+string(failing)+".json"] = &fstest.MapFile{Data: []byte(body)}
				b, end := newBench(setup{fetcher: p, source: "prod-global"})
				a := b.insights(t, fullAll)
				if got, want := a.failed(), map[schema.Section]string{failing: want}; !maps.Equal(got, want) {
					t.Errorf("%s answers %s: the failed ones are %v, want %v", failing, body, got, want)
				}
				what := fmt.Sprintf("%s answers %s: ", failing, body)
				testkit.Equal(t, what+"isError", a.IsError, false)
				testkit.Equal(t, what+"the number of sections that came", len(a.came()), len(schema.Sections)-1)
				testkit.Contains(t, what+"the text", a.text(), "\nFailed: "+string(failing)+": "+want+": ")
				charged := len(schema.Sections) - 1
				if want == "not_found" {
					charged++
				}
				testkit.Equal(t, what+"what was counted", a.counts(), counts{Billed: charged, Failed: 1})
				before := p.requests[string(failing)]
				again := b.insights(t, fullAll)
				testkit.Equal(t, what+"billed when asked again", again.Structured.Meta.Billed, 0)
				for section, n := range p.requests {
					if section != string(failing) {
						testkit.Equal(t, what+"the number of requests for "+section, n, 1)
					}
				}
				if want == "not_found" { // which was paid for
					testkit.Equal(t, what+"the number of requests for it when asked again", p.requests[string(failing)], before)
				}
				end()
			}
		})
	}
}

// The platform's answer for a trend of which it has nothing is no failure, is paid for
// once, and draws nothing.
func TestTrendWithoutData(t *testing.T) {
	for _, data := range []string{`null`, `{}`, `[]`, `{"sumData":{"dateKey":"2026-04-30","read":88210},"dailyData":null}`, `{"dailyData":[]}`, `{"dailyData":"<html>"}`} {
		p := fullSections(t)
		p.files[full+"/trend.json"] = &fstest.MapFile{Data: []byte(`{"code":0,"data":` + data + `}`)}
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		a := b.insights(t, `{"userId":"`+full+`","sections":["trend","costs"]}`)
		want := `{"caveats":["The platform gives no figures by day here."],"days":30,"format":"all","paidTraffic":true,"scope":"daily"}`
		testkit.Equal(t, data+": the trend", string(JSON(a.Structured.Trend)), want)
		testkit.Equal(t, data+": what was counted", a.counts(), counts{Billed: 2})
		if strings.ContainsAny(a.text(), "▁▂▃▄▅▆▇█") {
			t.Errorf("%s: the text is %.600q, want no sparkline in it", data, a.text())
		}
		testkit.Equal(t, data+": asked again", b.insights(t, `{"userId":"`+full+`","sections":["trend","costs"]}`).counts(), counts{Cached: 2})
		end()
	}
}

// An answer of another shape is paid for and is no failure; it says that it has
// nothing.
func TestSectionOfAnotherShape(t *testing.T) {
	p := fullSections(t)
	p.files[full+"/audience.json"] = &fstest.MapFile{Data: []byte(`{"code":0,"data":{"followerAnalysis":{"female":0.4}}}`)}
	b, end := newBench(setup{fetcher: p, source: "prod-global"})
	defer end()
	a := b.insights(t, `{"userId":"`+full+`"}`)
	want := `{"caveats":["The platform's answer has none of this section's figures."]}`
	if got := string(JSON(a.Structured.Audience)); got != want {
		t.Errorf("audience is %s, want %s", got, want)
	}
	testkit.Equal(t, "what was counted", a.counts(), counts{Billed: 2})
}

func TestAllSectionsFail(t *testing.T) {
	for _, c := range []struct{ performance, audience, kind, billed string }{
		{`{"code":400}`, `{"code":400}`, "invalid_parameters", "Retryable: no. Billed: no."},
		{`{"code":400}`, `{"code":500}`, "upstream_error", "Retryable: yes. Billed: no."}, // what is worth another try decides
		{`{"code":0,"data":{}}`, `{"code":400}`, "not_found", "Retryable: no. Billed: yes, 1 of 2."},
		{`<html>`, `{"code":400}`, "bad_response", "Retryable: yes, once. Billed: unknown."},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &paidSections{files: fstest.MapFS{full + "/performance.json": {Data: []byte(c.performance)}, full + "/audience.json": {Data: []byte(c.audience)}}}
			b, end := newBench(setup{fetcher: p, source: "prod-global"})
			defer end()
			a := b.insights(t, `{"userId":"`+full+`"}`)
			what := fmt.Sprintf("%+v: ", c)
			testkit.Equal(t, what+"isError", a.IsError, true)
			testkit.Equal(t, what+"the number of blocks", len(a.Content), 1)
			testkit.Equal(t, what+"the structured userId", a.Structured.UserID, "")
			testkit.Contains(t, what+"the text", a.text(), c.kind+": None of the 2 sections could be looked up. One of them: ", c.billed, "\n- performance: ", "\n- audience: ")
			testkit.Equal(t, what+"the outcome's kind", b.outcomes[0].Kind, c.kind)
		})
	}
}

// One section alone fails in the words of a profile's failure.
func TestOneSectionAloneFails(t *testing.T) {
	b, end := newBench(setup{fetcher: &paidSections{files: fstest.MapFS{full + "/costs.json": {Data: []byte(`{"code":400,"requestId":"r1"}`)}}}, source: "prod-global"})
	defer end()
	a := b.insights(t, `{"userId":"`+full+`","sections":["costs"]}`)
	text := strings.Replace(a.text(), "\n- costs: invalid_parameters: The upstream refuses this request (code 400).", "", 1)
	checkWords(t, "invalid_parameters", text)
}

// What is pending when the wait is over comes later without a further charge,
// and its charge is told then.
func TestPendingSections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		p.takes = map[string]time.Duration{"audience": 90 * time.Second}
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		a := b.insights(t, `{"userId":"`+full+`"}`)
		if got, want := a.failed(), map[schema.Section]string{"audience": "pending"}; !maps.Equal(got, want) {
			t.Errorf("failed is %v, want %v", got, want)
		}
		testkit.Equal(t, "what was counted", a.counts(), counts{Billed: 1, Pending: 1})
		testkit.Contains(t, "the text", a.text(), "\nThis call: 0 cached, 1 billed, 0 failed, 1 pending")
		if a.Structured.Performance == nil {
			t.Errorf("performance is absent, want it there: %.600q", a.text())
		}
		time.Sleep(time.Minute)
		a = b.insights(t, `{"userId":"`+full+`"}`)
		testkit.Equal(t, "what was counted later", a.counts(), counts{Cached: 2, Billed: 1})
		if got, want := p.count(), "map[audience:1 performance:1]"; got != want {
			t.Errorf("requests %s, want %s", got, want)
		}
		p.takes = map[string]time.Duration{"costs": 90 * time.Second, "notes": 90 * time.Second}
		a = b.insights(t, `{"userId":"`+full+`","sections":["costs","notes"]}`)
		testkit.Equal(t, "all pending: isError", a.IsError, true)
		testkit.HasPrefix(t, "all pending: the text", a.text(), "pending: None of the 2 sections")
		testkit.Contains(t, "all pending: the text", a.text(), "Retryable: yes, in 15 s, without a further charge. Billed: not yet.")
	})
}

func TestProgressCountsSections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		p.takes = map[string]time.Duration{"performance": 3 * time.Second, "audience": time.Second, "costs": 2 * time.Second}
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		var told []string
		ctx := WithProgress(t.Context(), func(done, total float64, _ string) {
			told = append(told, fmt.Sprintf("%v of %v", done, total))
		})

		b.set.Call(ctx, "get_blogger_insights", json.RawMessage(`{"userId":"`+full+`","sections":["performance","audience","costs"]}`))
		if want := []string{"0 of 3", "1 of 3", "2 of 3", "3 of 3"}; !slices.Equal(told, want) {
			t.Errorf("progress was %q, want %q", told, want)
		}
	})
}

// A stale section says so in its own caveats, in both channels.
func TestStaleSections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		b.insights(t, `{"userId":"`+full+`"}`)
		time.Sleep(7 * time.Hour)
		p.files[full+"/audience.json"] = &fstest.MapFile{Data: []byte(`{"code":500}`)}
		a := b.insights(t, `{"userId":"`+full+`"}`)
		const caveat = "These figures are from 7 h ago, since a new look-up failed: upstream_error: The upstream has an error of its own (code 500)."
		if got := fmt.Sprintf("%q", a.Structured.Audience["caveats"]); got != fmt.Sprintf("[%q]", caveat) {
			t.Errorf("caveats of audience are %s, want %q", got, caveat)
		}
		if got, is := a.Structured.Performance["caveats"]; is {
			t.Errorf("caveats of performance are %q, want none", got)
		}
		testkit.Contains(t, "the text", a.text(), "\nCaveat: "+caveat, "7 h ago; from memory, stale, not billed")
		for _, m := range a.Structured.Meta.Sections {
			if want := m.Section == "audience"; m.Stale != want {
				t.Errorf("%s: stale is %v, want %v", m.Section, m.Stale, want)
			}
		}
	})
}

func TestInsightsArgumentsAskNothing(t *testing.T) {
	b, end := newBench(setup{fetcher: fetcher(func(context.Context, string) (*upstream.Response, error) {
		t.Error("the source is asked, want no request")
		return nil, &upstream.Error{Kind: upstream.Internal}
	})})
	defer end()
	for _, arguments := range []string{`null`, `{}`, `{"userId":"4639645438"}`, `{"userId":"` + full + `","sections":[]}`, `{"userId":"` + full + `","sections":["growht"]}`, `{"userId":"` + full + `","days":7}`, `{"userId":"` + full + `","page":11}`, `{"userId":"` + full + `","traffic":"paid"}`} {
		a := b.insights(t, arguments)
		testkit.Equal(t, arguments+": isError", a.IsError, true)
		testkit.HasPrefix(t, arguments+": the text", a.text(), "invalid_argument: ")
	}
}

// The command line looks several bloggers up side by side and waits.
func TestInsightsOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		p.takes = map[string]time.Duration{"followers": 100 * time.Second, "costs": 90 * time.Second}
		p.files[documented+"/costs.json"] = p.files[full+"/costs.json"]
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		begin := time.Now()
		got := b.set.Insights(t.Context(), []string{full, "4639645438", documented, "5a3e1e000000000000000008"},
			schema.InsightsInput{Sections: []schema.Section{"costs", "followers"}, Scope: schema.ScopeDaily, Format: schema.FormatAll, Days: 30, Raw: schema.RawNone})
		if took := time.Since(begin); took != 100*time.Second {
			t.Errorf("took %v, want as long as the slowest, 100s", took)
		}
		const missing = "not_found: The upstream has no data for this userId."
		for i, want := range []struct{ userID, text, structured, failure string }{
			{full, "User ID: " + full + "\n\n## Followers", `{"userId":"` + full + `","followers":{`, ""},
			{"4639645438", "", `{"userId":"4639645438","error":"invalid_argument: userId looks like`, "invalid_argument: "},
			{documented, "User ID: " + documented + "\n\n## Costs", `{"userId":"` + documented + `","costs":{`, "followers: " + missing},
			{"5a3e1e000000000000000008", "", `{"userId":"5a3e1e000000000000000008","error":"not_found: None of the 2 sections`, "not_found: None of the 2 sections"},
		} {
			l, what := got[i], fmt.Sprintf("%d: ", i)
			testkit.Equal(t, what+"the userId", l.UserID, want.userID)
			if want.text == "" {
				testkit.Equal(t, what+"the text", l.Text, "")
			}
			testkit.HasPrefix(t, what+"the text", l.Text, want.text)
			testkit.HasPrefix(t, what+"what is structured", string(l.Structured), want.structured)
			if want.failure == "" {
				testkit.Equal(t, what+"the failure", l.Failure, "")
			}
			testkit.HasPrefix(t, what+"the failure", l.Failure, want.failure)
		}
	})
}
