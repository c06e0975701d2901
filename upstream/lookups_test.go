package upstream_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
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
			if a.Response == nil {
				t.Fatalf("the answer is %+v, want a profile in it", a)
			}
			wantAnswer(t, "the answer", a, upstream.Answer{Response: a.Response, Billed: a.Billed})
			if a.Billed {
				billed[a.Subject]++
			}
		}
		f.wantRequests(t, bloggers)
		for i := range bloggers {
			if n := billed[blogger(i)]; n != 1 {
				t.Errorf("%d callers for blogger %d are told of a charge, want 1", n, i)
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
		first := d.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(20 * time.Second)
		joiner := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		wantStats(t, d, 1, 0)
		for _, l := range []*upstream.Lookup{first, joiner} {
			<-l.Done()
			if took := time.Since(begin); took != 30*time.Second {
				t.Errorf("the look-up took %s, want 30s", took)
			}
			a, err := l.Answer()
			if err != nil {
				t.Errorf("the look-up ends with %v, want an answer", err)
			}
			if want := l == first; a.Billed != want {
				t.Errorf("a caller is told billed %v, want %v", a.Billed, want)
			}
		}
		wantStats(t, d, 0, 1)
		f.wantRequests(t, 1)
	})
}

// wantStats checks how many look-ups are under way and how many answers stored.
func wantStats(t *testing.T, d *upstream.Lookups, inFlight, entries int) {
	t.Helper()
	s := d.Stats()
	if s.InFlight != inFlight {
		t.Errorf("%d look-ups are under way, want %d", s.InFlight, inFlight)
	}
	if s.Entries != entries {
		t.Errorf("%d answers are stored, want %d", s.Entries, entries)
	}
}

// Whoever leaves loses nothing: the look-up goes on, and what it brought is free
// for the next caller.
func TestACallerThatLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: 30 * time.Second}
		d := open(f)
		defer d.Close()
		d.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(29 * time.Second)
		stays := d.Lookup(profile(documented), upstream.Ask{})
		<-stays.Done()
		a, err := stays.Answer()
		if err != nil {
			t.Fatalf("the joined look-up ends with %v, want an answer", err)
		}
		wantAnswer(t, "the joiner's answer", a, upstream.Answer{Response: a.Response, Age: a.Age})
		time.Sleep(time.Minute)
		next := d.Lookup(profile(documented), upstream.Ask{})
		if !done(next) {
			t.Fatal("the next look-up is not done, want it done at once from memory")
		}
		a, err = next.Answer()
		if err != nil {
			t.Fatalf("the next look-up ends with %v, want an answer", err)
		}
		wantAnswer(t, "the next answer", a, upstream.Answer{Response: a.Response, Age: time.Minute, Cached: true})
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
			t.Errorf("the answer is %+v, want it not billed", a)
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
		got := log.String()
		for _, want := range []string{"look-up panicked", "lookups_test.go"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in the log, want it there:\n%.900s", want, got)
			}
		}
		if before, after, is := strings.Cut(got, "out of cheese"); is {
			t.Errorf("the text of the panic is in the log between %q and %.100q, want it nowhere", before[max(0, len(before)-100):], after)
		}
		wantStats(t, d, 0, 0)
		mustGet(t, d, documented, false)
	})
}

