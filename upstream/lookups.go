package upstream

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// maxOpen bounds the look-ups under way, so that a flood of callers that
	// gave up cannot pile up work without end.
	maxOpen = 5000

	// unreadFor is how long a refresh that none of its callers has read is kept
	// for one of them to come back.
	unreadFor = 5 * time.Minute
)

// Settings of a Lookups. Times are as in the published flags.
type Settings struct {
	Source  string        // name of the source, as results show it
	TTL     time.Duration // how long a profile is fresh
	Stale   time.Duration // how much longer it may stand in for a failing source
	Timeout time.Duration // of one request; no retry starts later than this after the first
	Rate    rate.Limit    // requests a second
	Log     *slog.Logger
	// Observe is told of every request that went out; nil if nobody listens.
	Observe func(outcome string, took time.Duration)
}

// Lookups looks bloggers up: from memory where it can, else by one request
// that all callers for the same blogger share. A look-up belongs to the
// Lookups: callers come and go, and what it brings is stored.
//
// Its methods may be called concurrently.
type Lookups struct {
	settings Settings
	fetcher  Fetcher
	store    Store
	limiter  *rate.Limiter

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu           sync.Mutex
	inflight     map[string]*inflightLookup
	unread       map[string]time.Time // refreshes that ended and that nobody has read, by user id
	closed       bool
	block        *Error    // why no request goes out
	blockedUntil time.Time // until when
}

// inflightLookup is a look-up under way. Its results are set before done is closed.
type inflightLookup struct {
	done    chan struct{}
	profile *Response
	err     *Error
	refresh bool // somebody asked for a refresh; under the Lookups's lock
}

// New makes a directory over a source and a store. Close ends it.
func New(s Settings, f Fetcher, store Store) *Lookups {
	ctx, cancel := context.WithCancel(context.Background())
	return &Lookups{
		settings: s,
		fetcher:  f,
		store:    store,
		// No bursts: requests go out evenly, so that no second sees more.
		limiter:  rate.NewLimiter(s.Rate, 1),
		ctx:      ctx,
		cancel:   cancel,
		inflight: make(map[string]*inflightLookup),
		unread:   make(map[string]time.Time),
	}
}

// Close ends the look-ups under way and waits for them.
func (d *Lookups) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.cancel()
	d.running.Wait()
}

// Source names where profiles come from.
func (d *Lookups) Source() string { return d.settings.Source }

// Left is how many requests the budget still has; limited is false where there
// is none.
func (d *Lookups) Left() (n int, limited bool) { return d.store.Left() }

// Stats are figures of the moment.
type Stats struct {
	Entries  int // answers in memory
	InFlight int // look-ups under way
}

// Stats gives the figures of the moment.
func (d *Lookups) Stats() Stats {
	d.mu.Lock()
	open := len(d.inflight)
	d.mu.Unlock()
	return Stats{d.store.Entries(), open}
}

// Lookup starts looking a blogger up, or joins the look-up under way, and
// never blocks. With refresh the source is asked although a fresh profile is
// in memory; but a refresh that has ended and that nobody who asked for it has
// read is not paid for again, it is read from memory. userID is 24 lower-case
// hex digits.
func (d *Lookups) Lookup(userID string, refresh bool) *Lookup {
	l := &Lookup{d: d, userID: userID, refresh: refresh}
	l.stored, l.known = d.store.Load(userID)
	if !refresh && l.fresh() {
		return l
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	paid := refresh && d.takeUnread(userID)
	if f, ok := d.inflight[userID]; ok {
		f.refresh = f.refresh || refresh
		l.flight = f
		return l
	}
	// A look-up may have ended between the two.
	l.stored, l.known = d.store.Load(userID)
	if (!refresh || paid) && l.fresh() {
		return l
	}
	f := &inflightLookup{done: make(chan struct{}), refresh: refresh}
	l.flight, l.started = f, true
	switch {
	case d.closed:
		f.err = shuttingDown()
	case len(d.inflight) >= maxOpen:
		f.err = &Error{Kind: RateLimited, Billed: NotBilled, Detail: "too many look-ups are under way in this server"}
	}
	if f.err != nil {
		close(f.done)
		return l
	}
	d.inflight[userID] = f
	d.running.Go(func() { d.run(userID, f) })
	return l
}

// markUnread notes a refresh that has ended, until one of its callers reads it. Who
// reads the profile without asking for a refresh may be somebody else.
func (d *Lookups) markUnread(userID string) {
	now := time.Now().Round(0) // see NewResponse
	if len(d.unread) >= maxOpen {
		maps.DeleteFunc(d.unread, func(_ string, since time.Time) bool { return now.Sub(since) >= unreadFor })
	}
	if len(d.unread) < maxOpen {
		d.unread[userID] = now
	}
}

// takeUnread reports whether there is such a refresh, and takes it.
func (d *Lookups) takeUnread(userID string) bool {
	since, ok := d.unread[userID]
	delete(d.unread, userID)
	return ok && time.Since(since) < unreadFor
}

// run runs one look-up to its end and stores what was paid for.
func (d *Lookups) run(userID string, f *inflightLookup) {
	stored := false
	defer func() {
		if r := recover(); r != nil {
			d.settings.Log.Error("look-up panicked", "panic", panicText(r), "stack", string(debug.Stack()))
			f.profile, f.err = nil, &Error{Kind: Internal, Billed: UnknownBilling}
		}
		d.mu.Lock()
		delete(d.inflight, userID)
		if stored && f.refresh {
			d.markUnread(userID)
		}
		d.mu.Unlock()
		close(f.done)
	}()
	unlock, err := d.store.Lock(d.ctx, userID)
	if err != nil {
		f.err = AsError(err)
		return
	}
	defer unlock()
	f.profile, err = d.fetch(userID)
	entry, keep := Entry{Response: f.profile, At: time.Now().Round(0)}, d.settings.TTL+d.settings.Stale // see NewResponse
	if err != nil {
		f.err = AsError(err)
		if f.err.Billed != Billed {
			return
		}
		entry.Missing, keep = f.err, d.missingTTL()
	}
	d.store.Save(userID, entry, keep)
	stored = true
}

// panicText tells what can be told of a panic: its own text could hold the
// request's URL, and with it the token.
func panicText(r any) string {
	if e, ok := r.(runtime.Error); ok {
		return e.Error()
	}
	return fmt.Sprintf("%T", r)
}

// missingTTL is how long a paid "there is no such blogger" is remembered.
func (d *Lookups) missingTTL() time.Duration { return d.settings.TTL / 6 }
