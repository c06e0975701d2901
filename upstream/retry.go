package upstream

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	maxAttempts   = 3
	firstBackoff  = time.Second
	longestObeyed = 30 * time.Second // the longest Retry-After that is waited for
)

// fetch asks the source, within the rate and the budget, and tries again where
// that is known to be free of charge.
func (l *Lookups) fetch(v *visit, q Query) (*Response, *Error) {
	if err := l.fetcher.Ready(); err != nil {
		return nil, AsError(err)
	}
	refund, err := l.admit(l.ctx, v, q.Endpoint)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	// No retry starts later than the timeout, the wait for the rate included; 1 ns
	// more, since one that is due at that moment still does.
	retries, cancel := context.WithDeadline(l.ctx, begin.Add(l.settings.Timeout+1))
	defer cancel()
	for attempt := 1; ; attempt++ {
		p, fail := l.attempt(q)
		if fail == nil {
			return p, nil
		}
		if fail.Kind == Unreachable {
			refund()
		}
		delay := max(fail.RetryAfter, rand.N(firstBackoff<<(attempt-1)))
		late := fail.RetryAfter > longestObeyed || time.Since(begin)+delay > l.settings.Timeout
		if attempt == maxAttempts || !mayRetry(fail) || late || !sleep(l.ctx, delay) {
			return nil, fail
		}
		if refund, err = l.admit(retries, v, q.Endpoint); err != nil {
			return nil, fail
		}
	}
}

// admit waits for the rate and spends one request of the budget, which refund
// gives back. What would be refused anyway does not wait, or no longer.
func (l *Lookups) admit(ctx context.Context, v *visit, e *Endpoint) (refund func(), fail *Error) {
	needless := func() bool {
		n, limited := l.Left()
		return limited && n == 0 || l.refused(e) != nil
	}
	// This process's own rate comes last: it holds for all who waited for that
	// of all processes when the store fails.
	if !needless() && !v.pace(ctx, needless) || !needless() && l.limiter.Wait(ctx) != nil {
		return nil, shuttingDown()
	}
	if err := l.refused(e); err != nil {
		return nil, err
	}
	return l.spend(v)
}

// spend takes one request out of this process's budget and of that of all
// processes.
func (l *Lookups) spend(v *visit) (refund func(), fail *Error) {
	ours, fail := l.memory.Spend()
	if fail != nil {
		return nil, fail
	}
	all, err := reach(v, "budget", nil, Store.Spend)
	switch {
	case err == nil:
		return func() { ours(); all() }, nil
	case answered(err):
		ours()
		return nil, AsError(err)
	}
	return ours, nil // there is no store, or it fails
}

func shuttingDown() *Error {
	return &Error{Kind: Unreachable, Billed: NotBilled, Detail: "this server is shutting down"}
}

// block is a failure that holds further requests of an endpoint off.
type block struct {
	err   *Error
	until time.Time
}

// refused gives the failure that holds requests off, if one does.
func (l *Lookups) refused(e *Endpoint) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.blocked[e]
	if !time.Now().Before(b.until) {
		return nil
	}
	err := *b.err
	err.Billed, err.Remembered = NotBilled, true
	return &err
}

// attempt makes one request, logs a failure, and holds further requests off
// where they would fail alike.
func (l *Lookups) attempt(q Query) (*Response, *Error) {
	start := time.Now()
	p, err := l.fetcher.Fetch(l.ctx, q)
	took := time.Since(start)
	if err == nil {
		l.settings.Observe.Request(q.Endpoint.Name, "ok", p.Billed, took)
		return p, nil
	}
	e := AsError(err)
	if l.ctx.Err() != nil && e.Billed == UnknownBilling {
		e = &Error{Kind: BadResponse, Billed: UnknownBilling, Detail: "this server was ended before it came"}
	}
	l.settings.Observe.Request(q.Endpoint.Name, string(e.Kind), e.Billed == Billed, took)
	l.settings.Log.Warn("upstream request failed", "endpoint", q.Endpoint.Name, "reason", e, "took", took.Round(time.Millisecond))
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(holdOff[e.Kind]); until.After(l.blocked[q.Endpoint].until) {
		l.blocked[q.Endpoint] = block{e, until}
	}
	return nil, e
}

// mayRetry reports whether a failure was certainly not charged and may pass.
func mayRetry(e *Error) bool {
	return e.Kind == CollectionFailed || e.Kind == RateLimited || e.Kind == Unreachable && !e.Final || e.Code == 503 || e.Status == 503
}

// sleep waits, or reports false where the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
