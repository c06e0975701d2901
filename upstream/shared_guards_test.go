package upstream_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// unclear is a failure that may have been billed.
var unclear = upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}

// A caller that was told "pending" while its process waited for another one is told
// that process's failure when it asks again, and then it pays.
func TestAPromiseOfAProcessThatWaits(t *testing.T) {
	for name, after := range map[string]time.Duration{"before the failure": time.Second, "just after it": time.Minute} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: time.Minute, answer: failing(unclear)}, newCommon(0)
				one, other := process(f, store), process(f, store)
				defer one.Close()
				defer other.Close()
				one.Lookup(profile(documented), upstream.Ask{})
				synctest.Wait()
				waiting := other.Lookup(profile(documented), upstream.Ask{})
				time.Sleep(after)
				if after == time.Minute {
					<-waiting.Done()
				}
				waiting.LeavePending()
				time.Sleep(2 * time.Minute)
				for i, want := range []int{1, 2} {
					_, err := get(t, other, documented, false)
					wantError(t, err, unclear.Kind, unclear.Billed)
					if got := len(f.seen()); got != want {
						t.Errorf("after asking %d times again %d requests went out, want %d", i+1, got, want)
					}
				}
			})
		})
	}
}

// A failure that another process saved does not displace the older answer of this one.
func TestAnotherProcessesFailureLeavesTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{answer: sequence(nil, &unclear, &unclear)}, newCommon(0)
		one, other := process(f, store), process(f, store)
		defer one.Close()
		defer other.Close()
		mustGet(t, one, documented, false)
		synctest.Wait()
		store.forget()
		time.Sleep(ttl)
		_, err := get(t, other, documented, false)
		wantError(t, err, unclear.Kind, unclear.Billed)
		synctest.Wait()
		if a := mustGet(t, one, documented, false); !a.Stale {
			t.Errorf("the answer is %+v, want the one in memory, stale", a)
		}
	})
}

// A failure that the next caller is to hear is told once, however slow the store is to
// take note.
func TestAFailureIsToldOnceOverASlowStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Minute, answer: failing(unclear)}, newCommon(0)
		d := process(f, store)
		defer d.Close()
		left(d, false)
		time.Sleep(2 * time.Minute)
		store.breaks(slowly("save", 300*time.Millisecond))
		for _, want := range []int{1, 2} {
			_, err := get(t, d, documented, false)
			wantError(t, err, unclear.Kind, unclear.Billed)
			f.wantRequests(t, want)
		}
		time.Sleep(time.Minute) // the store takes note
	})
}

// An older answer that a slow look-up took from the store does not displace a newer one
// that was paid for meanwhile, here or in the store, whoever was promised it.
func TestAnOlderAnswerThatComesLate(t *testing.T) {
	for name, leave := range map[string]func(*upstream.Lookup){
		"it is read":              func(l *upstream.Lookup) { _, _ = l.Answer() },
		"its caller was promised": (*upstream.Lookup).LeavePending,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{}, newCommon(10)
				first := process(f, store)
				mustGet(t, first, documented, false)
				first.Close()
				time.Sleep(time.Hour)
				d := upstream.New(settings(), f, upstream.NewMemory(10, 10), store)
				defer d.Close()
				store.breaks(slowly("usage", 300*time.Millisecond))
				slow := d.Lookup(profile(documented), upstream.Ask{})
				synctest.Wait()
				store.breaks(nil)
				mustGet(t, d, documented, true)
				<-slow.Done()
				leave(slow)
				synctest.Wait()
				other := process(f, store)
				defer other.Close()
				for what, in := range map[string]*upstream.Lookups{"this process": d, "another": other} {
					if a := mustGet(t, in, documented, false); a.Age > time.Minute {
						t.Errorf("the answer in %s is %s old, want the newer one", what, a.Age)
					}
				}
				f.wantRequests(t, 2)
			})
		})
	}
}

// A promise that is made when the look-up has just ended reaches the store, although
// that takes its time to give the look-up's lock back.
func TestAPromiseAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{answer: failing(unclear)}, newCommon(0)
		store.breaks(slowly("unlock", 100*time.Millisecond))
		one, other := process(f, store), process(f, store)
		defer one.Close()
		defer other.Close()
		l := one.Lookup(profile(documented), upstream.Ask{})
		<-l.Done()
		l.LeavePending()
		time.Sleep(time.Second)
		_, err := get(t, other, documented, false)
		wantError(t, err, unclear.Kind, unclear.Billed)
		f.wantRequests(t, 1)
		time.Sleep(time.Second)
	})
}

// A process that pays nothing knows what the others have left of the budget.
func TestWhatOthersLeaveOfTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(3)
		one := upstream.New(settings(), f, upstream.NewMemory(10, 3), store)
		other := upstream.New(settings(), f, upstream.NewMemory(10, 3), store)
		defer one.Close()
		defer other.Close()
		mustGet(t, one, blogger(1), false)
		mustGet(t, one, blogger(2), false)
		mustGet(t, other, blogger(1), false)
		if n, _ := other.Left(); n != 1 {
			t.Errorf("%d requests are left for the process that paid nothing, want 1", n)
		}
	})
}

// A store that works now and then is told of once.
func TestAStoreThatWorksNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		s := settings()
		s.Log = logTo(&log)
		store := newCommon(0)
		d := upstream.New(s, &source{}, upstream.NewMemory(100, 0), store)
		defer d.Close()
		for i := range 20 {
			store.breaks([]func(context.Context, string) error{fails, nil}[i%2])
			mustGet(t, d, blogger(i), false)
			time.Sleep(time.Second)
		}
		if n := strings.Count(log.String(), "\n"); n != 1 {
			t.Errorf("the log has %d lines, want 1:\n%s", n, &log)
		}
	})
}

