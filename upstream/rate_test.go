package upstream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// No second sees more requests than the rate allows, retries among them; and
// the rate is used in full.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lookups, perSecond = 40, 5
		f := &source{took: 3 * time.Second, answer: sequence(&upstream.Error{Kind: upstream.CollectionFailed, Billed: upstream.NotBilled})}
		d := limited(f, perSecond, 0)
		defer d.Close()
		time.Sleep(time.Hour) // idle time earns no burst
		begin := time.Now()
		for i := range lookups {
			d.Lookup(profile(blogger(i)), upstream.Ask{})
		}
		time.Sleep(time.Minute)
		seen := f.seen()
		if len(seen) != 2*lookups {
			t.Fatalf("%d requests went out, want %d", len(seen), 2*lookups)
		}
		for i, r := range seen[perSecond:] {
			if earlier := seen[i]; r.at.Sub(earlier.at) < time.Second-time.Microsecond {
				t.Errorf("requests %d to %d went out within %s, want 1s at least", i+1, i+1+perSecond, r.at.Sub(earlier.at))
			}
		}
		if took, want := seen[len(seen)-1].at.Sub(begin), 2*lookups*time.Second/perSecond; took > want {
			t.Errorf("all requests took %s, want %s at most", took, want)
		}
	})
}

// A connection that never opened is no request: an outage costs no budget.
func TestAnOutageCostsNoBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: failing(upstream.Error{Kind: upstream.Unreachable, Billed: upstream.NotBilled})}
		d := limited(f, 1e6, 3)
		defer d.Close()
		for i := range 10 {
			_, err := get(t, d, blogger(i), false)
			wantError(t, err, upstream.Unreachable, upstream.NotBilled)
		}
		f.wantRequests(t, 30)
		if n, _ := d.Left(); n != 3 {
			t.Errorf("%d requests are left, want 3", n)
		}
	})
}

// The budget counts requests, and frees each of them 24 hours after it was made.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{}
		d := limited(f, 1e6, 3)
		defer d.Close()
		first := time.Now()
		for i := range 3 {
			mustGet(t, d, blogger(i), false)
			n, isLimited := d.Left()
			if want := 2 - i; n != want {
				t.Errorf("%d requests are left after %d, want %d", n, i+1, want)
			}
			if !isLimited {
				t.Errorf("after %d requests Left says limited false, want true", i+1)
			}
			time.Sleep(time.Hour)
		}
		_, err := get(t, d, blogger(3), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		if want := first.Add(24 * time.Hour); err != nil && !err.FreesAt.Equal(want) {
			t.Errorf("the next one is free at %s, want at %s", err.FreesAt, want)
		}
		if a := mustGet(t, d, blogger(2), false); !a.Cached {
			t.Errorf("the answer is %+v, want it cached", a)
		}
		f.wantRequests(t, 3)

		time.Sleep(time.Until(first.Add(24*time.Hour)) - time.Nanosecond)
		_, err = get(t, d, blogger(3), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		time.Sleep(time.Nanosecond)
		mustGet(t, d, blogger(3), false)
		_, err = get(t, d, blogger(4), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		if want := first.Add(25 * time.Hour); err != nil && !err.FreesAt.Equal(want) {
			t.Errorf("the next one is free at %s, want at %s", err.FreesAt, want)
		}
		f.wantRequests(t, 4)
	})
}

// Retries count; where the budget ends between two, the upstream's own failure
// is the answer.
func TestRetriesCountInTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: failing(upstream.Error{Kind: upstream.CollectionFailed, Billed: upstream.NotBilled})}
		d := limited(f, 1e6, 5)
		defer d.Close()
		for i := range 2 {
			_, err := get(t, d, blogger(i), false)
			wantError(t, err, upstream.CollectionFailed, upstream.NotBilled)
		}
		f.wantRequests(t, 5)
		_, err := get(t, d, blogger(2), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
	})
}

// What the budget refuses is refused at once, not when its turn would come.
func TestAnExhaustedBudgetAnswersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{}
		d := limited(f, 0.01, 1)
		defer d.Close()
		mustGet(t, d, blogger(0), false)
		begin := time.Now()
		_, err := get(t, d, blogger(1), false)
		wantError(t, err, upstream.BudgetExhausted, upstream.NotBilled)
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("the look-up was refused after %s, want at once", waited)
		}
	})
}

// Look-ups that compete for the last requests never overspend.
func TestTheBudgetIsNeverOverspent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Second}
		d := limited(f, 5, 7)
		defer d.Close()
		refused := 0
		var ls []*upstream.Lookup
		for i := range 50 {
			ls = append(ls, d.Lookup(profile(blogger(i)), upstream.Ask{}))
		}
		for _, l := range ls {
			<-l.Done()
			if _, err := l.Answer(); err != nil {
				wantError(t, typed(t, err), upstream.BudgetExhausted, upstream.NotBilled)
				refused++
			}
		}
		f.wantRequests(t, 7)
		if refused != 43 {
			t.Errorf("%d look-ups were refused, want 43", refused)
		}
	})
}
