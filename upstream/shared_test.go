package upstream_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// common is a store that two Lookups share, as two processes would: what they
// save goes through its bytes.
type common struct {
	*upstream.Memory
	pace time.Duration

	mu     sync.Mutex
	fault  func(ctx context.Context, operation string) error
	locked map[string]bool
	loads  int
}

func newCommon(budget int) *common {
	return &common{Memory: upstream.NewMemory(1000, budget), locked: map[string]bool{}}
}

// breaks sets what an operation does before it works; nil is nothing.
func (c *common) breaks(fault func(ctx context.Context, operation string) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = fault
}

func (c *common) try(ctx context.Context, operation string) error {
	c.mu.Lock()
	fault := c.fault
	c.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(ctx, operation)
}

func (c *common) Load(ctx context.Context, key string) (upstream.Entry, error) {
	c.mu.Lock()
	c.loads++
	c.mu.Unlock()
	if err := c.try(ctx, "load"); err != nil {
		return upstream.Entry{}, err
	}
	return c.Memory.Load(ctx, key)
}

func (c *common) Save(ctx context.Context, key string, e upstream.Entry, keep time.Duration) error {
	if err := c.try(ctx, "save"); err != nil {
		return err
	}
	b, err := e.Encode("", key)
	if err != nil {
		return err
	}
	if e, err = upstream.DecodeEntry(b, "", key); err != nil {
		return err
	}
	return c.Memory.Save(ctx, key, e, keep)
}

func (c *common) Lock(ctx context.Context, key string) (func(), error) {
	if err := c.try(ctx, "lock"); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.locked[key] {
		return nil, upstream.ErrLocked
	}
	c.locked[key] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.locked, key)
	}, nil
}

func (c *common) Spend(ctx context.Context) (func(), error) {
	if err := c.try(ctx, "budget"); err != nil {
		return nil, err
	}
	return c.Memory.Spend(ctx)
}

func (c *common) Left(ctx context.Context) (int, error) {
	if err := c.try(ctx, "budget"); err != nil {
		return 0, err
	}
	return c.Memory.Left(ctx)
}

func (c *common) Pace(ctx context.Context) (time.Duration, error) {
	if err := c.try(ctx, "rate"); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wait := c.pace
	c.pace = 0
	return wait, nil
}

// process is one of several over the same source and store.
func process(f upstream.Fetcher, store upstream.Store) *upstream.Lookups {
	return upstream.New(settings(), f, upstream.NewMemory(1000, 0), store)
}

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
		first := a.Lookup(profile(documented), false)
		time.Sleep(time.Second)
		if got := mustGet(t, b, documented, false); got.Billed || !got.Cached {
			t.Errorf("billed %v, cached %v; want the other's answer", got.Billed, got.Cached)
		}
		<-first.Done()
		f.wantRequests(t, 1)
	})
}

// A process that was stopped in the middle of its look-up holds nobody up for
// ever.
func TestAProcessThatNeverEndsItsLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		if _, err := store.Lock(t.Context(), profile(documented).Key()); err != nil {
			t.Fatal(err)
		}
		d := process(f, store)
		defer d.Close()
		begin := time.Now()
		mustGet(t, d, documented, false)
		if took := time.Since(begin); took < 5*time.Minute || took > 11*time.Minute {
			t.Errorf("it waited %s, want about 10 minutes", took)
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
		if !got.Cached || got.Billed || got.Age != time.Hour {
			t.Errorf("cached %v, billed %v, age %s; want cached, free and an hour old", got.Cached, got.Billed, got.Age)
		}
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
			t.Errorf("age %s, want the refreshed answer, a minute old", got.Age)
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
		before := store.loads
		time.Sleep(59 * time.Second)
		mustGet(t, d, documented, false)
		if store.loads != before {
			t.Errorf("the store was asked %d times, want none", store.loads-before)
		}
	})
}

// A refresh takes no answer that was stored before it, but that of a process
// which refreshed meanwhile.
func TestRefreshAcrossProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: 10 * time.Second}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, a, documented, false)
		if got := mustGet(t, b, documented, true); !got.Billed {
			t.Error("a refresh is answered from the store")
		}
		f.wantRequests(t, 2)
		first := a.Lookup(profile(documented), true)
		time.Sleep(time.Second)
		second := b.Lookup(profile(documented), true)
		<-first.Done()
		<-second.Done()
		x, _ := first.Answer()
		y, _ := second.Answer()
		if !x.Billed || y.Billed {
			t.Errorf("billed %v and %v, want the first alone", x.Billed, y.Billed)
		}
		f.wantRequests(t, 3)
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
			if got := mustGet(t, d, documented, false); got.Billed != (i == 1) || !got.Cached {
				t.Errorf("caller %d: billed %v, cached %v; want the second alone billed", i, got.Billed, got.Cached)
			}
			time.Sleep(2 * time.Minute)
		}
		f.wantRequests(t, 1)
	})
}

