package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/tools"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

const (
	documentedID = "659902c1000000002200361b"
	testToken    = "a-token-of-no-account"
	ping         = `{"jsonrpc":"2.0","id":"p","method":"ping"}`
)

func call(id int, userID string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q}}}`, id, userID)
}

// bloggerID is the nth made-up blogger.
func bloggerID(n int) string { return fmt.Sprintf("%024x", n) }

// side is the HTTP side of a server.
func side(tb testing.TB, s *Server, sse bool) *httpServer {
	return newHTTPServer(s, HTTPSettings{SSE: sse, Metrics: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler)})
}

// post sends a message to a path, as a client that takes JSON.
func (h *httpServer) post(path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return h.serve(r)
}

func (h *httpServer) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.handler().ServeHTTP(w, r)
	return w
}

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// eventually waits for what another goroutine brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited %s in vain, want that %s", patience, what)
		}
	}
}

// sampleServer answers from the recorded samples, as "-upstream sample" does.
func sampleServer(tb testing.TB) *Server {
	return serverOver(tb, upstream.NewSample(os.DirFS("../../testdata/upstream")))
}

func serverOver(tb testing.TB, source upstream.Fetcher) *Server {
	return serverWith(tb, source, rate.Inf, nil)
}

// serverWith is serverOver with a rate, and with a store where answers outlive the
// process.
func serverWith(tb testing.TB, source upstream.Fetcher, perSecond rate.Limit, store upstream.Store) *Server {
	log := slog.New(slog.DiscardHandler)
	lookups := upstream.New(upstream.Settings{Source: "sample", TTL: time.Hour, Timeout: time.Minute, Rate: perSecond, Log: log}, source, upstream.NewMemory(100, 0), store)
	tb.Cleanup(lookups.Close)
	set := tools.New(tools.Settings{Lookups: lookups, Wait: 2 * time.Minute, Log: log})
	return New(set, "test", log)
}

// outliving is a store of a test's own.
func outliving(tb testing.TB) upstream.Store {
	s := disk.Open(tb.TempDir(), disk.Options{Source: "test", Size: 100})
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// writerFunc is a client that takes every message.
type writerFunc func(message string)

func (f writerFunc) write(message answer) bool {
	f(message.text())
	return true
}

// text is a whole answer.
func (a answer) text() string {
	b := bytes.Join(a.json, nil)
	if a.rest != nil {
		a.rest(func(part []byte) bool { b = append(b, part...); return true })
	}
	return string(b)
}

// take reads a line as the session's client sends it, and gives what answers it.
func (c *session) take(t *testing.T, line string) (respond func()) {
	t.Helper()
	p, err := parsePacket([]byte(line))
	if err != nil {
		t.Fatalf("%.100s is no packet: %v, want one", line, err)
	}
	return c.accept(p)
}

// named is a source whose bloggers have this name.
type named string

func (named) Ready() error { return nil }

func (n named) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	data := `{"userId":"` + q.Subject + `","name":"` + string(n) + `"}`
	return upstream.NewResponse(q.Subject, json.RawMessage(data), "", true), nil
}

// counting is a source that charges for each answer and counts them.
type counting struct{ asked atomic.Int64 }

func (*counting) Ready() error { return nil }

func (c *counting) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	c.asked.Add(1)
	return named("n").Fetch(ctx, q)
}

// streamReader is a client of HTTP+SSE that reads everything.
type streamReader struct {
	*httptest.ResponseRecorder
	id string // of its session

	mu sync.Mutex
}

func (s *streamReader) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ResponseRecorder.Write(b)
}

// text is all that it has read.
func (s *streamReader) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Body.String()
}

// openStream gives a client of HTTP+SSE, and the function that ends it.
func openStream(t *testing.T, h *httpServer) (s *streamReader, end func()) {
	t.Helper()
	s = &streamReader{ResponseRecorder: httptest.NewRecorder()}
	ctx, leave := context.WithCancel(t.Context())
	var left sync.WaitGroup
	left.Go(func() { h.openStream(s, request("GET", "/sse", "").WithContext(ctx)) })
	eventually(t, "the stream is open", func() bool {
		_, s.id, _ = strings.Cut(strings.TrimSpace(s.text()), "sessionId=")
		return s.id != ""
	})
	return s, func() {
		leave()
		left.Wait()
	}
}
