package upstream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// left begins look-ups whose callers go away before they end.
func left(d *upstream.Lookups, refresh ...bool) {
	for _, r := range refresh {
		l := d.Lookup(profile(documented), upstream.Ask{Refresh: r})
		time.Sleep(time.Second)
		l.Leave()
	}
}

// A refresh whose callers left is paid for once: each of them may come back for
// it within 5 minutes, in any order, and only one more pays again.
func TestARefreshIsPaidOnceForAllWhoAskedForIt(t *testing.T) {
	notFound := failing(upstream.Error{Kind: upstream.NotFound, Billed: upstream.Billed})
	failed := failing(upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})
	for name, c := range map[string]struct {
		answer func(string, int) (*upstream.Response, error)
		left   []bool
		after  time.Duration
		back   []bool
		want   int // requests in all
	}{
		"one comes back":                     {left: []bool{true}, back: []bool{true}, want: 1},
		"one comes back twice":               {left: []bool{true}, back: []bool{true, true}, want: 2},
		"both come back":                     {left: []bool{true, true}, back: []bool{true, true}, want: 1},
		"both come back, one of them twice":  {left: []bool{true, true}, back: []bool{true, true, true}, want: 2},
		"who did not ask for it takes none":  {left: []bool{true}, back: []bool{false, false, true}, want: 1},
		"one of the two had not asked":       {left: []bool{false, true}, back: []bool{true, true}, want: 2},
		"too late":                           {left: []bool{true}, after: 5 * time.Minute, back: []bool{true}, want: 2},
		"just in time":                       {left: []bool{true}, after: 5*time.Minute - time.Second, back: []bool{true}, want: 1},
		"there is no such blogger":           {answer: notFound, left: []bool{true, true}, back: []bool{true, true}, want: 1},
		"it failed":                          {answer: failed, left: []bool{true}, back: []bool{true}, want: 1},
		"it failed, and is asked again":      {answer: failed, left: []bool{true}, back: []bool{true, true}, want: 2},
		"nobody had asked for a refresh yet": {left: []bool{false}, back: []bool{true}, want: 2},
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

// A caller that leaves just when its look-up ends loses neither the charge nor the
// refresh nor the failure, and who did not ask for a refresh leaves none.
func TestLeavingInTheLastMoment(t *testing.T) {
	fails := sequence(&upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})
	for name, c := range map[string]struct {
		answer   func(string, int) (*upstream.Response, error)
		refresh  bool // of the caller that leaves
		fails    bool // what the next one, which asks for a refresh, hears
		cached   bool
		requests int
	}{
		"a refresh":  {refresh: true, cached: true, requests: 1},
		"no refresh": {requests: 2},
		"a failure":  {answer: fails, fails: true, requests: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: time.Minute, answer: c.answer}
				d := open(f)
				defer d.Close()
				l := d.Lookup(profile(documented), upstream.Ask{Refresh: c.refresh})
				<-l.Done()
				l.Leave()
				a, err := get(t, d, documented, true)
				if (err != nil) != c.fails {
					t.Errorf("the look-up ends with %v, want an error: %v", err, c.fails)
				}
				if want := !c.fails; a.Billed != want {
					t.Errorf("the caller is told billed %v, want %v", a.Billed, want)
				}
				if a.Cached != c.cached {
					t.Errorf("the answer is cached: %v, want %v", a.Cached, c.cached)
				}
				f.wantRequests(t, c.requests)
			})
		})
	}
}

// A refresh that was left and then failed does not make an older answer pass for
// a refreshed one.
func TestALeftRefreshThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Minute, answer: sequence(nil, &upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})}
		d := open(f)
		defer d.Close()
		mustGet(t, d, documented, false)
		d.Lookup(profile(documented), upstream.Ask{Refresh: true}).Leave()
		time.Sleep(time.Minute)
		synctest.Wait()
		_, err := get(t, d, documented, true)
		wantError(t, err, upstream.UpstreamError, upstream.NotBilled)
		f.wantRequests(t, 2)
	})
}

// A refresh that a caller has left in the last moment is not for others who may
// join one under way; and who left may have the newer one.
func TestALeftRefreshBesideANewerOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Minute}
		d := open(f)
		defer d.Close()
		first := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-first.Done()
		second := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		first.Leave()
		third := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		if done(third) {
			t.Error("the third look-up is done, want it to wait for the refresh under way")
		}
		<-second.Done()
		second.Leave()
		f.wantRequests(t, 2)
		fourth := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-third.Done()
		if !done(fourth) {
			t.Error("the look-up of who came back is not done, want it done without a third request")
		}
	})
}

// Who leaves a refresh after a newer one has come need not pay for a third.
func TestLeavingAnOlderRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Minute}
		d := open(f)
		defer d.Close()
		first := d.Lookup(profile(documented), upstream.Ask{Refresh: true})
		<-first.Done()
		newer := mustGet(t, d, documented, true)
		first.Leave()
		if a := mustGet(t, d, documented, true); a.Response != newer.Response {
			t.Errorf("the answer is %+v, want the newer one, %+v", a, newer)
		}
		f.wantRequests(t, 2)
	})
}

// A look-up that fails after its callers have left is told to each of them: else
// a client that always leaves too early would ask again and again, and perhaps
// pay, without ever hearing why.
func TestAFailureIsToldToWhoComesBack(t *testing.T) {
	for name, c := range map[string]struct {
		left, back int
		after      time.Duration
		told       int // of those who come back, how many hear of the first failure
	}{
		"one comes back":               {left: 1, back: 1, told: 1},
		"one comes back twice":         {left: 1, back: 2, told: 1},
		"both come back":               {left: 2, back: 2, told: 2},
		"one comes back just in time":  {left: 1, back: 1, after: 5 * time.Minute, told: 1},
		"one comes back too late":      {left: 1, back: 1, after: 5*time.Minute + time.Nanosecond, told: 0},
		"nobody had left, one asks on": {left: 0, back: 1, told: 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{took: time.Minute, answer: failing(upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling})}
				d := open(f)
				defer d.Close()
				first := d.Lookup(profile(documented), upstream.Ask{})
				leavers := []*upstream.Lookup{first, d.Lookup(profile(documented), upstream.Ask{})}
				for _, l := range leavers[:c.left] {
					l.Leave()
				}
				time.Sleep(time.Minute + c.after)
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
