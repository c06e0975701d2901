package upstream

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	maxAttempts   = 3
	firstBackoff  = time.Second
	longestObeyed = 30 * time.Second // the longest Retry-After that is waited for

	// lockPoll is how long a look-up waits before it asks the store again whether another
	// process has the answer; the time doubles up to longestLockPoll.
	lockPoll        = 50 * time.Millisecond
	longestLockPoll = 400 * time.Millisecond
	// lease is how long a look-up believes that another process looks the key up, after
	// the store last said so.
	lease = 10 * time.Second
	// lockLimit is how long a look-up waits for another process. A request takes less,
	// but a process that is suspended holds its lock on disk for ever.
	lockLimit = 10 * time.Minute
)

// fetch asks the source, within the rate and the budget, and tries again where the failed
// request was certainly not charged. It sets the outcome of f. The lock that waitToSend takes stays
// for the retries.
func (l *Lookups) fetch(v *visit, q Query, f *flight) {
	if !l.waitToSend(v, q, f) {
		return
	}
	latest := time.Now().Add(l.settings.Timeout)
	for attempt := 1; ; attempt++ {
		admitted, err := l.admit(v, q.Endpoint, f)
		if err != nil {
			if attempt > 1 {
				break // with the failure of the request before
			}
			f.err = err
			return
		}
		r, failed := l.send(q)
		if failed == nil || failed.Billed == Billed { // a billed failure is an answer: nothing found
			admitted.settle(failed != nil || r.Billed)
			l.keepAnswer(v, q, f, r, failed)
			return
		}
		if failed.Kind == Unreachable {
			admitted.refund()
		} else {
			admitted.settle(false)
		}
		f.err = failed
		if attempt == maxAttempts || !mayRetry(failed) || !l.waitToRetry(v, q.Endpoint, f, attempt, latest) {
			break
		}
	}
	l.keepFailure(v, q.Key(), f)
}

// waitToRetry waits after a failed attempt for as long as the back-off and the upstream's
// Retry-After say, and then for the turn of a retry. It reports whether the retry may go out.
// It may not after latest, or when nobody waits for the look-up.
func (l *Lookups) waitToRetry(v *visit, e *Endpoint, f *flight, attempt int, latest time.Time) bool {
	delay := max(f.err.RetryAfter, rand.N(firstBackoff<<(attempt-1)))
	if f.err.RetryAfter > longestObeyed || time.Now().Add(delay).After(latest) || !l.requeue(f) || !sleep(f.ctx, delay) {
		return false
	}
	ctx, cancel := context.WithDeadline(f.ctx, latest.Add(1)) // a retry at latest itself may go out
	defer cancel()
	return l.turn(ctx, v, e) == nil
}

// lookInStore looks for an answer in the store, and meanwhile asks what the budget has left.
// It reports whether f has its outcome.
func (l *Lookups) lookInStore(v *visit, key string, f *flight) bool {
	asked := l.askBudgetLeft(f.ctx)
	l.loadKnown(v, key, f)
	if f.known.failure != nil {
		f.knownFailure = f.known.failure.at
	}
	// Before it waits for asked: a refresh that comes now begins its own look-up.
	found := l.useKnown(key, f)
	<-asked
	return found
}

// loadKnown sets f.known to the newer of the store's entry and this process's.
func (l *Lookups) loadKnown(v *visit, key string, f *flight) {
	if values, _ := v.load(f.ctx, key); len(values) == 1 {
		f.known = l.newer(key, values[0], f.known)
	}
}

// useKnown sets the outcome of a look-up from f.known, if that has an answer that is usable or
// from after the look-up began, a failure other than the one that the first load found, or a
// failure that the next caller must be told. It reports whether it did.
func (l *Lookups) useKnown(key string, f *flight) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	failed := f.known.failure
	switch {
	case l.usable(f.known, f.refresh), f.known.within(time.Since(f.began)):
		f.useKnownAnswer()
	case failed != nil && !failed.at.Equal(f.knownFailure):
		f.entry, f.err = f.known, failed.err
	case f.known.owed() != nil:
		l.tell(key, f.known, f)
	default:
		return false
	}
	return true
}

// useKnownAnswer sets the outcome of a look-up to the answer in f.known.
func (f *flight) useKnownAnswer() {
	e := *f.known
	e.checked = time.Now()
	f.entry, f.cached = &e, true
}

// decodeStored decodes what the store has under a key; nil is nothing. It gives nil for nothing
// of ours and for a damaged value, which it counts as a failure of the store.
func (l *Lookups) decodeStored(key string, value []byte) *entry {
	if value == nil {
		return nil
	}
	e, err := l.decode(key, value)
	if err != nil {
		l.guard.recordFailure(opLoad, err)
	}
	return e
}

// waitToSend waits for the turn of a request and takes the key's lock, so that this process is
// the only one that looks the key up, unless the store fails. It reports whether the
// request may go out. If not, f has its outcome: an error, or what another process found.
func (l *Lookups) waitToSend(v *visit, q Query, f *flight) bool {
	key, began := q.Key(), time.Now()
	for {
		if f.err = l.turn(f.ctx, v, q.Endpoint); f.err != nil {
			return false
		}
		value, err := v.lock(f.ctx, key)
		locked := errors.Is(err, ErrLocked)
		if locked || err == nil {
			f.known = l.newer(key, value, f.known)
			if l.useKnown(key, f) {
				return false
			}
		}
		if !locked || time.Since(began) > lockLimit {
			return true
		}
		if l.follow(v, key, f, began.Add(lockLimit)) {
			return false
		}
	}
}

