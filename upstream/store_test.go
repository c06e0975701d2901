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

// wantStored checks which of the bloggers numbered from 0 are in memory.
func wantStored(t *testing.T, m *upstream.Memory, want ...bool) {
	t.Helper()
	for i, w := range want {
		e, ok := m.Load(blogger(i))
		if ok != w {
			t.Errorf("blogger %d stored: %v, want %v", i, ok, w)
		}
		if ok && e.Response.UserID != blogger(i) {
			t.Errorf("blogger %d is stored as %s", i, e.Response.UserID)
		}
	}
}

func TestMemoryGivesWhatWasSaved(t *testing.T) {
	m := upstream.NewMemory(2, 0)
	if e, ok := m.Load(documented); ok {
		t.Errorf("an empty store has %+v", e)
	}
	missing := &upstream.Error{Kind: upstream.NotFound}
	for _, want := range []upstream.Entry{entry(documented), {Missing: missing, At: time.Now()}} {
		m.Save(documented, want, time.Hour)
		if got, ok := m.Load(documented); !ok || got != want {
			t.Errorf("got %+v, %v, want %+v", got, ok, want)
		}
	}
	if m.Entries() != 1 {
		t.Errorf("%d entries, want 1", m.Entries())
	}
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
	if m.Entries() != 3 {
		t.Errorf("%d entries, want 3", m.Entries())
	}
}

func TestAMemoryOfNoSize(t *testing.T) {
	m := upstream.NewMemory(0, 0)
	m.Save(blogger(0), entry(blogger(0)), time.Hour)
	wantStored(t, m, false)
	if m.Entries() != 0 {
		t.Errorf("%d entries, want none", m.Entries())
	}
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
		if m.Entries() != 2 {
			t.Errorf("%d entries, want 2", m.Entries())
		}
		time.Sleep(2 * time.Hour)
		m.Save(blogger(3), entry(blogger(3)), time.Hour)
		if m.Entries() != 1 {
			t.Errorf("%d entries, want 1", m.Entries())
		}
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
			t.Fatalf("%d entries after %d savings, want %d", m.Entries(), i+1, size)
		}
	}
	if _, ok := m.Load(blogger(saves - size)); !ok {
		t.Error("one of the youngest is gone")
	}
	if _, ok := m.Load(blogger(saves - size - 1)); ok {
		t.Error("one of the older ones is still there")
	}
}

// Spend and Left count the requests of the last 24 hours.
func TestSpend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := upstream.NewMemory(1, 2)
		first := time.Now()
		wantLeft(t, m, 2)
		for left := 1; left >= 0; left-- {
			if _, freesAt, ok := m.Spend(); !ok || !freesAt.IsZero() {
				t.Errorf("Spend is %s, %v, want a request", freesAt, ok)
			}
			wantLeft(t, m, left)
			time.Sleep(time.Hour)
		}
		if _, freesAt, ok := m.Spend(); ok || !freesAt.Equal(first.Add(24*time.Hour)) {
			t.Errorf("Spend is %s, %v, want none before a day after %s", freesAt, ok, first)
		}
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
		_, _, _ = m.Spend()
		time.Sleep(time.Hour)
		second, _, _ := m.Spend()
		second()
		wantLeft(t, m, 1)
		second()
		wantLeft(t, m, 1)
		time.Sleep(time.Hour)
		third, _, _ := m.Spend()
		if _, freesAt, ok := m.Spend(); ok || !freesAt.Equal(first.Add(24*time.Hour)) {
			t.Errorf("Spend is %s, %v, want none before a day after %s", freesAt, ok, first)
		}
		time.Sleep(25 * time.Hour)
		third()
		wantLeft(t, m, 2)
	})
}

func wantLeft(t *testing.T, m *upstream.Memory, want int) {
	t.Helper()
	if n, isLimited := m.Left(); n != want || !isLimited {
		t.Errorf("Left is %d, %v, want %d", n, isLimited, want)
	}
}

func TestSpendWithoutABudget(t *testing.T) {
	m := upstream.NewMemory(1, 0)
	for range 1000 {
		if refund, _, ok := m.Spend(); !ok {
			t.Fatal("refused")
		} else {
			refund()
		}
	}
	if n, isLimited := m.Left(); n != 0 || isLimited {
		t.Errorf("Left is %d, %v, want no limit", n, isLimited)
	}
}
