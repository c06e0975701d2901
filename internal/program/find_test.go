package program

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

const (
	searchPath = "/api/xiaohongshu-pgy/api/solar/cooperator/blogger/v2/v1"
	linkPath   = "/api/xiaohongshu/share-url-transfer/v1"
	notePath   = "/api/xiaohongshu-pgy/api/solar/note/noteId/detail/v1"
)

// searched is an upstream that answers searches, short links and notes as recorded, and
// notes each request without its token.
type searched struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	link     string // the answer's data instead of the recorded one
}

func newSearched(t *testing.T) *searched {
	t.Helper()
	page := recordedPage(t)
	note, err := os.ReadFile(filepath.Join(testkit.Root(), "testdata/upstream/5a3e1e0000000000000000c1/note.json"))
	if err != nil {
		t.Fatalf("reading the recorded note: got %v, want no error", err)
	}
	u := &searched{link: `{"redirect_url":"https://www.xiaohongshu.com/discovery/item/5a3e1e0000000000000000c1?xsec_token=A%3D"}`}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		q.Del("token")
		u.mu.Lock()
		u.requests = append(u.requests, r.URL.Path+"?"+q.Encode())
		link := u.link
		u.mu.Unlock()
		switch r.URL.Path {
		case searchPath:
			_, _ = w.Write(page)
		case linkPath:
			_, _ = fmt.Fprintf(w, `{"code":0,"data":%s}`, link)
		case notePath:
			_, _ = w.Write(note)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(u.Close)
	return u
}

// recordedPage is a full page of recorded bloggers, of more than are counted.
func recordedPage(t *testing.T) []byte {
	t.Helper()
	var file struct {
		Bloggers []struct{ Data json.RawMessage }
	}
	b, err := os.ReadFile(filepath.Join(testkit.Root(), "testdata/upstream/search/bloggers.json"))
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil {
		t.Fatalf("reading the recorded bloggers: got %v, want no error", err)
	}
	var kols []json.RawMessage
	for _, b := range file.Bloggers[:20] {
		kols = append(kols, b.Data)
	}
	page, err := json.Marshal(map[string]any{"code": 0, "data": map[string]any{"kols": kols, "total": 5000}})
	if err != nil {
		t.Fatalf("making a page: got %v, want no error", err)
	}
	return page
}

// asked are the requests since it was last called.
func (u *searched) asked() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	out := u.requests
	u.requests = nil
	return out
}

func (u *searched) flags(dir string) []string {
	return []string{"-upstream", u.URL, "-rate", "10000", "-cache-dir", dir, "-log-level", "error"}
}

