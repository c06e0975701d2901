package upstream

import (
	"context"
	"errors"
	"sync"
	"time"
)

// visit is one look-up's use of the store. All its operations together wait at most patience
// for the store. The goroutine of the look-up uses it, and calls end if it has locked or
// saved; mu is for the operations that go on in the background.
//
// The errors of its operations are those of the store, errTripped where the operation was not
// begun (also without a store and without patience left), errLate where it goes on without the
// look-up, and ctx's.
type visit struct {
	*guard
	remaining time.Duration // of patience

	saved <-chan outcome[struct{}] // closed when the save has ended; nil if nothing is saved

	mu         sync.Mutex
	unlockHeld func(context.Context) error // gives the look-up's lock back; nil without one
	ended      bool
}

func (g *guard) visit() *visit { return &visit{guard: g, remaining: patience} }

// call starts an operation and waits for it as long as the look-up's patience lasts. It does
// not start the operation where there is no store, no patience is left or the breaker is
// open.
func call[T any](ctx context.Context, v *visit, operation string, run func(context.Context) (T, error)) (T, error) {
	var none T
	if v.store == nil {
		return none, errTripped
	}
	if v.remaining <= 0 || v.tripped(operation) {
		if operation == opBudget { // each request that the store does not count is told
			v.recordFailure(operation, errLate)
		}
		return none, errTripped
	}
	return await(ctx, v, operation, start(v.guard, operation, run))
}

// await waits for an operation as long as the look-up's patience lasts. Where that is over
// first, and was at least fairPatience, await opens the operation's breaker.
func await[T any](ctx context.Context, v *visit, operation string, done <-chan outcome[T]) (T, error) {
	had := v.remaining
	o, waited, ok := wait(ctx, done, had)
	v.remaining -= waited
	switch {
	case ok:
		return o.result, o.err
	case ctx.Err() != nil:
		return o.result, ctx.Err()
	}
	v.recordFailure(operation, errLate)
	if had >= fairPatience {
		v.trip(operation)
	}
	return o.result, errLate
}

// wait gives what done gives within limit, and how long the store took, at most limit. ok is
// false where the limit is over or ctx has ended. If this process itself was stopped
// meanwhile, which says nothing about the store, it waits for limit once more.
func wait[T any](ctx context.Context, done <-chan T, limit time.Duration) (result T, waited time.Duration, ok bool) {
	for range 2 {
		began := time.Now()
		select {
		case result = <-done:
			if waited = time.Since(began); waited >= limit+ownStall {
				waited = 0
			}
			return result, min(waited, limit), true
		case <-ctx.Done():
			return result, time.Since(began), false
		case <-time.After(limit):
		}
		if time.Since(began) < limit+ownStall {
			break
		}
	}
	return result, limit, false
}

func (v *visit) load(ctx context.Context, keys ...string) ([][]byte, error) {
	return call(ctx, v, opLoad, func(ctx context.Context) ([][]byte, error) { return v.store.Load(ctx, keys...) })
}

// save starts run, which saves, and waits for it as long as the look-up's patience lasts. It
// starts run even where the breaker is open: the answer is paid for.
func (v *visit) save(ctx context.Context, run func(context.Context) error) {
	done := start(v.guard, opSave, bare(run))
	v.saved = done
	if v.remaining > 0 {
		_, _ = await(ctx, v, opSave, done)
	}
}

// lock takes a key's lock until end. If the store does not answer now, the attempt goes on in
// the background, so that other processes wait for this look-up from then on.
func (v *visit) lock(ctx context.Context, key string) (value []byte, err error) {
	lock := func(ctx context.Context) ([]byte, error) {
		value, unlock, err := v.store.TryLock(ctx, key)
		if err == nil {
			v.hold(unlock)
		}
		return value, err
	}
	value, err = call(ctx, v, opLock, lock)
	if errors.Is(err, errTripped) && v.store != nil {
		start(v.guard, opLock, lock)
	}
	return value, err
}

// peek gives what is saved under a key. The error is ErrLocked while another process has the
// key's lock.
func (v *visit) peek(ctx context.Context, key string) (value []byte, err error) {
	return call(ctx, v, opLock, func(ctx context.Context) ([]byte, error) {
		value, unlock, err := v.store.TryLock(ctx, key)
		if err == nil {
			err = unlock(ctx) // before peek returns: this look-up may take the lock next
		}
		return value, err
	})
}

// hold keeps a lock until end; a lock that comes after end is given back at once.
func (v *visit) hold(unlock func(context.Context) error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		v.unlock(unlock)
		return
	}
	v.unlockHeld = unlock
}

// end waits in the background for the save, then calls onSaved and gives the lock back.
// Without a store it calls onSaved before it returns.
func (v *visit) end(onSaved func()) {
	if v.store == nil {
		onSaved()
		return
	}
	v.background.Go(func() {
		if v.saved != nil {
			for range v.saved { // until it is closed
			}
		}
		onSaved()
		v.mu.Lock()
		defer v.mu.Unlock()
		v.ended = true
		if v.unlockHeld != nil {
			v.unlock(v.unlockHeld)
		}
	})
}

func (v *visit) turn(ctx context.Context) (time.Duration, error) {
	return call(ctx, v, opRate, func(ctx context.Context) (time.Duration, error) { return v.store.Turn(ctx) })
}

func (v *visit) admit(ctx context.Context, endpoint string) (Grant, error) {
	return call(ctx, v, opBudget, func(ctx context.Context) (Grant, error) { return v.store.Admit(ctx, endpoint) })
}

func (v *visit) usage(ctx context.Context) (Usage, error) {
	return call(ctx, v, opLoad, func(ctx context.Context) (Usage, error) { return v.store.Usage(ctx) })
}

func (v *visit) lines(ctx context.Context, blogger string) ([][]byte, error) {
	return call(ctx, v, opLoad, func(ctx context.Context) ([][]byte, error) { return v.store.Lines(ctx, blogger) })
}
