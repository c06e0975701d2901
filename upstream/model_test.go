package upstream_test

import (
	"flag"
	"fmt"
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
	modelPromise = 5 * time.Minute
)

// memory is what the model knows of a blogger.
type memory struct {
	profile  *upstream.Response
	missing  *upstream.Error
	at       time.Time
	promised bool
}

// caller waits for a look-up.
type caller struct {
	id               string
	lookup           *upstream.Lookup
	starter, refresh bool
	late             bool    // the look-up had failed before
	stored           *memory // at the call
}

// trip is a look-up under way; retryAt is zero while its request is open.
type trip struct {
	callers  []*caller
	promised bool // a caller was told that it goes on
	begin    time.Time
	tries    int
	retryAt  time.Time
	last     *upstream.Error
}

// model is a plain, sequential account of what a Lookups must do.
type model struct {
	t           *testing.T
	rng         *rand.Rand
	d           *upstream.Lookups
	source      *desk
	known       map[string]*memory
	trips       map[string]*trip
	lost        map[string]*loss
	charges     map[string]int              // still to be told to whoever reads next
	undelivered map[*upstream.Lookup]string // by look-ups whose answers cannot be written: the blogger
	holds       time.Time                   // until when no request goes out
	because     upstream.Kind
	told        int // answers that say that they were charged
}

// loss is a look-up that failed after a caller was told that it goes on.
type loss struct {
	err   *upstream.Error
	since time.Time
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
			t: t, rng: rand.New(rand.NewPCG(seed, 0)), source: source, d: upstream.New(s, source, upstream.NewMemory(1000, 0), nil),
			known: make(map[string]*memory), trips: make(map[string]*trip), lost: make(map[string]*loss), charges: make(map[string]int), undelivered: make(map[*upstream.Lookup]string),
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
			for l, id := range m.undelivered {
				l.Undelivered()
				m.charges[id]++
			}
			clear(m.undelivered)
			m.compare()
			if t.Failed() {
				t.Fatalf("step %d failed, want each to pass", step)
			}
		}
		if m.told == 0 {
			t.Error("no answer is billed, want one at least")
		}
	})
}

func (m *model) call() {
	id, refresh, now := blogger(m.rng.IntN(modelIDs)), m.rng.IntN(5) == 0, time.Now()
	k := m.known[id]
	if k == nil {
		k = &memory{}
	}
	c := &caller{id: id, lookup: m.d.Lookup(profile(id), upstream.Ask{Refresh: refresh}), refresh: refresh, stored: k}
	synctest.Wait()
	joined, lost := m.trips[id], m.lost[id]
	switch limit := k.limit(refresh); {
	case k.profile != nil && now.Sub(k.at) < limit:
		m.check(c, upstream.Answer{Response: k.profile, Age: now.Sub(k.at), Cached: true, Billed: m.takeCharge(id)}, nil)
	case k.missing != nil && now.Sub(k.at) < limit:
		m.check(c, upstream.Answer{}, &upstream.Error{Kind: upstream.NotFound, Billed: billing(m.takeCharge(id)), Remembered: true})
	case joined != nil:
		joined.callers = append(joined.callers, c)
	case lost != nil && now.Sub(lost.since) < modelPromise:
		delete(m.lost, id)
		c.late = true
		m.fails(c, lost.err)
	default:
		delete(m.lost, id)
		m.begin(id, c)
	}
}

// limit is the age from which an answer is asked for anew.
func (k *memory) limit(refresh bool) time.Duration {
	limit := modelTTL
	if k.missing != nil {
		limit /= 6
	}
	if k.promised {
		limit = max(limit, modelPromise)
	}
	if refresh {
		limit = min(limit, modelPromise)
	}
	return limit
}

// begin is for a caller that nothing else answers.
func (m *model) begin(id string, c *caller) {
	switch now := time.Now(); {
	case now.Before(m.holds):
		m.check(c, upstream.Answer{}, &upstream.Error{Kind: m.because, Billed: upstream.NotBilled, Remembered: true})
	default:
		c.starter = true
		m.trips[id] = &trip{callers: []*caller{c}, begin: now, tries: 1}
	}
}

func billing(charged bool) upstream.Billing {
	if charged {
		return upstream.Billed
	}
	return upstream.NotBilled
}

// takeCharge is for a caller that reads an answer while a charge is still to be told.
func (m *model) takeCharge(id string) bool {
	owed := m.charges[id] > 0
	if owed {
		m.charges[id]--
	}
	return owed
}

