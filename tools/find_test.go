package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// found is the result of a search as a client reads it.
type found struct {
	raw        []byte
	text, kind string
	schema.Found
}

func (b *bench) find(t *testing.T, ctx context.Context, arguments string) found {
	t.Helper()
	result, ok := b.set.Call(ctx, "find_bloggers", json.RawMessage(arguments))
	if !ok {
		t.Fatal("there is no tool find_bloggers, want one")
	}
	raw := bytes.Join(result.Object(""), nil)
	var r struct {
		Content           []struct{ Text string }
		IsError           bool
		StructuredContent *schema.Found
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("find_bloggers of %s: got %.300s (%v), want JSON", arguments, raw, err)
	}
	if absent := r.StructuredContent == nil; absent != r.IsError {
		t.Errorf("find_bloggers of %s: structuredContent is absent: %t, isError: %t, want both or neither", arguments, absent, r.IsError)
	}
	checkWire(t, raw)
	out := found{raw: raw, text: r.Content[0].Text}
	if r.IsError {
		out.kind, _, _ = strings.Cut(out.text, ":")
	} else {
		out.Found = *r.StructuredContent
		checkStructured(t, compiled(t, schema.PublishedFound), raw)
	}
	return out
}

// names are those of the rows, in their order, without what all samples begin with.
func (f found) names() string {
	var out []string
	for _, r := range f.Rows {
		out = append(out, strings.TrimPrefix(r.Name, "样例："))
	}
	return strings.Join(out, " ")
}

