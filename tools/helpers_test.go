package tools

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/server"
	"golang.org/x/time/rate"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// documented is the blogger of the vendor's own example.
const documented = "659902c1000000002200361b"

// baseURL is the upstream's, as stores know it.
const baseURL = "https://example.invalid"

// full is the sample blogger whose sections are all there.
const full = "5a3e1e000000000000000004"

// bench is the tools registered to a real MCP server over a real directory.
type bench struct {
	set *Set
	mcp *server.MCPServer
	log *bytes.Buffer
	// outcomes are what Observe was told, in order.
	outcomes []Outcome
}

// setup is what a test varies.
type setup struct {
	fetcher  upstream.Fetcher
	source   string
	budget   int
	rate     rate.Limit // 0 is no limit
	fee      float64    // percent
	language lang.Language
	store    upstream.Store // nil is none
	account  bool
}

// newBench makes a bench that ends with the test or, in a synctest bubble,
// with close.
func newBench(s setup) (b *bench, close func()) {
	b = &bench{log: &bytes.Buffer{}}
	var mu sync.Mutex // of outcomes: some tests make calls side by side
	log := slog.New(slog.NewTextHandler(b.log, nil))
	if s.source == "" {
		s.source = "sample"
	}
	d := upstream.New(upstream.Settings{
		Source: s.source, Upstream: baseURL, TTL: 6 * time.Hour, Stale: 24 * time.Hour, Timeout: 120 * time.Second, Rate: cmp.Or(s.rate, rate.Inf), Log: log, History: HistoryLine,
	}, s.fetcher, upstream.NewMemory(100, s.budget), s.store)
	b.set = New(Settings{Lookups: d, Wait: 50 * time.Second, Log: log, Language: s.language, FeePercent: s.fee, Account: s.account, Observe: func(o Outcome) {
		mu.Lock()
		defer mu.Unlock()
		b.outcomes = append(b.outcomes, o)
	}})
	b.mcp = server.NewMCPServer("pgy-mcp", "test", server.WithToolCapabilities(false), server.WithResourceCapabilities(false, false), server.WithPromptCapabilities(false), server.WithHooks(Hooks()))
	b.set.Register(b.mcp)
	return b, d.Close
}

func sample() upstream.Fetcher { return upstream.NewSample(os.DirFS("../testdata/upstream")) }

// call is tools/call as the transports make it: what comes back is the result
// as it goes onto the wire.
func (b *bench) call(t testing.TB, ctx context.Context, arguments string) []byte {
	t.Helper()
	result, ok := b.set.Call(ctx, "get_blogger_profile", json.RawMessage(arguments))
	if !ok {
		t.Errorf("%s: there is no tool get_blogger_profile, want one", arguments)
		return nil
	}
	return bytes.Join(result.Object(""), nil)
}

// answer is a result as a client reads it.
type answer struct {
	Content []struct{ Type, Text string }
	IsError bool
	// Structured keeps the spelling of what was sent.
	Structured struct {
		Summary json.RawMessage
		Raw     json.RawMessage
		Meta    struct {
			Source, FetchedAt, RawMode, RequestID string
			AgeSeconds                            int
			Cached, Stale, Billed                 bool
			CallsLeft                             *int
		}
	} `json:"structuredContent"`
}

func read(t testing.TB, r []byte) answer {
	t.Helper()
	var a answer
	if err := json.Unmarshal(r, &a); err != nil {
		t.Errorf("the result is %.300s: %v, want JSON", r, err)
	}
	if len(a.Content) == 0 {
		t.Errorf("the result is %.300s, want content in it", r)
		a.Content = append(a.Content, struct{ Type, Text string }{})
	}
	return a
}

// profile calls for the documented blogger.
func (b *bench) profile(t testing.TB) answer {
	t.Helper()
	return read(t, b.call(t, t.Context(), `{"userId":"`+documented+`"}`))
}

// text is the first content block.
func (a answer) text() string { return a.Content[0].Text }

// kind is the word that an error's text begins with; "" for a success.
func (a answer) kind() string {
	if !a.IsError {
		return ""
	}
	k, _, _ := strings.Cut(a.text(), ":")
	return k
}

// checkKind wants an error of a kind; "" is a success.
func checkKind(t testing.TB, what string, a answer, want string) {
	t.Helper()
	testkit.Equal(t, what+": isError", a.IsError, want != "")
	if got := a.kind(); got != want {
		t.Errorf("%s: the kind is %q, want %q: %.300s", what, got, want, a.text())
	}
}

// origin is what an answer's meta says of where it comes from.
type origin struct{ Billed, Cached, Stale bool }

func (a answer) origin() origin {
	m := a.Structured.Meta
	return origin{Billed: m.Billed, Cached: m.Cached, Stale: m.Stale}
}

// counts are how a call's look-ups ended.
type counts struct{ Cached, Billed, Failed, Pending, NotCached int }

// fetcher is a source made of one function.
type fetcher func(ctx context.Context, userID string) (*upstream.Response, error)

func (fetcher) Ready() error { return nil }

func (f fetcher) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	userID := q.Subject
	return f(ctx, userID)
}

// billedProfile is a paid answer with the given data.
func billedProfile(userID, data string) *upstream.Response {
	return upstream.NewResponse(userID, json.RawMessage(data), "req-1", true)
}

// sectionData is the data object of a recorded section.
func sectionData(t testing.TB, userID, section string) string {
	t.Helper()
	return string(testkit.SampleData(t, userID+"/"+section))
}
