package upstream_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// left begins look-ups whose callers are told that they go on.
func left(d *upstream.Lookups, refresh ...bool) {
	for _, r := range refresh {
		l := d.Lookup(profile(documented), upstream.Ask{Refresh: r})
		time.Sleep(time.Second)
		l.LeavePending()
	}
}

// A refresh takes an answer that is younger than 5 minutes: one that was promised
// is not paid for again.
func TestARefreshIsNotOlderThanFiveMinutes(t *testing.T) {
	notFound := failing(upstream.Error{Kind: upstream.NotFound, Billed: upstream.Billed})
	failed := failing(upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})
	for name, c := range map[string]struct {
		answer func(string, int) (*upstream.Response, error)
		left   []bool
		after  time.Duration
		back   []bool
		want   int // requests in all
	}{
		"one comes back":                {left: []bool{true}, back: []bool{true}, want: 1},
		"all come back, twice":          {left: []bool{true, true}, back: []bool{true, true, true, true}, want: 1},
		"nobody had asked for it":       {left: []bool{false}, back: []bool{true}, want: 1},
		"too late":                      {left: []bool{true}, after: 5 * time.Minute, back: []bool{true}, want: 2},
		"too late, and again":           {left: []bool{true}, after: 5 * time.Minute, back: []bool{true, true}, want: 2},
		"just in time":                  {left: []bool{true}, after: 5*time.Minute - time.Second, back: []bool{true}, want: 1},
		"there is no such blogger":      {answer: notFound, left: []bool{true, true}, back: []bool{true, true}, want: 1},
		"it failed":                     {answer: failed, left: []bool{true}, back: []bool{true}, want: 1},
		"it failed, and is asked again": {answer: failed, left: []bool{true}, back: []bool{true, true}, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: time.Minute, answer: c.answer}
				d := open(f)
				defer d.Close()
				left(d, c.left...)
				time.Sleep(time.Minute - time.Duration(len(c.left))*time.Second + c.after)
				synctest.Wait()
				for _, refresh := range c.back {
					_, _ = get(t, d, documented, refresh)
				}
				f.wantRequests(t, c.want)
			})
		})
	}
}

// A charge is told once: to the caller that began the look-up, or where that
// one has gone to the next that reads the answer.
func TestAChargeIsToldOnce(t *testing.T) {
	for name, c := range map[string]struct {
		starterLeaves bool
		joins, reads  int
		want          []bool // billed, in the order of asking
	}{
		"the starter waits":                         {joins: 1, reads: 1, want: []bool{true, false, false}},
		"the starter leaves, one joined":            {starterLeaves: true, joins: 2, reads: 1, want: []bool{true, false, false}},
		"the starter leaves, the next reads memory": {starterLeaves: true, reads: 2, want: []bool{true, false}},
	} {
		for kind, answer := range map[string]func(string, int) (*upstream.Response, error){
			"a profile":       nil,
			"no such blogger": failing(upstream.Error{Kind: upstream.NotFound, Billed: upstream.Billed}),
		} {
			t.Run(name+", "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := open(&source{took: time.Minute, answer: answer})
					defer d.Close()
					lookups := []*upstream.Lookup{d.Lookup(profile(documented), upstream.Ask{})}
					if c.starterLeaves {
						time.Sleep(time.Second) // its request is sent
						lookups[0].Leave()
						lookups = nil
					}
					for range c.joins {
						lookups = append(lookups, d.Lookup(profile(documented), upstream.Ask{}))
					}
					time.Sleep(time.Minute)
					for range c.reads {
						lookups = append(lookups, d.Lookup(profile(documented), upstream.Ask{}))
					}
					for i, l := range lookups {
						<-l.Done()
						a, err := l.Answer()
						billed := a.Billed
						if e := typed(t, err); e != nil {
							billed = e.Billed == upstream.Billed
						}
						if billed != c.want[i] {
							t.Errorf("caller %d is told billed %v, want %v", i, billed, c.want[i])
						}
					}
				})
			})
		}
	}
}

