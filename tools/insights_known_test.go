package tools

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

const sponsoredVideo = `{"userId":"` + full + `","sections":["performance"],"scope":"sponsored","format":"video"}`

// The name and the quote come from a profile in memory, and nothing is paid for them. The
// sample's video quote is 68,000 CNY, its sponsored medians are 131,900 impressions,
// 49,215.5 reads and 1,712 engagements: 68,000 ÷ 131.9 = 515.5 CNY per 1,000 impressions,
// ÷ 49,215.5 = 1.382 CNY per read, ÷ 1,712 = 39.72 CNY per engagement.
func TestSponsoredUnitCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		const lookUp = "Unit costs need the video quote, which is not cached: a profile look-up (one paid request) gives it."
		a := b.insights(t, sponsoredVideo)
		testkit.Equal(t, "the name without a profile", a.Structured.Name, "")
		testkit.Equal(t, "unitCosts without a profile", string(JSON(a.Structured.Performance["unitCosts"])), "null")
		testkit.Contains(t, "the text without a profile", a.text(), "\nCaveat: "+lookUp)
		testkit.Equal(t, "the requests without a profile", p.count(), "map[performance:1]")

		b.call(t, t.Context(), `{"userId":"`+full+`"}`)
		a = b.insights(t, sponsoredVideo)
		testkit.Equal(t, "the name", a.Structured.Name, "样例：机构全量")
		testkit.HasPrefix(t, "the text", a.text(), "Blogger: 样例：机构全量\nUser ID: "+full+"\n")
		testkit.Equal(t, "unitCosts", string(JSON(a.Structured.Performance["unitCosts"])), `{"cnyPerEngagement":39.72,"cnyPerRead":1.382,"cpmCny":515.5,"priceCny":68000}`)
		testkit.Contains(t, "the text", a.text(), "\nUnit costs: quote 68,000 CNY; CPM 515.50 CNY per 1,000 impressions; per read 1.38 CNY; per engagement 39.72 CNY\n")
		testkit.Equal(t, "what was counted", a.counts(), counts{Cached: 1})
		testkit.Equal(t, "the requests", p.count(), "map[performance:1 profile:1]")

		a = b.insights(t, strings.Replace(sponsoredVideo, "video", "image", 1))
		testkit.Equal(t, "the quote of an image note", string(JSON(a.Structured.Performance["unitCosts"].(map[string]any)["priceCny"])), "42000")
		a = b.insights(t, strings.Replace(sponsoredVideo, `"video"`, `"all"`, 1))
		testkit.Equal(t, "unitCosts of all formats", string(JSON(a.Structured.Performance["unitCosts"])), "null")

		time.Sleep(7 * time.Hour) // the profile is past its time; a name is still a name
		a = b.insights(t, sponsoredVideo)
		testkit.Equal(t, "the name of an old profile", a.Structured.Name, "样例：机构全量")
		testkit.Equal(t, "unitCosts of an old profile", string(JSON(a.Structured.Performance["unitCosts"])), "null")
		testkit.Equal(t, "the number of requests for the profile", p.requests["profile"], 1)
	})
}

// A quote that cannot be booked gives no unit cost.
func TestUnitCostsOfAClosedQuote(t *testing.T) {
	p := fullSections(t)
	p.files[full+".json"] = &fstest.MapFile{Data: []byte(`{"code":0,"data":{"userId":"` + full + `","name":"甲","videoState":0,"videoPrice":68000}}`)}
	b, end := newBench(setup{fetcher: p, source: "prod-global"})
	defer end()
	b.call(t, t.Context(), `{"userId":"`+full+`"}`)
	a := b.insights(t, sponsoredVideo)
	testkit.Equal(t, "unitCosts", string(JSON(a.Structured.Performance["unitCosts"])), "null")
	testkit.Contains(t, "the text", a.text(), "\nCaveat: There is no open video quote: no unit costs.")
}

// answers gives one answer to each endpoint, and charges for it.
type answers map[*upstream.Endpoint]string

func (answers) Ready() error { return nil }

func (a answers) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	return upstream.NewResponse(q.Subject, json.RawMessage(a[q.Endpoint]), "", true), nil
}

// A search leaves the quote and the name, a note the name alone. A fresh profile decides
// where there is one.
func TestWhatSearchesAndNotesLeave(t *testing.T) {
	const (
		open   = `"userId":"` + full + `","videoState":1,"videoPrice":50000`
		closed = `"userId":"` + full + `","videoState":0,"videoPrice":50000`
	)
	search, note := upstream.Search.With(url.Values{"page": {"1"}}), upstream.Note.Query(strings.Repeat("a", 24), upstream.Options{})
	profile := upstream.Profile.Query(full, upstream.Options{})
	for name, c := range map[string]struct {
		before      []upstream.Query
		name, costs string
	}{
		"a search":            {[]upstream.Query{search}, "甲", `{"cnyPerRead":5,"priceCny":50000}`},
		"a note":              {[]upstream.Query{note}, "乙", "null"},
		"both":                {[]upstream.Query{note, search}, "甲", `{"cnyPerRead":5,"priceCny":50000}`},
		"a profile, and both": {[]upstream.Query{note, search, profile}, "丙", "null"},
		"nothing":             {nil, "", "null"},
	} {
		b, end := newBench(setup{source: "prod-global", fetcher: answers{
			upstream.Search:      `{"kols":[{` + open + `,"name":"甲"}]}`,
			upstream.Note:        `{"noteId":"` + strings.Repeat("a", 24) + `","userInfo":{` + open + `,"nickName":"乙"}}`,
			upstream.Profile:     `{` + closed + `,"name":"丙"}`,
			upstream.Performance: `{"noteNumber":9,"videoNoteNumber":9,"readMedian":10000}`,
		}})
		for _, q := range c.before {
			l := b.set.Lookups.Lookup(q, upstream.Ask{})
			<-l.Done()
			if _, err := l.Answer(); err != nil {
				t.Fatalf("%s: looking %s up ends with %v, want an answer", name, q.Key(), err)
			}
		}
		a := b.insights(t, sponsoredVideo)
		testkit.Equal(t, name+": the name", a.Structured.Name, c.name)
		testkit.Equal(t, name+": unitCosts", string(JSON(a.Structured.Performance["unitCosts"])), c.costs)
		testkit.Equal(t, name+": billed", a.Structured.Meta.Billed, 1)
		end()
	}
}
