package upstream

import (
	"context"
	"slices"
)

// Cached gives an Answer for each query, in their order, from this process's memory or
// from the store, however old. An Answer is Stale where it is past its time, and has no
// Response where nothing is kept. Cached makes no request, waits for no look-up and
// claims no charge.
func (l *Lookups) Cached(ctx context.Context, queries ...Query) []Answer {
	entries := make([]*entry, len(queries))
	var keys []string // those for which the store may have a newer entry
	l.mu.Lock()
	for i, q := range queries {
		entries[i] = l.memory.load(q.Key())
		if !l.trusted(entries[i], false) {
			keys = append(keys, q.Key())
		}
	}
	l.mu.Unlock()
	stored := l.stored(ctx, keys)
	out := make([]Answer, len(queries))
	for i, q := range queries {
		e := l.newer(q.Key(), stored[q.Key()], entries[i])
		if e.response != nil {
			out[i] = Answer{Response: e.response, Age: e.age(), Cached: true, Stale: !l.usable(e, false)}
		}
	}
	return out
}

// keysAtOnce is how many keys are read with the patience of one look-up: a store takes
// longer for thousands.
const keysAtOnce = 500

// stored gives the values that the store has, by key; none if Lookups is closed.
func (l *Lookups) stored(ctx context.Context, keys []string) map[string][]byte {
	end, ok := l.beginReading()
	if !ok {
		return nil
	}
	defer end()
	values := make(map[string][]byte)
	for part := range slices.Chunk(keys, keysAtOnce) {
		found, _ := l.guard.visit().load(ctx, part...)
		for i, value := range found {
			values[part[i]] = value
		}
	}
	return values
}

// newer gives the newer entry for a key: the store's, encoded in value, or this process's. The
// result has the store's failure, unless this process has told it already. No argument
// changes.
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
