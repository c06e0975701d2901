package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The end of stdin waits for a call no longer than -wait, however long the
// upstream takes.
func TestEndOfStdinIsBoundByWait(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags("-wait", "50ms")...)
	s.send(call(1, bloggerID(1)))
	rest, status := s.end()
	if len(rest) != 1 || !strings.Contains(rest[0], `"text":"pending: `) || status != 0 {
		t.Errorf("status %d, answers %q", status, rest)
	}
}

func TestHTTPBusy(t *testing.T) {
	t.Parallel()
	h := newHTTPServer(context.Background(), sampleService(t))
	handler := guard(config{}, slog.New(slog.DiscardHandler), h.routes("http", http.NotFoundHandler()))
	post := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", strings.NewReader(ping))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	h.service.calls.Store(maxCalls - 1)
	if w := post(); w.Code != http.StatusOK {
		t.Errorf("call %d: %d %s", maxCalls, w.Code, w.Body)
	}
	h.service.calls.Store(maxCalls)
	if w := post(); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("call %d: %d %v", maxCalls+1, w.Code, w.Header())
	}
	if n := h.service.calls.Load(); n != maxCalls {
		t.Errorf("a refused call leaves %d at work, want %d", n, maxCalls)
	}
}

// Large bodies are bounded together, from their first byte until their call is
// answered; small ones pass whatever the large ones take.
func TestBodiesAreBoundedTogether(t *testing.T) {
	t.Parallel()
	h := newHTTPServer(context.Background(), sampleService(t))
	handler := guard(config{}, slog.New(slog.DiscardHandler), h.routes("http", http.NotFoundHandler()))
	post := func(body string) int {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	large := ping + strings.Repeat(" ", smallBody)
	const others = maxBodies - 10
	h.bodies.taken.Store(others)
	if got := post(large); got != http.StatusServiceUnavailable {
		t.Errorf("a large body beside others: %d", got)
	}
	if got := post(ping); got != http.StatusOK {
		t.Errorf("a small body beside others: %d", got)
	}
	if n := h.bodies.taken.Load(); n != others {
		t.Errorf("%d bytes are taken, want %d", n, others)
	}
	h.bodies.taken.Store(0)
	for _, body := range []string{large, "{" + large, strings.Repeat(" ", maxMessage+1)} {
		post(body)
	}
	if n := h.bodies.taken.Load(); n != 0 {
		t.Errorf("%d bytes are taken when all is answered", n)
	}
}

// Whatever comes of a message, nothing stays taken of the places and bytes that
// it took: a server that leaks them is dead after a thousand calls.
func TestNothingStaysTaken(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" ", smallBody)
	messages := []string{
		call(1, documentedID), call(1, "4639645438"), ping, "[" + ping + "," + call(1, documentedID) + ",7]", `{"jsonrpc":"2.0","method":"notifications/initialized"}`,
		"{", "[]", "7", `{"jsonrpc":"2.0","id":{},"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`, strings.Repeat(" ", maxMessage+1),
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`,
	}
	s := sampleService(t)
	h := newHTTPServer(context.Background(), s)
	client := &stream{conversation: newConversation(t.Context(), s, func([]byte) {})}
	h.open.add("id", client)
	check := func(what string) {
		t.Helper()
		eventually(t, what+" has given everything back", func() bool { return s.calls.Load() == 0 && h.bodies.taken.Load() == 0 && client.due.Load() == 0 })
	}
	for _, draining := range []bool{false, true} {
		h.draining.Store(draining)
		for transport, paths := range map[string][]string{"http": {"/mcp"}, "sse": {"/message?sessionId=id", "/message?sessionId=unknown"}} {
			handler := guard(config{}, slog.New(slog.DiscardHandler), h.routes(transport, http.NotFoundHandler()))
			for _, path := range paths {
				for _, m := range messages {
					for _, body := range []string{m, m + long} {
						r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, strings.NewReader(body))
						r.Header.Set("Content-Type", "application/json")
						handler.ServeHTTP(httptest.NewRecorder(), r)
						check(fmt.Sprintf("%s %.60s", path, m))
					}
				}
			}
		}
	}
	// Refused for want of room, by the stream's bound and by the server's.
	h.draining.Store(false)
	post := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/message?sessionId=id", strings.NewReader(ping+long))
	for _, taken := range []struct {
		counter *atomic.Int64
		n       int64
	}{{&client.due, maxPerStream}, {&s.calls, maxCalls}} {
		taken.counter.Store(taken.n)
		r := post.Clone(t.Context())
		r.Body = io.NopCloser(strings.NewReader(ping + long))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		guard(config{}, slog.New(slog.DiscardHandler), h.routes("sse", http.NotFoundHandler())).ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable || taken.counter.Add(-taken.n) != 0 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		check("a refused message")
	}
	stdio := newConversation(t.Context(), s, func([]byte) {})
	for _, m := range messages {
		stdio.handle([]byte(m), func() {})
		check("stdio " + m[:min(len(m), 60)])
	}
}

// last is a body whose end comes when the server has begun to end.
type last struct {
	io.Reader
	end func()
}

func (l last) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if err == io.EOF {
		l.end()
	}
	return n, err
}

// Nothing is looked up for a body that was not there in time: nobody would
// wait for what is paid.
func TestABodyThatEndsTooLate(t *testing.T) {
	t.Parallel()
	h := newHTTPServer(context.Background(), sampleService(t))
	handler := guard(config{}, slog.New(slog.DiscardHandler), h.routes("http", http.NotFoundHandler()))
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", last{strings.NewReader(call(1, documentedID)), func() { h.draining.Store(true) }})
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || h.service.calls.Load() != 0 || h.service.tools.Lookups.Stats().Entries != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// One client of the older transport takes half of the places at most, also by
// batches; what frees places is always read.
func TestOneStreamLeavesRoom(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), u.flags("-transport", "sse")...)
	greedy, other := w.openStream(t.Context()), w.openStream(t.Context())
	calls := make([]string, maxBatch)
	for n := range maxPerStream / maxBatch {
		for i := range calls {
			calls[i] = call(1+n*maxBatch+i, bloggerID(1))
		}
		if resp, text := w.do("POST", greedy.endpoint, "["+strings.Join(calls, ",")+"]"); resp.StatusCode != 202 {
			t.Fatalf("batch %d: %d %s", n, resp.StatusCode, text)
		}
	}
	if resp, _ := w.do("POST", greedy.endpoint, "["+strings.Join(calls, ",")+"]"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("one batch too many: %d", resp.StatusCode)
	}
	if resp, _ := w.do("POST", greedy.endpoint, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`); resp.StatusCode != 202 {
		t.Errorf("a cancellation: %d", resp.StatusCode)
	}
	w.do("POST", other.endpoint, ping)
	if got := other.next(); !strings.Contains(got, `"id":"p","result"`) {
		t.Errorf("another client's ping: %s", got)
	}
	u.release()
	if got := greedy.next(); strings.Contains(got, `"id":1,`) || strings.Count(got, `"jsonrpc"`) != maxBatch-1 && strings.Count(got, `"jsonrpc"`) != maxBatch {
		t.Errorf("a batch's answer has %d messages: %.200s", strings.Count(got, `"jsonrpc"`), got)
	}
}

