package upstream_test

import (
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