// A caller that leaves just when its look-up ends loses neither the charge nor what
// it was promised.
func TestLeavingInTheLastMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Minute, answer: sequence(nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling})}
		s := settings()
		s.TTL = time.Second
		d := upstream.New(s, f, upstream.NewMemory(10, 0), nil)
		defer d.Close()
		l := d.Lookup(profile(documented), upstream.Ask{})
		<-l.Done()
		l.LeavePending()
		time.Sleep(time.Minute)
		if a := mustGet(t, d, documented, false); !a.Billed || !a.Cached {
			t.Errorf("the answer is %+v, want it cached and billed", a)
		}
		f.wantRequests(t, 1)
		time.Sleep(time.Hour)
		l = d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-l.Done()
		l.LeavePending()
		_, err := get(t, d, documented, true)
		wantError(t, err, upstream.Timeout, upstream.UnknownBilling)
		f.wantRequests(t, 2)
	})
}

// A charge whose answer could not be written is told to the next caller, once.
func TestAChargeThatWasNotDelivered(t *testing.T) {
	for kind, answer := range map[string]func(string, int) (*upstream.Response, error){
		"a profile":       nil,
		"no such blogger": failing(upstream.Error{Kind: upstream.NotFound, Billed: upstream.Billed}),
	} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: time.Second, answer: answer}
				d := open(f)
				defer d.Close()
				read := func() (l *upstream.Lookup, billed bool) {
					l = d.Lookup(profile(documented), upstream.Ask{})
					<-l.Done()
					a, err := l.Answer()
					return l, a.Billed || err != nil && typed(t, err).Billed == upstream.Billed
				}
				first, told := read()
				if !told {
					t.Error("the first caller is not told of the charge, want it told")
				}
				second, told := read()
				if told {
					t.Error("the second caller is told of the charge, want it told once")
				}
				second.Undelivered() // it had claimed none
				first.Undelivered()
				first.Undelivered()
				for i, want := range []bool{true, false} {
					if _, told := read(); told != want {
						t.Errorf("caller %d after that is told billed %v, want %v", i, told, want)
					}
				}
				f.wantRequests(t, 1)
			})
		})
	}
}

// A look-up that fails after a caller was told that it goes on is told to the next
// caller: else a client that always leaves too early would ask again and again, and
// perhaps pay, without ever hearing why.
func TestAFailureIsToldToTheNextCaller(t *testing.T) {
	for name, c := range map[string]struct {
		pending, leave, back int
		after                time.Duration
		told                 int // of those who come back, how many hear of the first failure
	}{
		"one was promised":         {pending: 1, back: 1, told: 1},
		"and comes back twice":     {pending: 1, back: 2, told: 1},
		"two were promised":        {pending: 2, back: 2, told: 1},
		"just in time":             {pending: 1, back: 1, after: 5*time.Minute - time.Second, told: 1},
		"too late":                 {pending: 1, back: 1, after: 5 * time.Minute, told: 0},
		"nobody left":              {back: 1, told: 0},
		"one went away":            {leave: 1, back: 1, told: 0},
		"one went away, one waits": {pending: 1, leave: 1, back: 1, told: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: time.Minute, answer: failing(upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling})}
				d := open(f)
				defer d.Close()
				var lookups []*upstream.Lookup
				for range 3 {
					lookups = append(lookups, d.Lookup(profile(documented), upstream.Ask{}))
				}
				time.Sleep(time.Second)
				for _, l := range lookups[:c.pending] {
					l.LeavePending()
				}
				for _, l := range lookups[c.pending : c.pending+c.leave] {
					l.Leave()
				}
				time.Sleep(time.Minute - time.Second + c.after)
				synctest.Wait()
				told := 0
				for range c.back {
					_, err := get(t, d, documented, false)
					wantError(t, err, upstream.BadResponse, upstream.UnknownBilling)
					if err != nil && err.Remembered {
						told++
					}
				}
				if told != c.told {
					t.Errorf("%d callers are told of the failure that was, want %d", told, c.told)
				}
				f.wantRequests(t, 1+c.back-c.told)
			})
		})
	}
}

