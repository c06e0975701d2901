package upstream_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

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
		d := upstream.New(settings(), f, upstream.NewMemory(10, 3), store)
		defer d.Close()
		for i := range 4 {
			_, err := get(t, d, blogger(i), false)
			wantError(t, err, upstream.Unreachable, upstream.NotBilled)
		}
		f.wantRequests(t, 12)
		time.Sleep(time.Minute)
		synctest.Wait()
		_, _ = get(t, d, blogger(0), false)
		if n, _ := d.Left(); n != 3 {
			t.Errorf("%d requests are left here, want 3", n)
		}
		time.Sleep(time.Minute)
		if n := store.left(); n != 3 {
			t.Errorf("%d requests are left for all, want 3", n)
		}
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
			t.Errorf("%d requests are left, want 1", n)
		}
		mustGet(t, a, blogger(3), false)
		_, err := get(t, b, blogger(4), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		if err != nil && err.FreesAt.IsZero() {
			t.Errorf("the error is %+v, want FreesAt in it", *err)
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
			t.Errorf("the look-up took %s, want 7s", took)
		}
	})
}
