package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

// priced is a source of profiles with a video quote, which a test changes.
func priced(price *atomic.Int64) fetcher {
	return func(_ context.Context, id string) (*upstream.Response, error) {
		return billedProfile(id, fmt.Sprintf(`{"userId":%q,"videoState":1,"videoPrice":%d,"fansNum":1000}`, id, price.Load())), nil
	}
}

// since are the lines of a text that say what changed.
func (a answer) since() string {
	var out []string
	for line := range strings.SplitSeq(a.text(), "\n") {
		if strings.HasPrefix(line, "Since ") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

// changes are those of the structured content.
func (a answer) changes(t *testing.T) string {
	t.Helper()
	var s struct{ Changes json.RawMessage }
	if err := json.Unmarshal(a.Structured.Summary, &s); err != nil {
		t.Errorf("the summary is %.300s: %v, want JSON", a.Structured.Summary, err)
	}
	return string(s.Changes)
}

const (
	risen     = "Since 2000-01-02: video quote 16,000 → 18,000 CNY (+12.5 %)"
	risenJSON = `[{"what":"videoPriceCny","from":16000,"to":18000,"since":"2000-01-02"}]`
)

func folder(tb testing.TB, dir string) upstream.Store {
	s := disk.Open(dir, disk.Options{Source: baseURL, Size: 100})
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// A price that changed is told once it is seen, by one process and by one that is new
// every day.
func TestAPriceThatChanges(t *testing.T) {
	outputs := compileOutputSchema(t)
	for name, restarts := range map[string]bool{"one process": false, "a process a day": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				var price atomic.Int64
				var b *bench
				end := func() {}
				begin := func() {
					end()
					s := setup{fetcher: priced(&price), source: "prod-global"}
					if restarts {
						s.store = folder(t, dir)
					}
					b, end = newBench(s)
				}
				begin()
				for _, day := range []struct {
					price         int64
					text, changes string
				}{
					{16000, "", ""},
					{16000, "", ""},
					{18000, risen, risenJSON},
					{18000, "", ""},
				} {
					price.Store(day.price)
					for _, mode := range []string{"compact", "none", "compact"} {
						result := b.call(t, t.Context(), `{"userId":"`+documented+`","raw":"`+mode+`"}`)
						checkStructured(t, outputs, result)
						a := read(t, result)
						testkit.Equal(t, "what changed, in the text on "+time.Now().Format(time.DateOnly), a.since(), day.text)
						testkit.Equal(t, "what changed, in JSON", a.changes(t), day.changes)
					}
					time.Sleep(25 * time.Hour)
					if restarts {
						begin()
					}
				}
				end()
			})
		})
	}
}

// A stale answer is held against what was seen before it was fetched.
func TestChangesOfAStaleAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var price atomic.Int64
		fails := false
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(ctx context.Context, id string) (*upstream.Response, error) {
			if fails {
				return nil, &upstream.Error{Kind: upstream.UpstreamError, Code: 101, Billed: upstream.NotBilled}
			}
			return priced(&price)(ctx, id)
		})})
		defer end()
		price.Store(16000)
		b.profile(t)
		time.Sleep(30 * time.Hour)
		price.Store(18000)
		b.profile(t)
		time.Sleep(10 * time.Hour)
		fails = true
		a := b.profile(t)
		testkit.Equal(t, "the origin", a.origin(), origin{Cached: true, Stale: true})
		testkit.Equal(t, "what changed", a.since(), "Since 2000-01-01: video quote 16,000 → 18,000 CNY (+12.5 %)")
	})
}

// forgetful is a store that reads histories late or not at all.
type forgetful struct {
	upstream.Store
	fails atomic.Bool
	takes time.Duration // to read an answer, or a history
}

func (f *forgetful) Load(ctx context.Context, keys ...string) ([][]byte, error) {
	time.Sleep(f.takes)
	return f.Store.Load(ctx, keys...)
}

func (f *forgetful) Lines(ctx context.Context, blogger string) ([][]byte, error) {
	if time.Sleep(f.takes); f.fails.Load() {
		return nil, errors.New("it is gone")
	}
	return f.Store.Lines(ctx, blogger)
}

// What could not be read for one call is told in the next one: an encoded profile is
// not kept without it.
func TestAHistoryThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var price atomic.Int64
		store := &forgetful{Store: folder(t, dir)}
		b, end := newBench(setup{fetcher: priced(&price), source: "prod-global", store: store})
		defer end()
		price.Store(16000)
		time.Sleep(24 * time.Hour)
		b.profile(t)
		time.Sleep(25 * time.Hour)
		price.Store(18000)
		store.fails.Store(true)
		a := b.profile(t)
		checkKind(t, "without the history", a, "")
		testkit.Equal(t, "what changed without the history", a.since(), "")
		_, failure := b.resource(t, "pgy://blogger/"+documented+"/history")
		testkit.Contains(t, "the failure of the resource", failure, "unreachable: What is kept in the cache folder or in Redis cannot be read.", "Billed: no.")
		store.fails.Store(false)
		testkit.Equal(t, "what changed", b.profile(t).since(), risen)
	})
}

