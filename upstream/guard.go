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
	store        Store // nil if there is none
	log          *slog.Logger
	countFailure func(operation string)
	hasBudget    bool
	ctx          context.Context // ends after Close
	cancel       context.CancelFunc
	slots        chan struct{}
	background   sync.WaitGroup // the operations, and what ends look-ups
	warnDamaged  sync.Once      // of lines of a history

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

func newGuard(store Store, s Settings, hasBudget bool) *guard {
	ctx, cancel := context.WithCancel(context.Background())
	return &guard{
		store: store, log: s.Log, countFailure: s.Observe.StoreFailure, hasBudget: hasBudget, ctx: ctx, cancel: cancel,
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

// start runs an operation beside the caller, unless it has not begun by operationLimit.
// The channel gives its outcome, and is closed then.
func start[T any](g *guard, operation string, run func(context.Context) (T, error)) <-chan outcome[T] {
	return startUnless(time.After(operationLimit), g, operation, run)
}

// startUnless is start that gives up when tooLate comes; nil never does.
func startUnless[T any](tooLate <-chan time.Time, g *guard, operation string, run func(context.Context) (T, error)) <-chan outcome[T] {
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
		case <-tooLate:
			o.err = errBusy
		case <-g.ctx.Done():
			o.err = g.ctx.Err()
		}
		g.recordOutcome(operation, o.err)
		done <- o
	})
	return done
}

// survive runs an operation; a panic fails it alone.
func survive[T any](ctx context.Context, run func(context.Context) (T, error)) (o outcome[T]) {
	defer func() {
		if r := recover(); r != nil {
			o.err = errors.New("it panicked: " + panicText(r))
		}
	}()
	o.result, o.err = run(ctx)
	return o
}

// bare makes an operation of one that has no result.
func bare(run func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) }
}

// inBackground runs an operation that nobody waits for.
func (g *guard) inBackground(operation string, run func(context.Context) error) {
	start(g, operation, bare(run))
}

// unlock gives a lock back beside the caller. It waits for room as long as that takes:
// while the lock is held nobody else can look the key up.
func (g *guard) unlock(unlock func(context.Context) error) {
	startUnless(nil, g, opLock, bare(unlock))
}

// storeWorked reports whether the store did its work: ErrLocked and Spent are answers.
func storeWorked(err error) bool {
	var spent *Error
	return err == nil || errors.Is(err, ErrLocked) || errors.As(err, &spent)
}

// recordOutcome records how an operation ended, in time or later.
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

// recordFailure counts a failure, and warns of the first one.
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