// follow waits while another process looks a key up. It stops when that process gives the
// lock back, when the store has not confirmed the lock for the time of lease, or at the
// time until. It reports whether f has its outcome.
func (l *Lookups) follow(v *visit, key string, f *flight, until time.Time) bool {
	heard := time.Now()
	for delay := lockPoll; time.Now().Before(until) && time.Since(heard) <= lease; delay = min(2*delay, longestLockPoll) {
		if !sleep(f.ctx, delay) {
			f.err = AsError(context.Cause(f.ctx))
			return true
		}
		v.remaining = patience // waiting for another process is not waiting for the store
		value, err := v.peek(f.ctx, key)
		locked := errors.Is(err, ErrLocked)
		if locked || err == nil {
			heard = time.Now()
			f.known = l.newer(key, value, f.known)
			if l.useKnown(key, f) {
				return true
			}
			if !locked {
				return false
			}
		}
	}
	return false
}

// markSent notes that a look-up's request goes out now. It fails where the look-up has
// ended or nothing more is sent.
func (l *Lookups) markSent(f *flight) *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.draining:
		return shuttingDown()
	case f.ctx.Err() != nil:
		return AsError(context.Cause(f.ctx))
	}
	f.sent = true
	l.sent++
	return nil
}

// markSaved notes that the outcome of a look-up's request is saved, or that the store
// could not save it. It does nothing where no request was sent.
func (l *Lookups) markSaved(f *flight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.sent {
		f.sent = false
		if l.sent--; l.sent == 0 && l.draining {
			close(l.idle)
		}
	}
}

// requeue marks a look-up as not sent while it waits for a retry, so that it ends with its
// last caller. It reports false where nobody waits for the look-up or nothing more is sent.
func (l *Lookups) requeue(f *flight) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.draining || f.callers == 0 && !f.promised {
		return false
	}
	f.sent = false
	l.sent--
	return true
}

// nobodyWaits is the error of a look-up that ends because all callers without
// Ask.CachedOnly have left. Callers with CachedOnly who have joined it get this error.
func nobodyWaits() *Error { return &Error{Kind: NotCached, Billed: NotBilled} }

// keepAnswer makes an answer the outcome of f, and saves it: the answer, an entry for each
// blogger in it, and lines of their histories. missing is a billed
// NotFound, and then r is nil.
func (l *Lookups) keepAnswer(v *visit, q Query, f *flight, r *Response, missing *Error) {
	now := time.Now().Round(0) // see NewResponse
	e := &entry{response: r, missing: missing, at: now, checked: now}
	l.mu.Lock()
	if missing != nil || r.Billed {
		l.addCharge(q.Key(), f.starter)
	}
	e.promised = f.promised
	l.mu.Unlock()
	f.entry, f.err = e, nil
	var items []Item
	var seen []sighting
	if r != nil {
		if q.Endpoint.rows != nil {
			data := r.Data()
			e.nobody = q.Endpoint == Search && len(kols(data)) == 0
			for _, row := range q.Endpoint.rows(data) {
				response := &Response{Subject: row.query.Subject, FetchedAt: r.FetchedAt, RequestID: r.RequestID, Billed: r.Billed, packed: pack(row.data)}
				items = append(items, l.keepRow(row.query.Key(), &entry{response: response, at: now, checked: now}))
				seen = append(seen, sighting{row.query.Endpoint, response})
			}
		}
		if q.Endpoint == Profile {
			seen = append(seen, sighting{Profile, r})
		}
		if !r.Billed || l.settings.History == nil {
			seen = nil
		}
	}
	items = append(items, l.item(q.Key(), e))
	l.saveWithHistory(v, items, seen)
}

// keepRow saves the entry of a blogger in this process's memory, and encodes it for the
// store.
func (l *Lookups) keepRow(key string, e *entry) Item {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remember(key, e)
	return l.item(key, e)
}

// keepFailure saves f.err as the failure of the look-up: for the processes that wait for
// it, and for the next caller where one got "pending". An answer that another process saved
// meanwhile stays: this process may have been stopped for longer than its lock lasts.
func (l *Lookups) keepFailure(v *visit, key string, f *flight) {
	e := *f.known
	l.mu.Lock()
	e.failure = &failure{err: f.err, at: time.Now().Round(0), promised: f.promised}
	l.mu.Unlock()
	f.entry = &e
	if v.store == nil {
		return
	}
	v.save(l.ctx, func(ctx context.Context) error {
		values, err := v.store.Load(ctx, key)
		if err == nil && l.newer(key, values[0], &e).at.After(e.at) {
			return nil
		}
		return v.store.Save(ctx, []Item{l.item(key, &e)}, nil)
	})
}

// shuttingDown is the error of a look-up whose request is not sent because the server ends.
func shuttingDown() *Error {
	return &Error{Kind: Unreachable, Billed: NotBilled, Detail: "this server is shutting down"}
}

// send makes one request. It logs a failure, and after those of holdOffTimes holds off
// further requests of the endpoint.
func (l *Lookups) send(q Query) (*Response, *Error) {
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
	l.settings.Log.Warn("upstream request failed", "endpoint", q.Endpoint.Name, "subject", q.Subject, "reason", e, "requestId", e.RequestID, "took", took)
	l.mu.Lock()
	defer l.mu.Unlock()
	if d, now := holdOffTimes[e.Kind], time.Now(); d > 0 {
		l.holdOffs[q.Endpoint] = holdOff{e, now, now.Add(d)}
	}
	return nil, e
}

// mayRetry reports whether a request that failed was certainly not charged and may
// work the next time.
func mayRetry(e *Error) bool {
	return e.Kind == CollectionFailed || e.Kind == RateLimited || e.Kind == Unreachable && !e.Final || e.Code == 503 || e.Status == 503
}

// sleep waits for d and reports true, or reports false where ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
