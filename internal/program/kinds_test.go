package program

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
)

// wantFailure checks what a failed call says of a retry and of the bill.
func wantFailure(t *testing.T, line, kind, retryable, billed string) {
	t.Helper()
	testkit.Equal(t, "isError of the failure", parse(t, line).Result.IsError, true)
	testkit.Lacks(t, "the result of the failed call", line, "structuredContent")
	words := strings.Split(onlyText(t, line), "\n")
	if len(words) < 3 {
		t.Fatalf("the failure: got %d lines, want 3 at least: %q", len(words), words)
	}
	testkit.HasPrefix(t, "line 1 of the failure", words[0], kind+": ")
	testkit.Equal(t, "line 2 of the failure", words[1], "Retryable: "+retryable+". Billed: "+billed+".")
	testkit.HasPrefix(t, "line 3 of the failure", words[2], "Next step: ")
	for i, line := range words[:3] {
		if !strings.HasSuffix(line, ".") {
			t.Errorf("line %d of the failure: got %q, want a sentence that ends with a full stop", i+1, line)
		}
	}
}

// Answers of an upstream that have none of its codes. Every row has an upstream and a
// server of its own.
func TestAnswersWithoutACode(t *testing.T) {
	const operator = "no, operator action is needed"
	plain := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name                    string
		answer                  http.HandlerFunc
		kind, retryable, billed string
		requests                int64
	}{
		{"HTTP 401", plain(401, "no"), "token_invalid", operator, "no", 1},
		{"HTTP 403", plain(403, "<html>no</html>"), "permission_denied", operator, "no", 1},
		{"HTTP 429", plain(429, ""), "rate_limited", "yes, after 10 s", "no", 3},
		{"HTTP 500 page", plain(500, "<html>upstream words</html>"), "upstream_error", "yes", "no", 1},
		{"HTTP 502 page", plain(502, "<html>upstream words</html>"), "upstream_error", "yes", "no", 1},
		{"HTTP 503 page", plain(503, "<html>upstream words</html>"), "upstream_error", "yes", "no", 3},
		{"HTTP 404 page", plain(404, "404 page not found"), "bad_response", "yes, once", "unknown", 1},
		{"null data", plain(200, `{"code":0,"data":null}`), "not_found", "no", "yes", 1},
		{"empty data", plain(200, `{"code":0,"data":{}}`), "not_found", "no", "yes", 1},
		{"not JSON", plain(200, "upstream words"), "bad_response", "yes, once", "unknown", 1},
		{"no envelope", plain(200, `{"userId":"659902c1000000002200361b"}`), "bad_response", "yes, once", "unknown", 1},
		{"a list", plain(200, `{"code":0,"data":[1]}`), "bad_response", "yes, once", "unknown", 1},
		{"another blogger", plain(200, `{"code":0,"data":{"userId":"5a3e1e000000000000000001"}}`), "bad_response", "yes, once", "unknown", 1},
		{"too large", plain(200, `{"code":0,"data":{"name":"`+strings.Repeat("x", 4<<20)+`"}}`), "bad_response", "yes, once", "unknown", 1},
		{"cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"code":0,"data":{`)
		}, "bad_response", "yes, once", "unknown", 1},
		{"no answer at all", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "bad_response", "yes, once", "unknown", 1},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "bad_response", "yes, once", "unknown", 1},
		{"a long Retry-After", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31")
			_, _ = io.WriteString(w, `{"code":302}`)
		}, "rate_limited", "yes, after 31 s", "no", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			u := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				c.answer(w, r)
			}))
			defer u.Close()
			s := start(t, withToken(), "-upstream", u.URL, "-rate", "1000", "-log-level", "error")
			s.send(testkit.Call(1, testkit.DocumentedID))
			line := s.line()
			wantFailure(t, line, c.kind, c.retryable, c.billed)
			testkit.Lacks(t, "the failure", line, "upstream words")
			testkit.Equal(t, "requests that the upstream got", requests.Load(), c.requests)
		})
	}
}