// A look-up whose request is not sent yet ends, free, with the last caller that may
// pay for it; one whose caller was told "pending" goes on.
func TestALookupEndsWithItsLastCaller(t *testing.T) {
	for name, c := range map[string]struct {
		leave func(a, b *upstream.Lookup)
		want  int // requests, beside the one that takes the first turn
	}{
		"all leave":            {func(a, b *upstream.Lookup) { a.Leave(); b.Leave() }, 0},
		"one stays":            {func(a, _ *upstream.Lookup) { a.Leave() }, 1},
		"one was promised":     {func(a, b *upstream.Lookup) { a.LeavePending(); b.Leave() }, 1},
		"a promise comes late": {func(a, b *upstream.Lookup) { b.Leave(); a.LeavePending() }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{}
				d := limited(f, 0.1, 0)
				defer d.Close()
				mustGet(t, d, blogger(1), false)
				a, b := d.Lookup(profile(documented), upstream.Ask{}), d.Lookup(profile(documented), upstream.Ask{})
				free := d.Lookup(profile(documented), upstream.Ask{CachedOnly: true})
				time.Sleep(time.Second)
				c.leave(a, b)
				time.Sleep(time.Minute)
				f.wantRequests(t, 1+c.want)
				<-free.Done()
				_, err := free.Answer()
				if e := typed(t, err); c.want == 0 {
					wantError(t, e, upstream.NotCached, upstream.NotBilled)
				} else if e != nil {
					t.Errorf("the caller that pays nothing hears %v, want the answer", e)
				}
			})
		})
	}
}

// A request that was sent is brought home though nobody waits for it; a retry that
// nobody waits for is not sent.
func TestARequestThatWasSentIsBroughtHome(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(string, int) (*upstream.Response, error)
		cached bool
	}{
		"an answer": {nil, true},
		"a retry":   {sequence(&upstream.Error{Kind: upstream.CollectionFailed, Billed: upstream.NotBilled}), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: 10 * time.Second, answer: c.answer}
				d := open(f)
				defer d.Close()
				l := d.Lookup(profile(documented), upstream.Ask{})
				time.Sleep(time.Second)
				l.Leave()
				time.Sleep(time.Minute)
				f.wantRequests(t, 1)
				free := d.Lookup(profile(documented), upstream.Ask{CachedOnly: true})
				<-free.Done()
				if _, err := free.Answer(); (err == nil) != c.cached {
					t.Errorf("what is kept afterwards is %v, want an answer: %v", err, c.cached)
				}
			})
		})
	}
}

// After Drain nothing is sent, and what was sent is brought home and saved.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: 20 * time.Second}, newCommon(0)
		s := settings()
		s.Rate = 0.1
		d := upstream.New(s, f, upstream.NewMemory(10, 0), store)
		defer d.Close()
		out := d.Lookup(profile(blogger(1)), upstream.Ask{})
		time.Sleep(time.Second)
		out.Leave()
		queued := d.Lookup(profile(blogger(2)), upstream.Ask{})
		time.Sleep(time.Second)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		d.Drain(short)
		if n := d.Stats().Sent; n != 1 {
			t.Errorf("a short Drain leaves %d requests behind, want 1", n)
		}
		<-queued.Done()
		_, err := queued.Answer()
		wantError(t, typed(t, err), upstream.Unreachable, upstream.NotBilled)
		d.Drain(t.Context())
		if n := d.Stats().Sent; n != 0 {
			t.Errorf("Drain leaves %d requests behind, want none", n)
		}
		if key := profile(blogger(1)).Key(); !store.has(key) {
			t.Errorf("the store has nothing under %s, want the answer", key)
		}
		_, failed := get(t, d, blogger(3), false)
		wantError(t, failed, upstream.Unreachable, upstream.NotBilled)
		f.wantRequests(t, 1)
	})
}
