package upstream

import (
	"context"
	"errors"
)

// promise keeps the outcome of a look-up for callers who got "pending", in this process's
// memory and in the store, and gives the entry that it keeps. f.entry is not nil. The lock
// of Lookups is held.
func (l *Lookups) promise(key string, f *flight) *entry {
	e := *f.entry
	known := e.promised // the store has the promise already
	if f.err == nil {
		e.promised = true
	} else {
		failed := *e.failure
		known, failed.promised = failed.promised, true
		e.failure = &failed
	}
	l.remember(key, &e)
	if !known {
		l.amend(key, &e)
	}
	return &e
}

// tell makes the failure in e the outcome of a look-up, and notes that it is told, so that no
// later look-up is told of it. The lock of Lookups is held.
func (l *Lookups) tell(key string, e *entry, f *flight) {
	f.err = e.failure.err.remembered(e.failure.at)
	told, failed := *e, *e.failure
	failed.promised, failed.told = false, true
	told.failure = &failed
	l.remember(key, &told)
	l.amend(key, &told)
}

// amendTries is how often amend waits for the look-up that holds the lock of the key. After
// that it gives up: the answer of that look-up is newer.
const amendTries = 10

// amend saves a changed entry in the store, in the background, unless the store has a newer
// answer by then. It takes the key's lock, since another process may be saving that answer.
func (l *Lookups) amend(key string, e *entry) {
	store := l.guard.store
	if store == nil {
		return
	}
	item := l.item(key, e)
	l.guard.inBackground(opSave, func(ctx context.Context) error {
		for range amendTries {
			value, unlock, err := store.TryLock(ctx, key)
			switch {
			case errors.Is(err, ErrLocked):
				sleep(ctx, lockPoll)
				continue
			case err != nil:
				return err
			}
			if newest := l.decodeStored(key, value); newest == nil || !newest.at.After(e.at) {
				err = store.Save(ctx, []Item{item}, nil)
			}
			return errors.Join(err, unlock(ctx))
		}
		return nil
	})
}
