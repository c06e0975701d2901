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
func (d *Lookups) fetch(userID string) (*Response, error) {
	if err := d.fetcher.Ready(); err != nil {
		return nil, err
	}
	var begin time.Time
	var last *Error
	ctx := d.ctx
	for attempt := 1; ; attempt++ {
		refund, err := d.admit(ctx)
		if err != nil {
			if last != nil {
				return nil, last
			}
			return nil, err
		}
		if attempt == 1 {
			begin = time.Now()
			// No retry starts later than the timeout, the wait for the rate
			// included; one at the very moment still does.
			retries, cancel := context.WithDeadline(d.ctx, begin.Add(d.settings.Timeout+1))
			defer cancel()
			ctx = retries
		}
		p, err := d.attempt(userID)
		if err == nil {
			return p, nil
		}
		if last = err; err.Kind == Unreachable {
			refund()
		}
		delay, again := retryDelay(err, attempt)
		late := time.Since(begin)+delay > d.settings.Timeout
		if attempt == maxAttempts || !again || late || !sleep(d.ctx, delay) {
			return nil, last
		}
	}
}

// admit waits for the rate and spends one request of the budget, which refund
// gives back. What would be refused anyway does not wait.
func (d *Lookups) admit(ctx context.Context) (refund func(), fail *Error) {
	if err := d.refused(); err != nil {
		return nil, err
	}
	if n, limited := d.store.Left(); !limited || n > 0 {
		if err := d.limiter.Wait(ctx); err != nil {
			return nil, shuttingDown()
		}
		if err := d.refused(); err != nil {
			return nil, err
		}
	}
	refund, freesAt, ok := d.store.Spend()
	if !ok {
		return nil, &Error{Kind: BudgetExhausted, Billed: NotBilled, FreesAt: freesAt}
	}
	return refund, nil
}

func shuttingDown() *Error {
	return &Error{Kind: Unreachable, Billed: NotBilled, Detail: "this server is shutting down"}
}

// refused gives the failure that holds requests off, if one does.
func (d *Lookups) refused() *Error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !time.Now().Before(d.blockedUntil) {
		return nil
	}
	err := *d.block
	err.Billed, err.Remembered = NotBilled, true
	return &err
}

// attempt makes one request, logs a failure, and holds further requests off
// where they would fail alike.
func (d *Lookups) attempt(userID string) (*Response, *Error) {
	start := time.Now()
	p, err := d.fetcher.Fetch(d.ctx, userID)
	took := time.Since(start)
	if err == nil {
		d.observe("ok", took)
		return p, nil
	}
	e := AsError(err)
	if d.ctx.Err() != nil && e.Billed == UnknownBilling {
		e = &Error{Kind: BadResponse, Billed: UnknownBilling, Detail: "this server was ended before it came"}
	}
	d.observe(string(e.Kind), took)
	d.settings.Log.Warn("upstream request failed", "reason", e, "took", took.Round(time.Millisecond))
	if h := e.Kind.holdOff(); h > 0 {
		d.mu.Lock()
		if until := time.Now().Add(h); until.After(d.blockedUntil) {
			d.block, d.blockedUntil = e, until
		}
		d.mu.Unlock()
	}
	return nil, e
}

func (d *Lookups) observe(outcome string, took time.Duration) {
	if d.settings.Observe != nil {
		d.settings.Observe(outcome, took)
	}
}

// retryDelay says how long to wait before another attempt, if there may be
// one: only after failures that were certainly not charged.
func retryDelay(e *Error, attempt int) (time.Duration, bool) {
	switch {
	case e.RetryAfter > longestObeyed:
		return 0, false
	case e.Kind == CollectionFailed, e.Kind == RateLimited, e.Kind == Unreachable,
		e.Kind == UpstreamError && (e.Code == 503 || e.Status == 503):
	default:
		return 0, false
	}
	jittered := rand.N(firstBackoff << (attempt - 1))
	return max(e.RetryAfter, jittered), true
}

// sleep waits, or reports false where the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
