package upstream

import "time"

// Ask is how a query is asked.
type Ask struct {
	// Refresh asks the source again, unless the answer in memory is younger than
	// 5 minutes.
	Refresh bool
	// CachedOnly pays nothing: it serves what is kept, past its time too, and joins
	// a look-up under way; else the error is NotCached.
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
	claimed *charge // that Answer claimed for this caller
}

// Answer is a response and what it cost this caller.
type Answer struct {
	*Response
	Age    time.Duration
	Cached bool   // it came from memory, this process's or a store's
	Billed bool   // this caller is the one to be told of the charge
	Stale  bool   // past its time
	Failed *Error // how the source fails, where that is why it is Stale; else nil
}

// charge is what an answer cost, for one caller to be told. It is used under the
// lock of Lookups.
type charge struct {
	starter *Lookup // the caller that began the look-up, until it leaves
	told    bool
}

// closed is the Done channel of look-ups that memory answered.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done is closed when Answer has something to say; at once where memory
// answers.
func (c *Lookup) Done() <-chan struct{} { return c.flight.done }

// Answer gives the outcome for this caller; call it once, when Done is closed.
// The error is an *Error.
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

// answer makes the outcome of an entry; cached is whether it came from memory.
func (c *Lookup) answer(e *entry, cached bool) (Answer, error) {
	billed := c.claim(e.charge)
	if e.missing == nil {
		return Answer{Response: e.response, Age: e.age(), Cached: cached, Billed: billed}, nil
	}
	err := *e.missing
	err.Remembered = cached
	err.Billed = NotBilled
	if billed {
		err.Billed = Billed
	}
	return Answer{Cached: cached}, &err
}

// claim reports whether this caller is the one to be told of a charge: the one
// that began the look-up, or, where that one has gone, the next.
func (c *Lookup) claim(what *charge) bool {
	c.lookups.mu.Lock()
	defer c.lookups.mu.Unlock()
	if what == nil || what.told || what.starter != nil && what.starter != c {
		return false
	}
	*what = charge{told: true}
	c.claimed = what
	return true
}

// Undelivered gives a charge that Answer claimed back, since the answer could not
// be written to its caller: the next caller is told.
func (c *Lookup) Undelivered() {
	c.lookups.mu.Lock()
	defer c.lookups.mu.Unlock()
	if c.claimed != nil {
		*c.claimed, c.claimed = charge{}, nil
	}
}

// Leave says that the caller goes away without an answer. A look-up whose request
// is not sent yet ends with its last caller. What was paid for is kept for the
// next one.
func (c *Lookup) Leave() { c.leave(false) }

// LeavePending says that the caller goes away and was told that the look-up goes
// on. What it brings is there for 5 minutes, a failure for the next caller alone.
func (c *Lookup) LeavePending() { c.leave(true) }

func (c *Lookup) leave(promised bool) {
	l, f := c.lookups, c.flight
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.charge != nil && f.charge.starter == c {
		f.charge.starter = nil
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