// A connection that never opened is tried three times and costs nothing.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // nobody listens there now
	s := start(t, withToken(), "-upstream", "http://"+addr, "-rate", "1000", "-log-level", "warn")
	s.send(testkit.Call(1, testkit.DocumentedID))
	wantFailure(t, s.line(), "unreachable", "yes", "no")
	log := s.log()
	if n := strings.Count(log, "upstream request failed"); n != 3 {
		t.Errorf("a call to an upstream that is away: got %d attempts in the log, want 3; the log:\n%.600s", n, log)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, nil)
	s := start(t, nil, flags(u)...)
	s.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	testkit.Contains(t, "tools/list without a token", s.line(), `"compare_bloggers"`)
	s.send(testkit.Call(2, testkit.DocumentedID))
	wantFailure(t, s.line(), "token_missing", "no, operator action is needed", "no")
	testkit.Equal(t, "requests that the upstream got without a token", u.Of(testkit.DocumentedID), 0)
}

func TestBudgetIsKept(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, nil)
	s := start(t, withToken(), flags(u, "-budget", "1", "-log-level", "error")...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	testkit.Contains(t, "a call within the budget", s.line(), `"callsLeft":0`)
	s.send(testkit.Call(2, testkit.BloggerID(2)))
	text := onlyText(t, s.line())
	until := time.Now().Add(24 * time.Hour).UTC().Format("2006-01-02")
	testkit.HasPrefix(t, "a call beyond the budget", text, "budget_exhausted: ")
	testkit.Contains(t, "a call beyond the budget", text, "Retryable: no, until ", "Billed: no.")
	// The test may run over midnight.
	if yesterday := time.Now().Add(23 * time.Hour).UTC().Format("2006-01-02"); !strings.Contains(text, until) && !strings.Contains(text, yesterday) {
		t.Errorf("the failure is %.600q, want %s or %s in it", text, until, yesterday)
	}
	s.send(testkit.Call(3, testkit.BloggerID(1)))
	r := parse(t, s.line())
	testkit.Equal(t, "isError of a cached profile when the budget is spent", r.Result.IsError, false)
	testkit.Equal(t, "meta.cached of a cached profile when the budget is spent", r.Result.StructuredContent.Meta.Cached, true)
	testkit.Equal(t, "requests that the upstream got beyond the budget", u.Of(testkit.BloggerID(2)), 0)
}

// A pending call's look-up goes on; the next call is told of its charge.
func TestPendingThenFree(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u, "-wait", "30ms", "-log-level", "error")...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	wantFailure(t, s.line(), "pending", "yes, in 15 s, without a further charge", "not yet")
	u.Release()
	for id := 2; ; id++ {
		s.send(testkit.Call(id, testkit.BloggerID(1)))
		line := s.line()
		if r := parse(t, line); !r.Result.IsError {
			testkit.Equal(t, "meta.billed of the first result after pending", r.Result.StructuredContent.Meta.Billed, true)
			break
		}
		wantFailure(t, line, "pending", "yes, in 15 s, without a further charge", "not yet")
	}
	testkit.Equal(t, "requests that the upstream got", u.Of(testkit.BloggerID(1)), 1)
}

// A failing upstream does not take away what is known: the older profile
// comes, marked stale, and costs nothing.
func TestStaleWhileTheUpstreamFails(t *testing.T) {
	t.Parallel()
	var fails atomic.Bool
	u := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fails.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprintf(w, `{"code":0,"data":{"userId":%q}}`, r.URL.Query().Get("userId"))
	}))
	defer u.Close()
	s := start(t, withToken(), "-upstream", u.URL, "-rate", "1000", "-cache-ttl", "1ns", "-log-level", "error")
	s.send(testkit.Call(1, testkit.DocumentedID))
	testkit.Contains(t, "the call before the upstream fails", s.line(), `"billed":true`)
	fails.Store(true)
	s.send(testkit.Call(2, testkit.DocumentedID))
	m := parse(t, s.line()).Result.StructuredContent.Meta
	testkit.Equal(t, "meta.stale while the upstream fails", m.Stale, true)
	testkit.Equal(t, "meta.cached while the upstream fails", m.Cached, true)
	testkit.Equal(t, "meta.billed while the upstream fails", m.Billed, false)
}
