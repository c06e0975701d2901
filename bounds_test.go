package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
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
	h := &httpServer{service: sampleService(t), ending: context.Background()}
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