// A charge is that of one answer: whoever pays for a newer one before the first
// caller reads its own takes nothing away.
func TestTwoChargesAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(&source{})
		defer d.Close()
		first := d.Lookup(profile(documented), false)
		<-first.Done()
		second := d.Lookup(profile(documented), true)
		<-second.Done()
		for i, l := range []*upstream.Lookup{first, second} {
			if a, err := l.Answer(); err != nil || !a.Billed {
				t.Errorf("caller %d: billed %v, %v; want its own charge", i, a.Billed, err)
			}
		}
	})
}

// A refresh that was left in one process is not paid for again in another: any
// replica answers any request.
func TestALeftRefreshInAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Minute}, newCommon(0)
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		mustGet(t, b, documented, false)
		time.Sleep(time.Hour)
		left(a, true, true)
		time.Sleep(2 * time.Minute)
		for i := range 2 {
			if got := mustGet(t, b, documented, true); got.Billed || !got.Cached {
				t.Errorf("caller %d who comes back: billed %v, cached %v; want it free", i, got.Billed, got.Cached)
			}
		}
		f.wantRequests(t, 2)
		if got := mustGet(t, b, documented, true); !got.Billed {
			t.Error("a third refresh is answered from the store")
		}
		f.wantRequests(t, 3)
	})
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
		ordinary := b.Lookup(profile(documented), false)
		refresh := b.Lookup(profile(documented), true)
		<-refresh.Done()
		if got, err := refresh.Answer(); err != nil || got.Age > time.Second {
			t.Errorf("age %s, %v; want a new answer", got.Age, err)
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
		// The figure of the budget is asked for again after the answer was found.
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "budget" {
				time.Sleep(100 * time.Millisecond)
			}
			return nil
		})
		ordinary := b.Lookup(profile(documented), false)
		time.Sleep(150 * time.Millisecond)
		if got := mustGet(t, b, documented, true); !got.Billed {
			t.Error("the refresh was answered from the store")
		}
		<-ordinary.Done()
		f.wantRequests(t, 2)
	})
}

// What all processes refuse is not counted against this one.
func TestARefusedRequestIsNotCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		d := upstream.New(settings(), f, upstream.NewMemory(10, 1), store)
		defer d.Close()
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "budget" {
				return upstream.Spent(time.Now().Add(time.Hour))
			}
			return nil
		})
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		store.breaks(nil)
		mustGet(t, d, documented, false)
		f.wantRequests(t, 1)
	})
}

// An outage costs neither this process's budget nor that of all.
func TestAnOutageCostsNoBudgetOfAllProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{answer: failing(upstream.Error{Kind: upstream.Unreachable, Billed: upstream.NotBilled})}, newCommon(3)
		memory := upstream.NewMemory(10, 3)
		d := upstream.New(settings(), f, memory, store)
		defer d.Close()
		for i := range 4 {
			_, err := get(t, d, blogger(i), false)
			wantError(t, err, upstream.Unreachable, upstream.NotBilled)
		}
		f.wantRequests(t, 12)
		wantLeft(t, memory, 3)
		wantLeft(t, store.Memory, 3)
	})
}

// The budget is that of all processes, and what another one spent shows.
func TestTheBudgetOfAllProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(3)
		budget := func() *upstream.Lookups { return upstream.New(settings(), f, upstream.NewMemory(100, 3), store) }
		a, b := budget(), budget()
		defer a.Close()
		defer b.Close()
		mustGet(t, a, blogger(1), false)
		mustGet(t, b, blogger(2), false)
		if n, _ := b.Left(); n != 1 {
			t.Errorf("%d left, want 1", n)
		}
		mustGet(t, a, blogger(3), false)
		_, err := get(t, b, blogger(4), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		if err != nil && err.FreesAt.IsZero() {
			t.Error("it does not say when a request is free")
		}
		f.wantRequests(t, 3)
	})
}

func TestTheRateOfAllProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		store.pace = 7 * time.Second
		d := process(&source{}, store)
		defer d.Close()
		begin := time.Now()
		mustGet(t, d, documented, false)
		if took := time.Since(begin); took != 7*time.Second {
			t.Errorf("took %s, want 7 s", took)
		}
	})
}

// A store that fails or hangs fails no call, makes none wait longer than half a
// second, and is told of once.
func TestAStoreThatFails(t *testing.T) {
	fails := func(context.Context, string) error { return errors.New("no space left") }
	hangs := func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
	for name, c := range map[string]struct {
		fault func(context.Context, string) error
		most  time.Duration
	}{
		"fails": {fails, 0},
		"hangs": {hangs, 500 * time.Millisecond},
		"slow":  {func(context.Context, string) error { time.Sleep(100 * time.Millisecond); return nil }, 500 * time.Millisecond},
		"fails to save": {func(ctx context.Context, operation string) error {
			if operation != "save" {
				return nil
			}
			return fails(ctx, operation)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				failures := 0
				s := settings()
				s.Log = slog.New(slog.NewTextHandler(&log, nil))
				s.Observe.StoreFailure = func(string) { failures++ }
				f, store := &source{}, newCommon(0)
				store.breaks(c.fault)
				d := upstream.New(s, f, upstream.NewMemory(100, 100), store)
				defer d.Close()
				for i := range 5 {
					begin := time.Now()
					mustGet(t, d, blogger(i), false)
					if took := time.Since(begin); took > c.most {
						t.Errorf("call %d waited %s, want %s at most", i, took, c.most)
					}
					mustGet(t, d, blogger(i), false)
				}
				f.wantRequests(t, 5)
				time.Sleep(time.Second) // what nobody waits for ends too
				synctest.Wait()
				if name == "slow" {
					if n := store.Entries(); n != 5 {
						t.Errorf("%d answers are stored, want 5", n)
					}
					return
				}
				if failures == 0 {
					t.Error("no failure is counted")
				}
				for _, operation := range []string{"load", "save", "lock", "budget", "rate"} {
					if n := strings.Count(log.String(), "operation="+operation+" "); n > 1 {
						t.Errorf("%d warnings of %s, want one at most\n%s", n, operation, &log)
					}
				}
				store.breaks(nil)
				time.Sleep(3 * time.Second)
				mustGet(t, d, blogger(9), false)
				synctest.Wait()
				if _, err := store.Memory.Load(t.Context(), profile(blogger(9)).Key()); err != nil {
					t.Errorf("after the trouble an answer is not stored: %v", err)
				}
				if !strings.Contains(log.String(), "works again") {
					t.Errorf("the log does not say that it works again:\n%s", &log)
				}
			})
		})
	}
}

// A lock that comes after its look-up stopped waiting for it is given back.
func TestALateLockIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "lock" {
				time.Sleep(2 * time.Second)
			}
			return nil
		})
		d := process(&source{}, store)
		defer d.Close()
		mustGet(t, d, documented, false)
		time.Sleep(10 * time.Second)
		store.breaks(nil)
		if _, err := store.Lock(t.Context(), profile(documented).Key()); err != nil {
			t.Errorf("the lock says %v, want it free", err)
		}
	})
}

// An answer from the future was stored before a clock was set back: nobody can
// tell how old it is.
func TestAnAnswerFromTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		e := upstream.Entry{Response: found(documented), At: time.Now().Add(time.Hour)}
		_ = store.Memory.Save(t.Context(), profile(documented).Key(), e, time.Hour)
		d := process(f, store)
		defer d.Close()
		if got := mustGet(t, d, documented, false); got.Cached {
			t.Error("it is taken for fresh")
		}
		f.wantRequests(t, 1)
	})
}

// A stale answer in the store stands in for a failing source.
func TestAStaleAnswerOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{answer: failing(upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})}, newCommon(0)
		e := upstream.Entry{Response: found(documented), At: time.Now()}
		_ = store.Memory.Save(t.Context(), profile(documented).Key(), e, ttl+stale)
		time.Sleep(ttl + time.Hour)
		d := process(f, store)
		defer d.Close()
		got := mustGet(t, d, documented, false)
		if !got.Stale || !got.Cached || got.Age != ttl+time.Hour {
			t.Errorf("stale %v, cached %v, age %s; want a stale answer of 7 h", got.Stale, got.Cached, got.Age)
		}
	})
}
