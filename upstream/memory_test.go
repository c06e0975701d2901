package upstream_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// sequence gives one outcome after the other, and a profile from then on.
func sequence(outcomes ...*upstream.Error) func(string, int) (*upstream.Response, error) {
	return func(userID string, before int) (*upstream.Response, error) {
		if before < len(outcomes) && outcomes[before] != nil {
			c := *outcomes[before]
			return nil, &c
		}
		return found(userID), nil
	}
}

// A profile is fresh for its TTL and no longer.
func TestFreshness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: 10 * time.Second}
		d := open(f)
		defer d.Close()
		first := mustGet(t, d, documented, false)
		time.Sleep(ttl - time.Nanosecond)
		a := mustGet(t, d, documented, false)
		if a.Response != first.Response || !a.Cached || a.Billed || a.Stale || a.Failed != nil || a.Age != ttl-time.Nanosecond {
			t.Errorf("%+v, want the stored profile, free", a)
		}
		f.wantRequests(t, 1)
		time.Sleep(time.Nanosecond)
		a = mustGet(t, d, documented, false)
		if a.Cached || !a.Billed || a.Age != 0 {
			t.Errorf("%+v after the TTL, want a new profile", a)
		}
		f.wantRequests(t, 2)
	})
}

// A refresh pays although memory could answer, and its profile is the one that
// is remembered.
func TestRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: sequence(nil, nil, &upstream.Error{Kind: upstream.UpstreamError, Billed: upstream.NotBilled})}
		d := open(f)
		defer d.Close()
		mustGet(t, d, documented, false)
		time.Sleep(time.Hour)
		second := mustGet(t, d, documented, true)
		if second.Cached || !second.Billed || second.Age != 0 {
			t.Errorf("refreshed: %+v, want a new profile", second)
		}
		time.Sleep(ttl - time.Second)
		if a := mustGet(t, d, documented, false); a.Response != second.Response || a.Age != ttl-time.Second {
			t.Errorf("%+v, want the refreshed profile", a)
		}
		_, err := get(t, d, documented, true)
		wantError(t, err, upstream.UpstreamError, upstream.NotBilled)
		if a := mustGet(t, d, documented, false); a.Response != second.Response {
			t.Error("a refresh that fails takes the stored profile with it")
		}
		f.wantRequests(t, 3)
	})
}

// An old profile stands in for a source that fails, where the same call might
// succeed later; who must act, is told so.
func TestStaleProfiles(t *testing.T) {
	for _, c := range []struct {
		kind   upstream.Kind
		billed upstream.Billing
		served bool
	}{
		{upstream.RateLimited, upstream.NotBilled, true},
		{upstream.CollectionFailed, upstream.NotBilled, true},
		{upstream.UpstreamError, upstream.NotBilled, true},
		{upstream.Unreachable, upstream.NotBilled, true},
		{upstream.Timeout, upstream.UnknownBilling, true},
		{upstream.BadResponse, upstream.UnknownBilling, true},
		{upstream.TokenMissing, upstream.NotBilled, false},
		{upstream.TokenInvalid, upstream.NotBilled, false},
		{upstream.PermissionDenied, upstream.NotBilled, false},
		{upstream.InsufficientBalance, upstream.NotBilled, false},
		{upstream.TokenLimitReached, upstream.NotBilled, false},
		{upstream.QuotaExceeded, upstream.NotBilled, false},
		{upstream.BudgetExhausted, upstream.NotBilled, false},
		{upstream.InvalidParameters, upstream.NotBilled, false},
		{upstream.NotFound, upstream.NotBilled, false},
		{upstream.Internal, upstream.UnknownBilling, false},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fails := &upstream.Error{Kind: c.kind, Billed: c.billed}
				f := &source{}
				d := open(f)
				defer d.Close()
				first := mustGet(t, d, documented, false)
				f.answer = failing(*fails)
				time.Sleep(ttl)
				a, err := get(t, d, documented, false)
				if !c.served {
					wantError(t, err, c.kind, c.billed)
					return
				}
				if err != nil || a.Response != first.Response || !a.Cached || !a.Stale || a.Billed || a.Failed == nil || a.Failed.Kind != c.kind || a.Age < ttl {
					t.Fatalf("%+v, %v; want the stored profile marked stale", a, err)
				}
				_, err = get(t, d, documented, true)
				wantError(t, err, c.kind, c.billed)
				time.Sleep(time.Until(first.FetchedAt.Add(ttl+stale)) - 10*time.Second)
				if a := mustGet(t, d, documented, false); !a.Stale {
					t.Errorf("%+v shortly before the end, want it stale", a)
				}
				time.Sleep(time.Until(first.FetchedAt.Add(ttl + stale)))
				_, err = get(t, d, documented, false)
				wantError(t, err, c.kind, c.billed)
			})
		})
	}
}

