package upstream

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// maxWaiting bounds the look-ups that wait for a request, so that a flood of
	// callers cannot pile up work without end.
	maxWaiting = 5000
	// recheckAfter is how long this process's memory answers without asking the
	// store whether another process has refreshed an answer.
	recheckAfter = time.Minute
	// closeGrace is how long Close waits for the store.
	closeGrace = 500 * time.Millisecond
)

// Settings of Lookups. Times are as in the published flags.
type Settings struct {
	Source   string        // name of the source, as results show it
	Upstream string        // base URL of the source, as stored answers name it
	TTL      time.Duration // how long an answer is fresh
	Stale    time.Duration // how much longer it may stand in for a failing source
	Timeout  time.Duration // of one request; no retry starts later than this after the first
	Rate     rate.Limit    // requests a second
	Log      *slog.Logger
	Observe  Observer
	// History makes the line that a paid answer leaves in its blogger's history,
	// where last is the newest line there; nil for none. from is Profile, SearchRow
	// or NoteAuthor. It is called concurrently. Without it there is no history.
	History func(from *Endpoint, r *Response, last []byte) (line []byte)
}

// Observer has functions that count; each may be nil. They are called
// concurrently.
type Observer struct {
	Request      func(endpoint, outcome string, billed bool, took time.Duration) // one went out and ended
	StoreFailure func(operation string)                                          // load, save, lock, budget or rate
}

// Lookups look queries up: from memory where they can, else by one request that
// all callers for the same query share. A look-up belongs to Lookups: callers
// come and go, and what it brings is stored.
//
// Their methods may be called concurrently.
type Lookups struct {
	settings Settings
	fetcher  Fetcher
	memory   *Memory
	guard    *guard
	limiter  *rate.Limiter
	waiting  chan struct{} // holds the look-ups that neither memory nor the store answered
	pacing   chan struct{} // holds the look-up that waits for the rate of all processes

	ctx     context.Context // ends with Close
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu       sync.Mutex
	flights  map[string]*flight // by key
	sent     int                // flights that are sent
	draining bool               // nothing more is sent
	idle     chan struct{}      // closed when draining and the last of sent is saved
	blocked  map[*Endpoint]block
	// budgetLeft is what the budget of all processes had left at budgetLeftAt.
	budgetLeft   int
	budgetLeftAt time.Time
	// balance is the latest request for the account's balance; nil before the first.
	balance *balance
}

// flight is a look-up under way. Its results are set before done is closed.
type flight struct {
	done   chan struct{}
	entry  *entry // the answer, unless there is err
	err    *Error
	known  *entry // the newest that this process or the store has kept, however old
	cached bool   // the answer is known, not new

	ctx    context.Context // of what comes before the request
	began  time.Time
	before time.Time // when the look-up failed before, as known when this one began

	// Under the lock of Lookups:
	cancel   context.CancelCauseFunc
	callers  int  // that may pay for it
	refresh  bool // somebody asked for a refresh
	promised bool // somebody was told that it goes on
	sent     bool // a request was sent, and its outcome is not saved yet
	ended    bool
	charge   *charge // the answer's, where the source charges for it

	waited time.Duration // for the store; set before done is closed
}