// Drain waits for no retry.
func TestDrainBeforeARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Second, answer: failing(upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: 20 * time.Second})}
		d := process(f, newCommon(0))
		defer d.Close()
		l := d.Lookup(profile(documented), upstream.Ask{})
		synctest.Wait()
		begin := time.Now()
		d.Drain(t.Context())
		if took := time.Since(begin); took != time.Second {
			t.Errorf("Drain took %s, want the second that the request took", took)
		}
		<-l.Done()
		f.wantRequests(t, 1)
	})
}

// A history is read in the time that its look-up left for the store.
func TestAHistoryAfterASlowLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "load" || operation == "lines" {
				time.Sleep(300 * time.Millisecond)
			}
			return nil
		})
		d := process(&source{}, store)
		defer d.Close()
		begin := time.Now()
		l := d.Lookup(profile(documented), upstream.Ask{})
		<-l.Done()
		_, _ = l.History(t.Context())
		if took := time.Since(begin); took > 500*time.Millisecond {
			t.Errorf("the look-up and its history took %s, want 500 ms at most", took)
		}
		time.Sleep(time.Second)
	})
}

// What would be refused does not wait for the turn of a look-up of another endpoint.
func TestARefusalWaitsForNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: failing(upstream.Error{Kind: upstream.TokenInvalid, Billed: upstream.NotBilled})}
		d := process(f, &row{common: newCommon(0), apart: 5 * time.Second})
		defer d.Close()
		_, _ = get(t, d, blogger(1), false)
		d.Lookup(upstream.Performance.Query(blogger(1), upstream.Options{}), upstream.Ask{})
		synctest.Wait()
		begin := time.Now()
		_, err := get(t, d, blogger(2), false)
		wantError(t, err, upstream.TokenInvalid, upstream.NotBilled)
		if took := time.Since(begin); took != 0 {
			t.Errorf("the look-up was refused after %s, want at once", took)
		}
	})
}

// While the store takes no writes, as in a failover, what it has is still read.
func TestWritesThatHangLeaveReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		other := process(f, store)
		mustGet(t, other, blogger(2), false)
		other.Close()
		store.breaks(func(ctx context.Context, operation string) error {
			if operation == "load" {
				return nil
			}
			return hangs(ctx, operation)
		})
		d := process(f, store)
		defer d.Close()
		mustGet(t, d, blogger(1), false)
		if a := mustGet(t, d, blogger(2), false); !a.Cached {
			t.Errorf("the answer is %+v, want the store's", a)
		}
		f.wantRequests(t, 2)
		time.Sleep(time.Minute)
	})
}

// A lock that comes after its look-up has ended is given back.
func TestALockThatComesAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		store.breaks(slowly("lock", 3*time.Second))
		d := process(&source{}, store)
		defer d.Close()
		mustGet(t, d, documented, false)
		time.Sleep(10 * time.Second)
		store.breaks(nil)
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); err != nil {
			t.Errorf("after the look-up the lock says %v, want it free", err)
		}
	})
}

// A look-up holds its lock until its answer is saved, however long that takes: nobody
// pays for it again meanwhile.
func TestALockOutlastsASlowSave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Second}, newCommon(0)
		store.breaks(slowly("save", 2*time.Second))
		one, other := process(f, store), process(f, store)
		defer one.Close()
		defer other.Close()
		mustGet(t, one, documented, false)
		mustGet(t, other, documented, false)
		f.wantRequests(t, 1)
		time.Sleep(10 * time.Second)
	})
}

// A panic after the answer came leaves the answer to its callers.
func TestAPanicAfterThePaidAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := settings()
		s.History = func(*upstream.Endpoint, *upstream.Response, []byte) []byte { panic("in the history") }
		d := upstream.New(s, &source{}, upstream.NewMemory(10, 0), nil)
		defer d.Close()
		if a := mustGet(t, d, documented, false); !a.Billed {
			t.Errorf("the answer is %+v, want it billed", a)
		}
	})
}

// A process that was stopped in the middle of its request loses its lock, and another
// one pays. The failure of the first, when it goes on, does not displace that answer.
func TestAFailureThatComesLateLeavesTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Minute, answer: failing(unclear)}, newCommon(0)
		g := &source{}
		stopped, other := process(f, store), process(g, store)
		defer stopped.Close()
		defer other.Close()
		l := stopped.Lookup(profile(documented), upstream.Ask{})
		synctest.Wait()
		store.release(profile(documented).Key())
		mustGet(t, other, documented, false)
		<-l.Done()
		synctest.Wait()
		third := process(g, store)
		defer third.Close()
		if a := mustGet(t, third, documented, false); !a.Cached {
			t.Errorf("the answer is %+v, want the one that was paid for", a)
		}
		g.wantRequests(t, 1)
	})
}

// An operation that had only what earlier ones left of a look-up's patience says nothing
// about the store: the next look-up still asks it.
func TestAnOperationWithoutPatienceLeavesTheStoreInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Minute}, newCommon(10)
		d := process(f, store)
		defer d.Close()
		slow := map[string]time.Duration{"load": 300 * time.Millisecond, "lock": 2 * time.Second}
		store.breaks(func(_ context.Context, operation string) error {
			time.Sleep(slow[operation])
			return nil
		})
		d.Lookup(profile(blogger(1)), upstream.Ask{})
		time.Sleep(500 * time.Millisecond)
		var asked atomic.Int32
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "rate" {
				asked.Add(1)
			}
			return nil
		})
		mustGet(t, d, blogger(2), false)
		if n := asked.Load(); n != 1 {
			t.Errorf("the next look-up asks the store %d times for its turn, want once", n)
		}
	})
}
