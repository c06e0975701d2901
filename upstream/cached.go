package upstream

import (
	"context"
	"sync"
)

// Cached gives what is kept of queries, in this process's memory or the store's,
// however old it is: Stale where it is past its time, without a Response where
// nothing is kept. It pays nothing, waits for no look-up and claims no charge.
func (l *Lookups) Cached(_ context.Context, queries ...Query) []Answer {
	out := make([]Answer, len(queries))
	var wg sync.WaitGroup
	for i, q := range queries {
		wg.Go(func() {
			if e := l.kept(q.Key()); e.Response != nil {
				out[i] = Answer{Response: e.Response, Age: age(e), Cached: true, Stale: !l.fresh(e)}
			}
		})
	}
	wg.Wait()
	return out
}

// kept gives the newest entry of a key, however old it is.
func (l *Lookups) kept(key string) Entry {
	l.mu.Lock()
	e := l.memory.Load(key)
	l.mu.Unlock()
	if l.answers(e) {
		return e
	}
	if stored, ok := (&visit{l.shared, storePatience}).load(key); ok && stored.At.After(e.At) {
		return stored
	}
	return e
}

// fromCache ends a look-up that pays nothing.
func (l *Lookups) fromCache(key string, f *inflight) {
	defer close(f.done)
	e := l.kept(key)
	if e.Response == nil && (e.Missing == nil || !l.fresh(e)) {
		f.err = &Error{Kind: NotCached, Billed: NotBilled}
		return
	}
	f.entry, f.fromStore = e, true
}
