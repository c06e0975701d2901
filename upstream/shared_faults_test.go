package upstream_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// A store that fails or hangs fails no call, makes none wait longer than half a
// second, and is told of once.
func TestAStoreThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(context.Context, string) error
		most  time.Duration
	}{
		"fails":  {fails, 0},
		"hangs":  {hangs, 500 * time.Millisecond},
		"panics": {func(context.Context, string) error { panic("in the store") }, 0},
		"slow":   {func(context.Context, string) error { time.Sleep(100 * time.Millisecond); return nil }, 500 * time.Millisecond},
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
				var failures atomic.Int32
				s := settings()
				s.Log = slog.New(slog.NewTextHandler(&log, nil))
				s.Observe.StoreFailure = func(string) { failures.Add(1) }
				f, store := &source{}, newCommon(0)
				store.breaks(c.fault)
				d := upstream.New(s, f, upstream.NewMemory(100, 100), store)
				defer d.Close()
				for i := range 5 {
					begin := time.Now()
					mustGet(t, d, blogger(i), false)
					if took := time.Since(begin); took > c.most {
						t.Errorf("look-up %d took %s, want %s at most", i, took, c.most)
					}
					mustGet(t, d, blogger(i), false)
				}
				f.wantRequests(t, 5)
				time.Sleep(10 * time.Second) // what nobody waits for ends too
				synctest.Wait()
				if name == "slow" {
					if n := len(store.keys()); n != 5 {
						t.Errorf("%d answers are stored, want 5", n)
					}
					return
				}
				if failures.Load() == 0 {
					t.Error("no failure is counted, want one at least")
				}
				if n := strings.Count(log.String(), "the common store failed; continuing without it"); n > 1 {
					t.Errorf("%d warnings, want one; the log:\n%s", n, &log)
				}
				budgets := 1
				if name == "fails to save" {
					budgets = 0
				}
				if n := strings.Count(log.String(), "the common store failed; the budget is counted by this process alone"); n != budgets {
					t.Errorf("%d warnings of the budget, want %d; the log:\n%s", n, budgets, &log)
				}
				store.breaks(nil)
				time.Sleep(3 * time.Second)
				for i := range 3 {
					mustGet(t, d, blogger(9+i), false)
					time.Sleep(time.Second)
				}
				if !store.has(profile(blogger(9)).Key()) {
					t.Error("after the trouble the store lacks the answer, want it kept")
				}
				if want := "works again"; !strings.Contains(log.String(), want) {
					t.Errorf("no %q in the log, want it there:\n%s", want, &log)
				}
			})
		})
	}
}

// A lock that comes late is held while its look-up is under way, and given back
// when that ends.
func TestALateLockIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "lock" {
				time.Sleep(2 * time.Second)
			}
			return nil
		})
		d := process(&source{took: 10 * time.Second}, store)
		defer d.Close()
		l := d.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(5 * time.Second)
		store.breaks(nil)
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); !errors.Is(err, upstream.ErrLocked) {
			t.Errorf("during the look-up the lock says %v, want ErrLocked", err)
		}
		<-l.Done()
		time.Sleep(10 * time.Second)
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); err != nil {
			t.Errorf("after the look-up the lock says %v, want it free", err)
		}
	})
}
