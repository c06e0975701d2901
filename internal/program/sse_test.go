package program

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
)

// listener is a client of the older transport.
type listener struct {
	t        *testing.T
	events   *bufio.Scanner
	endpoint string
}

func (w *web) openStream(ctx context.Context) *listener {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/sse", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatalf("opening a stream ends with %v, want a response", err)
	}
	w.t.Cleanup(func() { resp.Body.Close() })
	s := &listener{t: w.t, events: bufio.NewScanner(resp.Body)}
	s.events.Buffer(nil, 16<<20)
	s.endpoint = s.next()
	return s
}

// next gives the next event's data.
func (s *listener) next() string {
	s.t.Helper()
	for s.events.Scan() {
		if data, ok := strings.CutPrefix(s.events.Text(), "data: "); ok {
			return data
		}
	}
	s.t.Fatalf("the stream ended with %v, want an event", s.events.Err())
	return ""
}

func TestSSE(t *testing.T) {
	u := testkit.NewUpstream(t, func(id string) bool { return id == testkit.BloggerID(9) })
	w := startHTTP(t, withToken(), flags(u, "-transport", "sse")...)
	ctx, leave := context.WithCancel(t.Context())
	a, b := w.openStream(ctx), w.openStream(t.Context())
	post := func(s *listener, body string) {
		resp, _ := w.do("POST", s.endpoint, body)
		testkit.Equal(t, fmt.Sprintf("the status of a POST of %.100s", body), resp.StatusCode, 202)
	}
	post(a, fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q},"_meta":{"progressToken":"x"}}}`, testkit.BloggerID(1)))
	for i, want := range []string{`"progress":0`, `"progress":1`, `"billed":true`} {
		testkit.Contains(t, fmt.Sprintf("event %d after a call", i), a.next(), want)
	}
	post(a, `{"jsonrpc":"2.0","id":2,"method":"server/discover","params":{`+modernMeta+`}}`)
	discovered := a.next()
	testkit.Contains(t, "the answer to server/discover", discovered, "2025-11-25")
	testkit.Lacks(t, "the answer to server/discover", discovered, `"supportedVersions":["2026`)
	// The other client's cancellation does not reach this one's request.
	post(a, testkit.Call(3, testkit.BloggerID(9)))
	u.WaitFor(t, 2)
	post(b, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}`)
	post(a, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}`)
	u.Release()
	testkit.Contains(t, "the answer after another client's cancellation", a.next(), `"id":3,"result"`)
	resp, _ := w.do("POST", "/message?sessionId=guess", testkit.Ping)
	testkit.Equal(t, "the status of a POST to a session that is not there", resp.StatusCode, 404)
	leave()
	testkit.Eventually(t, "the session is gone", func() bool {
		resp, _ := w.do("POST", a.endpoint, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
		return resp.StatusCode == 404
	})
	w.cancel()
	testkit.Equal(t, "the exit status of the server", <-w.status, 0)
}

// One client of the older transport takes half of the places at most, also by
// batches; what frees places is always read.
func TestOneStreamLeavesRoom(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u, "-transport", "sse")...)
	greedy, other := w.openStream(t.Context()), w.openStream(t.Context())
	calls := make([]string, 100)
	for n := range 5 {
		for i := range calls {
			calls[i] = testkit.Call(1+n*100+i, testkit.BloggerID(1))
		}
		if resp, text := w.do("POST", greedy.endpoint, "["+strings.Join(calls, ",")+"]"); resp.StatusCode != 202 {
			t.Fatalf("batch %d: the status is %d (%.300s), want 202", n, resp.StatusCode, text)
		}
	}
	resp, _ := w.do("POST", greedy.endpoint, "["+strings.Join(calls, ",")+"]")
	testkit.Equal(t, "the status of a batch beyond the limit", resp.StatusCode, 503)
	testkit.Equal(t, "Retry-After of a batch beyond the limit", resp.Header.Get("Retry-After"), "1")
	resp, _ = w.do("POST", greedy.endpoint, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	testkit.Equal(t, "the status of a cancellation", resp.StatusCode, 202)
	w.do("POST", other.endpoint, testkit.Ping)
	testkit.Contains(t, "the answer to another client's ping", other.next(), `"id":"p","result"`)
	u.Release()
	got := greedy.next()
	testkit.Lacks(t, "the answer to the batch whose call 1 was cancelled", got, `"id":1,`)
	if n := strings.Count(got, `"jsonrpc"`); n != 99 && n != 100 {
		t.Errorf("a batch's answer has %d messages, want 100, or 99 of the one with the cancelled call", n)
	}
}

// A client's own cancellation works on its stream: the call gets no answer.
func TestSSECancel(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u, "-transport", "sse")...)
	s := w.openStream(t.Context())
	w.do("POST", s.endpoint, testkit.Call(1, testkit.BloggerID(1)))
	u.WaitFor(t, 1)
	w.do("POST", s.endpoint, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	testkit.Eventually(t, "the cancelled call has ended", func() bool {
		return strings.Contains(w.stderr.String(), "outcome=pending")
	})
	u.Release()
	w.do("POST", s.endpoint, testkit.Call(2, testkit.BloggerID(1)))
	testkit.Contains(t, "the answer after the cancelled call", s.next(), `{"jsonrpc":"2.0","id":2,`, `"billed":true`)
}

func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	w := startHTTP(t, nil, "-upstream", "sample", "-transport", "sse")
	s := w.openStream(t.Context())
	ended := make(chan struct{})
	go func() {
		for s.events.Scan() {
			if strings.HasPrefix(s.events.Text(), "data: ") {
				t.Errorf("the stream brings %.300q, want nothing more", s.events.Text())
			}
		}
		if err := s.events.Err(); err != nil {
			t.Errorf("the stream ends with %v, want a whole one", err)
		}
		close(ended)
	}()
	w.cancel()
	select {
	case <-ended:
	case <-time.After(testkit.Patience):
		t.Fatalf("the stream is open after %s, want its end", testkit.Patience)
	}
	testkit.Equal(t, "the exit status of the server", <-w.status, 0)
}

// Not parallel: it counts the goroutines of the whole process.
func TestStreamsLeaveNoGoroutines(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample", "-transport", "sse")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(w.base + "/healthz") // its goroutines are there before they are counted
	if err != nil {
		t.Fatalf("asking /healthz ends with %v, want an answer", err)
	}
	_ = resp.Body.Close()
	before := runtime.NumGoroutine()
	for range 20 {
		ctx, leave := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/sse", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatalf("opening a stream ends with %v, want a response", err)
		}
		if _, err := io.ReadFull(resp.Body, make([]byte, len("event: endpoint"))); err != nil {
			t.Fatalf("a stream ends with %v, want its first event", err)
		}
		leave()
		_ = resp.Body.Close()
	}
	testkit.Eventually(t, "the streams' goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
}