func toolCall(id int, tool, arguments string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`, id, tool, arguments)
}

// A search sends the filters that were asked for, and nothing else.
func TestWhatASearchSends(t *testing.T) {
	u := newSearched(t)
	s := start(t, withToken(), u.flags("off")...)
	for i, c := range []struct{ arguments, query string }{
		{`{"who":"团子 有点咸"}`, "keyword=团子 有点咸&page=1&searchType=NICKNAME&sort=DEFAULT"},
		{`{"topic":"防晒","page":2}`, "keyword=防晒&page=2&searchType=NOTE&sort=DEFAULT"},
		{`{"categories":["母婴","早教"],"location":"广东","maxPriceCny":10000}`, "contentTag=母婴,早教&location=广东&page=1&searchType=NICKNAME&sort=DEFAULT&videoPrice=-1,10000"},
		{`{"categories":["科技"],"gender":"male","format":"image","minPriceCny":1000,"maxCnyPerRead":0.5,"growing":true,"sortBy":"priceCny","budgetCny":1}`,
			"contentTag=科技数码&estimatePicReadPrice=0,0.5&fansNumUp=true&gender=MALE&notePrice=1000,-1&noteType=PHOTO_TEXT&page=1&searchType=NICKNAME&sort=DEFAULT"},
		{`{"audienceLocation":"中国 广东","audienceGender":"mostly_female","audienceAge":"25_34","childStages":["1-3岁"],"minFollowers":10000,"maxFollowers":500000,"excludeLowActive":true}`,
			"excludeLowActive=true&fansAge=AGE_25_34&fansChildAgeInfo=1-3岁&fansGender=FE_MALE_HIGH&fansLocation=中国 广东&fansNumberLower=10000&fansNumberUpper=500000&page=1&searchType=NICKNAME&sort=DEFAULT"},
		{`{"personas":["妈妈"],"minReadMedian":3000,"minEngagementMedian":200,"minSponsoredReadMedian":1500,"maxCpmCny":150,"maxCnyPerEngagement":12,"minReplyPercent":90,"industry":"games","refresh":false}`,
			"estimateVideoCpm=0,150&estimateVideoEngageCost=0,12&industry=GAMES&interMidNor30=200,-1&inviteReply48hNumRatio=90,-1&page=1&personalTags=妈妈&readMidCoop30=1500,-1&readMidNor30=3000,-1&searchType=NICKNAME&sort=DEFAULT"},
	} {
		s.send(toolCall(i, "find_bloggers", c.arguments))
		s.line()
		var got []string
		for _, request := range u.asked() {
			path, query, _ := strings.Cut(request, "?")
			got = append(got, path+"?"+unescaped(query))
		}
		if want := []string{searchPath + "?" + c.query}; !slices.Equal(got, want) {
			t.Errorf("find_bloggers of %s: the upstream was asked %q, want %q", c.arguments, got, want)
		}
	}
}

// unescaped is a query as a person reads it.
func unescaped(query string) string {
	u, err := httptest.NewRequest(http.MethodGet, "/?"+query, nil).URL.Parse("?" + query)
	if err != nil {
		return query
	}
	var parts []string
	for name, values := range u.Query() {
		parts = append(parts, name+"="+values[0])
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// One page is one paid request, for every process and in whatever order; comparing the
// bloggers that were found is none.
func TestAPageIsPaidOnce(t *testing.T) {
	u, dir := newSearched(t), t.TempDir()
	s := start(t, withToken(), u.flags(dir)...)
	s.send(toolCall(1, "find_bloggers", `{"categories":["母婴"]}`))
	testkit.Contains(t, "the first answer", s.line(), `"found":5000,"foundIsCeiling":true,"fetched":20`, `"nextPage":2`, `"cached":0,"billed":1`)
	s.send(toolCall(2, "find_bloggers", `{"categories":["母婴"],"sortBy":"followers"}`))
	testkit.Contains(t, "the same page in another order", s.line(), `"cached":1,"billed":0`)
	_, status := s.end()
	testkit.Equal(t, "the exit status of the server", status, 0)

	find := append([]string{"find", "-category", "母婴", "-o", "json"}, u.flags(dir)...)
	status, out, errs := runOnce(t, withToken(), find...)
	testkit.Equal(t, "the exit status of find", status, 0)
	testkit.Equal(t, "stderr of find", errs, "")
	var f schema.Found
	if err := json.Unmarshal([]byte(out), &f); err != nil {
		t.Fatalf("find -o json: got %.300s (%v), want JSON", out, err)
	}
	testkit.Equal(t, "meta.billed of find", f.Meta.Billed, 0)
	compare := append([]string{"compare", "-o", "json"}, u.flags(dir)...)
	for _, r := range f.Rows {
		compare = append(compare, r.UserID)
	}
	status, out, _ = runOnce(t, withToken(), compare...)
	testkit.Equal(t, "the exit status of compare", status, 0)
	testkit.Contains(t, "compare of 20 found", out, `"cached":20,"billed":0`, `"from search"`)
	testkit.Equal(t, "the requests of all", len(u.asked()), 1)
}

// A process that is killed right behind its answer has left the page and its bloggers to
// the next one.
func TestAPageSurvivesSIGKILL(t *testing.T) {
	u, dir := newSearched(t), t.TempDir()
	p := program(t, u.flags(dir)...)
	_, _ = io.WriteString(p.in, toolCall(1, "find_bloggers", `{"topic":"x"}`)+"\n")
	if !p.out.Scan() {
		t.Fatalf("find_bloggers: got no answer (%v), want one", p.out.Err())
	}
	_ = p.Process.Kill()
	_ = p.Wait()
	u.asked()
	status, out, _ := runOnce(t, withToken(), append(append([]string{"compare", "-o", "json"}, u.flags(dir)...), "5a3e1e000000000000000101", "5a3e1e000000000000000109")...)
	testkit.Equal(t, "the exit status of compare", status, 0)
	testkit.Contains(t, "compare of two found", out, `"cached":2,"billed":0`)
	status, out, _ = runOnce(t, withToken(), append([]string{"find", "-topic", "x", "-o", "json"}, u.flags(dir)...)...)
	testkit.Equal(t, "the exit status of find", status, 0)
	testkit.Contains(t, "the same page", out, `"cached":1,"billed":0`)
	testkit.Equal(t, "the requests after SIGKILL", len(u.asked()), 0)
}

// A short link is at most two requests, and no other address than the upstream's is asked.
func TestAShortLinkIsAskedOfTheUpstreamAlone(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host was asked for %s, want no request", r.URL)
	}))
	t.Cleanup(other.Close)
	u := newSearched(t)
	s := start(t, withToken(), u.flags("off")...)
	s.send(toolCall(1, "find_bloggers", `{"who":"看看 http://xhslink.com/a/AbC1，复制本条信息"}`))
	testkit.Contains(t, "the note's author", s.line(), `"userId":"5a3e1e000000000000000004"`, `"cached":0,"billed":2`)
	want := []string{linkPath + "?shareUrl=http%3A%2F%2Fxhslink.com%2Fa%2FAbC1", notePath + "?noteId=5a3e1e0000000000000000c1"}
	if got := u.asked(); !slices.Equal(got, want) {
		t.Errorf("the requests: got %q, want %q", got, want)
	}
	for i, address := range []string{other.URL + "/explore/5a3e1e0000000000000000c1", other.URL + "/#https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1",
		"https://www.xiaohongshu.com@" + strings.TrimPrefix(other.URL, "http://") + "/explore/5a3e1e0000000000000000c1"} {
		u.mu.Lock()
		u.link = fmt.Sprintf(`{"redirect_url":%q}`, address)
		u.mu.Unlock()
		s.send(toolCall(2+i, "find_bloggers", fmt.Sprintf(`{"who":"https://xhslink.com/m/%d"}`, i)))
		testkit.Contains(t, "the answer for "+address, s.line(), "bad_response: The short link leads to neither a note nor a profile", "Billed: yes.", `"isError":true`)
		testkit.Equal(t, "the requests for "+address, len(u.asked()), 1)
	}
}
