package upstream

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	// storePatience is the longest that one look-up waits for a failing store.
	storePatience = 450 * time.Millisecond
	// storeRest is how long a store that did not answer in time is left alone.
	storeRest = 2 * time.Second
	// lockPoll is how soon a look-up asks again whether another process has the
	// answer; the time doubles up to longestLockPoll.
	lockPoll        = 50 * time.Millisecond
	longestLockPoll = 400 * time.Millisecond
	// lockLimit is how long another process is waited for: longer than its
	// look-up takes, but not for ever, since it may have been stopped.
	lockLimit = 10 * time.Minute
	// lateTries is how often a late operation is tried again while others work:
	// to go on without the lock would be to pay twice.
	lateTries = 3
)

// shared is a Store that may fail or hang: no call fails or hangs with it, and the
// log and a metric say so.
type shared struct {
	ctx   context.Context // ends with Lookups
	store Store           // nil if there is none: then it rests for ever
	log   *slog.Logger
	fail  func(operation string) // counts

	pacing chan struct{} // holds the look-up that waits for the rate of all processes

	mu      sync.Mutex
	failed  map[string]time.Time // when each operation failed last, until it works again
	worked  time.Time            // when any operation did last
	restsTo time.Time
}

// rests reports whether there is no store, or it has just stopped answering.
func (s *shared) rests() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store == nil || time.Now().Before(s.restsTo)
}

// note logs the first failure of an operation, and that it works again once it
// has for a while: one success among failures is not enough.
func (s *shared) note(operation string, began time.Time, err error) {
	if errors.Is(err, context.Canceled) {
		return // this process ends
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	last, failing := s.failed[operation]
	now := time.Now()
	if answered(err) {
		s.worked = now
		if failing && now.Sub(last) >= storeRest {
			delete(s.failed, operation)
			s.log.Info("the memory that outlives this process works again", "operation", operation)
		}
		return
	}
	s.fail(operation)
	s.failed[operation] = now
	// On a busy machine one operation may be late while others work.
	if errors.Is(err, context.DeadlineExceeded) && s.worked.Before(began) {
		s.restsTo = now.Add(storeRest)
	}
	if !failing {
		s.log.Warn("the memory that outlives this process fails; calls go on without it", "operation", operation, "reason", err)
	}
}

// answered reports that a store did its work: what a Store says besides its own
// failures is an answer.
func answered(err error) bool {
	var spent *Error
	return err == nil || errors.Is(err, ErrNone) || errors.Is(err, ErrLocked) || errors.As(err, &spent)
}

// visit is one look-up's use of a shared store. One goroutine uses it.
type visit struct {
	*shared
	left time.Duration // of storePatience
}

// errNotTried is a failure of no operation, so it is not noted.
var errNotTried = errors.New("the store is left alone")

// reach runs one operation within the look-up's patience. late is given a result
// that came too late; it may be nil.
func reach[T any](v *visit, operation string, late func(T), run func(Store, context.Context) (T, error)) (result T, err error) {
	if v.left <= 0 || v.rests() {
		return result, errNotTried
	}
	start := time.Now()
	result, err = try(v.shared, v.left, operation, late, run)
	v.left -= time.Since(start)
	return result, err
}

// try runs one operation within a limit. One that takes longer goes on by
// itself: a file that is written late is still of use.
func try[T any](s *shared, limit time.Duration, operation string, late func(T), run func(Store, context.Context) (T, error)) (T, error) {
	type outcome struct {
		result T
		err    error
	}
	ctx, cancel := context.WithTimeout(s.ctx, limit)
	defer cancel()
	done := make(chan outcome)
	began := time.Now()
	go func() {
		r, err := run(s.store, ctx)
		select {
		case done <- outcome{r, err}:
		case <-ctx.Done():
			if err == nil && late != nil {
				late(r)
			}
		}
	}()
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		o.err = ctx.Err()
	}
	s.note(operation, began, o.err)
	return o.result, o.err
}

// load gives what the store has under a key.
func (v *visit) load(key string) (Entry, bool) {
	e, err := reach(v, "load", nil, func(s Store, ctx context.Context) (Entry, error) { return s.Load(ctx, key) })
	e.checked = time.Now()
	return e, err == nil
}

// save also tries where a slow store has used the patience up, but then does not
// wait.
func (v *visit) save(key string, e Entry, keep time.Duration) {
	if v.store == nil {
		return
	}
	saved := make(chan struct{})
	go func() {
		defer close(saved)
		_, _ = try(v.shared, storePatience, "save", nil, func(s Store, ctx context.Context) (struct{}, error) { return struct{}{}, s.Save(ctx, key, e, keep) })
	}()
	if v.left <= 0 || v.rests() {
		return
	}
	select {
	case <-saved:
	case <-time.After(v.left):
	}
}

// lock waits until this process is the only one to look a key up, or until
// enough is satisfied with what the store has. unlock is never nil.
func (v *visit) lock(key string, enough func(Entry) bool) (unlock func(), e Entry) {
	release := func(unlock func()) { unlock() } // a lock that came too late
	patience, late := v.left, 0
	for delay, begin := lockPoll, time.Now(); ; delay = min(2*delay, longestLockPoll) {
		v.left = patience // waiting for another process is not waiting for the store
		unlock, err := reach(v, "lock", release, func(s Store, ctx context.Context) (func(), error) { return s.Lock(ctx, key) })
		if !answered(err) {
			if late++; late <= lateTries && errors.Is(err, context.DeadlineExceeded) && !v.rests() {
				continue
			}
			return func() {}, Entry{}
		}
		locked := err == nil
		// Under the lock it is read again: the answer may have come before.
		if e, found := v.load(key); found && enough(e) {
			if locked {
				unlock()
			}
			return func() {}, e
		}
		if locked {
			return unlock, Entry{}
		}
		if time.Since(begin) > lockLimit || !sleep(v.ctx, delay) {
			return func() {}, Entry{}
		}
	}
}

// pace waits for the rate of all processes, unless that turns out needless. One
// look-up at a time does: a process that dies leaves one place of the row empty,
// not hundreds.
func (v *visit) pace(ctx context.Context, needless func() bool) bool {
	select {
	case v.pacing <- struct{}{}:
		defer func() { <-v.pacing }()
	case <-ctx.Done():
		return false
	}
	if needless() {
		return true
	}
	wait, err := reach(v, "rate", nil, Store.Pace)
	return err != nil || wait <= 0 || sleep(ctx, wait)
}
