package upstream_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
)

const (
	// documented is the blogger of the vendor's own example.
	documented = "659902c1000000002200361b"

	// canary stands for the API token; its characters are spelled differently
	// in a URL, in a JSON string and in plain text.
	canary = "canary/Tok+en=9f8e7d"
)

// recordings are the answers that the sample source serves.
var recordings = os.DirFS("../testdata/upstream")

// blogger makes the n-th of many user ids.
func blogger(n int) string { return fmt.Sprintf("%024x", n) }

// profile asks for a blogger's profile.
func profile(userID string) upstream.Query {
	return upstream.Profile.Query(userID, upstream.Options{})
}

// serve starts an upstream that answers with h.
func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// answering is a handler with one fixed answer.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// ask makes one request for the documented blogger to an upstream that answers
// with h.
func ask(t *testing.T, h http.HandlerFunc) (*upstream.Response, *upstream.Error) {
	t.Helper()
	client := upstream.NewClient(serve(t, h).URL, upstream.NewToken(canary), time.Minute)
	p, err := client.Fetch(t.Context(), profile(documented))
	return p, typed(t, err)
}

// typed gives err as the *upstream.Error that it must be; nil for nil.
func typed(t *testing.T, err error) *upstream.Error {
	t.Helper()
	var e *upstream.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("the error is a %T, want an *upstream.Error: %v", err, err)
	}
	return e
}

// wantError checks what a failure says of itself.
func wantError(t *testing.T, e *upstream.Error, kind upstream.Kind, billed upstream.Billing) {
	t.Helper()
	if e == nil {
		t.Errorf("no error, want %s", kind)
		return
	}
	if e.Kind != kind {
		t.Errorf("the error is %q, want %s", e, kind)
	}
	if e.Billed != billed {
		t.Errorf("the error %q has Billed %s, want %s", e, e.Billed, billed)
	}
}

// wantFailure checks all that a failure says of itself; wantError has told of none.
func wantFailure(t *testing.T, e *upstream.Error, want upstream.Error) {
	t.Helper()
	if e != nil && !reflect.DeepEqual(*e, want) {
		t.Errorf("the error is %+v, want %+v", *e, want)
	}
}

// wantAnswer checks all of an answer.
func wantAnswer(t *testing.T, what string, got, want upstream.Answer) {
	t.Helper()
	if got.Response != want.Response {
		t.Errorf("%s has the response %.120s, want %.120s", what, fmt.Sprintf("%+v", got.Response), fmt.Sprintf("%+v", want.Response))
	}
	got.Response = want.Response
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}

// request is one that the source saw.
type request struct {
	userID string
	at     time.Time
}

// source is a Fetcher for a bubble's clock: every request takes the same time
// and gets what the test says.
type source struct {
	took time.Duration
	// answer is given how many requests for this id came before.
	answer func(userID string, before int) (*upstream.Response, error)
	ready  error

	mu       sync.Mutex
	requests []request
	perID    map[string]int
}

func (s *source) Ready() error { return s.ready }

func (s *source) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	userID := q.Subject
	s.mu.Lock()
	s.requests = append(s.requests, request{userID, time.Now()})
	if s.perID == nil {
		s.perID = make(map[string]int)
	}
	before := s.perID[userID]
	s.perID[userID]++
	s.mu.Unlock()
	// Under the race detector, timers that are due at once crash a synctest bubble
	// where two goroutines make them at a time.
	if s.took > 0 {
		select {
		case <-time.After(s.took):
		case <-ctx.Done():
			return nil, &upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling}
		}
	}
	if s.answer == nil {
		return found(userID), nil
	}
	return s.answer(userID, before)
}

// seen gives the requests so far.
func (s *source) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.requests...)
}

// wantRequests checks how many requests went out so far.
func (s *source) wantRequests(t *testing.T, want int) {
	t.Helper()
	if got := len(s.seen()); got != want {
		t.Errorf("%d requests went out, want %d", got, want)
	}
}

// found is a profile that was charged.
func found(userID string) *upstream.Response {
	return upstream.NewResponse(userID, []byte(`{"userId":"`+userID+`"}`), "", true)
}

// failing answers every request with a new copy of e.
func failing(e upstream.Error) func(string, int) (*upstream.Response, error) {
	return func(string, int) (*upstream.Response, error) { c := e; return nil, &c }
}

const (
	ttl   = 6 * time.Hour
	stale = 24 * time.Hour
)

// settings are the published defaults without a limit on the rate.
func settings() upstream.Settings {
	return upstream.Settings{
		Source: "test", TTL: ttl, Stale: stale, Timeout: 2 * time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler),
	}
}

// open makes a directory over f; the caller closes it.
func open(f upstream.Fetcher) *upstream.Lookups {
	return upstream.New(settings(), f, upstream.NewMemory(1000, 0), nil)
}

// get looks a blogger up and waits for the outcome.
func get(t *testing.T, d *upstream.Lookups, userID string, refresh bool) (upstream.Answer, *upstream.Error) {
	t.Helper()
	l := d.Lookup(profile(userID), upstream.Ask{Refresh: refresh})
	<-l.Done()
	a, err := l.Answer()
	return a, typed(t, err)
}

// mustGet is get where a failure ends the test.
func mustGet(t *testing.T, d *upstream.Lookups, userID string, refresh bool) upstream.Answer {
	t.Helper()
	a, err := get(t, d, userID, refresh)
	if err != nil {
		t.Fatalf("the look-up of %s ends with %v, want an answer", userID, err)
	}
	return a
}
