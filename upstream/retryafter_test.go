package upstream

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// The bubble's clock stands at a whole second, which is what a header can say.
func TestRetryAfterSpellings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
		for spelled, want := range map[string]time.Duration{
			"":                  0,
			"0":                 0,
			"12":                12 * time.Second,
			" 7 ":               7 * time.Second,
			"-3":                0,
			"1.5":               1500 * time.Millisecond,
			"1.5.2":             0,
			"NaN":               0,
			"soon":              0,
			"99999999":          7 * 24 * time.Hour,
			date(time.Minute):   time.Minute,
			date(-time.Minute):  0,
			"Mon, 99 Foo 2000":  0,
			date(3 * time.Hour): 3 * time.Hour,
		} {
			if got := retryAfter(http.Header{"Retry-After": {spelled}}); got != want {
				t.Errorf("Retry-After %q is read as %s, want %s", spelled, got, want)
			}
		}
	})
}

// The answer's own clock counts, where the answer tells it.
func TestRetryAfterByTheAnswersDate(t *testing.T) {
	h := http.Header{"Retry-After": {"Sat, 01 Aug 2026 10:00:30 GMT"}, "Date": {"Sat, 01 Aug 2026 10:00:00 GMT"}}
	if got, want := retryAfter(h), 30*time.Second; got != want {
		t.Errorf("retryAfter(%v) is %s, want %s", h, got, want)
	}
}

// Every failure carries the header, with an envelope or without, also where the body cannot
// be read.
func TestRetryAfterReachesTheError(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"an envelope":        func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":302}`) },
		"a page":             func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "slow down", http.StatusTooManyRequests) },
		"a body that is cut": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "1000") },
		"a body too large":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxBody+1)) },
		"no body of gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "slow")
		},
		"a protocol's switch": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSwitchingProtocols) },
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "12")
				answer(w, r)
			}))
			defer s.Close()
			_, err := NewClient(s.URL, NewToken("a-token"), time.Minute).Fetch(t.Context(), Profile.Query("659902c1000000002200361b", Options{}))
			if e := AsError(err); e.RetryAfter != 12*time.Second {
				t.Errorf("RetryAfter of %v is %s, want 12s", e, e.RetryAfter)
			}
		})
	}
}
