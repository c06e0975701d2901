package upstream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// entry is an answer that names its blogger.
func entry(userID string) upstream.Entry {
	return upstream.Entry{Response: found(userID), At: time.Now()}
}

// load reports whether there is an answer, too.
func load(m *upstream.Memory, key string) (upstream.Entry, bool) {
	e := m.Load(key)
	return e, e != (upstream.Entry{})
}

// wantStored checks which of the bloggers numbered from 0 are in memory.
func wantStored(t *testing.T, m *upstream.Memory, want ...bool) {
	t.Helper()
	for i, w := range want {
		e, ok := load(m, blogger(i))
		if ok != w {
			t.Errorf("blogger %d is stored: %v, want %v", i, ok, w)
		}
		if ok && e.Response.Subject != blogger(i) {
			t.Errorf("blogger %d is stored as %s, want %s", i, e.Response.Subject, blogger(i))
		}
	}
}

// wantEntries checks how many answers are in memory.
func wantEntries(t *testing.T, m *upstream.Memory, want int) {
	t.Helper()
	if got := m.Entries(); got != want {
		t.Errorf("%d answers are stored, want %d", got, want)
	}
}

func TestMemoryGivesWhatWasSaved(t *testing.T) {
	m := upstream.NewMemory(2, 0)
	if e, ok := load(m, documented); ok {
		t.Errorf("an empty store has %+v, want nothing", e)
	}
	missing := &upstream.Error{Kind: upstream.NotFound}
	for _, want := range []upstream.Entry{entry(documented), {Missing: missing, At: time.Now()}} {
		m.Save(documented, want, time.Hour)
		if got, ok := load(m, documented); !ok || got != want {
			t.Errorf("the stored entry is %+v, %v, want %+v", got, ok, want)
		}
	}
	wantEntries(t, m, 1)
}

// Over the size the oldest answer leaves first; one that is saved again is the
// youngest.
func TestTheOldestLeavesFirst(t *testing.T) {
	m := upstream.NewMemory(3, 0)
	for i := range 3 {
		m.Save(blogger(i), entry(blogger(i)), time.Hour)
	}
	wantStored(t, m, true, true, true)
	m.Save(blogger(0), entry(blogger(0)), time.Hour)
	wantStored(t, m, true, true, true)
	m.Save(blogger(3), entry(blogger(3)), time.Hour)
	wantStored(t, m, true, false, true, true)
	m.Save(blogger(4), entry(blogger(4)), time.Hour)
	wantStored(t, m, true, false, false, true, true)
	wantEntries(t, m, 3)
}

func TestAMemoryOfNoSize(t *testing.T) {
	m := upstream.NewMemory(0, 0)
	m.Save(blogger(0), entry(blogger(0)), time.Hour)
	wantStored(t, m, false)
	wantEntries(t, m, 0)
}

// An answer that is of no more use is not given, and makes room at the next
// saving.
func TestExpiredAnswersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := upstream.NewMemory(10, 0)
		m.Save(blogger(0), entry(blogger(0)), time.Hour)
		m.Save(blogger(1), entry(blogger(1)), 2*time.Hour)
		time.Sleep(time.Hour - time.Second)
		wantStored(t, m, true, true)
		time.Sleep(2 * time.Second)
		wantStored(t, m, false, true)
		m.Save(blogger(2), entry(blogger(2)), time.Hour)
		wantEntries(t, m, 2)
		time.Sleep(2 * time.Hour)
		m.Save(blogger(3), entry(blogger(3)), time.Hour)
		wantEntries(t, m, 1)
	})
}

// Saving again prolongs.
func TestASecondSavingProlongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := upstream.NewMemory(10, 0)
		m.Save(blogger(0), entry(blogger(0)), time.Hour)
		time.Sleep(50 * time.Minute)
		m.Save(blogger(0), entry(blogger(0)), time.Hour)
		time.Sleep(50 * time.Minute)
		m.Save(blogger(1), entry(blogger(1)), time.Hour)
		wantStored(t, m, true, true)
	})
}

func TestMemoryStaysBounded(t *testing.T) {
	const saves, size = 100_000, 500
	m := upstream.NewMemory(size, 0)
	e := entry(documented)
	for i := range saves {
		m.Save(blogger(i), e, time.Hour)
		if i%1000 == 999 && m.Entries() != size {
			t.Fatalf("%d answers are stored after %d savings, want %d", m.Entries(), i+1, size)
		}
	}
	for n, want := range map[int]bool{saves - size: true, saves - size - 1: false} {
		if _, ok := load(m, blogger(n)); ok != want {
			t.Errorf("blogger %d of %d is stored: %v, want %v", n, saves, ok, want)
		}
	}
}

// spend takes a request; freesAt is zero where there was one.
func spend(t *testing.T, m *upstream.Memory) (refund func(), freesAt time.Time) {
	t.Helper()
	refund, spent := m.Spend()
	if spent != nil {
		return nil, spent.FreesAt
	}
	return refund, time.Time{}
}

// Spend and Left count the requests of the last 24 hours.
func TestSpend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := upstream.NewMemory(1, 2)
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
		m := upstream.NewMemory(1, 2)
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
func wantSpent(t *testing.T, m *upstream.Memory, want time.Time) {
	t.Helper()
	if _, freesAt := spend(t, m); !freesAt.Equal(want) {
		t.Errorf("the next one is free at %s, want at %s", freesAt, want)
	}
}

func wantLeft(t *testing.T, m *upstream.Memory, want int) {
	t.Helper()
	if n := m.Left(); n != want {
		t.Errorf("%d requests are left, want %d", n, want)
	}
}

func TestSpendWithoutABudget(t *testing.T) {
	m := upstream.NewMemory(1, 0)
	for range 1000 {
		refund, freesAt := spend(t, m)
		if !freesAt.IsZero() {
			t.Fatalf("the next one is free at %s, want one now", freesAt)
		}
		refund()
	}
}
