package upstream_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// Two processes ask for the same bloggers at once: one of them pays, and only
// its caller is told.
func TestProcessesShareARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: 30 * time.Second}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		billed := make(chan bool, 20)
		for i := range 10 {
			for _, d := range []*upstream.Lookups{a, b} {
				go func() {
					got, _ := get(t, d, blogger(i), false)
					billed <- got.Billed
				}()
			}
		}
		told := 0
		for range 20 {
			if <-billed {
				told++
			}
		}
		f.wantRequests(t, 10)
		if told != 10 {
			t.Errorf("%d callers are told of a charge, want 10", told)
		}
	})
}

// However long another process takes, its answer is waited for: a store that
// works does not use up the patience that is for one that fails.
func TestALongWaitForAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: 110 * time.Second}, newCommon(0)
		store.breaks(func(context.Context, string) error { time.Sleep(20 * time.Millisecond); return nil })
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		first := a.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(time.Second)
		got := mustGet(t, b, documented, false)
		wantAnswer(t, "the second's answer", got, upstream.Answer{Response: got.Response, Age: got.Age, Cached: true})
		<-first.Done()
		f.wantRequests(t, 1)
	})
}

// A process that was stopped in the middle of its look-up holds nobody up for
// ever.
func TestAProcessThatNeverEndsItsLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); err != nil {
			t.Fatalf("lock says %v, want it free", err)
		}
		d := process(f, store)
		defer d.Close()
		begin := time.Now()
		mustGet(t, d, documented, false)
		if took := time.Since(begin); took < 5*time.Minute || took > 11*time.Minute {
			t.Errorf("the look-up took %s, want 5 to 11 minutes", took)
		}
	})
}

// What another process paid for is free, and as old as it is.
func TestAnAnswerOfAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		time.Sleep(time.Hour)
		got := mustGet(t, b, documented, false)
		wantAnswer(t, "the second's answer", got, upstream.Answer{Response: got.Response, Age: time.Hour, Cached: true})
		f.wantRequests(t, 1)
	})
}

// A refresh in one process reaches the others within a minute.
func TestARefreshReachesOtherProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		time.Sleep(time.Hour)
		mustGet(t, b, documented, false)
		mustGet(t, a, documented, true)
		time.Sleep(time.Minute)
		if got := mustGet(t, b, documented, false); got.Age != time.Minute {
			t.Errorf("the age is %s, want 1m0s, that of the refreshed answer", got.Age)
		}
		f.wantRequests(t, 2)
	})
}

// Within a minute memory in front answers without asking the store.
func TestMemoryInFrontAnswersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		d := process(&source{}, store)
		defer d.Close()
		mustGet(t, d, documented, false)
		store.counts()
		time.Sleep(59 * time.Second)
		mustGet(t, d, documented, false)
		if n := store.counts()["load"]; n != 0 {
			t.Errorf("the store was asked %d times, want none", n)
		}
	})
}

// What is fresh in this process's memory is not paid for again where the store
// fails, or has lost it.
func TestMemoryAnswersForTheStore(t *testing.T) {
	for name, fault := range map[string]error{"fails": errors.New("broken"), "is empty": nil} {
		t.Run("the store "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, f := newCommon(0), &source{}
				d := process(f, store)
				defer d.Close()
				mustGet(t, d, documented, false)
				store.breaks(func(_ context.Context, operation string) error {
					if operation == "load" {
						return fault
					}
					return nil
				})
				if fault == nil {
					clear(store.values)
				}
				for range 3 {
					time.Sleep(61 * time.Second)
					if a := mustGet(t, d, documented, false); !a.Cached || a.Billed {
						t.Errorf("the answer is cached %v, billed %v, want cached and not billed", a.Cached, a.Billed)
					}
				}
				f.wantRequests(t, 1)
				time.Sleep(5 * time.Minute)
				mustGet(t, d, documented, true)
				f.wantRequests(t, 2)
			})
		})
	}
}