func TestFindGolden(t *testing.T) {
	for name, arguments := range map[string]string{
		"brief":    `{"categories":["母婴"],"location":"广东","maxPriceCny":10000,"sortBy":"cnyPerEngagement","budgetCny":20000,"maxPicks":2}`,
		"page":     `{"maxFollowers":1000000,"format":"image","page":1,"pages":2}`,
		"topic":    `{"topic":"测评","minFollowers":1,"minReadMedian":1}`,
		"name":     `{"who":"样例：早教小熊"}`,
		"redId":    `{"who":"5566778899"}`,
		"nobody":   `{"categories":["护肤品"],"location":"深圳"}`,
		"note":     `{"who":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1"}`,
		"link":     `{"who":"看看 http://xhslink.com/a/note，复制本条信息"}`,
		"profile":  `{"who":"http://xhslink.com/a/profile"}`,
		"nowhere":  `{"who":"http://xhslink.com/a/elsewhere"}`,
		"failing":  `{"topic":"fails"}`,
		"mistake":  `{"who":"https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000101"}`,
		"no-topic": `{"page":2}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, l := range []lang.Language{lang.English, lang.Chinese} {
					b, end := newBench(setup{fetcher: sample(), language: l, fee: 10})
					f := b.find(t, t.Context(), arguments)
					end()
					if l == lang.English {
						checkGolden(t, "find/"+name, f.raw)
						continue
					}
					checkChinese(t, readable(f.text))
				}
			})
		})
	}
}

// readable is a text without what stays as the platform and the samples write it.
func readable(text string) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "|") || strings.Contains(line, "发送给平台的条件")
	})
	return strings.NewReplacer("SUV", "", "CPE", "", "fails", "", "pgy-mcp profile", "", "pgy-mcp compare", "", "who", "", "topic", "", "categories", "", "location", "", "maxPriceCny", "").Replace(strings.Join(lines, "\n"))
}

// kol is a blogger of a page.
func kol(n int, more string) string {
	return fmt.Sprintf(`{"userId":%q,"name":"n%d","fansNum":%d,"videoState":1,"videoPrice":%d,"clickMidNum":1000,"interMidNum":90,"mEngagementNum":100%s}`, testkit.BloggerID(n), n, n*1000, n*100, more)
}

// searches is a source of searches: so many are found, and as many are on their pages.
// Page 7 fails, page 8 takes 90 s.
type searches struct {
	found int
	kols  func(n int) string // the nth; nil for kol

	mu    sync.Mutex
	asked []url.Values
}

func (*searches) Ready() error { return nil }

func (s *searches) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	asked, _ := url.ParseQuery(q.Parameters)
	s.mu.Lock()
	s.asked = append(s.asked, asked)
	s.mu.Unlock()
	page, _ := strconv.Atoi(asked.Get("page"))
	switch page {
	case 7:
		return nil, &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
	case 8:
		time.Sleep(90 * time.Second)
	}
	make := s.kols
	if make == nil {
		make = func(n int) string { return kol(n, "") }
	}
	var kols []string
	for n := (page-1)*20 + 1; n <= min(page*20, s.found); n++ {
		kols = append(kols, make(n))
	}
	data := fmt.Sprintf(`{"kols":[%s],"total":%d}`, strings.Join(kols, ","), min(s.found, 5000))
	return upstream.NewResponse(q.Subject, json.RawMessage(data), "req-1", true), nil
}

// pages are those that were asked for.
func (s *searches) pages() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, a := range s.asked {
		out = append(out, a.Get("page"))
	}
	return strings.Join(out, " ")
}

func TestPagesOfASearch(t *testing.T) {
	for _, c := range []struct {
		name             string
		found            int
		page, pages      int
		asked            string // the pages
		rows, next       int
		failed           string // a part of the failed page
		cached, billed   int
		total, isCeiling bool
	}{
		{name: "one", found: 5000, page: 1, pages: 1, asked: "1", rows: 20, next: 2, billed: 1, isCeiling: true},
		{name: "three", found: 400, page: 2, pages: 3, asked: "2 3 4", rows: 60, next: 5, billed: 3},
		{name: "a short one", found: 33, page: 1, pages: 5, asked: "1 2", rows: 33, billed: 2},
		{name: "a full last one", found: 40, page: 1, pages: 5, asked: "1 2", rows: 40, billed: 2},
		{name: "the last that there can be", found: 6000, page: 250, pages: 2, asked: "250", rows: 20, billed: 1, isCeiling: true},
		{name: "a failing one", found: 5000, page: 5, pages: 4, asked: "5 6 7", rows: 40, next: 7, failed: "7 upstream_error: The upstream has an error of its own (code 500).", billed: 2, isCeiling: true},
		{name: "a pending one", found: 140 + 40, page: 8, pages: 1, asked: "8", failed: "pending"},
		{name: "nobody", found: 0, page: 1, pages: 3, asked: "1", billed: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &searches{found: c.found}
				b, end := newBench(setup{fetcher: source, source: "prod-global"})
				defer end()
				arguments := fmt.Sprintf(`{"topic":"x","page":%d,"pages":%d}`, c.page, c.pages)
				f := b.find(t, t.Context(), arguments)
				testkit.Equal(t, "the pages asked for", source.pages(), c.asked)
				if c.failed == "pending" {
					testkit.Equal(t, "the kind of failure", f.kind, "pending")
					testkit.Contains(t, "the text", f.text, "call again with the same arguments in 15 s")
					return
				}
				testkit.Equal(t, "the number of rows", len(f.Rows), c.rows)
				testkit.Equal(t, "nextPage", f.Meta.NextPage, c.next)
				testkit.Equal(t, "billed", f.Meta.Billed, c.billed)
				testkit.Equal(t, "foundIsCeiling", f.Meta.FoundIsCeiling, c.isCeiling)
				failed := ""
				for _, p := range f.Meta.Failed {
					failed += fmt.Sprintf("%d %s", p.Page, p.Error)
				}
				testkit.Equal(t, "the failed page", failed, c.failed)
				if len(f.Rows) > 0 {
					testkit.Equal(t, "the first row's position", *f.Rows[0].Position, (c.page-1)*20+1)
				}
				again := b.find(t, t.Context(), arguments)
				testkit.Equal(t, "billed of the same call", again.Meta.Billed, 0)
			})
		})
	}
}

// What a search with CachedOnly would cost are the pages that are not cached, up to the last
// one.
func TestCachedOnlyCountsThePagesOfASearch(t *testing.T) {
	for _, c := range []struct {
		name        string
		found       int
		paid        []int // pages
		page, pages int
		want        int
	}{
		{"none paid", 400, nil, 1, 3, 3},
		{"the first paid", 400, []int{1}, 1, 3, 2},
		{"the last paid", 400, []int{3}, 1, 3, 2},
		{"the middle one paid", 400, []int{2}, 1, 3, 2},
		{"all but the middle one paid", 400, []int{1, 3}, 1, 3, 1},
		{"all paid", 400, []int{1, 2, 3}, 1, 3, 0},
		{"fewer found than asked for", 33, []int{1}, 1, 5, 1},
		{"more found than are counted", 6000, []int{1}, 1, 5, 4},
		{"the last that there can be", 6000, nil, 250, 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, end := newBench(setup{fetcher: &searches{found: c.found}, source: "prod-global"})
				defer end()
				for _, page := range c.paid {
					b.find(t, t.Context(), fmt.Sprintf(`{"topic":"x","page":%d}`, page))
				}
				_, _, got := b.set.Find(t.Context(), schema.FindInput{Topic: "x", Page: c.page, Pages: c.pages, CachedOnly: true})
				testkit.Equal(t, "the requests of the whole", got, c.want)
			})
		})
	}
}

// The rows that came before a page that takes too long are given, and the page comes
// later without a further charge.
func TestAPageThatPends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &searches{found: 400}
		b, end := newBench(setup{fetcher: slowPage{source}, source: "prod-global"})
		defer end()
		f := b.find(t, t.Context(), `{"topic":"x","pages":2}`)
		testkit.Equal(t, "the number of rows", len(f.Rows), 20)
		testkit.Equal(t, "nextPage", f.Meta.NextPage, 2)
		testkit.Contains(t, "the failed page", f.Meta.Failed[0].Error, "pending: ", "Next step: call again with the same arguments in 15 s")
		time.Sleep(time.Minute)
		f = b.find(t, t.Context(), `{"topic":"x","page":2}`)
		testkit.Equal(t, "billed of the page that was pending", f.Meta.Billed, 1)
		testkit.Equal(t, "cached of it", f.Meta.Cached, 1)
		testkit.Equal(t, "the pages asked for", source.pages(), "1 2")
	})
}

// All pages of a call have one wait together.
func TestPagesShareTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: pacedPages{&searches{found: 400}}, source: "prod-global"})
		defer end()
		start := time.Now()
		f := b.find(t, t.Context(), `{"topic":"x","pages":5}`)
		testkit.Equal(t, "how long the call took", time.Since(start), 50*time.Second)
		testkit.Equal(t, "nextPage", f.Meta.NextPage, 3)
	})
}

// pacedPages takes 20 s for each page.
type pacedPages struct{ *searches }

func (s pacedPages) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	time.Sleep(20 * time.Second)
	return s.searches.Fetch(ctx, q)
}

// slowPage takes 90 s for the second page.
type slowPage struct{ *searches }

func (s slowPage) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	r, err := s.searches.Fetch(ctx, q)
	if strings.Contains(q.Parameters, "page=2&") {
		time.Sleep(90 * time.Second)
	}
	return r, err
}

func TestSortingIsOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &searches{found: 3}
		b, end := newBench(setup{fetcher: source, source: "prod-global"})
		defer end()
		f := b.find(t, t.Context(), `{"topic":"x"}`)
		testkit.Equal(t, "the platform's order", f.names(), "n1 n2 n3")
		f = b.find(t, t.Context(), `{"topic":"x","sortBy":"followers"}`)
		testkit.Equal(t, "the order by followers", f.names(), "n3 n2 n1")
		testkit.Equal(t, "the first row's rank", *f.Rows[0].Rank, 1)
		if f.Rows[0].Position != nil {
			t.Errorf("the first row's position: got %d, want none beside a rank", *f.Rows[0].Position)
		}
		testkit.Contains(t, "the text", f.text, "ranked by followers, of the 3 fetched")
		testkit.Equal(t, "the requests", source.pages(), "1")
	})
}

// Rows of a search are what a comparison needs, and no profile.
func TestComparingWhoWasFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &searches{found: 20}
		b, end := newBench(setup{fetcher: source, source: "prod-global"})
		defer end()
		f := b.find(t, t.Context(), `{"topic":"x"}`)
		var ids []string
		for _, r := range f.Rows {
			ids = append(ids, r.UserID)
		}
		c := b.compared(t, `{"userIds":`+string(JSON(ids))+`}`)
		testkit.Equal(t, "cached rows", c.Meta.Cached, 20)
		testkit.Equal(t, "billed rows", c.Meta.Billed, 0)
		testkit.Equal(t, "the requests", source.pages(), "1")
		testkit.Equal(t, "the first row's flags", strings.Join(c.Rows[0].Flags, ","), "from search")
		time.Sleep(7 * time.Hour) // past its time a row serves cachedOnly alone
		c = b.compared(t, `{"cachedOnly":true,"userIds":`+string(JSON(ids[:1]))+`}`)
		testkit.Equal(t, "the flags of a stale row", strings.Join(c.Rows[0].Flags, ","), "from search,stale")
	})
}

func (b *bench) compared(t *testing.T, arguments string) schema.Comparison {
	t.Helper()
	result, _ := b.set.Call(t.Context(), "compare_bloggers", json.RawMessage(arguments))
	raw := bytes.Join(result.Object(""), nil)
	var r struct{ StructuredContent schema.Comparison }
	if err := json.Unmarshal(raw, &r); err != nil || r.StructuredContent.Rows == nil {
		t.Fatalf("compare_bloggers of %s: got %.500s (%v), want rows", arguments, raw, err)
	}
	return r.StructuredContent
}

// The filters of numbers, each with a blogger who does not keep to it.
func TestRowsOutsideTheFilters(t *testing.T) {
	for _, c := range []struct {
		arguments, kol, outside string
		within                  int
	}{
		{`{"minFollowers":1000}`, ``, "", -1},
		{`{"minFollowers":1001}`, ``, "fewer followers than asked for", -1},
		{`{"maxFollowers":999}`, ``, "more followers than asked for", -1},
		{`{"minFollowers":1001}`, `,"fansNum":0`, "", -1}, // is not judged
		{`{"maxPriceCny":100}`, ``, "", 1},
		{`{"maxPriceCny":99}`, ``, "over the limit", 0},
		{`{"minPriceCny":101}`, ``, "under the least price", 0},
		{`{"maxPriceCny":99}`, `,"videoPrice":0`, "no price to hold against the limit", 0},
		{`{"maxPriceCny":99,"format":"image"}`, ``, "no price to hold against the limit", 0},
		{`{"minReadMedian":1001}`, ``, "fewer reads than asked for", -1},
		{`{"minEngagementMedian":90}`, ``, "", -1},
		{`{"minEngagementMedian":91}`, ``, "fewer engagements than asked for", -1}, // interMidNum judges
		{`{"minSponsoredReadMedian":10}`, `,"readMidCoop30":9`, "fewer sponsored reads than asked for", -1},
		{`{"minSponsoredReadMedian":10}`, `,"readMidCoop30":0`, "", -1},
		{`{"maxFollowers":999,"minReadMedian":1001}`, ``, "more followers than asked for, fewer reads than asked for", -1},
	} {
		synctest.Test(t, func(t *testing.T) {
			b, end := newBench(setup{fetcher: &searches{found: 1, kols: func(int) string { return kol(1, c.kol) }}, source: "prod-global"})
			defer end()
			f := b.find(t, t.Context(), c.arguments)
			testkit.Equal(t, c.arguments+" with "+c.kol+": outside", f.Rows[0].Outside, c.outside)
			within := -1
			if f.Meta.WithinPrice != nil {
				within = *f.Meta.WithinPrice
			}
			testkit.Equal(t, c.arguments+": withinPrice", within, c.within)
			if (f.Meta.Outside == 1) != (c.outside != "") {
				t.Errorf("%s: meta.outside is %d, want it to count the row: %q", c.arguments, f.Meta.Outside, c.outside)
			}
		})
	}
}

// Prices are judged with the fee, and sent without.
func TestPricesWithTheFee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &searches{found: 2} // for 100 and 200
		b, end := newBench(setup{fetcher: source, source: "prod-global", fee: 10})
		defer end()
		f := b.find(t, t.Context(), `{"minPriceCny":111,"maxPriceCny":219}`)
		testkit.Equal(t, "the price sent", source.asked[0].Get("videoPrice"), "100,200")
		testkit.Equal(t, "the filter in meta", f.Meta.Filters["videoPrice"], "100,200")
		testkit.Equal(t, "the first row, for 110", f.Rows[0].Outside, "under the least price")
		testkit.Equal(t, "the second row, for 220", f.Rows[1].Outside, "over the limit")
	})
}

func TestBloggersWithoutAnIDAreLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &searches{found: 60, kols: func(n int) string {
			if n%10 == 0 {
				return `{"name":"nobody","userId":"1"}`
			}
			return kol(n, "")
		}}
		b, end := newBench(setup{fetcher: source, source: "prod-global"})
		defer end()
		f := b.find(t, t.Context(), `{"topic":"x"}`)
		testkit.Equal(t, "the number of rows", len(f.Rows), 18)
		testkit.Equal(t, "nextPage", f.Meta.NextPage, 2) // 20 came
		testkit.Equal(t, "the position behind the one left out", *f.Rows[9].Position, 11)
		testkit.Contains(t, "the text", f.text, "2 bloggers came without a userId and are left out.")
	})
}

func TestExactNamesComeFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := []string{`团子日记`, `团 子Ａ`, `别人`, `团子a`}
		source := &searches{found: 4, kols: func(n int) string {
			redID := map[int]string{3: "团子a"}[n]
			return fmt.Sprintf(`{"userId":%q,"name":%q,"redId":%q}`, testkit.BloggerID(n), names[n-1], redID)
		}}
		b, end := newBench(setup{fetcher: source, source: "prod-global"})
		defer end()
		f := b.find(t, t.Context(), `{"who":"团子A"}`)
		var got []string
		for _, r := range f.Rows {
			got = append(got, fmt.Sprintf("%d %s", *r.Position, r.Match))
		}
		testkit.Equal(t, "places and matches", strings.Join(got, ", "), "3 redId, 2 name, 4 name, 1 similar")
	})
}

// links is a source of short links and notes.
type links struct {
	link  string // data of the short link
	note  string // data of the note
	mu    sync.Mutex
	asked []string
}

func (*links) Ready() error { return nil }

func (s *links) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q.Endpoint.Name)
	s.mu.Unlock()
	data := s.link
	if q.Endpoint == upstream.Note {
		data = s.note
	}
	if data == "" {
		return nil, &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed}
	}
	return upstream.NewResponse(q.Subject, json.RawMessage(data), "req-1", true), nil
}

// The address of a short link comes from outside. Whatever it is, at most one more
// request is made, for a note, and what was paid is told.
func TestShortLinks(t *testing.T) {
	const note = "5a3e1e0000000000000000c1"
	author := `{"noteId":"` + note + `","userInfo":{"userId":"` + documented + `","nickName":"n","videoState":1,"videoPrice":100}}`
	for _, c := range []struct{ name, link, note, asked, want string }{
		{"a note", `{"redirect_url":"https://www.xiaohongshu.com/discovery/item/` + note + `?a=b"}`, author, "link note", "n from a note, billed 2"},
		{"a note's id", `{"noteId":"` + note + `"}`, author, "link note", "n from a note, billed 2"},
		{"a profile", `{"redirect_url":"https://www.xiaohongshu.com/user/profile/` + documented + `"}`, "", "link", " , billed 1"},
		{"another site", `{"redirect_url":"https://example.com/explore/` + note + `"}`, "", "link", "bad_response: The short link leads to neither|Retryable: no. Billed: yes."},
		{"an internal host", `{"redirect_url":"http://169.254.169.254/explore/` + note + `"}`, "", "link", "bad_response: The short link leads to neither|Billed: yes."},
		{"a fragment", `{"redirect_url":"https://www.xiaohongshu.com/explore/` + note + `#@example.com"}`, "", "link", "bad_response: The short link leads to neither|Billed: yes."},
		{"10 KB", `{"redirect_url":"https://www.xiaohongshu.com/explore/` + note + `?` + strings.Repeat("x", 10<<10) + `"}`, "", "link", "bad_response: The short link leads to neither|Billed: yes."},
		{"no text", `{"redirect_url":{"a":1},"noteId":7}`, "", "link", "bad_response: The short link leads to neither|Billed: yes."},
		{"a note that is gone", `{"noteId":"` + note + `"}`, "", "link note", "not_found: The upstream has no data|Billed: yes, the short link; the note it leads to: yes."},
		{"a note without an author", `{"noteId":"` + note + `"}`, `{"noteId":"` + note + `","userInfo":{"nickName":"n"}}`, "link note", "bad_response: |does not say who its author is|Billed: yes, the short link; the note it leads to: yes."},
		{"a link that is gone", "", "", "link", "not_found: The upstream has no data|Billed: yes.|where a link was given, check it in a browser or search by name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &links{link: c.link, note: c.note}
				b, end := newBench(setup{fetcher: source, source: "prod-global"})
				defer end()
				f := b.find(t, t.Context(), `{"who":"http://xhslink.com/a/AbC"}`)
				testkit.Equal(t, "what was asked", strings.Join(source.asked, " "), c.asked)
				if f.kind != "" {
					testkit.Contains(t, "the text", f.text, strings.Split(c.want, "|")...)
					testkit.Lacks(t, "the text", f.text, "example.com", "169.254", "xxx")
				} else {
					r := f.Rows[0]
					testkit.Equal(t, "the row", fmt.Sprintf("%s %s, billed %d", r.Name, strings.Join(r.Flags, ","), f.Meta.Billed), c.want)
					testkit.Equal(t, "the userId", r.UserID, documented)
				}
				asked := len(source.asked)
				again := b.find(t, t.Context(), `{"who":"http://xhslink.com/a/AbC"}`)
				testkit.Equal(t, "requests of the same call again", len(source.asked)-asked, 0)
				testkit.Equal(t, "billed again", again.Meta.Billed, 0)
			})
		})
	}
}

// A search that pays nothing says how many requests the whole takes: pages behind the
// first one that is missing may be cached, and the last page ends the search.
func TestPagesNotCached(t *testing.T) {
	for _, c := range []struct {
		name                string
		found, cached, want int // cached is one page; want is how many are not, of pages 1 to 4
	}{
		{"none", 400, 0, 4},
		{"the first", 400, 1, 3},
		{"the second", 400, 2, 3},
		{"the fourth", 400, 4, 3},
		{"the last one", 50, 3, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &searches{found: c.found}
				b, end := newBench(setup{fetcher: source})
				defer end()
				if c.cached > 0 {
					b.find(t, t.Context(), fmt.Sprintf(`{"topic":"a","page":%d}`, c.cached))
				}
				in, err := schema.FindArguments.Decode(json.RawMessage(`{"topic":"a","pages":4,"cachedOnly":true}`))
				if err != nil {
					t.Fatalf("the arguments: got %v, want no error", err)
				}
				_, _, notFresh := b.set.Find(t.Context(), in)
				testkit.Equal(t, "pages that are not cached", notFresh, c.want)
				asked := len(source.asked)
				in.CachedOnly = false
				b.set.Find(t.Context(), in)
				testkit.Equal(t, "requests of the whole", len(source.asked)-asked, c.want)
			})
		})
	}
}

// A place that is not known may begin with a country all the same.
func TestUnknownPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: &searches{found: 1}})
		defer end()
		for _, place := range []string{"中国 火星", "Guangdong"} {
			f := b.find(t, t.Context(), `{"location":"`+place+`"}`)
			testkit.Contains(t, "the text", f.text, "- Caveat: The platform is not known to have the place "+place+":")
		}
	})
}

// Most searches have no link that could be checked.
func TestTheNextStepOfASearchWithoutData(t *testing.T) {
	text := failedOf(lang.English, &upstream.Error{Kind: upstream.NotFound}, aSearch).Text()
	testkit.Contains(t, "the text", text, "else give other filters or words.")
}

// A format chooses the quote of the row that a link leads to; it is not sent.
func TestTheFormatOfALink(t *testing.T) {
	author := `{"noteId":"5a3e1e0000000000000000c1","userInfo":{"userId":"` + documented + `","nickName":"n","pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":200}}`
	for arguments, want := range map[string]string{
		``:                  "200: 1 fetched, 1 can be booked for video.",
		`,"format":"video"`: "200: 1 fetched, 1 can be booked for video.",
		`,"format":"image"`: "100: 1 fetched, 1 can be booked for image.",
	} {
		synctest.Test(t, func(t *testing.T) {
			b, end := newBench(setup{fetcher: &links{note: author}, source: "prod-global"})
			defer end()
			f := b.find(t, t.Context(), `{"who":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1"`+arguments+`}`)
			price, line, _ := strings.Cut(want, ": ")
			testkit.Equal(t, "the price of"+arguments, fmt.Sprint(*f.Rows[0].PriceCNY), price)
			testkit.Contains(t, "the text of"+arguments, f.text, "\n- "+line+"\n")
			testkit.Lacks(t, "the text of"+arguments, f.text, "Sent to the platform")
			testkit.Equal(t, "the filters of"+arguments, len(f.Meta.Filters), 0)
		})
	}
}

// A result of 20 filled rows is small enough for every client.
func TestAPageIsSmall(t *testing.T) {
	b, end := newBench(setup{fetcher: sample(), fee: 10})
	defer end()
	f := b.find(t, t.Context(), `{"maxFollowers":1000000,"sortBy":"cnyPerRead","budgetCny":100000,"maxPriceCny":30000}`)
	if n, most := len(f.text), 8<<10; len(f.Rows) != 20 || n >= most {
		t.Errorf("the text of %d rows: got %d bytes, want 20 rows in less than %d", len(f.Rows), n, most)
	}
}

func TestTheSearchLabels(t *testing.T) {
	text := render.SearchLabels(lang.English)
	testkit.Contains(t, "the labels", text, "| categories | -category | contentTag |", "- 母婴: 母婴日常, 早教", "出行旅游 → 出行", "妈妈, 萌娃", "中国 广东", "0-6月", "- MOTHER_BABY_SUPPLIES: Mother and baby")
	testkit.Contains(t, "the labels in Chinese", render.SearchLabels(lang.Chinese), "## 筛选条件", "| 内容类目，任一即可。 |", "| 只要粉丝在增长的。 |", "- 母婴：母婴日常、早教")
}