// New makes Lookups over a source, this process's memory, and a store that
// outlives it, nil if there is none. Close ends them.
func New(s Settings, f Fetcher, memory *Memory, store Store) *Lookups {
	if s.Observe.Request == nil {
		s.Observe.Request = func(string, string, bool, time.Duration) {}
	}
	if s.Observe.StoreFailure == nil {
		s.Observe.StoreFailure = func(string) {}
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	return &Lookups{
		settings: s,
		fetcher:  f,
		memory:   memory,
		guard:    newGuard(store, s, memory.limit > 0),
		// No bursts: requests go out evenly, so that no second sees more.
		limiter:    rate.NewLimiter(s.Rate, 1),
		waiting:    make(chan struct{}, maxWaiting),
		pacing:     make(chan struct{}, 1),
		ctx:        ctx,
		cancel:     cancel,
		flights:    make(map[string]*flight),
		idle:       make(chan struct{}),
		blocked:    make(map[*Endpoint]block),
		budgetLeft: memory.limit,
	}
}

// Drain has no further request sent: look-ups that wait for theirs end. Where a
// store outlives the process, it waits until the outcomes of those that were sent
// are saved, or ctx ends. Stats says how many are not.
func (l *Lookups) Drain(ctx context.Context) {
	l.mu.Lock()
	l.draining = true
	for key, f := range l.flights {
		if !f.sent {
			l.abandon(key, f, shuttingDown())
		}
	}
	sent := l.sent
	l.mu.Unlock()
	if l.guard.store == nil || sent == 0 {
		return
	}
	select {
	case <-l.idle:
	case <-ctx.Done():
	}
}

// Close ends the look-ups under way and waits for them, and for half a second for
// the store.
func (l *Lookups) Close() {
	l.mu.Lock()
	l.draining = true
	l.cancel(shuttingDown()) // with the lock: no look-up begins after it
	l.mu.Unlock()
	l.running.Wait()
	saved := make(chan struct{})
	go func() {
		l.guard.background.Wait()
		close(saved)
	}()
	select {
	case <-saved:
	case <-time.After(closeGrace):
	}
	l.guard.cancel()
}

// beginReading lets a caller read the store itself until end. Close waits for that,
// and no reading begins after it.
func (l *Lookups) beginReading() (end func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx.Err() != nil {
		return nil, false
	}
	l.running.Add(1)
	return l.running.Done, true
}

// Source names where answers come from.
func (l *Lookups) Source() string { return l.settings.Source }

// Left is how many requests the budget has left; limited is false where there is
// none. What other processes spent is known from this one's latest look-up.
func (l *Lookups) Left() (n int, limited bool) {
	if l.memory.limit == 0 {
		return 0, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return min(l.memory.left(), l.budgetLeft), true
}

// Stats are figures of the moment.
type Stats struct {
	Entries  int  // answers in this process's memory
	InFlight int  // look-ups under way
	Sent     int  // those whose request was sent and whose outcome is not saved yet
	Degraded bool // the store failed, and has not worked again since
}

// Stats gives the figures of the moment.
func (l *Lookups) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Stats{l.memory.order.Len(), len(l.flights), l.sent, l.guard.degraded()}
}

// Lookup starts looking a query up, or joins the look-up under way, and never
// blocks.
func (l *Lookups) Lookup(q Query, ask Ask) *Lookup {
	ask.CachedOnly = ask.CachedOnly || q.Endpoint.path == ""
	c := &Lookup{lookups: l, key: q.Key(), subject: q.Subject, ask: ask}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, f := l.memory.load(c.key), l.flights[c.key]
	if l.trusted(e, ask.Refresh) {
		c.flight = &flight{done: closed, entry: e, cached: true}
		return c
	}
	if f != nil && (!ask.Refresh || !f.cached) {
		f.refresh = f.refresh || ask.Refresh
		if !ask.CachedOnly {
			f.callers++
		}
		c.flight = f
		return c
	}
	f = &flight{done: make(chan struct{}), known: e, began: time.Now(), refresh: ask.Refresh, callers: 1, charge: &charge{starter: c}}
	f.ctx, f.cancel = context.WithCancelCause(l.ctx)
	c.flight = f
	switch {
	case ask.CachedOnly && l.ctx.Err() == nil:
		l.running.Go(func() { l.runCachedOnly(q, f) })
	case !l.draining:
		l.flights[c.key] = f
		l.running.Go(func() { l.run(q, f) })
	default:
		f.err, f.ended = shuttingDown(), true
		f.cancel(nil)
		close(f.done)
	}
	return c
}

// trusted reports whether an entry of this process's memory is an answer by
// itself: usable, and not so long unchecked that another process may have
// refreshed it.
func (l *Lookups) trusted(e *entry, refresh bool) bool {
	return l.usable(e, refresh) && (time.Since(e.checked) < recheckAfter || l.guard.store == nil)
}

// abandon ends a look-up whose request is not sent. Lookups' lock is held.
func (l *Lookups) abandon(key string, f *flight, why *Error) {
	f.cancel(why)
	if l.flights[key] == f {
		delete(l.flights, key) // nobody joins it
	}
}

// run brings one look-up to its end.
func (l *Lookups) run(q Query, f *flight) {
	key := q.Key()
	v := l.guard.visit()
	defer v.end(func() { l.markSaved(f) })
	defer func() {
		if r := recover(); r != nil {
			l.settings.Log.Error("look-up panicked", "panic", panicText(r), "stack", string(debug.Stack()))
			if f.entry == nil || f.err != nil { // a paid answer is not lost with it
				f.entry, f.err = nil, &Error{Kind: Internal, Billed: UnknownBilling}
			}
		}
		f.waited = patience - v.remaining
		l.finish(key, f)
	}()
	if l.find(v, key, f) {
		return
	}
	if err := l.fetcher.Ready(); err != nil {
		f.err = AsError(err)
		return
	}
	select {
	case l.waiting <- struct{}{}:
		defer func() { <-l.waiting }()
		l.fetch(v, q, f)
	default:
		f.err = &Error{Kind: RateLimited, Billed: NotBilled, Overloaded: true, Detail: "too many look-ups are under way in this server"}
	}
}

// finish keeps what a look-up brought in this process's memory, and lets its
// callers have it.
func (l *Lookups) finish(key string, f *flight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.ended = true
	f.cancel(nil)
	if l.flights[key] == f { // and not one that came after it
		delete(l.flights, key)
	}
	if e := f.entry; e != nil {
		if kept := l.memory.load(key); f.cached && kept.at.Equal(e.at) {
			e.charge = kept.charge // which the store does not know
		}
		switch {
		case f.promised:
			f.entry = l.promise(key, f)
		case f.err == nil:
			l.remember(key, e)
		}
	}
	close(f.done)
}

// remember keeps an entry in this process's memory, unless that has a newer answer.
// Lookups' lock is held.
func (l *Lookups) remember(key string, e *entry) {
	if !l.memory.load(key).at.After(e.at) {
		l.memory.save(key, e, l.keepFor(e))
	}
}

// panicText describes a panic without its own text, which could hold the
// request's URL and with it the token.
func panicText(r any) string {
	if e, ok := r.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", r)
}