// A refresh takes an answer of another process that is younger than 5 minutes, and
// waits for one that is under way.
func TestRefreshAcrossProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: 10 * time.Second}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		if got := mustGet(t, b, documented, true); got.Billed || !got.Cached {
			t.Errorf("the refreshed answer is %+v, want the young one", got)
		}
		time.Sleep(5 * time.Minute)
		first := a.Lookup(profile(documented), upstream.Ask{Refresh: true})
		time.Sleep(time.Second)
		second := b.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-first.Done()
		<-second.Done()
		x, _ := first.Answer()
		y, _ := second.Answer()
		if !x.Billed {
			t.Errorf("the first answer is %+v, want it billed", x)
		}
		if y.Billed {
			t.Errorf("the second answer is %+v, want it not billed", y)
		}
		f.wantRequests(t, 2)
	})
}

// Who comes back after minutes, when this process's memory no longer answers by
// itself, is told of the charge too, and once.
func TestAChargeIsToldAfterMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Minute}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		left(a, false)
		time.Sleep(5 * time.Minute)
		for i, d := range []*upstream.Lookups{b, a, a} {
			got := mustGet(t, d, documented, false)
			if want := i == 1; got.Billed != want {
				t.Errorf("caller %d is told billed %v, want %v", i, got.Billed, want)
			}
			if !got.Cached {
				t.Errorf("the answer of caller %d is %+v, want it cached", i, got)
			}
			time.Sleep(2 * time.Minute)
		}
		f.wantRequests(t, 1)
	})
}

// A charge that nobody was told of is told with a newer answer too, once: one that another
// process paid for, or this one.
func TestAChargeOfAReplacedAnswer(t *testing.T) {
	for name, another := range map[string]bool{"by another process": true, "by this process": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: time.Minute}, newCommon(0)
				a, b := process(f, store), process(f, store)
				defer a.Close()
				defer b.Close()
				left(a, false)
				time.Sleep(6 * time.Minute)
				payer := a
				if another {
					payer = b
				}
				if got := mustGet(t, payer, documented, true); !got.Billed || got.Cached {
					t.Errorf("the refresh brings %+v, want it billed and not cached", got)
				}
				time.Sleep(2 * time.Minute)
				for i, want := range []bool{true, false} {
					if got := mustGet(t, a, documented, false); got.Billed != want || !got.Cached {
						t.Errorf("caller %d after that gets %+v, want it cached and billed %v", i, got, want)
					}
				}
				f.wantRequests(t, 2)
			})
		})
	}
}

// A charge is that of one answer: whoever pays for a newer one before the first
// caller reads its own takes nothing away.
func TestTwoChargesAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(&source{})
		defer d.Close()
		first := d.Lookup(profile(documented), upstream.Ask{})
		<-first.Done()
		time.Sleep(5 * time.Minute)
		second := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-second.Done()
		for i, l := range []*upstream.Lookup{first, second} {
			a, err := l.Answer()
			if err != nil {
				t.Errorf("the look-up of caller %d ends with %v, want an answer", i, err)
			}
			if !a.Billed {
				t.Errorf("the answer of caller %d is %+v, want it billed", i, a)
			}
		}
	})
}

// What a caller was promised is there for 5 minutes in every process, whatever the
// times are set to; a failure for the next caller alone, wherever it asks.
func TestAPromiseIsKeptInEveryProcess(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(string, int) (*upstream.Response, error)
		ttl    time.Duration
		told   int // of four that ask
	}{
		"an answer":       {nil, time.Second, 4},
		"no such blogger": {failing(upstream.Error{Kind: upstream.NotFound, Billed: upstream.Billed}), time.Second, 4},
		"a failure":       {failing(upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}), time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: time.Minute, answer: c.answer}, newCommon(0)
				s := settings()
				s.TTL, s.Stale = c.ttl, 0
				a := upstream.New(s, f, upstream.NewMemory(10, 0), store)
				b := upstream.New(s, f, upstream.NewMemory(10, 0), store)
				defer a.Close()
				defer b.Close()
				left(a, false)
				time.Sleep(4 * time.Minute)
				for range 2 {
					for _, d := range []*upstream.Lookups{b, a} {
						_, _ = get(t, d, documented, false)
						synctest.Wait() // the store takes note
					}
				}
				f.wantRequests(t, 1+4-c.told)
			})
		})
	}
}

