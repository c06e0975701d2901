package upstream

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	// patience is the longest that one look-up waits for the store, in all.
	patience = 450 * time.Millisecond
	// fairPatience is what an operation must have had before the store is to blame.
	fairPatience = 300 * time.Millisecond
	// operationLimit ends an operation that nobody waits for any more.
	operationLimit = 5 * time.Second
	// tripFor is how long a store that does not answer is left alone.
	tripFor = 2 * time.Second
	// maxOperations bounds the operations under way, and with them the threads and
	// connections that a store which hangs can hold.
	maxOperations = 64
	// ownStall is how much later than due a timer rings where this process itself
	// was stopped.
	ownStall = 100 * time.Millisecond
)

// The operations, as warnings and metrics name them.
const (
	opLoad   = "load"
	opSave   = "save"
	opLock   = "lock"
	opRate   = "rate"
	opBudget = "budget"
)

// StoreOperations are what Observer.StoreFailure is called with.
var StoreOperations = []string{opLoad, opSave, opLock, opRate, opBudget}

var (
	errTripped = errors.New("it has just failed")
	errLate    = errors.New("it does not answer in time")
	errBusy    = errors.New("too many operations on it are under way")
)

// guard keeps a store that fails, hangs or is slow from failing or delaying
// look-ups. Its methods may be called concurrently.
type guard struct {
	store   Store // nil if there is none
	log     *slog.Logger
	count   func(operation string) // counts failures
	budget  bool                   // there is one
	ctx     context.Context        // ends after Close
	cancel  context.CancelFunc
	slots   chan struct{}
	behind  sync.WaitGroup // what goes on after the look-up
	damaged sync.Once      // the warning of damaged lines

	mu      sync.Mutex
	failing map[string]time.Time // when each operation failed last, until it works again
	all     breaker
	writes  breaker // all but load
}

// breaker says for how long a store that does not answer is left alone.
type breaker struct {
	worked  time.Time // when an operation did last
	tripped time.Time // until when none is tried
}

// works closes the breaker.
func (b *breaker) works() { *b = breaker{worked: time.Now()} }

// trip opens the breaker, unless something worked since an operation began.
func (b *breaker) trip(began time.Time) {
	if !b.worked.After(began) {
		b.tripped = time.Now().Add(tripFor)
	}
}

func newGuard(store Store, s Settings, budget bool) *guard {
	ctx, cancel := context.WithCancel(context.Background())
	return &guard{
		store: store, log: s.Log, count: s.Observe.StoreFailure, budget: budget, ctx: ctx, cancel: cancel,
		slots: make(chan struct{}, maxOperations), failing: make(map[string]time.Time),
	}
}

// tripped reports whether an operation is not tried now.
func (g *guard) tripped(operation string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	return now.Before(g.all.tripped) || operation != opLoad && now.Before(g.writes.tripped)
}

// degraded reports whether an operation failed that has not worked again since.
func (g *guard) degraded() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.failing) > 0
}

// outcome is what an operation brought.
type outcome[T any] struct {
	result T
	err    error
}

// start runs an operation beside the caller. The channel is closed after its outcome.
func start[T any](g *guard, operation string, run func(context.Context) (T, error)) <-chan outcome[T] {
	done := make(chan outcome[T], 1)
	ctx, cancel := context.WithTimeout(g.ctx, operationLimit)
	g.behind.Go(func() {
		defer cancel()
		var o outcome[T]
		select {
		case g.slots <- struct{}{}:
			o = attempt(ctx, run)
			<-g.slots
		case <-ctx.Done():
			o.err = errBusy
		}
		g.note(operation, o.err)
		done <- o
		close(done)
	})
	return done
}

// attempt runs an operation; a panic fails it alone.
func attempt[T any](ctx context.Context, run func(context.Context) (T, error)) (o outcome[T]) {
	defer func() {
		if r := recover(); r != nil {
			o.err = errors.New("it panicked: " + panicText(r))
		}
	}()
	o.result, o.err = run(ctx)
	return o
}

// says reports that a store did its work: what a Store says besides its own
// failures is an answer.
func says(err error) bool {
	var spent *Error
	return err == nil || errors.Is(err, ErrLocked) || errors.As(err, &spent)
}

// note keeps account of an operation that ended, whether or not in time.
func (g *guard) note(operation string, err error) {
	if errors.Is(err, context.Canceled) {
		return // this process ends
	}
	if !says(err) {
		g.fails(operation, err)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all.works()
	if operation != opLoad {
		g.writes.works()
	}
	// One success among failures is not enough.
	if last, failing := g.failing[operation]; failing && time.Since(last) >= tripFor {
		delete(g.failing, operation)
		if len(g.failing) == 0 {
			g.log.Info(g.store.Name() + " works again")
		}
	}
}

// fails counts a failure, and warns of the first one.
func (g *guard) fails(operation string, err error) {
	g.count(operation)
	g.mu.Lock()
	defer g.mu.Unlock()
	_, failing := g.failing[operation]
	first := len(g.failing) == 0
	g.failing[operation] = time.Now()
	switch {
	case g.budget && operation == opBudget && !failing:
		g.log.Warn(g.store.Name()+" failed; the budget is counted by this process alone", "operation", operation, "reason", err)
	case first:
		g.log.Warn(g.store.Name()+" failed; continuing without it", "operation", operation, "reason", err)
	}
}

// trip leaves the store alone for a while after an operation that did not end in
// time.
func (g *guard) trip(operation string, began time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if operation == opLoad {
		g.all.trip(began)
	} else {
		g.writes.trip(began)
	}
}

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

// peek is TryLock that gives the lock back at once.
func (v *visit) peek(ctx context.Context, key string) (value []byte, err error) {
	giveBack := func(l locked) { v.unlock(l.unlock) }
	l, err := within(ctx, v, opLock, v.tryLock(key), giveBack)
	if err == nil {
		giveBack(l)
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

// unlock gives a lock back, behind the caller. However busy the store is, it is not
// left out: nobody else could look the key up.
func (g *guard) unlock(unlock func(context.Context) error) {
	g.behind.Go(func() {
		select {
		case g.slots <- struct{}{}:
		case <-g.ctx.Done():
			return
		}
		defer func() { <-g.slots }()
		ctx, cancel := context.WithTimeout(g.ctx, operationLimit)
		defer cancel()
		g.note(opLock, attempt(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, unlock(ctx) }).err)
	})
}

// giveBack runs what nobody waits for.
func (g *guard) giveBack(operation string, run func(context.Context) error) {
	start(g, operation, func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) })
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
