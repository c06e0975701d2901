package upstream

import (
	"context"
	"errors"
	"time"
)

// turn waits until the rate of all processes and the rate of this one let a request go
// out. It does not wait where admit would refuse the request: admit then says why. It
// fails only where ctx ends before the turn.
func (l *Lookups) turn(ctx context.Context, v *visit, e *Endpoint) *Error {
	// This process's own rate comes last, so that it holds when the store fails.
	err := l.storeTurn(ctx, v, e)
	if err == nil && !l.wouldBeRefused(e) {
		err = l.limiter.Wait(ctx)
	}
	switch cause := context.Cause(ctx); {
	case err == nil:
		return nil
	case cause != nil:
		return AsError(cause)
	}
	return shuttingDown() // the wait would be longer than ctx lasts
}

// wouldBeRefused reports whether admit would refuse a request now.
func (l *Lookups) wouldBeRefused(e *Endpoint) bool {
	n, limited := l.Left()
	return limited && n <= 0 || l.heldOff(e) != nil
}

// storeTurn waits until the rate of all processes lets a request go out. Only one look-up of
// this process at a time takes a turn and waits for it: a process that dies then wastes one
// turn, not hundreds. The error is that of ctx.
func (l *Lookups) storeTurn(ctx context.Context, v *visit, e *Endpoint) error {
	if l.wouldBeRefused(e) {
		return nil
	}
	select {
	case l.pacing <- struct{}{}:
		defer func() { <-l.pacing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if l.wouldBeRefused(e) {
		return nil
	}
	if wait, err := v.turn(ctx); err == nil && wait > 0 && !sleep(ctx, wait) {
		return ctx.Err()
	}
	return nil
}

// admission is one request that may go out. This process has counted it, and the store has,
// unless it failed. Its owner calls settle or refund, once.
type admission struct {
	lookups  *Lookups
	endpoint string
	at       time.Time // when this process counted it
	store    Grant
}

// admit counts one request of a look-up in the budget of this process and in that of all
// processes, and marks the look-up as sent. It fails, and counts nothing, where requests
// are held off, a budget is spent, or the look-up has ended.
func (l *Lookups) admit(v *visit, e *Endpoint, f *flight) (admission, *Error) {
	if err := l.heldOff(e); err != nil {
		return admission{}, err
	}
	at, err := l.memory.admit(e.Name)
	if err != nil {
		return admission{}, err
	}
	a := admission{lookups: l, endpoint: e.Name, at: at}
	var (
		failed error
		spent  *Error
	)
	a.store, failed = v.admit(l.ctx, e.Name)
	switch {
	case failed == nil:
		l.setBudgetLeft(a.store.Left)
	case errors.As(failed, &spent):
		l.setBudgetLeft(0)
		err = spent
	}
	if err == nil {
		err = l.markSent(f)
	}
	if err != nil {
		a.refund()
	}
	return a, err
}

func (l *Lookups) setBudgetLeft(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.budgetLeft, l.budgetLeftAt = n, time.Now()
}

// askBudgetLeft asks the store in a goroutine what the budget of all processes has left,
// where the figure is older than budgetLeftTTL. The channel is closed when that has ended.
func (l *Lookups) askBudgetLeft(ctx context.Context) <-chan struct{} {
	l.mu.Lock()
	known := l.memory.budget == 0 || time.Since(l.budgetLeftAt) < budgetLeftTTL
	l.mu.Unlock()
	if known {
		return closed
	}
	done := make(chan struct{})
	l.running.Go(func() {
		defer close(done)
		if u, err := l.guard.visit().usage(ctx); err == nil {
			l.setBudgetLeft(max(l.memory.budget-u.Sent, 0))
		}
	})
	return done
}

// budgetLeftTTL is how long budgetLeft is used before the store is asked again.
const budgetLeftTTL = 10 * time.Second

// settle records that the request has ended, and whether it was billed: in the store in
// the background.
func (a admission) settle(billed bool) {
	if billed {
		a.lookups.memory.correct(a.at, a.endpoint, Count{Billed: 1})
	}
	if settle := a.store.Settle; settle != nil {
		a.lookups.guard.inBackground(opBudget, func(ctx context.Context) error { return settle(ctx, billed) })
	}
}

// refund takes the request out of the counts, because it never went out: in the store in
// the background.
func (a admission) refund() {
	a.lookups.memory.correct(a.at, a.endpoint, Count{Sent: -1})
	if a.store.Refund != nil {
		a.lookups.guard.inBackground(opBudget, a.store.Refund)
		a.lookups.setBudgetLeft(a.store.Left + 1)
	}
}

// holdOffTimes says how long no request to the same endpoint goes out after a failure of a kind:
// the next request would fail the same way.
var holdOffTimes = map[Kind]time.Duration{
	TokenInvalid:        10 * time.Second,
	PermissionDenied:    10 * time.Second,
	InsufficientBalance: 10 * time.Second,
	TokenLimitReached:   10 * time.Second,
	QuotaExceeded:       time.Minute,
}

// holdOff is a failure at the time at. No request goes to its endpoint before until.
type holdOff struct {
	failure   *Error
	at, until time.Time
}

// heldOff gives the failure for which no request to an endpoint goes out now: a copy that is
// marked as remembered and not billed. It gives nil if requests go out.
func (l *Lookups) heldOff(e *Endpoint) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.holdOffs[e]
	if !time.Now().Before(h.until) {
		return nil
	}
	err := h.failure.remembered(h.at)
	err.Billed = NotBilled
	return err
}