// An ordinary caller that would have been answered from the store does not keep
// a refresh that joins it from the source.
func TestARefreshJoinsALookupThatTheStoreAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		time.Sleep(time.Hour)
		store.breaks(func(context.Context, string) error { time.Sleep(50 * time.Millisecond); return nil })
		ordinary := b.Lookup(profile(documented), upstream.Ask{})
		refresh := b.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-refresh.Done()
		got, err := refresh.Answer()
		if err != nil {
			t.Errorf("the refresh ends with %v, want an answer", err)
		}
		if got.Age > time.Second {
			t.Errorf("the age is %s, want 1s at most", got.Age)
		}
		<-ordinary.Done()
		f.wantRequests(t, 2)
	})
}

// A refresh that comes when the store has just answered is a look-up of its own.
func TestARefreshAfterTheStoreAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(10)
		a, b := process(f, store), upstream.New(settings(), f, upstream.NewMemory(10, 10), store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		time.Sleep(5 * time.Minute)
		// The figure of the budget is asked for beside the answer.
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "usage" {
				time.Sleep(200 * time.Millisecond)
			}
			return nil
		})
		ordinary := b.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(150 * time.Millisecond)
		if got := mustGet(t, b, documented, true); !got.Billed {
			t.Errorf("the refreshed answer is %+v, want it billed", got)
		}
		<-ordinary.Done()
		f.wantRequests(t, 2)
	})
}

// The clock of another machine may be some minutes ahead. An answer from later than
// that was stored before a clock was set back: nobody can tell how old it is.
func TestAnAnswerFromTheFuture(t *testing.T) {
	for ahead, want := range map[time.Duration]int{2 * time.Minute: 1, 9 * time.Minute: 1, time.Hour: 2} {
		synctest.Test(t, func(t *testing.T) {
			f, store := &source{}, newCommon(0)
			a := process(f, store)
			mustGet(t, a, documented, false)
			a.Close()
			store.shift(ahead)
			d := process(f, store)
			defer d.Close()
			if got := mustGet(t, d, documented, false); got.Age != 0 {
				t.Errorf("the age of an answer from %s ahead is %s, want 0", ahead, got.Age)
			}
			f.wantRequests(t, want)
		})
	}
}

// A stale answer in the store stands in for a failing source.
func TestAStaleAnswerOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{answer: sequence(nil, &upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})}, newCommon(0)
		a := process(f, store)
		mustGet(t, a, documented, false)
		a.Close()
		time.Sleep(ttl + time.Hour)
		d := process(f, store)
		defer d.Close()
		got := mustGet(t, d, documented, false)
		wantError(t, got.Failed, upstream.UpstreamError, upstream.NotBilled)
		wantAnswer(t, "the answer", got, upstream.Answer{Response: got.Response, Age: ttl + time.Hour, Cached: true, Stale: true, Failed: got.Failed})
	})
}

// Processes that wait for another's look-up take its answer, however soon that is past
// its time.
func TestAnAnswerThatIsShortlyFresh(t *testing.T) {
	for name, ask := range map[string]upstream.Ask{"a call": {}, "a refresh": {Refresh: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store, s := &source{took: 10 * time.Second}, newCommon(0), settings()
				s.TTL, s.Stale = time.Millisecond, 0
				var lookups []*upstream.Lookup
				for range 3 {
					d := upstream.New(s, f, upstream.NewMemory(10, 0), store)
					defer d.Close()
					lookups = append(lookups, d.Lookup(profile(documented), ask))
				}
				for _, l := range lookups {
					<-l.Done()
					if _, err := l.Answer(); err != nil {
						t.Errorf("a look-up ends with %v, want an answer", err)
					}
				}
				f.wantRequests(t, 1)
			})
		})
	}
}
