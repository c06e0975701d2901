package serve

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestHTTPBusy(t *testing.T) {
	t.Parallel()
	h := newHTTPServer(context.Background(), sampleServer(t))
	handler := h.guarded(false)
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
	h := newHTTPServer(context.Background(), sampleServer(t))
	handler := h.guarded(false)
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
	s := sampleServer(t)
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
			handler := h.guarded(transport == "sse")
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
		h.guarded(true).ServeHTTP(w, r)
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
	h := newHTTPServer(context.Background(), sampleServer(t))
	handler := h.guarded(false)
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", last{strings.NewReader(call(1, documentedID)), func() { h.draining.Store(true) }})
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || h.service.calls.Load() != 0 || h.service.tools.Lookups.Stats().Entries != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