// leave lets a caller stop waiting.
func (m *model) leave() {
	id := m.pick(func(tr *trip) bool { return len(tr.callers) > 0 })
	tr := m.trips[id]
	if tr == nil {
		return
	}
	i := m.rng.IntN(len(tr.callers))
	c := tr.callers[i]
	tr.callers = slices.Delete(tr.callers, i, i+1)
	if m.rng.IntN(2) == 0 {
		c.lookup.LeavePending()
		tr.promised = true
		return
	}
	c.lookup.Leave()
	synctest.Wait()
	if !tr.retryAt.IsZero() && len(tr.callers) == 0 && !tr.promised { // nobody waits for the retry
		delete(m.trips, id)
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
	p := upstream.NewResponse(id, []byte(`{}`), "", !o.free)
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
		told := m.land(id, &memory{profile: p, at: now, promised: tr.promised}, !o.free)
		for _, c := range tr.callers {
			m.check(c, upstream.Answer{Response: p, Billed: c == told || m.takeCharge(id)}, nil)
		}
	case o.fails.Billed == upstream.Billed:
		told := m.land(id, &memory{missing: o.fails, at: now, promised: tr.promised}, true)
		for _, c := range tr.callers {
			m.check(c, upstream.Answer{}, &upstream.Error{Kind: o.fails.Kind, Billed: billing(c == told || m.takeCharge(id))})
		}
	case o.again && tr.tries < 3 && now.Sub(tr.begin)+modelRetry <= modelTimeout:
		if len(tr.callers) == 0 && !tr.promised {
			delete(m.trips, id)
			return
		}
		tr.tries, tr.retryAt, tr.last = tr.tries+1, now.Add(modelRetry), o.fails
	default:
		m.fail(id, o.fails)
	}
}

// land keeps an answer and gives the caller that is told of its charge: the one that began
// the look-up. Where that one has left, the next that reads is told.
func (m *model) land(id string, k *memory, charged bool) (told *caller) {
	tr := m.trips[id]
	for _, c := range tr.callers {
		if charged && c.starter {
			told = c
		}
		c.stored = k
	}
	if charged && told == nil {
		m.charges[id]++
	}
	m.known[id] = k
	delete(m.trips, id)
	return told
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
	tr := m.trips[id]
	for _, c := range tr.callers {
		m.fails(c, e)
	}
	if tr.promised {
		since := time.Now()
		if !tr.retryAt.IsZero() { // it ended when its retry was held off
			since = tr.retryAt
		}
		m.lost[id] = &loss{e, since}
	}
	delete(m.trips, id)
}

// fails is what one caller hears of a failure.
func (m *model) fails(c *caller, e *upstream.Error) {
	m.t.Helper()
	retryable := !slices.Contains([]upstream.Kind{upstream.NotFound, upstream.InvalidParameters, upstream.InsufficientBalance, upstream.QuotaExceeded}, e.Kind)
	k, want := c.stored, *e
	if age := time.Since(k.at); retryable && !c.refresh && k.profile != nil && age < modelTTL+modelStale {
		m.check(c, upstream.Answer{Response: k.profile, Age: age, Cached: true, Billed: m.takeCharge(c.id), Stale: true, Failed: &want}, nil)
		return
	}
	want.Remembered = want.Remembered || c.late
	m.check(c, upstream.Answer{}, &want)
}

// check compares what one caller gets.
func (m *model) check(c *caller, want upstream.Answer, fails *upstream.Error) {
	m.t.Helper()
	if !done(c.lookup) {
		m.t.Errorf("the look-up of caller %+v is not done, want %+v, %v", c, want, fails)
		return
	}
	a, err := c.lookup.Answer()
	e := typed(m.t, err)
	if a.Billed || e != nil && e.Billed == upstream.Billed {
		m.told++
		if m.rng.IntN(4) == 0 {
			m.undelivered[c.lookup] = c.id
		}
	}
	if e != nil && fails != nil {
		if e.Kind != fails.Kind {
			m.t.Errorf("the error of caller %+v is %+v, want %s", c, *e, fails.Kind)
		}
		if e.Billed != fails.Billed {
			m.t.Errorf("the error of caller %+v is %+v, want Billed %s", c, *e, fails.Billed)
		}
		if e.Remembered != fails.Remembered {
			m.t.Errorf("the error of caller %+v is %+v, want Remembered %v", c, *e, fails.Remembered)
		}
		return
	}
	if e != fails {
		m.t.Errorf("the look-up of caller %+v ends with %+v, %v, want %+v, %v", c, a, e, want, fails)
		return
	}
	if got, want := kindOf(a.Failed), kindOf(want.Failed); got != want {
		m.t.Errorf("the answer of caller %+v is of a source that fails with %q, want %q", c, got, want)
	}
	a.Failed, want.Failed = nil, nil
	wantAnswer(m.t, fmt.Sprintf("the answer of caller %+v", c), a, want)
}

// kindOf is the kind of a failure; "" for none.
func kindOf(e *upstream.Error) upstream.Kind {
	if e == nil {
		return ""
	}
	return e.Kind
}

// compare checks what lies open after a step.
func (m *model) compare() {
	m.t.Helper()
	for i := range modelIDs {
		tr, open := m.trips[blogger(i)], m.source.isOpen(blogger(i))
		if want := tr != nil && tr.retryAt.IsZero(); open != want {
			m.t.Errorf("the request for blogger %d is open: %v, want %v", i, open, want)
		}
		if tr != nil && slices.ContainsFunc(tr.callers, func(c *caller) bool { return done(c.lookup) }) {
			m.t.Errorf("the look-up of blogger %d is done, want it under way", i)
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
