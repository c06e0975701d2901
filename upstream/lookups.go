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
	// recheckAfter is how long this process's memory answers before it asks the store
	// whether another process has refreshed the answer.
	recheckAfter = time.Minute
	// closeGrace is how long Close waits for the store.
	closeGrace = 500 * time.Millisecond
)

// Settings of Lookups.
type Settings struct {
	Source   string        // name of the source, as results show it
	Upstream string        // base URL of the source, as stored answers name it
	TTL      time.Duration // how long an answer is fresh
	Stale    time.Duration // how much longer it may stand in for a failing source
	Timeout  time.Duration // of one request; no retry starts later than this after the first
	Rate     rate.Limit    // requests a second
	Log      *slog.Logger
	Observe  Observer
	// History makes the line that a paid answer adds to its blogger's history; a nil line
	// adds nothing. last is the newest line of the history, nil if that is empty. from is
	// Profile, SearchRow or NoteAuthor. The function is called concurrently. Without a
	// function no history is kept.
	History func(from *Endpoint, r *Response, last []byte) (line []byte)
}

// Observer has functions that count; each may be nil. They are called
// concurrently.
type Observer struct {
	// Request is called when a request has ended. outcome is "ok" or a Kind.
	Request func(endpoint, outcome string, billed bool, took time.Duration)
	// StoreFailure is called with one of StoreOperations.
	StoreFailure func(operation string)
}

// Lookups looks queries up: in memory and in the store, or else by one request that all
// callers for the same query share. After its request is sent, a look-up goes on even
// without callers, and its outcome is saved.
//
// The methods may be called concurrently.
type Lookups struct {
	settings Settings
	fetcher  Fetcher
	memory   *Memory
	guard    *guard
	limiter  *rate.Limiter
	waiting  chan struct{} // a semaphore for the look-ups that need a request
	pacing   chan struct{} // a lock for the look-up that waits for the rate of all processes

	ctx     context.Context // ends with Close
	cancel  context.CancelCauseFunc
	running sync.WaitGroup

	mu      sync.Mutex
	flights map[string]*flight // by key
	// charges lists, by key, the charges of which no caller was told. An element is the
	// caller that began the look-up, nil after it has left.
	charges  map[string][]*Lookup
	sent     int           // how many flights are sent
	draining bool          // nothing more is sent
	idle     chan struct{} // closed when the last of sent is saved after Drain began
	holdOffs map[*Endpoint]holdOff
	// budgetLeft is what the budget of all processes had left at budgetLeftAt.
	budgetLeft   int
	budgetLeftAt time.Time
	// balance is the latest request for the account's balance; nil before the first.
	balance *balance
}

// flight is a look-up under way. Its outcome (entry, err, cached) is set before done is
// closed.
type flight struct {
	done   chan struct{}
	entry  *entry // the answer; beside err, the failure as it is kept, or nil
	err    *Error
	known  *entry // the newest entry that this process or the store has, however old
	cached bool   // the answer was kept, not fetched by this look-up

	ctx          context.Context // for all that comes before a request; ends with the look-up
	began        time.Time
	knownFailure time.Time // when the latest failure before this look-up was; zero if there is none

	// Under the lock of Lookups:
	cancel   context.CancelCauseFunc
	callers  int  // those that have not left, without those that ask CachedOnly
	refresh  bool // a caller asked for a refresh
	promised bool // a caller got "pending"
	sent     bool // a request was sent, and its outcome is not saved yet
	ended    bool
	starter  *Lookup // the caller that began the look-up, until it leaves

	waited time.Duration // for the store; set before done is closed
}

// New makes Lookups over a source, this process's memory, and a store that outlives the
// process; nil is no store. The caller ends it with Close.
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
		guard:    newGuard(store, s, memory.budget > 0),
		// No bursts: requests go out evenly, so that no second sees more.
		limiter:    rate.NewLimiter(s.Rate, 1),
		waiting:    make(chan struct{}, maxWaiting),
		pacing:     make(chan struct{}, 1),
		ctx:        ctx,
		cancel:     cancel,
		flights:    make(map[string]*flight),
		charges:    make(map[string][]*Lookup),
		idle:       make(chan struct{}),
		holdOffs:   make(map[*Endpoint]holdOff),
		budgetLeft: memory.budget,
	}
}

// Drain stops the sending of requests, and ends the look-ups whose request is not sent.
// With a store it then waits until the outcomes of all sent requests are saved, or ctx
// ends. Stats says how many are not saved.
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

// Close ends the look-ups under way and waits for them, and then at most half a second for
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

// beginReading lets a caller use the store outside a look-up, until it calls end. Close
// waits for end. ok is false, and end nil, once Close was called.
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

// Left is how many requests the budget has left; limited is false where there is no
// budget. It counts the requests of other processes as the store last reported them, usually
// at most 10 s ago.
func (l *Lookups) Left() (n int, limited bool) {
	if l.memory.budget == 0 {
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
	Degraded bool // the store has failed and does not work again yet
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
	f = &flight{done: make(chan struct{}), known: e, began: time.Now(), refresh: ask.Refresh, callers: 1, starter: c}
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

// trusted reports whether an entry of this process's memory can answer without a look into
// the store: it is usable, and there is no store or it was asked within recheckAfter.
func (l *Lookups) trusted(e *entry, refresh bool) bool {
	return l.usable(e, refresh) && (time.Since(e.checked) < recheckAfter || l.guard.store == nil)
}

// abandon ends a look-up whose request is not sent, with the error why. The lock of Lookups
// is held.
func (l *Lookups) abandon(key string, f *flight, why *Error) {
	f.cancel(why)
	l.unlist(key, f)
}

// unlist keeps callers from joining a look-up. The lock of Lookups is held.
func (l *Lookups) unlist(key string, f *flight) {
	if l.flights[key] == f { // and not one that came after it
		delete(l.flights, key)
	}
}

// run runs one look-up, and ends it.
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
	if l.lookInStore(v, key, f) {
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

// finish ends a look-up: it keeps the outcome in this process's memory and closes done.
func (l *Lookups) finish(key string, f *flight) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.ended = true
	f.cancel(nil)
	l.unlist(key, f)
	if e := f.entry; e != nil {
		switch {
		case f.promised:
			f.entry = l.promise(key, f)
		case f.err == nil:
			l.remember(key, e)
		}
	}
	close(f.done)
}

// addCharge notes a charge of which c is to be told, or any caller where c is nil. The lock of
// Lookups is held.
func (l *Lookups) addCharge(key string, c *Lookup) { l.charges[key] = append(l.charges[key], c) }

// remember keeps an entry in this process's memory, unless that has a newer answer. The lock
// of Lookups is held.
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
