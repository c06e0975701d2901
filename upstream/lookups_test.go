package upstream_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// Callers for one blogger share a request, and exactly one of them is told that
// it was charged.
func TestCallersShareARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const callers, bloggers = 200, 10
		f := &source{took: 30 * time.Second}
		d := open(f)
		defer d.Close()
		answers := make(chan upstream.Answer, callers)
		for i := range callers {
			go func() {
				a, _ := get(t, d, blogger(i%bloggers), false)
				answers <- a
			}()
		}
		billed := map[string]int{}
		for range callers {
			a := <-answers
			if a.Response == nil || a.Cached || a.Stale || a.Age != 0 {
				t.Fatalf("answer %+v, want a new profile", a)
			}
			if a.Billed {
				billed[a.UserID]++
			}
		}
		f.wantRequests(t, bloggers)
		for i := range bloggers {
			if n := billed[blogger(i)]; n != 1 {
				t.Errorf("%d callers for blogger %d say that they were charged", n, i)
			}
		}
	})
}

// Lookup never blocks: what it gives is done when the request is.
func TestALookupIsDoneWithItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: 30 * time.Second}
		d := open(f)
		defer d.Close()
		begin := time.Now()
		first := d.Lookup(profile(documented), false)
		time.Sleep(20 * time.Second)
		joiner := d.Lookup(profile(documented), true)
		if s := d.Stats(); s.InFlight != 1 || s.Entries != 0 {
			t.Errorf("figures %+v, want one look-up under way and nothing stored", s)
		}
		for _, l := range []*upstream.Lookup{first, joiner} {
			<-l.Done()
			if took := time.Since(begin); took != 30*time.Second {
				t.Errorf("done after %s, want 30 s", took)
			}
			if a, err := l.Answer(); err != nil || a.Billed != (l == first) {
				t.Errorf("answer %+v, %v; first caller: %v", a, err, l == first)
			}
		}
		if s := d.Stats(); s.InFlight != 0 || s.Entries != 1 {
			t.Errorf("figures %+v, want nothing under way and one stored", s)
		}
		f.wantRequests(t, 1)
	})
}

// Whoever leaves loses nothing: the look-up goes on, and what it brought is free
// for the next caller.
func TestACallerThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: 30 * time.Second}
		d := open(f)
		defer d.Close()
		d.Lookup(profile(documented), false)
		time.Sleep(29 * time.Second)
		stays := d.Lookup(profile(documented), false)
		<-stays.Done()
		if a, err := stays.Answer(); err != nil || a.Billed || a.Cached {
			t.Errorf("who joined: %+v, %v; want a new profile that another was charged for", a, err)
		}
		time.Sleep(time.Minute)
		next := d.Lookup(profile(documented), false)
		select {
		case <-next.Done():
		default:
			t.Fatal("memory does not answer at once")
		}
		if a, err := next.Answer(); err != nil || a.Billed || !a.Cached || a.Age != time.Minute {
			t.Errorf("next caller: %+v, %v; want it from memory, free, a minute old", a, err)
		}
		f.wantRequests(t, 1)
	})
}

// A source that does not charge is never said to have charged.
func TestAFreeSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: func(userID string, _ int) (*upstream.Response, error) {
			p := found(userID)
			p.Billed = false
			return p, nil
		}}
		d := open(f)
		defer d.Close()
		if a := mustGet(t, d, documented, false); a.Billed {
			t.Error("billed")
		}
	})
}

// A panic is our own fault: it is logged with its stack, but not with its text,
// which could hold the request; its caller is told no more than that, and the
// next look-up works.
func TestAPanicEndsOneLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: func(userID string, before int) (*upstream.Response, error) {
			if before == 0 {
				panic("out of cheese")
			}
			return found(userID), nil
		}}
		var log strings.Builder
		s := settings()
		s.Log = slog.New(slog.NewTextHandler(&log, nil))
		d := upstream.New(s, f, upstream.NewMemory(10, 0), nil)
		defer d.Close()
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.Internal, upstream.UnknownBilling)
		if got := log.String(); !strings.Contains(got, "look-up panicked") || !strings.Contains(got, "lookups_test.go") || strings.Contains(got, "out of cheese") {
			t.Errorf("the log says %s", got)
		}
		if s := d.Stats(); s.InFlight != 0 {
			t.Errorf("%d look-ups are under way", s.InFlight)
		}
		mustGet(t, d, documented, false)
	})
}

// Close ends every wait, for an answer, for the rate and for a retry; the bubble
// fails if a goroutine stays behind.
func TestCloseEndsLookups(t *testing.T) {
	for name, c := range map[string]struct {
		f    *source
		rate float64
	}{
		"in a request":       {&source{took: time.Hour}, 1e6},
		"before a retry":     {&source{answer: failing(upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: 30 * time.Second})}, 1e6},
		"waiting for a turn": {&source{took: time.Hour}, 0.0001},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := limited(c.f, c.rate, 0)
				ls := []*upstream.Lookup{d.Lookup(profile(blogger(1)), false), d.Lookup(profile(blogger(2)), false)}
				time.Sleep(time.Second)
				begin := time.Now()
				d.Close()
				for _, l := range ls {
					<-l.Done()
					if _, err := l.Answer(); err == nil {
						t.Error("a look-up that was ended has an answer")
					}
				}
				requests := len(c.f.seen())
				_, err := get(t, d, blogger(3), false)
				wantError(t, err, upstream.Unreachable, upstream.NotBilled)
				c.f.wantRequests(t, requests)
				if took := time.Since(begin); took != 0 {
					t.Errorf("Close took %s", took)
				}
			})
		})
	}
}

// Work that nobody waits for is bounded.
func TestAFloodOfLookups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		same := found(documented)
		f := &source{took: time.Minute, answer: func(string, int) (*upstream.Response, error) { return same, nil }}
		d := open(f)
		defer d.Close()
		const most = 5000
		for i := range most {
			d.Lookup(profile(blogger(i)), false)
		}
		_, err := get(t, d, blogger(most), false)
		wantError(t, err, upstream.RateLimited, upstream.NotBilled)
		if a := mustGet(t, d, blogger(0), false); a.Billed {
			t.Error("a joiner is billed")
		}
		mustGet(t, d, blogger(most), false)
	})
}

// A source that is not ready is not asked, and nothing is spent.
func TestASourceThatIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{ready: &upstream.Error{Kind: upstream.TokenMissing, Billed: upstream.NotBilled}}
		d := limited(f, 1, 1)
		defer d.Close()
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.TokenMissing, upstream.NotBilled)
		f.wantRequests(t, 0)
		if n, _ := d.Left(); n != 1 {
			t.Errorf("%d requests are left, want 1", n)
		}
	})
}

// A failure that is no *Error is our own fault.
func TestAFailureOfOurOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(&source{answer: func(string, int) (*upstream.Response, error) { return nil, errors.New("plain") }})
		defer d.Close()
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.Internal, upstream.UnknownBilling)
	})
}

func TestLookupsNameTheirSource(t *testing.T) {
	d := open(&source{})
	defer d.Close()
	if d.Source() != "test" {
		t.Errorf("source %q", d.Source())
	}
	if n, isLimited := d.Left(); n != 0 || isLimited {
		t.Errorf("Left is %d, %v without a budget", n, isLimited)
	}
}
