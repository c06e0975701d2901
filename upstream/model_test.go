package upstream_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

var modelSeed = flag.Uint64("model.seed", 0, "seed of the model test; 0 picks one")

const (
	modelSteps   = 10_000
	modelIDs     = 6
	modelTTL     = time.Minute
	modelStale   = 2 * time.Minute
	modelTimeout = 20 * time.Second
	modelOwed    = 5 * time.Minute
)

// memory is what the model knows of a blogger.
type memory struct {
	profile *upstream.Response
	missing *upstream.Error
	at      time.Time
}

// caller waits for a look-up.
type caller struct {
	lookup           *upstream.Lookup
	starter, refresh bool
	stored           memory // at the call
}

// trip is a look-up under way; retryAt is zero while its request is open.
type trip struct {
	callers []*caller
	refresh bool // one of them wants or wanted a refresh
	begin   time.Time
	tries   int
	retryAt time.Time
	last    *upstream.Error
}

// model is a plain, sequential account of what a Lookups must do.
type model struct {
	t       *testing.T
	rng     *rand.Rand
	d       *upstream.Lookups
	source  *desk
	known   map[string]memory
	trips   map[string]*trip
	owed    map[string]time.Time // refreshes that all who wanted them had left
	holds   time.Time            // until when no request goes out
	because upstream.Kind
	charged int // profiles that were charged while their first caller waited
	told    int // answers that say so
}

// A directory and the model see the same calls, departures, answers and times in
// random order; each caller must get what the model says, and the requests that
// lie open must be the model's.
func TestModel(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("repeat with -model.seed=%d", seed)
	synctest.Test(t, func(t *testing.T) {
		s := settings()
		s.TTL, s.Stale, s.Timeout = modelTTL, modelStale, modelTimeout
		source := &desk{t: t, open: make(map[string]chan answer)}
		m := &model{
			t: t, rng: rand.New(rand.NewPCG(seed, 0)), source: source, d: upstream.New(s, source, upstream.NewMemory(1000, 0)),
			known: make(map[string]memory), trips: make(map[string]*trip), owed: make(map[string]time.Time),
		}
		defer m.d.Close()
		for step := range modelSteps {
			switch n := m.rng.IntN(10); {
			case n < 4:
				m.call()
			case n < 5:
				m.leave()
			case n < 8:
				m.answer()
			default:
				m.wait()
			}
			m.compare()
			if t.Failed() {
				t.Fatalf("at step %d", step)
			}
		}
		if m.told != m.charged || m.told == 0 {
			t.Errorf("%d answers say that they were charged, want %d", m.told, m.charged)
		}
	})
}

func (m *model) call() {
	id, refresh, now := blogger(m.rng.IntN(modelIDs)), m.rng.IntN(5) == 0, time.Now()
	k := m.known[id]
	c := &caller{lookup: m.d.Lookup(id, refresh), refresh: refresh, stored: k}
	synctest.Wait()
	joined := m.trips[id]
	paid := !refresh
	if refresh {
		since, ok := m.owed[id]
		paid = joined == nil && ok && now.Sub(since) < modelOwed
		delete(m.owed, id)
	}
	switch {
	case paid && k.profile != nil && now.Sub(k.at) < modelTTL:
		m.check(c, upstream.Answer{Response: k.profile, Age: now.Sub(k.at), Cached: true}, nil)
	case paid && k.missing != nil && now.Sub(k.at) < modelTTL/6:
		m.check(c, upstream.Answer{}, &upstream.Error{Kind: upstream.NotFound, Billed: upstream.NotBilled, Remembered: true})
	case joined != nil:
		joined.callers = append(joined.callers, c)
		joined.refresh = joined.refresh || refresh
	case now.Before(m.holds):
		m.check(c, upstream.Answer{}, &upstream.Error{Kind: m.because, Billed: upstream.NotBilled, Remembered: true})
	default:
		c.starter = true
		m.trips[id] = &trip{callers: []*caller{c}, refresh: refresh, begin: now, tries: 1}
	}
}

// leave lets a caller stop waiting; nobody reads its answer.
func (m *model) leave() {
	if tr := m.trips[m.pick(func(tr *trip) bool { return len(tr.callers) > 0 })]; tr != nil {
		i := m.rng.IntN(len(tr.callers))
		tr.callers = slices.Delete(tr.callers, i, i+1)
	}
}