// Close ends every wait, for an answer, for the rate and for a retry; the bubble
// fails if a goroutine stays behind.
func TestCloseEndsLookups(t *testing.T) {
	for name, c := range map[string]struct {
		f    *source
		rate float64
		want upstream.Error // of the second look-up
	}{
		"in a request":       {&source{took: time.Hour}, 1e6, upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling}},
		"before a retry":     {&source{answer: failing(upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: 30 * time.Second})}, 1e6, upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled}},
		"waiting for a turn": {&source{took: time.Hour}, 0.0001, upstream.Error{Kind: upstream.Unreachable, Billed: upstream.NotBilled}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := limited(c.f, c.rate, 0)
				ls := []*upstream.Lookup{d.Lookup(profile(blogger(1)), upstream.Ask{})}
				synctest.Wait()
				ls = append(ls, d.Lookup(profile(blogger(2)), upstream.Ask{}))
				time.Sleep(time.Second)
				begin := time.Now()
				d.Close()
				<-ls[0].Done()
				<-ls[1].Done()
				_, second := ls[1].Answer()
				wantError(t, typed(t, second), c.want.Kind, c.want.Billed)
				requests := len(c.f.seen())
				_, err := get(t, d, blogger(3), false)
				wantError(t, err, upstream.Unreachable, upstream.NotBilled)
				c.f.wantRequests(t, requests)
				if took := time.Since(begin); took != 0 {
					t.Errorf("Close took %s, want no time", took)
				}
			})
		})
	}
}

// After Close nothing is read from the store.
func TestNothingIsReadAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		d := process(&source{}, store)
		d.Close()
		_, err := d.Usage(t.Context())
		wantError(t, typed(t, err), upstream.Unreachable, upstream.NotBilled)
		_, err = d.History(t.Context(), documented)
		wantError(t, typed(t, err), upstream.Unreachable, upstream.NotBilled)
		d.Cached(t.Context(), profile(documented))
		if n := store.counts(); len(n) != 0 {
			t.Errorf("after Close the store is asked for %v, want nothing", n)
		}
	})
}

// Close waits half a second for a store that hangs.
func TestCloseOverAStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, end := newCommon(0), make(chan struct{})
		store.breaks(func(context.Context, string) error { <-end; return nil })
		d := process(&source{}, store)
		mustGet(t, d, documented, false)
		begin := time.Now()
		d.Close()
		if took := time.Since(begin); took != 500*time.Millisecond {
			t.Errorf("Close took %s, want 500 ms", took)
		}
		close(end)
	})
}

// A look-up that all have left is joined by nobody; the one that comes after it is.
func TestALookupAfterOneThatAllHaveLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{}
		d := limited(f, 0.1, 0)
		defer d.Close()
		mustGet(t, d, blogger(1), false)
		left := d.Lookup(profile(documented), upstream.Ask{}) // waits for its turn
		synctest.Wait()
		left.Leave()
		second := d.Lookup(profile(documented), upstream.Ask{})
		synctest.Wait()
		third := d.Lookup(profile(documented), upstream.Ask{})
		for i, l := range []*upstream.Lookup{second, third} {
			<-l.Done()
			if _, err := l.Answer(); err != nil {
				t.Errorf("caller %d hears %v, want an answer", i+2, err)
			}
		}
		f.wantRequests(t, 2)
	})
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
			d.Lookup(profile(blogger(i)), upstream.Ask{})
		}
		synctest.Wait()
		_, err := get(t, d, blogger(most), false)
		wantError(t, err, upstream.RateLimited, upstream.NotBilled)
		if a := mustGet(t, d, blogger(0), false); a.Billed {
			t.Errorf("the joiner's answer is %+v, want it not billed", a)
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
	if got := d.Source(); got != "test" {
		t.Errorf("the source is %q, want test", got)
	}
	n, isLimited := d.Left()
	if n != 0 {
		t.Errorf("%d requests are left without a budget, want 0", n)
	}
	if isLimited {
		t.Error("Left says limited true without a budget, want false")
	}
}

// A request that was sent when the server ends may have been billed, and stays counted.
func TestARequestThatTheEndCutsOff(t *testing.T) {
	arrived := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	d := upstream.New(settings(), upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute), upstream.NewMemory(10, 5), nil)
	l := d.Lookup(profile(documented), upstream.Ask{})
	<-arrived
	d.Close()
	_, err := l.Answer()
	wantError(t, typed(t, err), upstream.BadResponse, upstream.UnknownBilling)
	if n, _ := d.Left(); n != 4 {
		t.Errorf("%d requests are left of 5, want 4", n)
	}
}
