package upstream_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
)

// limited makes a directory with a rate and a budget.
func limited(f upstream.Fetcher, perSecond float64, budget int) *upstream.Lookups {
	s := settings()
	s.Rate = rate.Limit(perSecond)
	return upstream.New(s, f, upstream.NewMemory(1000, budget), nil)
}

// between is how long a look-up waits before one more request.
type between struct{ least, most time.Duration }

var (
	backoff1 = between{0, time.Second}
	backoff2 = between{0, 2 * time.Second}
)

// Attempts end with the first that may have been charged, and at the third.
func TestAttempts(t *testing.T) {
	fails := func(kind upstream.Kind, code, status int, after time.Duration) *upstream.Error {
		e := &upstream.Error{Kind: kind, Code: code, Status: status, RetryAfter: after, Billed: upstream.NotBilled}
		if kind == upstream.Timeout || kind == upstream.BadResponse {
			e.Billed = upstream.UnknownBilling
		}
		return e
	}
	exactly := func(d time.Duration) between { return between{d, d} }
	collection := fails(upstream.CollectionFailed, 301, 0, 0)
	for _, c := range []struct {
		name     string
		outcomes []*upstream.Error
		waits    []between
		found    bool
	}{
		{"301 three times", []*upstream.Error{collection, collection, collection}, []between{backoff1, backoff2}, false},
		{"301 twice, then 0", []*upstream.Error{collection, collection}, []between{backoff1, backoff2}, true},
		{"301, then a timeout", []*upstream.Error{collection, fails(upstream.Timeout, 0, 0, 0)}, []between{backoff1}, false},
		{"301, then not found", []*upstream.Error{collection, fails(upstream.NotFound, 201, 0, 0)}, []between{backoff1}, false},
		{"302 after 1 s", []*upstream.Error{fails(upstream.RateLimited, 302, 0, time.Second)}, []between{exactly(time.Second)}, true},
		{"302 after 20 s", []*upstream.Error{fails(upstream.RateLimited, 302, 0, 20*time.Second)}, []between{exactly(20 * time.Second)}, true},
		{"302 after 30 s", []*upstream.Error{fails(upstream.RateLimited, 302, 0, 30*time.Second)}, []between{exactly(30 * time.Second)}, true},
		{"302 after 31 s", []*upstream.Error{fails(upstream.RateLimited, 302, 0, 31*time.Second)}, nil, false},
		{"302 after 4000 s", []*upstream.Error{fails(upstream.RateLimited, 302, 0, 4000*time.Second)}, nil, false},
		{"302 after 1 s, twice", []*upstream.Error{fails(upstream.RateLimited, 302, 0, time.Second), fails(upstream.RateLimited, 302, 0, time.Second)},
			[]between{exactly(time.Second), {time.Second, 2 * time.Second}}, true},
		{"202", []*upstream.Error{fails(upstream.RateLimited, 202, 0, 0)}, []between{backoff1}, true},
		{"HTTP 429", []*upstream.Error{fails(upstream.RateLimited, 0, 429, 0)}, []between{backoff1}, true},
		{"503", []*upstream.Error{fails(upstream.UpstreamError, 503, 0, 0)}, []between{backoff1}, true},
		{"HTTP 503", []*upstream.Error{fails(upstream.UpstreamError, 0, 503, 0)}, []between{backoff1}, true},
		{"unreachable", []*upstream.Error{fails(upstream.Unreachable, 0, 0, 0)}, []between{backoff1}, true},
		{"timeout", []*upstream.Error{fails(upstream.Timeout, 0, 0, 0)}, nil, false},
		{"bad response", []*upstream.Error{fails(upstream.BadResponse, 0, 200, 0)}, nil, false},
		{"500", []*upstream.Error{fails(upstream.UpstreamError, 500, 0, time.Second)}, nil, false},
		{"HTTP 502", []*upstream.Error{fails(upstream.UpstreamError, 0, 502, time.Second)}, nil, false},
		{"101", []*upstream.Error{fails(upstream.UpstreamError, 101, 0, 0)}, nil, false},
		{"400", []*upstream.Error{fails(upstream.InvalidParameters, 400, 0, 0)}, nil, false},
		{"404", []*upstream.Error{fails(upstream.NotFound, 404, 0, 0)}, nil, false},
		{"303", []*upstream.Error{fails(upstream.QuotaExceeded, 303, 0, time.Second)}, nil, false},
		{"100", []*upstream.Error{fails(upstream.TokenInvalid, 100, 0, 0)}, nil, false},
		{"internal", []*upstream.Error{fails(upstream.Internal, 0, 0, 0)}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: 3 * time.Second, answer: sequence(c.outcomes...)}
				d := open(f)
				defer d.Close()
				_, err := get(t, d, documented, false)
				if last := c.outcomes[len(c.outcomes)-1]; !c.found {
					wantError(t, err, last.Kind, last.Billed)
					wantFailure(t, err, *last)
				} else if err != nil {
					t.Errorf("the error is %q, want a profile", err)
				}
				wantWaits(t, f, c.waits)
			})
		})
	}
}

