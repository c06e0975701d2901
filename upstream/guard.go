package upstream

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	// patience is the longest that one look-up waits for the store, all operations together.
	// Each time that the look-up asks whether another process has ended, it has patience anew.
	patience = 450 * time.Millisecond
	// fairPatience is the least time for which an operation must be late before it opens a
	// breaker: one that had less time says nothing about the store.
	fairPatience = 300 * time.Millisecond
	// operationLimit ends an operation that nobody waits for any more.
	operationLimit = 5 * time.Second
	// tripFor is how long a store that does not answer is left alone.
	tripFor = 2 * time.Second
	// maxOperations bounds the operations under way, and with them the threads and
	// connections that a store which hangs can hold.
	maxOperations = 64
	// ownStall is how late a timer must fire to show that this process itself was stopped.
	ownStall = 100 * time.Millisecond
)

// The operations on a store, as warnings and metrics name them. Unlocking is opLock too, and
// reading histories or counts is opLoad.
const (
	opLoad   = "load"
	opSave   = "save"
	opLock   = "lock"
	opRate   = "rate"
	opBudget = "budget"
)

// StoreOperations lists the operations that Observer.StoreFailure is called with.
var StoreOperations = []string{opLoad, opSave, opLock, opRate, opBudget}

var (
	errTripped = errors.New("it has just failed")
	errLate    = errors.New("it does not answer in time")
	errBusy    = errors.New("too many operations on it are under way")
)

// guard prevents a store that fails, hangs or is slow from failing or delaying
// look-ups. Its methods may be called concurrently.
type guard struct {
	store        Store // nil if there is none
	log          *slog.Logger
	countFailure func(operation string)
	hasBudget    bool
	ctx          context.Context // ends with Close, after the grace for the store
	cancel       context.CancelFunc
	slots        chan struct{}  // a semaphore for the operations under way
	background   sync.WaitGroup // the operations, and the ends of visits
	warnDamaged  sync.Once      // warns of damaged lines of a history

	mu      sync.Mutex
	failing map[string]time.Time // when each operation failed last, until it works again
	// openUntil is until when the breaker of all operations stops them, writesOpenUntil
	// until when that of all operations but opLoad does.
	openUntil, writesOpenUntil time.Time
}

func newGuard(store Store, s Settings, hasBudget bool) *guard {
	ctx, cancel := context.WithCancel(context.Background())
	return &guard{
		store: store, log: s.Log, countFailure: s.Observe.StoreFailure, hasBudget: hasBudget, ctx: ctx, cancel: cancel,
		slots: make(chan struct{}, maxOperations), failing: make(map[string]time.Time),
	}
}

// tripped reports whether an operation is not tried now, since its breaker is open.
func (g *guard) tripped(operation string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	return now.Before(g.openUntil) || operation != opLoad && now.Before(g.writesOpenUntil)
}

// degraded reports whether an operation has failed and not worked since.
func (g *guard) degraded() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.failing) > 0
}

// outcome is the result of an operation.
type outcome[T any] struct {
	result T
	err    error
}

// start runs an operation in a goroutine, as soon as a slot is free. The channel gives the
// outcome once and is then closed. The outcome is errBusy where no slot is free within
// operationLimit.
func start[T any](g *guard, operation string, run func(context.Context) (T, error)) <-chan outcome[T] {
	return startBy(time.After(operationLimit), g, operation, run)
}

// startBy is start that waits for a slot until deadline fires; nil never fires.
func startBy[T any](deadline <-chan time.Time, g *guard, operation string, run func(context.Context) (T, error)) <-chan outcome[T] {
	done := make(chan outcome[T], 1)
	g.background.Go(func() {
		defer close(done)
		var o outcome[T]
		select {
		case g.slots <- struct{}{}:
			ctx, cancel := context.WithTimeout(g.ctx, operationLimit)
			o = survive(ctx, run)
			cancel()
			<-g.slots
		case <-deadline:
			o.err = errBusy
		case <-g.ctx.Done():
			o.err = g.ctx.Err()
		}
		g.recordOutcome(operation, o.err)
		done <- o
	})
	return done
}

// survive runs an operation and turns its panic into an error.
func survive[T any](ctx context.Context, run func(context.Context) (T, error)) (o outcome[T]) {
	defer func() {
		if r := recover(); r != nil {
			o.err = errors.New("it panicked: " + panicText(r))
		}
	}()
	o.result, o.err = run(ctx)
	return o
}

// bare turns a function without a result into an operation.
func bare(run func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) }
}

// inBackground starts an operation that nobody waits for.
func (g *guard) inBackground(operation string, run func(context.Context) error) {
	start(g, operation, bare(run))
}

// unlock gives a lock back in the background. It waits for a slot without a limit: while
// the lock is held nobody else can look the key up.
func (g *guard) unlock(unlock func(context.Context) error) {
	startBy(nil, g, opLock, bare(unlock))
}

// storeWorked reports whether the store did its work, also if it answered ErrLocked or
// Spent.
func storeWorked(err error) bool {
	var spent *Error
	return err == nil || errors.Is(err, ErrLocked) || errors.As(err, &spent)
}

// recordOutcome records how an operation ended, whether or not anybody still waits for it.
func (g *guard) recordOutcome(operation string, err error) {
	if errors.Is(err, context.Canceled) {
		return // this process ends
	}
	if !storeWorked(err) {
		g.recordFailure(operation, err)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.openUntil = time.Time{}
	if operation != opLoad {
		g.writesOpenUntil = time.Time{}
	}
	// One success among failures does not mean that the operation works again.
	if last, failing := g.failing[operation]; failing && time.Since(last) >= tripFor {
		delete(g.failing, operation)
		if len(g.failing) == 0 {
			g.log.Info(g.store.Name() + " works again")
		}
	}
}

// recordFailure counts a failure of an operation, and warns of the first one.
func (g *guard) recordFailure(operation string, err error) {
	g.countFailure(operation)
	g.mu.Lock()
	defer g.mu.Unlock()
	_, failing := g.failing[operation]
	first := len(g.failing) == 0
	g.failing[operation] = time.Now()
	switch {
	case g.hasBudget && operation == opBudget && !failing:
		g.log.Warn(g.store.Name()+" failed; the budget is counted by this process alone", "operation", operation, "reason", err)
	case first:
		g.log.Warn(g.store.Name()+" failed; continuing without it", "operation", operation, "reason", err)
	}
}

// trip opens a breaker after an operation that did not end in time: a late load stops all
// operations, any other stops all but loads. Any operation that works closes the
// first breaker; only one that is no load closes the second.
func (g *guard) trip(operation string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	until := time.Now().Add(tripFor)
	if operation == opLoad {
		g.openUntil = until
	} else {
		g.writesOpenUntil = until
	}
}
