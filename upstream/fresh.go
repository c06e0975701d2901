package upstream

import "time"

// answers reports whether an entry of this process's memory is an answer by
// itself: fresh, and not so long unchecked that another process may have
// refreshed it.
func (l *Lookups) answers(e Entry) bool {
	return l.fresh(e) && (time.Since(e.checked) < trusted || l.shared.rests())
}

// maxClockSkew is how far in the future an answer may have been fetched, by the
// clock of another machine. One from later than that was stored before a clock
// was set back, and its age is not known.
const maxClockSkew = time.Minute

// within reports whether an entry is an answer and not older than limit.
func within(e Entry, limit time.Duration) bool {
	age := time.Since(e.At)
	return (e.Response != nil || e.Missing != nil) && age < limit && age > -maxClockSkew
}

// fresh reports whether an entry is within its time: a paid "there is no such
// blogger" has a sixth of that.
func (l *Lookups) fresh(e Entry) bool {
	if e.Missing != nil {
		return within(e, l.settings.TTL/6)
	}
	return within(e, l.settings.TTL)
}

// usableStale reports whether an entry may stand in for a failing source.
func (l *Lookups) usableStale(e Entry) bool {
	return e.Response != nil && within(e, l.settings.TTL+l.settings.Stale)
}

// find looks for an answer in the store and else takes the lock on the look-up:
// then found is false, and unlock is never nil.
func (l *Lookups) find(v *visit, key string, f *inflight) (unlock func(), found bool) {
	since := time.Now()
	var left bool // the answer is a refresh that a caller left
	enough := func(e Entry) bool {
		if l.usableStale(e) && e.At.After(f.fallback.At) {
			f.fallback = e
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		// A refresh takes no answer that was there before it, but that of
		// another process which refreshed meanwhile, or one that a caller left.
		left = f.refresh && !e.At.After(since)
		f.fromStore = l.fresh(e) && (!left || e.hasRefresh())
		return f.fromStore
	}
	e, ok := v.load(key)
	if !ok || e.At.Before(f.fallback.At) { // this process's memory has the newest
		e = f.fallback
		e.checked = since
	}
	if unlock = func() {}; !enough(e) {
		unlock, e = v.lock(key, enough)
	}
	if !f.fromStore {
		return unlock, false
	}
	if left {
		e.refreshes--
		v.save(key, e, l.keepFor(e))
	}
	if e.At.Equal(f.fallback.At) { // this process has had it before
		e.charge = f.fallback.charge
	}
	f.entry = e
	return unlock, true
}

// keepFor is how much longer an entry may be of use.
func (l *Lookups) keepFor(e Entry) time.Duration { return l.settings.TTL + l.settings.Stale - age(e) }

// store keeps an entry in this process's memory.
func (l *Lookups) store(key string, e Entry) {
	l.memory.Save(key, e, l.keepFor(e))
}