// wantWaits checks the time from each failure to the next request.
func wantWaits(t *testing.T, f *source, want []between) {
	t.Helper()
	seen := f.seen()
	if len(seen) != len(want)+1 {
		t.Fatalf("%d requests went out, want %d", len(seen), len(want)+1)
	}
	for i, w := range want {
		if waited := seen[i+1].at.Sub(seen[i].at) - f.took; waited < w.least || waited > w.most {
			t.Errorf("request %d came after %s, want %s to %s", i+2, waited, w.least, w.most)
		}
	}
}

// Full jitter: callers that failed together do not come back together, and the
// second wait is drawn from twice the time.
func TestBackoffIsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: failing(upstream.Error{Kind: upstream.Unreachable, Billed: upstream.NotBilled})}
		d := open(f)
		defer d.Close()
		const n = 200
		for i := range n {
			d.Lookup(profile(blogger(i)), upstream.Ask{})
		}
		time.Sleep(3 * time.Second)
		f.wantRequests(t, 3*n)
		at := map[string][]time.Time{}
		for _, r := range f.seen() {
			at[r.userID] = append(at[r.userID], r.at)
		}
		var shorter, longer [2]int
		for _, times := range at {
			for i, top := range []time.Duration{time.Second, 2 * time.Second} {
				switch waited := times[i+1].Sub(times[i]); {
				case waited >= top:
					t.Errorf("wait %d is %s, want less than %s", i+1, waited, top)
				case waited < top/2:
					shorter[i]++
				default:
					longer[i]++
				}
			}
		}
		for i := range shorter {
			if shorter[i] < n/4 {
				t.Errorf("wait %d is in the lower half of its range %d times, want %d at least", i+1, shorter[i], n/4)
			}
			if longer[i] < n/4 {
				t.Errorf("wait %d is in the upper half of its range %d times, want %d at least", i+1, longer[i], n/4)
			}
		}
	})
}

// A retry that would begin later than the time limit after the first request is
// not made: the caller waited long enough.
func TestNoRetryAfterTheTimeLimit(t *testing.T) {
	for _, c := range []struct {
		took, after time.Duration
		requests    int
	}{
		{0, 30 * time.Second, 3},
		{30 * time.Second, 30 * time.Second, 3},
		{30*time.Second + time.Nanosecond, 30 * time.Second, 2},
		{90 * time.Second, 30 * time.Second, 2},
		{90*time.Second + time.Nanosecond, 30 * time.Second, 1},
		{2 * time.Minute, 0, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &source{took: c.took, answer: failing(upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: c.after})}
			d := open(f)
			defer d.Close()
			_, err := get(t, d, documented, false)
			wantError(t, err, upstream.RateLimited, upstream.NotBilled)
			f.wantRequests(t, c.requests)
		})
	}
}

// Nor is one whose turn would come later than that: its caller hears at once.
func TestNoRetryWhoseTurnComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: failing(upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled})}
		d := limited(f, 1.0/50, 0)
		defer d.Close()
		begin := time.Now()
		first := d.Lookup(profile(blogger(0)), upstream.Ask{})
		synctest.Wait()
		d.Lookup(profile(blogger(1)), upstream.Ask{}) // has its turn after 50 s
		d.Lookup(profile(blogger(2)), upstream.Ask{}) // after 100 s
		<-first.Done()
		if took := time.Since(begin); took > time.Second {
			t.Errorf("the look-up took %s, want 1s at most", took)
		}
		f.wantRequests(t, 1)
	})
}

// Observe hears of every request that went out, and of nothing else.
func TestObserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: 2 * time.Second, answer: sequence(&upstream.Error{Kind: upstream.CollectionFailed, Billed: upstream.NotBilled})}
		var outcomes []string
		s := settings()
		s.Observe.Request = func(_, outcome string, _ bool, took time.Duration) {
			outcomes = append(outcomes, outcome)
			if took != 2*time.Second {
				t.Errorf("the request took %s, want 2s", took)
			}
		}
		d := upstream.New(s, f, upstream.NewMemory(10, 0), nil)
		defer d.Close()
		mustGet(t, d, documented, false)
		mustGet(t, d, documented, false)
		if want := []string{"collection_failed", "ok"}; !slices.Equal(outcomes, want) {
			t.Errorf("the outcomes are %q, want %q", outcomes, want)
		}
	})
}
