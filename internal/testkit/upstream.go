package testkit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Upstream answers profiles as Just One API does, and counts the requests.
type Upstream struct {
	*httptest.Server
	Release func() // lets the requests go on that were held

	mu       sync.Mutex
	requests []request
	waited   int // requests that WaitFor has waited for
}

type request struct {
	userID, token string
	at            time.Time
}

// NewUpstream starts an upstream, which ends with the test. Requests for a user for
// whom hold returns true wait for Release; nil holds none.
func NewUpstream(t testing.TB, hold func(userID string) bool) *Upstream {
	gate := make(chan struct{})
	u := start(t, func(r *http.Request) {
		if hold != nil && hold(r.URL.Query().Get("userId")) {
			select {
			case <-gate:
			case <-r.Context().Done():
			}
		}
	})
	u.Release = sync.OnceFunc(func() { close(gate) })
	return u
}

// NewSlowUpstream starts an upstream that takes so long for each answer.
func NewSlowUpstream(t testing.TB, answer time.Duration) *Upstream {
	return start(t, func(r *http.Request) {
		select {
		case <-time.After(answer):
		case <-r.Context().Done():
		}
	})
}

func start(t testing.TB, wait func(*http.Request)) *Upstream {
	u := &Upstream{Release: func() {}}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		u.mu.Lock()
		u.requests = append(u.requests, request{q.Get("userId"), q.Get("token"), time.Now()})
		u.mu.Unlock()
		wait(r)
		_, _ = fmt.Fprintf(w, `{"code":0,"data":{"userId":%q,"name":"n","fansNum":1000,"videoState":1,"videoPrice":500}}`, q.Get("userId"))
	}))
	t.Cleanup(func() {
		u.Release()
		u.Close()
	})
	return u
}

// WaitFor waits for n requests more than it has waited for before.
func (u *Upstream) WaitFor(t testing.TB, n int) {
	t.Helper()
	u.waited += n
	Eventually(t, fmt.Sprintf("%d requests came to the upstream", u.waited), func() bool { return len(u.Times()) >= u.waited })
}

// Times are when requests came, in order.
func (u *Upstream) Times() []time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []time.Time
	for _, r := range u.requests {
		out = append(out, r.at)
	}
	return out
}

// Total is how many requests came.
func (u *Upstream) Total() int { return len(u.Times()) }

// Of is how many requests came for a user.
func (u *Upstream) Of(userID string) int {
	return u.count(func(r request) bool { return r.userID == userID })
}

// By is how many requests came with a token.
func (u *Upstream) By(token string) int {
	return u.count(func(r request) bool { return r.token == token })
}

func (u *Upstream) count(is func(request) bool) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.requests) - len(slices.DeleteFunc(slices.Clone(u.requests), is))
}
