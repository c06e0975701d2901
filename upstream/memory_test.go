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
		wantAnswer(t, "the answer before the TTL", a, upstream.Answer{Response: first.Response, Age: ttl - time.Nanosecond, Cached: true})
		f.wantRequests(t, 1)
		time.Sleep(time.Nanosecond)
		a = mustGet(t, d, documented, false)
		wantAnswer(t, "the answer after the TTL", a, upstream.Answer{Response: a.Response, Billed: true})
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
		wantAnswer(t, "the refreshed answer", second, upstream.Answer{Response: second.Response, Billed: true})
		time.Sleep(ttl - time.Second)
		stored := upstream.Answer{Response: second.Response, Age: ttl - time.Second, Cached: true}
		wantAnswer(t, "the answer after the refresh", mustGet(t, d, documented, false), stored)
		_, err := get(t, d, documented, true)
		wantError(t, err, upstream.UpstreamError, upstream.NotBilled)
		wantAnswer(t, "the answer after a refresh that fails", mustGet(t, d, documented, false), stored)
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
				if err != nil {
					t.Fatalf("the look-up ends with %v, want the stored profile", err)
				}
				wantError(t, a.Failed, c.kind, c.billed)
				if a.Age < ttl {
					t.Errorf("the age is %s, want %s at least", a.Age, ttl)
				}
				wantAnswer(t, "the answer", a, upstream.Answer{Response: first.Response, Age: a.Age, Cached: true, Stale: true, Failed: a.Failed})
				_, err = get(t, d, documented, true)
				wantError(t, err, c.kind, c.billed)
				time.Sleep(time.Until(first.FetchedAt.Add(ttl+stale)) - 10*time.Second)
				if a := mustGet(t, d, documented, false); !a.Stale {
					t.Errorf("the answer shortly before the end is %+v, want it stale", a)
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
		f := &source{took: time.Second, answer: failing(upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed, RequestID: "r", RetryAfter: time.Minute})}
		d := open(f)
		defer d.Close()
		first, joiner := d.Lookup(profile(documented), upstream.Ask{}), d.Lookup(profile(documented), upstream.Ask{})
		for l, billed := range map[*upstream.Lookup]upstream.Billing{first: upstream.Billed, joiner: upstream.NotBilled} {
			<-l.Done()
			_, err := l.Answer()
			e := typed(t, err)
			wantError(t, e, upstream.NotFound, billed)
			if e != nil && e.Remembered {
				t.Errorf("the new failure is %+v, want it not Remembered", *e)
			}
		}
		time.Sleep(ttl/6 - time.Nanosecond)
		_, err := get(t, d, documented, false)
		wantError(t, err, upstream.NotFound, upstream.NotBilled)
		wantFailure(t, err, upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.NotBilled, RequestID: "r", Remembered: true})
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
				t.Errorf("the answer after %s is %+v, want it billed", e.Kind, a)
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
		l := d.Lookup(profile(documented), upstream.Ask{})
		synctest.Wait()
		d.Close()
		<-l.Done()
		_, err := l.Answer()
		e := typed(t, err)
		wantError(t, e, upstream.BadResponse, upstream.UnknownBilling)
		if want := "this server was ended"; e != nil && !strings.Contains(e.Detail, want) {
			t.Errorf("the detail is %q, want %q in it", e.Detail, want)
		}
	})
}
