package serve

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/tools"
	"pgy-mcp/upstream"
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

// guarded is the HTTP side with its guard, as a request meets it.
func (h *httpServer) guarded(sse bool) http.Handler {
	set := HTTPSettings{SSE: sse, Metrics: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler)}
	return guard(set, h.routes(set))
}

// eventually waits for what another goroutine brings about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// sampleServer answers from the recorded samples, as "-upstream sample" does.
func sampleServer(tb testing.TB) *Server {
	return serverOver(tb, upstream.NewSample(os.DirFS("../../testdata/upstream")))
}

func serverOver(tb testing.TB, source upstream.Fetcher) *Server {
	log := slog.New(slog.DiscardHandler)
	directory := upstream.New(upstream.Settings{Source: "sample", TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: log}, source, upstream.NewMemory(100, 0), nil)
	tb.Cleanup(directory.Close)
	set := tools.New(tools.Settings{Lookups: directory, Wait: time.Minute, Log: log})
	return New(set, "test", log)
}
