package upstream_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// fleet is a random life of several processes with different settings over one
// store, and what must hold of it.
type fleet struct {
	t         *testing.T
	rng       *rand.Rand
	store     *common
	processes []*upstream.Lookups
	ttls      []time.Duration

	mu    sync.Mutex
	open  map[string]int       // requests under way
	paid  map[string]time.Time // the latest paid answer
	count int                  // paid answers
	told  int                  // answers and failures that say that they were billed
}

func (*fleet) Ready() error { return nil }

// Fetch checks that a request has a reason: no other one is under way for this
// blogger, and no answer is fresh by anybody's settings.
func (f *fleet) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	f.mu.Lock()
	if f.open[q.Subject]++; f.open[q.Subject] > 1 {
		f.t.Errorf("%d requests for %s are under way, want one", f.open[q.Subject], q.Subject)
	}
	if at, ok := f.paid[q.Subject]; ok && time.Since(at) < f.ttls[0] {
		f.t.Errorf("%s is paid for again after %s, want %s at least", q.Subject, time.Since(at), f.ttls[0])
	}
	took, lot := time.Duration(f.rng.IntN(20_000))*time.Millisecond, f.rng.IntN(10)
	f.mu.Unlock()
	select {
	case <-time.After(took):
	case <-ctx.Done():
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[q.Subject]--
	switch {
	case ctx.Err() != nil || lot == 0:
		return nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}
	case lot == 1:
		return nil, &upstream.Error{Kind: upstream.CollectionFailed, Code: 301, Billed: upstream.NotBilled}
	}
	f.count++
	f.paid[q.Subject] = time.Now()
	return found(q.Subject), nil
}

// caller asks a process, and waits, goes away, or is told "pending".
func (f *fleet) caller(d *upstream.Lookups, id string, ask upstream.Ask, patience time.Duration, pending bool) {
	l := d.Lookup(profile(id), ask)
	select {
	case <-l.Done():
		a, err := l.Answer()
		f.mu.Lock()
		defer f.mu.Unlock()
		if err == nil && a.Billed {
			f.told++
			if f.rng.IntN(5) == 0 {
				l.Undelivered()
				f.told--
			}
		}
	case <-time.After(patience):
		if pending {
			l.LeavePending()
		} else {
			l.Leave()
		}
	}
}

// Several processes with different settings share a store that is slow but healthy,
// and pauses for less than look-ups wait for it; callers come, go before and after
// the request is sent, and come back. No two requests for a blogger are under way,
// none is sent for what is fresh, and each charge is told once.
func TestProcessesOverASlowStore(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("repeat with -model.seed=%d", seed)
	synctest.Test(t, func(t *testing.T) {
		f := &fleet{t: t, rng: rand.New(rand.NewPCG(seed, 1)), store: newCommon(0), open: map[string]int{}, paid: map[string]time.Time{}}
		f.ttls = []time.Duration{6 * time.Minute, 20 * time.Minute, time.Hour}
		f.store.breaks(func(context.Context, string) error {
			f.mu.Lock()
			slow := time.Duration(f.rng.IntN(50)) * time.Millisecond
			f.mu.Unlock()
			time.Sleep(slow)
			return nil
		})
		for _, ttl := range f.ttls {
			s := settings()
			s.TTL, s.Stale = ttl, time.Minute
			d := upstream.New(s, f, upstream.NewMemory(100, 0), f.store)
			defer d.Close()
			f.processes = append(f.processes, d)
		}
		var callers sync.WaitGroup
		for range 3000 {
			f.mu.Lock()
			d := f.processes[f.rng.IntN(len(f.processes))]
			id, ask := blogger(f.rng.IntN(5)), upstream.Ask{CachedOnly: f.rng.IntN(6) == 0}
			patience := time.Duration(f.rng.IntN(30_000)) * time.Millisecond
			if f.rng.IntN(3) == 0 {
				patience /= 500 // before the request is sent
			}
			pending, pause := f.rng.IntN(2) == 0, time.Duration(f.rng.IntN(4000))*time.Millisecond
			f.mu.Unlock()
			callers.Go(func() { f.caller(d, id, ask, patience, pending) })
			time.Sleep(pause)
		}
		callers.Wait()
		time.Sleep(5 * time.Minute)
		f.mu.Lock()
		defer f.mu.Unlock()
		t.Logf("%d paid answers, %d told", f.count, f.told)
		if f.told > f.count || f.count == 0 {
			t.Errorf("%d charges are told of %d paid answers, want each once at most", f.told, f.count)
		}
	})
}