// answer lets the source answer one of the open requests.
func (m *model) answer() {
	id := m.pick(func(tr *trip) bool { return tr.retryAt.IsZero() })
	tr, now := m.trips[id], time.Now()
	o := outcomes[m.rng.IntN(len(outcomes))]
	// Which of two different hold-offs wins is left open.
	if tr == nil || !m.source.isOpen(id) || o.hold > 0 && m.holds.Sub(now) >= o.hold {
		return
	}
	p := found(id)
	p.Billed = !o.free
	m.source.give(id, func() (*upstream.Response, error) {
		if o.fails == nil {
			return p, nil
		}
		e := *o.fails
		return nil, &e
	})
	synctest.Wait()
	if o.hold > 0 {
		m.holds, m.because = now.Add(o.hold), o.fails.Kind
	}
	switch {
	case o.fails == nil:
		m.known[id] = memory{profile: p, at: now}
		if p.Billed && slices.ContainsFunc(tr.callers, func(c *caller) bool { return c.starter }) {
			m.charged++
		}
		m.owe(id)
		for _, c := range tr.callers {
			m.check(c, upstream.Answer{Response: p, Billed: c.starter && p.Billed}, nil)
		}
		delete(m.trips, id)
	case o.again && tr.tries < 3 && now.Sub(tr.begin)+modelRetry <= modelTimeout:
		tr.tries, tr.retryAt, tr.last = tr.tries+1, now.Add(modelRetry), o.fails
	default:
		if o.fails.Billed == upstream.Billed {
			m.known[id] = memory{missing: o.fails, at: now}
			m.owe(id)
		}
		m.fail(id, o.fails)
	}
}

// owe notes a refresh that was paid for and that nobody waits for any more.
func (m *model) owe(id string) {
	tr := m.trips[id]
	if tr.refresh && !slices.ContainsFunc(tr.callers, func(c *caller) bool { return c.refresh }) {
		m.owed[id] = time.Now()
	} else if tr.refresh {
		delete(m.owed, id)
	}
}

// wait lets time pass; requests that are due go out again, unless they are held off.
func (m *model) wait() {
	times := []time.Duration{time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, 61 * time.Second, 3 * time.Minute}
	time.Sleep(times[min(m.rng.IntN(len(times)), m.rng.IntN(len(times)))])
	synctest.Wait()
	for i := range modelIDs {
		tr := m.trips[blogger(i)]
		switch {
		case tr == nil || tr.retryAt.IsZero() || tr.retryAt.After(time.Now()):
		case tr.retryAt.Before(m.holds):
			m.fail(blogger(i), tr.last)
		default:
			tr.retryAt = time.Time{}
		}
	}
}

// fail ends a look-up: with the stored profile where that may stand in.
func (m *model) fail(id string, e *upstream.Error) {
	retryable := !slices.Contains([]upstream.Kind{upstream.NotFound, upstream.InvalidParameters, upstream.InsufficientBalance, upstream.QuotaExceeded}, e.Kind)
	for _, c := range m.trips[id].callers {
		k, want := c.stored, *e
		if age := time.Since(k.at); retryable && !c.refresh && k.profile != nil && age < modelTTL+modelStale {
			m.check(c, upstream.Answer{Response: k.profile, Age: age, Cached: true, Stale: true, Failed: &want}, nil)
			continue
		}
		if want.Billed == upstream.Billed && !c.starter {
			want.Billed = upstream.NotBilled
		}
		m.check(c, upstream.Answer{}, &want)
	}
	delete(m.trips, id)
}

// check compares what one caller gets.
func (m *model) check(c *caller, want upstream.Answer, fails *upstream.Error) {
	m.t.Helper()
	if !done(c.lookup) {
		m.t.Errorf("a look-up is not done, want %+v, %v", want, fails)
		return
	}
	a, err := c.lookup.Answer()
	e := typed(m.t, err)
	if a.Billed {
		m.told++
	}
	if e != nil && fails != nil {
		if e.Kind != fails.Kind || e.Billed != fails.Billed || e.Remembered != fails.Remembered {
			m.t.Errorf("caller %+v got error %#v, want %#v", c, e, fails)
		}
		return
	}
	sameFailure := (a.Failed == nil) == (want.Failed == nil) && (a.Failed == nil || a.Failed.Kind == want.Failed.Kind)
	a.Failed, want.Failed = nil, nil
	if e != fails || a != want || !sameFailure {
		m.t.Errorf("caller %+v got %+v, %v, want %+v, %v", c, a, e, want, fails)
	}
}

// compare checks what lies open after a step.
func (m *model) compare() {
	m.t.Helper()
	for i := range modelIDs {
		tr, open := m.trips[blogger(i)], m.source.isOpen(blogger(i))
		if want := tr != nil && tr.retryAt.IsZero(); open != want {
			m.t.Errorf("blogger %d: request open %v, want %v", i, open, want)
		}
		if tr != nil && slices.ContainsFunc(tr.callers, func(c *caller) bool { return done(c.lookup) }) {
			m.t.Errorf("blogger %d: done before its time", i)
		}
	}
	if n := m.d.Stats().InFlight; n != len(m.trips) {
		m.t.Errorf("%d look-ups are under way, want %d", n, len(m.trips))
	}
}

// pick gives the id of a look-up that fits; "" if none does.
func (m *model) pick(fits func(*trip) bool) string {
	var ids []string
	for i := range modelIDs {
		if tr := m.trips[blogger(i)]; tr != nil && fits(tr) {
			ids = append(ids, blogger(i))
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[m.rng.IntN(len(ids))]
}
