package upstream

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

const documented = "659902c1000000002200361b"

func blogger(n int) string { return fmt.Sprintf("%024x", n) }

// answer is an entry that names its blogger.
func answer(userID string) *entry {
	return &entry{response: NewResponse(userID, []byte("{}"), "", true), at: time.Now()}
}

// load reports whether there is an answer, too.
func load(m *Memory, key string) (*entry, bool) {
	e := m.load(key)
	return e, e.answered()
}

// wantStored checks which of the bloggers numbered from 0 are in memory.
func wantStored(t *testing.T, m *Memory, want ...bool) {
	t.Helper()
	for i, w := range want {
		e, ok := load(m, blogger(i))
		if ok != w {
			t.Errorf("blogger %d is stored: %v, want %v", i, ok, w)
		}
		if ok && e.response.Subject != blogger(i) {
			t.Errorf("blogger %d is stored as %s, want %s", i, e.response.Subject, blogger(i))
		}
	}
}

// wantEntries checks how many answers are in memory.
func wantEntries(t *testing.T, m *Memory, want int) {
	t.Helper()
	if got := m.order.Len(); got != want {
		t.Errorf("%d answers are stored, want %d", got, want)
	}
}

func TestMemoryGivesWhatWasSaved(t *testing.T) {
	m := NewMemory(2, 0)
	if e, ok := load(m, documented); ok {
		t.Errorf("an empty store has %+v, want nothing", e)
	}
	missing := &Error{Kind: NotFound}
	for _, want := range []*entry{answer(documented), {missing: missing, at: time.Now()}} {
		m.save(documented, want, time.Hour)
		if got, ok := load(m, documented); !ok || got != want {
			t.Errorf("the stored entry is %+v, %v, want %+v", got, ok, want)
		}
	}
	wantEntries(t, m, 1)
}

// Over the size the oldest answer leaves first; one that is saved again is the
// youngest.
func TestTheOldestLeavesFirst(t *testing.T) {
	m := NewMemory(3, 0)
	for i := range 3 {
		m.save(blogger(i), answer(blogger(i)), time.Hour)
	}
	wantStored(t, m, true, true, true)
	m.save(blogger(0), answer(blogger(0)), time.Hour)
	wantStored(t, m, true, true, true)
	m.save(blogger(3), answer(blogger(3)), time.Hour)
	wantStored(t, m, true, false, true, true)
	m.save(blogger(4), answer(blogger(4)), time.Hour)
	wantStored(t, m, true, false, false, true, true)
	wantEntries(t, m, 3)
}

func TestAMemoryOfNoSize(t *testing.T) {
	m := NewMemory(0, 0)
	m.save(blogger(0), answer(blogger(0)), time.Hour)
	wantStored(t, m, false)
	wantEntries(t, m, 0)
}

// An answer that is of no more use is not given, and makes room at the next
// saving.
func TestExpiredAnswersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(10, 0)
		m.save(blogger(0), answer(blogger(0)), time.Hour)
		m.save(blogger(1), answer(blogger(1)), 2*time.Hour)
		time.Sleep(time.Hour - time.Second)
		wantStored(t, m, true, true)
		time.Sleep(2 * time.Second)
		wantStored(t, m, false, true)
		m.save(blogger(2), answer(blogger(2)), time.Hour)
		wantEntries(t, m, 2)
		time.Sleep(2 * time.Hour)
		m.save(blogger(3), answer(blogger(3)), time.Hour)
		wantEntries(t, m, 1)
	})
}

// Saving again prolongs.
func TestASecondSavingProlongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(10, 0)
		m.save(blogger(0), answer(blogger(0)), time.Hour)
		time.Sleep(50 * time.Minute)
		m.save(blogger(0), answer(blogger(0)), time.Hour)
		time.Sleep(50 * time.Minute)
		m.save(blogger(1), answer(blogger(1)), time.Hour)
		wantStored(t, m, true, true)
	})
}

func TestMemoryStaysBounded(t *testing.T) {
	const saves, size = 100_000, 500
	m := NewMemory(size, 0)
	e := answer(documented)
	for i := range saves {
		m.save(blogger(i), e, time.Hour)
		if i%1000 == 999 && m.order.Len() != size {
			t.Fatalf("%d answers are stored after %d savings, want %d", m.order.Len(), i+1, size)
		}
	}
	for n, want := range map[int]bool{saves - size: true, saves - size - 1: false} {
		if _, ok := load(m, blogger(n)); ok != want {
			t.Errorf("blogger %d of %d is stored: %v, want %v", n, saves, ok, want)
		}
	}
}

// spend takes a request; freesAt is zero where there was one.
func spend(t *testing.T, m *Memory) (refund func(), freesAt time.Time) {
	t.Helper()
	at, spent := m.admit("profile")
	if spent != nil {
		return nil, spent.FreesAt
	}
	return func() { m.correct(at, "profile", Count{Sent: -1}) }, time.Time{}
}

// Spend and Left count the requests of the last 24 hours.
func TestSpend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(1, 2)
		first := time.Now()
		wantLeft(t, m, 2)
		for left := 1; left >= 0; left-- {
			if _, freesAt := spend(t, m); !freesAt.IsZero() {
				t.Errorf("the next one is free at %s, want one now", freesAt)
			}
			wantLeft(t, m, left)
			time.Sleep(time.Hour)
		}
		wantSpent(t, m, first.Add(24*time.Hour))
		wantLeft(t, m, 0)
		time.Sleep(22 * time.Hour)
		wantLeft(t, m, 1)
		time.Sleep(time.Hour)
		wantLeft(t, m, 2)
	})
}

// A refund gives back the very request, not the place of another.
func TestRefund(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(1, 2)
		first := time.Now()
		spend(t, m)
		time.Sleep(time.Hour)
		second, _ := spend(t, m)
		second()
		wantLeft(t, m, 1)
		second()
		wantLeft(t, m, 1)
		time.Sleep(time.Hour)
		third, _ := spend(t, m)
		wantSpent(t, m, first.Add(24*time.Hour))
		time.Sleep(25 * time.Hour)
		third()
		wantLeft(t, m, 2)
	})
}

// wantSpent checks that no request is left, and when the next one is free.
func wantSpent(t *testing.T, m *Memory, want time.Time) {
	t.Helper()
	if _, freesAt := spend(t, m); !freesAt.Equal(want) {
		t.Errorf("the next one is free at %s, want at %s", freesAt, want)
	}
}

func wantLeft(t *testing.T, m *Memory, want int) {
	t.Helper()
	if n := m.left(); n != want {
		t.Errorf("%d requests are left, want %d", n, want)
	}
}

func TestSpendWithoutABudget(t *testing.T) {
	m := NewMemory(1, 0)
	for range 1000 {
		refund, freesAt := spend(t, m)
		if !freesAt.IsZero() {
			t.Fatalf("the next one is free at %s, want one now", freesAt)
		}
		refund()
	}
}
