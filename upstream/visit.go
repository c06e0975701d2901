package upstream

import (
	"context"
	"errors"
	"sync"
	"time"
)

// visit is one look-up's use of the store, which waits patience in all. One goroutine
// uses it, and ends it with end.
type visit struct {
	*guard
	left time.Duration // of patience

	saved <-chan outcome[struct{}] // closed when what is saved is; nil where nothing is

	mu    sync.Mutex
	locks []locked
	ended bool
}

func (g *guard) visit() *visit { return &visit{guard: g, left: patience} }

// within waits for an operation as long as the look-up's patience lasts. late is
// given a result that comes later.
func within[T any](ctx context.Context, v *visit, operation string, run func(context.Context) (T, error), late func(T)) (T, error) {
	var none T
	if v.store == nil {
		return none, errTripped
	}
	if tripped := v.tripped(operation); tripped || v.left <= 0 {
		if operation == opBudget { // what it cannot say is never passed over in silence
			v.fails(operation, errLate)
		}
		return none, errTripped
	}
	done := start(v.guard, operation, run)
	o, waited, ok := wait(ctx, done, v.left)
	had := v.left
	v.left -= waited
	if ok {
		return o.result, o.err
	}
	if late != nil {
		later(v.guard, done, late)
	}
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	v.fails(operation, errLate)
	if had >= fairPatience {
		v.trip(operation, time.Now().Add(-waited))
	}
	return none, errLate
}

// later gives a result to late when it comes.
func later[T any](g *guard, done <-chan outcome[T], late func(T)) {
	g.behind.Go(func() {
		if o := <-done; o.err == nil {
			late(o.result)
		}
	})
}

// wait gives what comes within a limit, and how long the store took. Where this
// process itself was stopped meanwhile, that says nothing of the store: it waits once
// more.
func wait[T any](ctx context.Context, done <-chan T, limit time.Duration) (result T, waited time.Duration, ok bool) {
	for range 2 {
		began := time.Now()
		timer := time.NewTimer(limit)
		select {
		case result = <-done:
			timer.Stop()
			if waited = time.Since(began); waited >= limit+ownStall {
				waited = 0
			}
			return result, min(waited, limit), true
		case <-ctx.Done():
			timer.Stop()
			return result, time.Since(began), false
		case <-timer.C:
		}
		if time.Since(began) < limit+ownStall {
			break
		}
	}
	return result, limit, false
}

func (v *visit) load(ctx context.Context, keys ...string) ([][]byte, error) {
	return within(ctx, v, opLoad, func(ctx context.Context) ([][]byte, error) { return v.store.Load(ctx, keys...) }, nil)
}

// save runs what ends with a Save. It goes on behind the look-up where the patience
// is over.
func (v *visit) save(ctx context.Context, run func(context.Context) error) error {
	if v.store == nil {
		return nil
	}
	done := start(v.guard, opSave, func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) })
	v.saved = done
	if v.left <= 0 || v.tripped(opSave) {
		return errLate
	}
	o, waited, ok := wait(ctx, done, v.left)
	had := v.left
	v.left -= waited
	if ok {
		return o.err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	v.fails(opSave, errLate)
	if had >= fairPatience {
		v.trip(opSave, time.Now().Add(-waited))
	}
	return errLate
}

// locked is what TryLock gives.
type locked struct {
	value  []byte
	unlock func(context.Context) error
}

// lock is TryLock for the rest of the look-up. It goes on behind the look-up where
// the store does not answer now, so that others wait for this one once it does.
func (v *visit) lock(ctx context.Context, key string) (value []byte, err error) {
	l, err := within(ctx, v, opLock, v.tryLock(key), v.hold)
	if err == nil {
		v.hold(l)
	}
	if errors.Is(err, errTripped) && v.store != nil {
		later(v.guard, start(v.guard, opLock, v.tryLock(key)), v.hold)
	}
	return l.value, err
}

// peek is TryLock that gives the lock back at once. It waits for that: this look-up
// may take the lock next.
func (v *visit) peek(ctx context.Context, key string) (value []byte, err error) {
	l, err := within(ctx, v, opLock, v.tryLock(key), func(l locked) { v.unlock(l.unlock) })
	if err == nil {
		_, waited, _ := wait(ctx, v.unlock(l.unlock), v.left)
		v.left -= waited
	}
	return l.value, err
}

func (v *visit) tryLock(key string) func(context.Context) (locked, error) {
	return func(ctx context.Context) (l locked, err error) {
		l.value, l.unlock, err = v.store.TryLock(ctx, key)
		return l, err
	}
}

// hold keeps a lock until the look-up ends.
func (v *visit) hold(l locked) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		v.unlock(l.unlock)
		return
	}
	v.locks = append(v.locks, l)
}

// end gives the locks back, behind the caller, once what is saved is saved; saved is
// called then.
func (v *visit) end(saved func()) {
	if v.store == nil {
		saved()
		return
	}
	v.behind.Go(func() {
		if v.saved != nil {
			for range v.saved { // until it is closed
			}
		}
		saved()
		v.mu.Lock()
		defer v.mu.Unlock()
		v.ended = true
		for _, l := range v.locks {
			v.unlock(l.unlock)
		}
		v.locks = nil
	})
}

func (v *visit) turn(ctx context.Context) (time.Duration, error) {
	return within(ctx, v, opRate, v.store.Turn, nil)
}

func (v *visit) admit(ctx context.Context, endpoint string) (Grant, error) {
	return within(ctx, v, opBudget, func(ctx context.Context) (Grant, error) { return v.store.Admit(ctx, endpoint) }, nil)
}

func (v *visit) usage(ctx context.Context) (Usage, error) {
	return within(ctx, v, opLoad, v.store.Usage, nil)
}

func (v *visit) lines(ctx context.Context, blogger string) ([][]byte, error) {
	return within(ctx, v, opLoad, func(ctx context.Context) ([][]byte, error) { return v.store.Lines(ctx, blogger) }, nil)
}
