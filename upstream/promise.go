package upstream

import (
	"context"
	"errors"
)

// promise keeps the outcome of a look-up for those who were told that it goes on,
// and gives what it keeps. Lookups' lock is held.
func (l *Lookups) promise(key string, f *flight) *entry {
	e := *f.entry
	known := e.promised // to the store
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

// tell makes an earlier failure the outcome of a look-up, for its caller alone.
// Lookups' lock is held.
func (l *Lookups) tell(key string, e *entry, f *flight) {
	err := *e.failure.err
	err.Remembered = true
	f.err = &err
	told, failed := *e, *e.failure
	failed.promised, failed.told = false, true
	told.failure = &failed
	l.remember(key, &told)
	l.amend(key, &told)
}

// amendTries is how often amend waits for the look-up that has the key.
const amendTries = 10

// amend saves what has changed of an entry in the store, and nobody waits for that.
// It takes the key's lock, since another process may be saving a newer answer.
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
			if newest := l.read(key, value); newest == nil || !newest.at.After(e.at) {
				err = store.Save(ctx, []Item{item}, nil)
			}
			return errors.Join(err, unlock(ctx))
		}
		return nil
	})
}
