package upstream_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
)

// row is a store whose rate gives places that are apart.
type row struct {
	*common
	apart   time.Duration
	next    time.Time
	longest time.Duration // that anybody was told to wait
}

func (r *row) Turn(ctx context.Context) (time.Duration, error) {
	err := r.begin(ctx, "rate")
	defer r.mu.Unlock()
	if err != nil {
		return 0, err
	}
	if now := time.Now(); r.next.Before(now) {
		r.next = now
	}
	wait := time.Until(r.next)
	r.longest = max(r.longest, wait)
	r.next = r.next.Add(r.apart)
	return wait, nil
}

// All requests of two processes go out at the store's rate, and a process has
// one place in the row at a time: those of one that dies are not waited for.
func TestOnePlaceInTheRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, &row{common: newCommon(0), apart: time.Second}
		a, b := process(f, store), process(f, store)
		defer a.Close()
		defer b.Close()
		for i := range 20 {
			a.Lookup(profile(blogger(2*i)), upstream.Ask{})
			b.Lookup(profile(blogger(2*i+1)), upstream.Ask{})
		}
		time.Sleep(time.Minute)
		seen := f.seen()
		if len(seen) != 40 {
			t.Fatalf("%d requests went out, want 40", len(seen))
		}
		for i, r := range seen[1:] {
			if d := r.at.Sub(seen[i].at); d != time.Second {
				t.Errorf("request %d came %s after the one before, want 1s", i+1, d)
			}
		}
		if store.longest > 2*time.Second {
			t.Errorf("the longest wait told is %s, want 2s at most", store.longest)
		}
	})
}

// When the store fails, those who waited for its rate go out at the process's
// own, not at once.
func TestTheRateOfTheProcessIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, &row{common: newCommon(0), apart: 3 * time.Second}
		begin := time.Now()
		store.breaks(func(context.Context, string) error {
			if time.Since(begin) > 5*time.Second {
				return errors.New("gone")
			}
			return nil
		})
		s := settings()
		s.Rate = rate.Every(time.Second)
		d := upstream.New(s, f, upstream.NewMemory(100, 0), store)
		defer d.Close()
		for i := range 20 {
			d.Lookup(profile(blogger(i)), upstream.Ask{})
		}
		time.Sleep(time.Minute)
		seen := f.seen()
		if len(seen) != 20 {
			t.Fatalf("%d requests went out, want 20", len(seen))
		}
		for i, r := range seen[1:] {
			if d := r.at.Sub(seen[i].at); d < time.Second-time.Microsecond {
				t.Errorf("request %d came %s after the one before, want 1s at least", i+1, d)
			}
		}
	})
}

// When the budget of all processes is spent, those who wait for the rate hear of
// it at once.
func TestASpentBudgetEndsTheRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, &row{common: newCommon(4), apart: time.Second}
		begin := time.Now()
		var calls []*upstream.Lookup
		for range 2 {
			s := settings()
			s.Rate = rate.Every(time.Second)
			d := upstream.New(s, f, upstream.NewMemory(100, 4), store)
			defer d.Close()
			for range 20 {
				calls = append(calls, d.Lookup(profile(blogger(len(calls))), upstream.Ask{}))
			}
		}
		refused := 0
		for _, c := range calls {
			<-c.Done()
			if _, err := c.Answer(); typed(t, err) != nil && typed(t, err).Kind == upstream.BudgetExhausted {
				refused++
			}
		}
		f.wantRequests(t, 4)
		if refused != 36 {
			t.Errorf("%d look-ups were refused, want 36", refused)
		}
		if took := time.Since(begin); took > 6*time.Second {
			t.Errorf("the look-ups took %s, want 6s at most", took)
		}
	})
}
