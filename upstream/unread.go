package upstream

import (
	"maps"
	"time"
)

// unreadFor is how long a refresh is kept for callers that left before it ended.
const unreadFor = 5 * time.Minute

// unread is what callers are still to be told of a look-up that has ended.
type unread struct {
	of        *inflight
	charge    bool // it was charged, and nobody has been told
	refreshes int  // callers who asked for a refresh and left; each may have it without paying again
	since     time.Time
}

// landed notes what callers are still to be told of a look-up that has ended.
// Lookups' lock is held.
func (l *Lookups) landed(key string, f *inflight) {
	if f.err != nil {
		return
	}
	delete(l.unread, key) // the answer that it was about can no longer be read
	if !f.charged() && f.refreshersGone == 0 {
		return
	}
	now := time.Now().Round(0) // see NewResponse
	if len(l.unread) >= maxInflight {
		maps.DeleteFunc(l.unread, func(_ string, u *unread) bool { return now.Sub(u.since) >= unreadFor })
	}
	if len(l.unread) < maxInflight {
		l.unread[key] = &unread{of: f, charge: f.charged(), refreshes: f.refreshersGone, since: now}
	}
}

// takeRefresh reports whether a caller who asks for a refresh may have one that
// a caller left behind. Callers have no names: one that leaves the same look-up
// twice counts as two, which costs nothing. Lookups' lock is held.
func (l *Lookups) takeRefresh(key string) bool {
	u := l.unread[key]
	if u == nil || u.refreshes == 0 || time.Since(u.since) >= unreadFor {
		return false
	}
	u.refreshes--
	l.drop(key, u)
	return true
}

// takeCharge reports whether this caller is the one to be told of the charge:
// the one that began the look-up, or, where that one has gone, the next.
func (l *Lookup) takeCharge() bool {
	d := l.lookups
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.unread[l.key]
	if u == nil || !u.charge {
		return false
	}
	if starter := l.started && l.inflight == u.of; !starter && !u.of.starterGone {
		return false
	}
	u.charge = false
	d.drop(l.key, u)
	return true
}

// drop forgets a look-up of which all is told.
func (l *Lookups) drop(key string, u *unread) {
	if !u.charge && u.refreshes == 0 {
		delete(l.unread, key)
	}
}

// Leave says that the caller goes away without an answer, since it waited long
// enough or was cancelled. What was paid for is kept for the next caller.
func (l *Lookup) Leave() {
	f := l.inflight
	if f == nil {
		return
	}
	d := l.lookups
	d.mu.Lock()
	defer d.mu.Unlock()
	f.starterGone = f.starterGone || l.started
	if !l.refresh {
		return
	}
	f.refreshersGone++
	select {
	case <-f.done: // just now
		if u := d.unread[l.key]; u == nil || u.of == f {
			d.landed(l.key, f)
		}
	default:
	}
}
