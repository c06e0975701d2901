package upstream

import "context"

// Cached gives what is kept of queries, in this process's memory or the store's,
// however old it is: Stale where it is past its time, without a Response where
// nothing is kept. It pays nothing, waits for no look-up and claims no charge.
func (l *Lookups) Cached(ctx context.Context, queries ...Query) []Answer {
	entries := make([]*entry, len(queries))
	var asked []int // those that the store may have newer
	var keys []string
	l.mu.Lock()
	for i, q := range queries {
		if entries[i] = l.memory.load(q.Key()); !l.trusted(entries[i], false) {
			asked, keys = append(asked, i), append(keys, q.Key())
		}
	}
	l.mu.Unlock()
	if len(keys) > 0 {
		for n, value := range l.stored(ctx, keys) {
			entries[asked[n]] = l.newer(keys[n], value, entries[asked[n]])
		}
	}
	out := make([]Answer, len(queries))
	for i, e := range entries {
		if e.response != nil {
			out[i] = Answer{Response: e.response, Age: e.age(), Cached: true, Stale: !l.usable(e, false)}
		}
	}
	return out
}

// keysAtOnce is how many keys are read with the patience of one look-up: a store takes
// longer for thousands.
const keysAtOnce = 500

// stored gives what the store has under keys; nothing once Lookups closes.
func (l *Lookups) stored(ctx context.Context, keys []string) [][]byte {
	end, ok := l.beginReading()
	if !ok {
		return nil
	}
	defer end()
	values := make([][]byte, len(keys))
	for n := 0; n < len(keys); n += keysAtOnce {
		part, _ := l.guard.visit().load(ctx, keys[n:min(n+keysAtOnce, len(keys))]...)
		copy(values[n:], part)
	}
	return values
}

// newer gives the newer of what the store and what this process has under a key.
func (l *Lookups) newer(key string, value []byte, ours *entry) *entry {
	stored := l.read(key, value)
	switch {
	case stored == nil:
		return ours
	case stored.at.After(ours.at):
		return stored
	}
	e := *ours // with its charge
	if f := stored.failure; f != nil && !ours.hasTold(f) {
		e.failure = f
	}
	return &e
}

// runCachedOnly brings a look-up that pays nothing to its end.
func (l *Lookups) runCachedOnly(q Query, f *flight) {
	key, v := q.Key(), l.guard.visit()
	l.look(v, key, f)
	if l.usable(f.known, false) {
		f.recall()
	} else {
		f.err = &Error{Kind: NotCached, Billed: NotBilled}
	}
	f.waited = patience - v.remaining
	l.finish(key, f)
}
