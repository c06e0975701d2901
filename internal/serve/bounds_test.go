package serve

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestHTTPBusy(t *testing.T) {
	t.Parallel()
	h := side(t, sampleServer(t), false)
	h.server.calls.tryAcquire(maxCalls - 1)
	if w := h.post("/mcp", ping); w.Code != http.StatusOK {
		t.Errorf("call %d gets %d %.300s, want 200", maxCalls, w.Code, w.Body)
	}
	h.server.calls.tryAcquire(1)
	w := h.post("/mcp", ping)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("call %d gets %d, want 503", maxCalls+1, w.Code)
	}
	if w.Header().Get("Retry-After") == "" {
		t.Errorf("call %d gets the header %v, want a Retry-After", maxCalls+1, w.Header())
	}
	if n := h.server.calls.held.Load(); n != maxCalls {
		t.Errorf("a refused call leaves %d places taken, want %d", n, maxCalls)
	}
}

// A batch takes a place for each of its messages.
func TestABatchTakesItsPlaces(t *testing.T) {
	t.Parallel()
	h := side(t, sampleServer(t), false)
	h.server.calls.tryAcquire(maxCalls - 2)
	for n, want := range map[int]int{2: http.StatusOK, 3: http.StatusServiceUnavailable} {
		batch := "[" + strings.TrimSuffix(strings.Repeat(ping+",", n), ",") + "]"
		if w := h.post("/mcp", batch); w.Code != want {
			t.Errorf("a batch of %d with 2 places left gets %d, want %d", n, w.Code, want)
		}
	}
}

// The body of a request that finds no place is not read.
func TestABusyServerReadsNoBody(t *testing.T) {
	t.Parallel()
	h := side(t, sampleServer(t), false)
	h.server.calls.tryAcquire(maxCalls)
	body := &counted{Reader: strings.NewReader(ping)}
	r, _ := http.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", body)
	r.Header.Set("Content-Type", "application/json")
	w := h.serve(r)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", w.Code)
	}
	if body.reads != 0 {
		t.Errorf("the body was read %d times, want 0", body.reads)
	}
}

type counted struct {
	*strings.Reader
	reads int
}

func (c *counted) Read(p []byte) (int, error) {
	c.reads++
	return c.Reader.Read(p)
}

// messages are of every kind that there is.
var messages = []string{
	call(1, documentedID), call(1, "4639645438"), ping, "[" + ping + "," + call(1, documentedID) + ",7]", `{"jsonrpc":"2.0","method":"notifications/initialized"}`,
	"{", "[]", "7", `{"jsonrpc":"2.0","id":{},"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`, strings.Repeat(" ", maxMessage+1),
	`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`,
}

// Whatever comes of a message, no place stays taken: a server that leaks them
// is dead after a thousand calls.
func TestNoPlaceStaysTaken(t *testing.T) {
	t.Parallel()
	s := sampleServer(t)
	for path, sse := range map[string]bool{"/mcp": false, "/message?sessionId=id": true, "/message?sessionId=unknown": true} {
		h := side(t, s, sse)
		client := &sseClient{session: newSession(t.Context(), s, writerFunc(func(string) {})), replies: newSemaphore(maxPerStream)}
		h.streams.Store("id", client)
		for _, draining := range []bool{false, true} {
			h.draining.Store(draining)
			for _, m := range messages {
				h.post(path, m)
				eventually(t, fmt.Sprintf("%s %.60s has given its places back", path, m), func() bool {
					return s.calls.held.Load() == 0 && client.replies.held.Load() == 0
				})
			}
		}
	}
	unended, _ := io.Pipe()
	out := newLineWriter(io.Discard, nil)
	stdio := &stdio{session: newSession(t.Context(), s, out), lineWriter: out, in: bufio.NewReader(unended)}
	for _, m := range messages {
		stdio.handle([]byte(m))
		eventually(t, fmt.Sprintf("%.60s on stdio has given its places back", m), func() bool { return s.calls.held.Load() == 0 })
	}
}

// What finds no room, by the stream's limit or by the server's,
// gives back what it had taken.
func TestNoPlaceStaysTakenByTheRefused(t *testing.T) {
	t.Parallel()
	s := sampleServer(t)
	h := side(t, s, true)
	client := &sseClient{session: newSession(t.Context(), s, writerFunc(func(string) {})), replies: newSemaphore(maxPerStream)}
	h.streams.Store("id", client)
	size := map[string]int64{"the stream": maxPerStream, "the server": maxCalls}
	for name, p := range map[string]*semaphore{"the stream": client.replies, "the server": s.calls} {
		p.tryAcquire(size[name])
		if w := h.post("/message?sessionId=id", ping); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s is full: status %d %.300s, want 503", name, w.Code, w.Body)
		}
		p.release(size[name])
		if n := s.calls.held.Load() + client.replies.held.Load(); n != 0 {
			t.Errorf("%s was full: %d places stay taken, want 0", name, n)
		}
	}
}
