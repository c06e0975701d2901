package upstream

import "context"

// Cached gives an Answer for each query, in their order, from this process's memory or
// from the store, however old. An Answer is Stale where it is past its time, and has no
// Response where nothing is kept. Cached makes no request, waits for no look-up and
// claims no charge.
func (l *Lookups) Cached(ctx context.Context, queries ...Query) []Answer {
	entries := make([]*entry, len(queries))
	var asked []int // the queries for which the store may have a newer entry
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

// stored gives the values that the store has under keys, in their order, nil for a key
// that it does not have. The list is empty where the store gives nothing or Lookups is closed.
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

// newer gives the newer entry for a key: the one in value, as the store has it, or ours.
// Ours takes over a failure that the store has and this process has not told yet. Neither
// argument changes.
func (l *Lookups) newer(key string, value []byte, ours *entry) *entry {
	stored := l.decodeStored(key, value)
	switch {
	case stored == nil:
		return ours
	case stored.at.After(ours.at):
		return stored
	}
	e := *ours
	if f := stored.failure; f != nil && !ours.hasTold(f) {
		e.failure = f
	}
	return &e
}

// runCachedOnly runs a look-up that makes no request, and ends it.
func (l *Lookups) runCachedOnly(q Query, f *flight) {
	key, v := q.Key(), l.guard.visit()
	l.loadKnown(v, key, f)
	if l.usable(f.known, false) {
		f.useKnownAnswer()
	} else {
		f.err = &Error{Kind: NotCached, Billed: NotBilled}
	}
	f.waited = patience - v.remaining
	l.finish(key, f)
}