// A client that hangs up cancels its wait; what is paid for is kept.
func TestHTTPClientLeaves(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), u.flags()...)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+"/mcp", strings.NewReader(call(1, bloggerID(1))))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	left := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = resp.Body.Close()
		}
		left <- err
	}()
	u.waitArrived(t, 1)
	leave()
	if <-left == nil {
		t.Error("the call was answered before the upstream was")
	}
	u.release()
	_, body := w.do("POST", "/mcp", call(1, bloggerID(1)))
	if !strings.Contains(body, `"billed":false`) || u.requests(bloggerID(1)) != 1 {
		t.Errorf("%d requests, %.300s", u.requests(bloggerID(1)), body)
	}
}

// A client's own cancellation works on its stream: the call gets no answer.
func TestSSECancel(t *testing.T) {
	t.Parallel()
	u := newUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), u.flags("-transport", "sse")...)
	s := w.openStream(t.Context())
	w.do("POST", s.endpoint, call(1, bloggerID(1)))
	u.waitArrived(t, 1)
	w.do("POST", s.endpoint, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	eventually(t, "the cancelled call has ended", func() bool {
		return strings.Contains(w.stderr.String(), "outcome=pending")
	})
	u.release()
	w.do("POST", s.endpoint, call(2, bloggerID(1)))
	if got := s.next(); !strings.HasPrefix(got, `{"jsonrpc":"2.0","id":2,`) || !strings.Contains(got, `"billed":false`) {
		t.Errorf("after the cancelled call: %.300s", got)
	}
}

func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	w := startHTTP(t, nil, "-upstream", "sample", "-transport", "sse")
	s := w.openStream(t.Context())
	ended := make(chan struct{})
	go func() {
		for s.events.Scan() {
			if strings.HasPrefix(s.events.Text(), "data: ") {
				t.Errorf("more on the stream: %q", s.events.Text())
			}
		}
		close(ended)
	}()
	w.cancel()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the stream does not end")
	}
	if status := <-w.status; status != 0 {
		t.Errorf("status %d", status)
	}
}

// Not parallel: it counts the goroutines of the whole process.
func TestStreamsLeaveNoGoroutines(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample", "-transport", "sse")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	before := runtime.NumGoroutine()
	for range 20 {
		ctx, leave := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/sse", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(resp.Body, make([]byte, len("event: endpoint"))); err != nil {
			t.Fatal(err)
		}
		leave()
		_ = resp.Body.Close()
	}
	eventually(t, "the streams' goroutines have ended", func() bool { return runtime.NumGoroutine() <= before })
}
