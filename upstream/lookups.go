package upstream

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/patrickmn/go-cache"
	"golang.org/x/time/rate"
)

const (
	// maxInflight bounds the look-ups under way, so that a flood of callers
	// that gave up cannot pile up work without end.
	maxInflight = 5000
	// trusted is how long this process's memory answers without asking the
	// store whether another process has refreshed an answer.
	trusted = time.Minute
)

// Settings of Lookups. Times are as in the published flags.
type Settings struct {
	Source  string        // name of the source, as results show it
	TTL     time.Duration // how long an answer is fresh
	Stale   time.Duration // how much longer it may stand in for a failing source
	Timeout time.Duration // of one request; no retry starts later than this after the first
	Rate    rate.Limit    // requests a second
	Log     *slog.Logger
	Observe Observer
}

// Observer has functions that count; each may be nil. They are called
// concurrently.
type Observer struct {
	Request      func(endpoint, outcome string, billed bool, took time.Duration) // one went out and ended
	StoreFailure func(operation string)                                          // load, save, lock, budget or rate
}

// Lookups look bloggers up: from memory where they can, else by one request that
// all callers for the same query share. A look-up belongs to Lookups: callers
// come and go, and what it brings is stored.
//
// Their methods may be called concurrently.
type Lookups struct {
	settings Settings
	fetcher  Fetcher
	memory   *Memory
	shared   *shared
	limiter  *rate.Limiter

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu         sync.Mutex
	inflight   map[string]*inflight // by key
	failed     *cache.Cache         // look-ups that failed after callers had left them, by key
	blocked    map[*Endpoint]block
	budgetLeft int // of all processes, when it was last asked
}

// inflight is a look-up under way. Its results are set before done is closed.
type inflight struct {
	done  chan struct{}
	entry Entry // the answer, unless there is err
	err   *Error
	// fallback is an older answer that may stand in for a failing source.
	fallback Entry

	// Under the lock of Lookups:
	fromStore      bool    // the store has the answer: this process does not pay
	refresh        bool    // somebody asked for a refresh
	charge         *charge // the answer's, where the source charges for it
	gone           int     // callers that left
	refreshersGone int     // of them, those that asked for a refresh
	ended          bool
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
	ctx, cancel := context.WithCancel(context.Background())
	return &Lookups{
		settings: s,
		fetcher:  f,
		memory:   memory,
		shared: &shared{
			ctx: ctx, store: store, log: s.Log, fail: s.Observe.StoreFailure,
			pacing: make(chan struct{}, 1), failed: make(map[string]time.Time),
		},
		// No bursts: requests go out evenly, so that no second sees more.
		limiter:    rate.NewLimiter(s.Rate, 1),
		ctx:        ctx,
		cancel:     cancel,
		inflight:   make(map[string]*inflight),
		failed:     cache.New(unreadFor, 0),
		blocked:    make(map[*Endpoint]block),
		budgetLeft: memory.limit,
	}
}

// Close ends the look-ups under way and waits for them.
func (l *Lookups) Close() {
	l.mu.Lock()
	l.cancel() // with the lock: no look-up begins after it
	l.mu.Unlock()
	l.running.Wait()
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
	return min(l.memory.Left(), l.budgetLeft), true
}

// askLeft asks how many requests all processes have left.
func (l *Lookups) askLeft(v *visit) {
	if l.memory.limit == 0 {
		return
	}
	left, err := reach(v, "budget", nil, Store.Left)
	if err != nil {
		left = l.memory.limit // this process's own count is all there is
	}
	l.mu.Lock()
	l.budgetLeft = left
	l.mu.Unlock()
}

// Stats are figures of the moment.
type Stats struct {
	Entries  int // answers in this process's memory
	InFlight int // look-ups under way
}

// Stats gives the figures of the moment.
func (l *Lookups) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Stats{l.memory.Entries(), len(l.inflight)}
}

// Ask is how a query is asked.
type Ask struct {
	// Refresh asks the source again, unless the answer in memory is younger than
	// 5 minutes.
	Refresh bool
	// CachedOnly pays nothing: it serves what is kept, past its time too, and joins
	// a look-up under way; else the error is NotCached.
	CachedOnly bool
}

// Lookup starts looking a query up, or joins the look-up under way, and never
// blocks.
func (l *Lookups) Lookup(q Query, ask Ask) *Lookup {
	refresh := ask.Refresh
	c := &Lookup{lookups: l, key: q.Key(), refresh: refresh, cachedOnly: ask.CachedOnly || q.Endpoint.path == ""}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.memory.Load(c.key)
	f := l.inflight[c.key]
	joins := f != nil && (!refresh || !f.fromStore)
	if refresh && !joins && l.takeRefresh(c.key, e) {
		refresh = false
	}
	if !refresh && l.answers(e) {
		c.inflight = remembered(e)
		return c
	}
	if joins {
		f.refresh = f.refresh || refresh
		c.inflight = f
		return c
	}
	if c.cachedOnly {
		c.inflight = &inflight{done: make(chan struct{})}
		l.running.Go(func() { l.fromCache(c.key, c.inflight) })
		return c
	}
	if f := l.takeFailure(c.key); f != nil {
		c.inflight, c.late = f, true
		return c
	}
	f = &inflight{done: make(chan struct{}), refresh: refresh, charge: &charge{starter: c}, fallback: e}
	c.inflight = f
	switch {
	case l.ctx.Err() != nil:
		f.err = shuttingDown()
		close(f.done)
	case len(l.inflight) >= maxInflight:
		f.err = &Error{Kind: RateLimited, Billed: NotBilled, Overloaded: true, Detail: "too many look-ups are under way in this server"}
		close(f.done)
	default:
		l.inflight[c.key] = f
		l.running.Go(func() { l.run(q, f) })
	}
	return c
}

// run brings one look-up to its end and stores what was paid for.
func (l *Lookups) run(q Query, f *inflight) {
	key := q.Key()
	defer func() {
		if r := recover(); r != nil {
			l.settings.Log.Error("look-up panicked", "panic", panicText(r), "stack", string(debug.Stack()))
			f.entry, f.err = Entry{}, &Error{Kind: Internal, Billed: UnknownBilling}
		}
		l.mu.Lock()
		if l.inflight[key] == f { // and not a refresh that came after it
			delete(l.inflight, key)
		}
		l.landed(key, f)
		l.mu.Unlock()
		close(f.done)
	}()
	v := &visit{l.shared, storePatience}
	l.askLeft(v)
	defer l.askLeft(v)
	unlock, found := l.find(v, key, f)
	if found {
		return
	}
	defer unlock()
	r, fail := l.fetch(v, q)
	if fail != nil && fail.Billed != Billed {
		f.err = fail
		return
	}
	now := time.Now().Round(0) // see NewResponse
	f.entry = Entry{Response: r, Missing: fail, At: now, checked: now}
	if fail != nil || r.Billed {
		f.entry.charge = f.charge
	}
	l.mu.Lock()
	f.entry.refreshes = f.refreshersGone
	l.mu.Unlock()
	v.save(key, f.entry, l.keepFor(f.entry))
	if r != nil && q.Endpoint.rows != nil {
		for _, row := range q.Endpoint.rows(r.Data()) {
			e := Entry{Response: &Response{Subject: row.query.Subject, FetchedAt: r.FetchedAt, packed: pack(row.data)}, At: now, checked: now}
			l.mu.Lock()
			l.store(row.query.Key(), e)
			l.mu.Unlock()
			v.save(row.query.Key(), e, l.keepFor(e))
		}
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
