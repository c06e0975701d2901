package program

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
)

// noteSource is an upstream of notes that counts the requests. The 19th note fails, and
// the 20th is answered with another one.
type noteSource struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	times []time.Time
}

func newNoteSource(t *testing.T) *noteSource {
	u := &noteSource{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("noteId")
		u.mu.Lock()
		u.asked = append(u.asked, r.URL.Path+" "+id+" "+r.URL.Query().Get("token"))
		u.times = append(u.times, time.Now())
		u.mu.Unlock()
		switch id {
		case testkit.BloggerID(19):
			_, _ = w.Write([]byte(`{"code":400,"data":null}`))
			return
		case testkit.BloggerID(20):
			id = testkit.BloggerID(21)
		}
		_, _ = fmt.Fprintf(w, `{"code":0,"data":{"noteId":%q,"title":"=1+1","readNum":1000,"likeNum":5,"createTime":"2020-01-01 12:00","userInfo":{"userId":%q}}}`, id, id)
	}))
	t.Cleanup(u.Close)
	return u
}

// requests gives the requests since the last call of it.
func (u *noteSource) requests() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	asked := u.asked
	u.asked = nil
	return asked
}

func reviewCall(ids []string, paid []float64) string {
	arguments, _ := json.Marshal(map[string]any{"notes": ids, "paidCny": paid})
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"review_notes","arguments":` + string(arguments) + `}}`
}

// Twenty notes are twenty paid requests within the rate; asked again they are none, also
// after a restart and from the command line.
func TestReviewIsPaidOnce(t *testing.T) {
	u, dir := newNoteSource(t), t.TempDir()
	ids, paid := make([]string, 20), make([]float64, 20)
	for i := range ids {
		ids[i], paid[i] = testkit.BloggerID(100+i), 500
	}
	flags := []string{"-upstream", u.URL, "-rate", "50", "-cache-dir", dir, "-log-level", "error"}
	for restart, want := range []string{"20 looked up, 0 cached, 20 billed, 0 pending, 0 failed", "20 looked up, 20 cached, 0 billed, 0 pending, 0 failed"} {
		s := start(t, withToken(), flags...)
		s.send(reviewCall(ids, paid))
		what := fmt.Sprintf("twenty notes after %d restarts", restart)
		testkit.Contains(t, what, s.line(), want, "20,000 reads", "10,000 CNY paid for 20 of them", "0.500 CNY per read")
		s.send(reviewCall(ids, paid))
		testkit.Contains(t, what+", again", s.line(), "20 cached, 0 billed")
		_, status := s.end()
		testkit.Equal(t, "the exit status of the server", status, 0)
		if restart == 0 {
			asked := u.requests()
			slices.Sort(asked)
			if n := len(slices.Compact(asked)); n != 20 || len(asked) != 20 {
				t.Errorf("%s: %d requests, %d of them different, want 20 of 20", what, len(asked), n)
			}
			testkit.Equal(t, "the first request", asked[0], "/api/xiaohongshu-pgy/api/solar/note/noteId/detail/v1 "+ids[0]+" "+testkit.Token)
			if took := u.times[19].Sub(u.times[0]); took < 19*time.Second/50-50*time.Millisecond {
				t.Errorf("%s: 20 requests within %s, want them at 50 a second", what, took)
			}
		}
	}
	status, out, _ := runOnce(t, withToken(), append(append([]string{"review"}, flags...), ids...)...)
	testkit.Equal(t, "the exit status of review", status, 0)
	testkit.Contains(t, "review", out, "20 cached, 0 billed")
	testkit.Equal(t, "requests after the first call", len(u.requests()), 0)
}

// One note fails and one answer is about another note; the rest come.
func TestReviewWithFailures(t *testing.T) {
	u := newNoteSource(t)
	args := []string{"review", "-upstream", u.URL, "-rate", "10000", "-cache-dir", "off", "-log-level", "error", "-o", "json"}
	status, out, errs := runOnce(t, withToken(), append(args, testkit.BloggerID(18)+"=500", testkit.BloggerID(19), testkit.BloggerID(20))...)
	testkit.Equal(t, "the exit status", status, 1)
	testkit.Contains(t, "stderr", errs, "invalid_parameters: The upstream refuses this request (code 400). ("+testkit.BloggerID(19)+")", "bad_response: The upstream's answer cannot be used: the answer is about another note. ("+testkit.BloggerID(20)+")")
	testkit.Contains(t, "the document", out, `"reads":1000,"likes":5,"engagements":5,`, `"cnyPerRead":0.5,`, `"billed":1,"pending":0,"failed":2,`)
}

// A mistake in an amount costs nothing: nothing is asked.
func TestReviewMistakesAreFree(t *testing.T) {
	u := newNoteSource(t)
	id := testkit.BloggerID(18)
	for _, args := range [][]string{
		{id + "=abc"}, {id + "=1", id + "=2"}, {"https://www.xiaohongshu.com/explore/" + id + "=5"},
		{"-sort", "likes", id}, {"-o", "html", id}, {id, "-sort", "reads"}, {},
	} {
		status, out, errs := runOnce(t, withToken(), append([]string{"review", "-upstream", u.URL, "-cache-dir", "off"}, args...)...)
		if status != 2 || out != "" || !strings.HasPrefix(errs, "pgy-mcp: invalid configuration:\n") {
			t.Errorf("review %q: status %d, stdout %q, stderr %.200q; want 2 and what is wrong", args, status, out, errs)
		}
	}
	status, _, errs := runOnce(t, withToken(), "review", "-upstream", u.URL, "-cache-dir", "off", "http://xhslink.com/a/b", "https://www.xiaohongshu.com/user/profile/"+id)
	testkit.Equal(t, "the exit status of review without notes", status, 1)
	testkit.Contains(t, "stderr", errs, "invalid_argument: note is an xhslink.com short link", "find_bloggers", "invalid_argument: note is a blogger's profile URL")
	testkit.Equal(t, "the number of requests", len(u.requests()), 0)
}