// The time limit holds for the moment of the answer, not of the question.
func TestAProfileThatGetsTooOldMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: sequence(nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling})}
		d := open(f)
		defer d.Close()
		mustGet(t, d, documented, false)
		time.Sleep(ttl + stale - time.Minute)
		f.took = time.Minute
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.Timeout, upstream.UnknownBilling)
	})
}

// "There is no such blogger" was paid for, so it is remembered, for a sixth of
// the time of a profile. Each caller reads its own bill.
func TestAPaidNotFoundIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Second, answer: failing(upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed, RequestID: "r"})}
		d := open(f)
		defer d.Close()
		first, joiner := d.Lookup(profile(documented), false), d.Lookup(profile(documented), false)
		for l, billed := range map[*upstream.Lookup]upstream.Billing{first: upstream.Billed, joiner: upstream.NotBilled} {
			<-l.Done()
			_, err := l.Answer()
			e := typed(t, err)
			wantError(t, e, upstream.NotFound, billed)
			if e != nil && e.Remembered {
				t.Error("a new answer is said to be remembered")
			}
		}
		time.Sleep(ttl/6 - time.Nanosecond)
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.NotFound, upstream.NotBilled)
		if err != nil && (!err.Remembered || err.Code != 201 || err.RequestID != "r") {
			t.Errorf("%#v, want the remembered answer", err)
		}
		f.wantRequests(t, 1)
		_, err = get(t, d, documented, true)
		wantError(t, err, upstream.NotFound, upstream.Billed)
		f.wantRequests(t, 2)
		time.Sleep(ttl / 6)
		_, err = get(t, d, documented, false)
		wantError(t, err, upstream.NotFound, upstream.Billed)
		f.wantRequests(t, 3)
	})
}

// What cost nothing is asked again: it may be another answer by now.
func TestUnpaidFailuresAreNotRemembered(t *testing.T) {
	for _, e := range []upstream.Error{
		{Kind: upstream.NotFound, Code: 404, Billed: upstream.NotBilled},
		{Kind: upstream.InvalidParameters, Billed: upstream.NotBilled},
		{Kind: upstream.UpstreamError, Billed: upstream.NotBilled},
		{Kind: upstream.Timeout, Billed: upstream.UnknownBilling},
		{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &source{answer: sequence(&e)}
			d := open(f)
			defer d.Close()
			_, err := get(t, d, documented, false)
			wantError(t, err, e.Kind, e.Billed)
			if a := mustGet(t, d, documented, false); !a.Billed {
				t.Errorf("after %s: %+v, want a new profile", e.Kind, a)
			}
			f.wantRequests(t, 2)
		})
	}
}

// A server that ends says so to who still waits, and that it may have cost.
func TestTheEndOfALookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Minute}
		d := open(f)
		l := d.Lookup(profile(documented), false)
		synctest.Wait()
		d.Close()
		<-l.Done()
		_, err := l.Answer()
		e := typed(t, err)
		wantError(t, e, upstream.BadResponse, upstream.UnknownBilling)
		if e != nil && !strings.Contains(e.Detail, "this server was ended") {
			t.Errorf("%q", e)
		}
	})
}