// The store has 500 ms for a look-up, the history included.
func TestASlowStoreOfHistories(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var price atomic.Int64
		price.Store(16000)
		one, end := newBench(setup{fetcher: priced(&price), source: "prod-global", store: folder(t, dir)})
		one.profile(t)
		end()
		b, end := newBench(setup{fetcher: priced(&price), source: "prod-global", store: &forgetful{Store: folder(t, dir), takes: 300 * time.Millisecond}})
		defer end()
		begin := time.Now()
		a := b.profile(t)
		testkit.Equal(t, "the origin", a.origin(), origin{Cached: true})
		if took := time.Since(begin); took > 500*time.Millisecond {
			t.Errorf("a profile from a store that takes 300ms an operation came after %s, want 500ms at most", took)
		}
	})
}

func TestHistoryResource(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		var price atomic.Int64
		b, end := newBench(setup{fetcher: priced(&price), source: "prod-global", store: folder(t, dir)})
		defer end()
		const uri = "pgy://blogger/" + documented + "/history"
		text, failure := b.resource(t, uri)
		testkit.Equal(t, "the failure before anything was seen", failure, "")
		testkit.Equal(t, "the history before anything was seen", text, `{"userId":"`+documented+`","lines":[]}`)
		for i := range int64(3) {
			price.Store(16000 + 1000*(i/2))
			b.profile(t)
			time.Sleep(7 * time.Hour)
		}
		const want = `{"userId":"` + documented + `","lines":[` +
			`{"at":"2000-01-01T00:00:00Z","from":"profile","videoPriceCny":16000,"videoStatus":"open","followers":1000},` +
			`{"at":"2000-01-01T14:00:00Z","from":"profile","videoPriceCny":17000,"videoStatus":"open","followers":1000}]}`
		damage(t, dir)
		for _, user := range []string{documented, strings.ToUpper(documented), "https://www.xiaohongshu.com/user/profile/" + documented + "?a=b"} {
			text, failure := b.resource(t, "pgy://blogger/"+user+"/history")
			testkit.Equal(t, user+": the failure", failure, "")
			testkit.Equal(t, user+": the history", text, want)
		}
		_, failure = b.resource(t, "pgy://blogger/4639645438/history")
		testkit.HasPrefix(t, "the failure of a 小红书号", failure, "invalid_argument: userId looks like a 小红书号 (redId)")
		testkit.ContainsOnce(t, "the log", b.log.String(), "damaged lines of a history are skipped")
	})
}

// damage adds to the histories in a folder what a process leaves that died, and what
// none leaves.
func damage(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "history", "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the files of histories are %q, %v, want one", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	testkit.Contains(t, "the stored history", string(content), `"upstream":{"followers":"fansNum","videoPriceCny":"videoPrice"}`)
	content = bytes.Replace(content, []byte("\n{\"at\""), []byte("\n{\"at\":\"2000-01-01T\n\x00\xff\n\n{\"at\""), 1)
	if err := os.WriteFile(files[0], append(content, `{"at":"2000-01-0`...), 0o600); err != nil {
		t.Fatal(err)
	}
}

// asked is a source that knows the query.
type asked func(q upstream.Query) string

func (asked) Ready() error { return nil }

func (f asked) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	return billedProfile(q.Subject, f(q)), nil
}

// A search and a note leave lines too, from which a profile tells what changed: but not
// that a price is hidden, which they do not say.
func TestHistoryOfSearchesAndNotes(t *testing.T) {
	const note = "5a3e1e0000000000000000c1"
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: asked(func(q upstream.Query) string {
			switch q.Endpoint {
			case upstream.Search:
				return `{"total":1,"kols":[{"userId":"` + documented + `","videoState":1,"videoPrice":16000,"mEngagementNum":700,"pictureState":1,"picturePrice":9000}]}`
			case upstream.Note:
				return `{"noteId":"` + note + `","userId":"` + documented + `","userInfo":{"userId":"` + documented + `","videoState":1,"videoPrice":16000,"interMidNum":650,"fansNum":1000}}`
			}
			return `{"userId":"` + documented + `","videoState":1,"videoPrice":18000,"mEngagementNum":700,"fansNum":1100,"pictureState":1,"picturePrice":9000,"pictureShowState":false}`
		})})
		defer end()
		for tool, arguments := range map[string]string{"find_bloggers": `{"topic":"x"}`, "review_notes": `{"notes":["` + note + `"]}`} {
			if r, ok := b.set.Call(t.Context(), tool, json.RawMessage(arguments)); !ok || bytes.Contains(bytes.Join(r.Object(""), nil), []byte(`"isError":true`)) {
				t.Fatalf("%s: got %s, want a result", tool, bytes.Join(r.Object(""), nil))
			}
		}
		text, _ := b.resource(t, "pgy://blogger/"+documented+"/history")
		testkit.ContainsOnce(t, "the history", text, `"from":"search","imagePriceCny":9000,"imageStatus":"open","videoPriceCny":16000,"videoStatus":"open","engagementMedian":700}`,
			`"from":"note","videoPriceCny":16000,"videoStatus":"open","followers":1000,"engagementMedian":650}`)
		time.Sleep(25 * time.Hour)
		testkit.Equal(t, "what changed", b.profile(t).since(), "Since 2000-01-01: video quote 16,000 → 18,000 CNY (+12.5 %); followers 1,000 → 1,100 (+10 %)")
	})
}

// Samples leave no history: nothing was paid for them.
func TestSamplesLeaveNoHistory(t *testing.T) {
	b, end := newBench(setup{fetcher: sample()})
	defer end()
	b.profile(t)
	text, failure := b.resource(t, "pgy://blogger/"+documented+"/history")
	testkit.Equal(t, "the failure", failure, "")
	testkit.Equal(t, "the history", text, `{"userId":"`+documented+`","lines":[]}`)
}
