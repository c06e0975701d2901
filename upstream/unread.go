package upstream

import "time"

// unreadFor is how long what callers left behind is kept for them.
const unreadFor = 5 * time.Minute

// charge is what an answer cost, for one caller to be told. It is used under the
// lock of Lookups.
type charge struct {
	starter *Lookup // the caller that began the look-up, until it leaves
	told    bool
}

// landed stores the answer of a look-up that has ended in this process's memory,
// and keeps a failure for callers that left. Lookups' lock is held.
func (l *Lookups) landed(key string, f *inflight) {
	f.ended = true
	if f.err == nil {
		f.entry.refreshes = f.refreshersGone
		l.store(key, f.entry)
	} else if f.gone > 0 {
		l.keepFailure(key, f)
	}
}

// keepFailure keeps a look-up that failed for callers that come back, unless there
// are too many.
func (l *Lookups) keepFailure(key string, f *inflight) {
	if l.failed.ItemCount() >= maxInflight {
		l.failed.DeleteExpired()
	}
	if l.failed.ItemCount() < maxInflight {
		l.failed.Set(key, f, unreadFor)
	}
}

// takeRefresh reports whether a caller who asks for a refresh may have an answer
// that a caller left behind. Callers have no names: one that leaves the same look-up
// twice counts as two, which costs nothing. Lookups' lock is held.
func (l *Lookups) takeRefresh(key string, e Entry) bool {
	if !e.hasRefresh() {
		return false
	}
	e.refreshes--
	l.store(key, e)
	return true
}

// hasRefresh reports whether a caller that left this answer, a refresh, may come
// back for it.
func (e Entry) hasRefresh() bool { return e.refreshes > 0 && within(e, unreadFor) }

// takeFailure gives a look-up that failed after a caller had left it; nil if
// there is none. Without it a client that always leaves too early would pay
// again and again and never hear why. Lookups' lock is held.
func (l *Lookups) takeFailure(key string) *inflight {
	v, ok := l.failed.Get(key)
	if !ok {
		return nil
	}
	f := v.(*inflight)
	if f.gone--; f.gone <= 0 {
		l.failed.Delete(key)
	}
	return f
}

// takeCharge reports whether this caller is the one to be told of the charge:
// the one that began the look-up, or, where that one has gone, the next.
func (l *Lookup) takeCharge(c *charge) bool {
	l.lookups.mu.Lock()
	defer l.lookups.mu.Unlock()
	if c == nil || c.told || c.starter != nil && c.starter != l {
		return false
	}
	*c = charge{told: true}
	l.charge = c
	return true
}

// Undelivered takes back that this caller was told of the charge: its answer did not
// reach the client. The next caller is told.
func (l *Lookup) Undelivered() {
	l.lookups.mu.Lock()
	defer l.lookups.mu.Unlock()
	if l.charge != nil {
		*l.charge = charge{}
	}
}

// Leave says that the caller goes away without an answer, since it waited long
// enough or was cancelled. What was paid for is kept for the next caller.
func (l *Lookup) Leave() {
	f := l.inflight
	d := l.lookups
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.charge != nil && f.charge.starter == l {
		f.charge.starter = nil
	}
	f.gone++
	if l.refresh {
		f.refreshersGone++
	}
	if !f.ended {
		return
	}
	// It ended just now.
	if f.err != nil {
		d.keepFailure(l.key, f)
	} else if e := d.memory.Load(l.key); l.refresh && !e.At.Before(f.entry.At) {
		e.refreshes++
		d.store(l.key, e)
	}
}
