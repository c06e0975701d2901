package serve

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgy-mcp/upstream"
)

func TestHTTPBusy(t *testing.T) {
	t.Parallel()
	h := side(t, sampleServer(t), false)
	h.server.calls.tryAcquire(maxReplies - 1)
	if w := h.post("/mcp", ping); w.Code != http.StatusOK {
		t.Errorf("call %d gets %d %.300s, want 200", maxReplies, w.Code, w.Body)
	}
	h.server.calls.tryAcquire(1)
	w := h.post("/mcp", ping)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("call %d gets %d, want 503", maxReplies+1, w.Code)
	}
	if w.Header().Get("Retry-After") == "" {
		t.Errorf("call %d gets the header %v, want a Retry-After", maxReplies+1, w.Header())
	}
	if n := h.server.calls.held.Load(); n != maxReplies {
		t.Errorf("a refused call leaves %d places taken, want %d", n, maxReplies)
	}
}

// A batch takes a place for each of its messages.
func TestABatchTakesItsPlaces(t *testing.T) {
	t.Parallel()
	h := side(t, sampleServer(t), false)
	h.server.calls.tryAcquire(maxReplies - 2)
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
	h.server.calls.tryAcquire(maxReplies)
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
	size := map[string]int64{"the stream": maxPerStream, "the server": maxReplies}
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

// Bodies over smallMessage find room for maxMessageBytes, whatever length they
// announce; smaller ones always do.
func TestBodiesInFlightAreBounded(t *testing.T) {
	h := side(t, sampleServer(t), false)
	post := func(body io.Reader, length int64) int {
		r, _ := http.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", body)
		r.Header.Set("Content-Type", "application/json")
		r.ContentLength = length
		return h.serve(r).Code
	}
	big := strings.Repeat(" ", smallMessage) + ping
	var ends []io.Closer
	var answered sync.WaitGroup
	const fit = maxMessageBytes / maxMessage
	for range fit {
		body, client := io.Pipe()
		ends = append(ends, client)
		answered.Go(func() { post(body, -1) })
		_, _ = io.WriteString(client, big) // and no end
	}
	eventually(t, "all room is taken", func() bool { return h.server.bytes.held.Load() == maxMessageBytes })
	for length, want := range map[int64]int{-1: http.StatusServiceUnavailable, int64(len(big)): http.StatusServiceUnavailable} {
		if got := post(strings.NewReader(big), length); got != want {
			t.Errorf("a body of %d bytes, announced as %d, gets %d, want %d", len(big), length, got, want)
		}
	}
	if got := post(strings.NewReader(ping), -1); got != http.StatusOK {
		t.Errorf("a small body gets %d, want 200", got)
	}
	for _, e := range ends {
		_ = e.Close()
	}
	answered.Wait()
	if n := h.server.bytes.held.Load(); n != 0 {
		t.Errorf("%d bytes stay taken, want none", n)
	}
	if got := post(strings.NewReader(big), -1); got != http.StatusOK {
		t.Errorf("a large body gets %d when there is room, want 200", got)
	}
	h.server.bytes.tryAcquire(maxMessageBytes - int64(len(big)))
	if got := post(strings.NewReader(big), int64(len(big))); got != http.StatusOK {
		t.Errorf("a body of %d bytes gets %d when there is room for as many, want 200", len(big), got)
	}
}

const largeAnswer = 128 << 10

// large is a source of answers of largeAnswer bytes.
func large() upstream.Fetcher { return named(strings.Repeat("n", largeAnswer)) }

// peak is a client that reads everything and notes what the process holds on to
// while it does.
type peak struct {
	written, most int
	tail          []byte
}

func (p *peak) Write(b []byte) (int, error) {
	if p.written>>21 != (p.written+len(b))>>21 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.most = max(p.most, int(m.HeapAlloc))
	}
	p.written += len(b)
	p.tail = append(p.tail[:0], b[max(0, len(b)-10):]...)
	return len(b), nil
}

// A batch about one large answer needs the memory of one, and keeps its order.
func TestABatchOfLargeAnswers(t *testing.T) {
	s := serverOver(t, large())
	messages := []string{ping}
	for i := range maxBatch - 1 {
		messages = append(messages, strings.Replace(call(i, documentedID), `"}}`, `","raw":"full"}}`, 1))
	}
	out := &peak{}
	if err := s.Stdio(t.Context(), strings.NewReader("["+strings.Join(messages, ",")+"]\n"+ping), out); err != nil {
		t.Fatalf("stdio ends with %v, want nil", err)
	}
	if least := (maxBatch - 1) * 2 * largeAnswer; out.written < least {
		t.Errorf("the answers have %d bytes, want %d at least", out.written, least)
	}
	if most := 12 << 20; out.most > most {
		t.Errorf("the process holds on to %d bytes, want %d at most", out.most, most)
	}
	if n := s.large.held.Load() + s.calls.held.Load(); n != 0 {
		t.Errorf("%d places stay taken, want none", n)
	}
}

func TestABatchKeepsItsOrder(t *testing.T) {
	s := serverOver(t, large())
	messages := []string{call(0, documentedID), ping, call(2, bloggerID(2)), `{"jsonrpc":"2.0","method":"x"}`, call(4, "4639645438"), call(5, documentedID), ping}
	for name, got := range map[string]string{
		"stdio": s.overStdio(t, strings.NewReader("["+strings.Join(messages, ",")+"]")),
		"http":  side(t, s, false).post("/mcp", "["+strings.Join(messages, ",")+"]").Body.String(),
	} {
		var answers []struct{ ID any }
		if err := json.Unmarshal([]byte(got), &answers); err != nil {
			t.Fatalf("%s: the answer is %.100s … %s, want an array: %v", name, got, got[max(0, len(got)-100):], err)
		}
		var ids []string
		for _, a := range answers {
			ids = append(ids, fmt.Sprint(a.ID))
		}
		if got, want := strings.Join(ids, " "), "0 p 2 4 5 p"; got != want {
			t.Errorf("%s: the ids are %s, want %s", name, got, want)
		}
	}
}
