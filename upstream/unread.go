package upstream

import (
	"maps"
	"time"
)

// unreadFor is how long what callers left behind is kept for them.
const unreadFor = 5 * time.Minute

// landed stores the answer of a look-up that has ended in this process's memory,
// and notes what callers that left are still to be told. Lookups' lock is held.
func (l *Lookups) landed(key string, f *inflight) {
	f.ended = time.Now().Round(0) // see NewResponse
	if f.err != nil {
		if f.gone > 0 {
			remember(l.failed, key, f)
		}
		return
	}
	f.entry.refreshes = f.refreshersGone
	l.store(key, f.entry)
	delete(l.untold, key) // the answer that it was about can no longer be read
	if f.charged() {
		remember(l.untold, key, f)
	}
}

// remember keeps a look-up for callers that come back, unless there are too many.
func remember(m map[string]*inflight, key string, f *inflight) {
	if len(m) >= maxInflight {
		maps.DeleteFunc(m, func(_ string, f *inflight) bool { return time.Since(f.ended) >= unreadFor })
	}
	if len(m) < maxInflight {
		m[key] = f
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
	f := l.failed[key]
	if f == nil || time.Since(f.ended) >= unreadFor {
		delete(l.failed, key)
		return nil
	}
	if f.gone--; f.gone <= 0 {
		delete(l.failed, key)
	}
	return f
}

// takeCharge reports whether this caller is the one to be told of the charge:
// the one that began the look-up, or, where that one has gone, the next.
func (l *Lookup) takeCharge() bool {
	d := l.lookups
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.untold[l.key]
	if f == nil || f.starter != nil && f.starter != l {
		return false
	}
	delete(d.untold, l.key)
	return true
}

// Leave says that the caller goes away without an answer, since it waited long
// enough or was cancelled. What was paid for is kept for the next caller.
func (l *Lookup) Leave() {
	f := l.inflight
	d := l.lookups
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.starter == l {
		f.starter = nil
	}
	f.gone++
	if l.refresh {
		f.refreshersGone++
	}
	if f.ended.IsZero() || d.inflight[l.key] != nil {
		return
	}
	// It ended just now.
	if f.err != nil {
		remember(d.failed, l.key, f)
	} else if e, _ := d.memory.Load(d.ctx, l.key); l.refresh && e.At.Equal(f.entry.At) {
		e.refreshes++
		d.store(l.key, e)
	}
}
