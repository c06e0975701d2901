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

// giveBack runs what nobody waits for.
func (g *guard) giveBack(operation string, run func(context.Context) error) {
	start(g, operation, func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) })
}

// unlock gives a lock back beside the caller. However busy the store is, it is not
// left out: nobody else could look the key up. The channel is closed afterwards.
func (g *guard) unlock(unlock func(context.Context) error) <-chan struct{} {
	done := make(chan struct{})
	g.behind.Go(func() {
		defer close(done)
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
	return done
}
