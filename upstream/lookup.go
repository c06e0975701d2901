package upstream

import (
	"slices"
	"time"
)

// Ask says how a caller wants a query answered.
type Ask struct {
	// Refresh makes a new request, unless memory or the store has an answer younger than 5
	// minutes. If the request fails, the caller gets the error and not an old answer.
	Refresh bool
	// CachedOnly makes no request: the caller gets what is kept, also past its time, or the
	// outcome of a look-up that others pay for. If there is neither, the error is NotCached.
	CachedOnly bool
}

// Lookup is one caller's part in a look-up. One goroutine uses it, and ends it
// with Answer, Leave or LeavePending.
type Lookup struct {
	lookups *Lookups
	key     string
	subject string
	ask     Ask
	flight  *flight
	claimed bool // Answer told this caller of a charge
}

// Answer is a response and what it cost this caller. Its Billed is not the Response's.
type Answer struct {
	*Response               // nil beside an error, and where Cached has nothing
	Age       time.Duration // since the response was fetched
	Cached    bool          // it came from this process's memory or from the store
	Billed    bool          // this caller, and no other, is told of the charge
	Stale     bool          // past its time
	Failed    *Error        // how the source fails, if it is Stale for that reason; else nil
}

// closed is the Done channel of look-ups that memory answered.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done is closed when the look-up has its outcome. It is closed from the beginning where
// this process's memory answered.
func (c *Lookup) Done() <-chan struct{} { return c.flight.done }

// Answer gives the outcome for this caller. Call it once, when Done is closed. The error is
// an *Error, which the caller may change.
func (c *Lookup) Answer() (Answer, error) {
	f := c.flight
	if f.err == nil {
		return c.answer(f.entry, f.cached)
	}
	e, stale := f.known, c.ask.CachedOnly || !c.ask.Refresh && f.err.Retryable() && c.lookups.usableStale(f.known)
	if stale && e.response != nil {
		a, err := c.answer(e, true)
		a.Stale = true
		if f.err.Kind != NotCached {
			a.Failed = f.err
		}
		return a, err
	}
	err := *f.err
	return Answer{}, &err
}

// answer makes the outcome of an entry; cached is whether it came from memory or the store.
func (c *Lookup) answer(e *entry, cached bool) (Answer, error) {
	billed := c.claim()
	if e.missing == nil {
		return Answer{Response: e.response, Age: e.age(), Cached: cached, Billed: billed}, nil
	}
	err := *e.missing
	if cached {
		err = *e.missing.remembered(e.at)
	}
	err.Billed = NotBilled
	if billed {
		err.Billed = Billed
	}
	return Answer{Cached: cached}, &err
}

// claim removes one charge of this key and reports whether there was one: this caller's own,
// else one whose caller has left.
func (c *Lookup) claim() bool {
	l := c.lookups
	l.mu.Lock()
	defer l.mu.Unlock()
	charges := l.charges[c.key]
	i := slices.Index(charges, c)
	if i < 0 {
		i = slices.Index(charges, nil)
	}
	if i < 0 {
		return false
	}
	l.charges[c.key] = slices.Delete(charges, i, i+1)
	if len(charges) == 1 {
		delete(l.charges, c.key)
	}
	c.claimed = true
	return true
}

// Undelivered says that the answer could not be written to its caller. The next caller is
// then told of the charge of which Answer told this one.
func (c *Lookup) Undelivered() {
	c.lookups.mu.Lock()
	defer c.lookups.mu.Unlock()
	if c.claimed {
		c.claimed = false
		c.lookups.addCharge(c.key, nil)
	}
}

// Leave says that the caller goes away without an answer. A look-up whose request is not
// sent yet ends when its last caller leaves. A request that is sent goes on, and its answer is
// kept.
func (c *Lookup) Leave() { c.leave(false) }

// LeavePending says that the caller goes away and was told "pending": the look-up goes on,
// whether or not its request is sent. An answer is kept for at least 5 minutes, for all
// callers; a failure for at most 5 minutes, for the next caller alone.
func (c *Lookup) LeavePending() { c.leave(true) }

func (c *Lookup) leave(promised bool) {
	l, f := c.lookups, c.flight
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.starter == c {
		f.starter = nil
	}
	if i := slices.Index(l.charges[c.key], c); i >= 0 {
		l.charges[c.key][i] = nil
	}
	f.promised = f.promised || promised
	if f.ended {
		if promised && f.entry != nil {
			l.promise(c.key, f)
		}
		return
	}
	if c.ask.CachedOnly {
		return
	}
	if f.callers--; f.callers == 0 && !f.promised && !f.sent {
		l.abandon(c.key, f, nobodyWaits())
	}
}
