package upstream_test

import (
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// After a failure that every further request would share, none goes out for a
// while: the upstream counts them.
func TestHoldOff(t *testing.T) {
	for kind, hold := range map[upstream.Kind]time.Duration{
		upstream.TokenInvalid:        10 * time.Second,
		upstream.PermissionDenied:    10 * time.Second,
		upstream.InsufficientBalance: 10 * time.Second,
		upstream.TokenLimitReached:   10 * time.Second,
		upstream.QuotaExceeded:       time.Minute,
	} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{}
				d := limited(f, 1e6, 10)
				defer d.Close()
				mustGet(t, d, blogger(1), false)
				time.Sleep(5 * time.Minute)
				f.answer = failing(upstream.Error{Kind: kind, Code: 600, Billed: upstream.NotBilled, RetryAfter: hold + time.Second})
				_, err := get(t, d, blogger(2), false)
				wantError(t, err, kind, upstream.NotBilled)
				if err != nil && err.Remembered {
					t.Errorf("the failure of the upstream is %+v, want it not Remembered", *err)
				}
				begin := time.Now()
				f.wantRequests(t, 2)
				f.answer = nil

				time.Sleep(hold - time.Nanosecond)
				for _, refresh := range []bool{false, true} {
					_, err = get(t, d, blogger(3), refresh)
					wantError(t, err, kind, upstream.NotBilled)
					wantFailure(t, err, upstream.Error{Kind: kind, Code: 600, Billed: upstream.NotBilled, Remembered: true, RetryAfter: time.Second + time.Nanosecond})
				}
				if a := mustGet(t, d, blogger(1), false); !a.Cached {
					t.Errorf("the answer is %+v, want it cached", a)
				}
				_, err = get(t, d, blogger(1), true)
				wantError(t, err, kind, upstream.NotBilled)
				f.wantRequests(t, 2)
				if n, _ := d.Left(); n != 8 {
					t.Errorf("%d requests are left, want 8", n)
				}
				if took := time.Since(begin); took != hold-time.Nanosecond {
					t.Errorf("the look-ups took %s, want no wait", took-hold+time.Nanosecond)
				}

				time.Sleep(time.Nanosecond)
				mustGet(t, d, blogger(3), false)
				f.wantRequests(t, 3)
			})
		})
	}
}

// Other failures say nothing about the next blogger.
func TestNoHoldOffAfterOtherFailures(t *testing.T) {
	for _, kind := range []upstream.Kind{
		upstream.InvalidParameters, upstream.NotFound, upstream.UpstreamError, upstream.Timeout, upstream.BadResponse, upstream.Internal,
		upstream.CollectionFailed, upstream.RateLimited, upstream.Unreachable,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &source{answer: failing(upstream.Error{Kind: kind, Billed: upstream.NotBilled})}
			d := open(f)
			defer d.Close()
			_, err := get(t, d, blogger(1), false)
			wantError(t, err, kind, upstream.NotBilled)
			f.answer = nil
			mustGet(t, d, blogger(2), false)
		})
	}
}

// Look-ups that wait for their turn are refused too, once it comes.
func TestHoldOffWhileWaitingForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{took: time.Second / 2, answer: failing(upstream.Error{Kind: upstream.InsufficientBalance, Billed: upstream.NotBilled})}
		d := limited(f, 1, 10)
		defer d.Close()
		for i := range 5 {
			d.Lookup(profile(blogger(i)), upstream.Ask{})
		}
		time.Sleep(8 * time.Second)
		f.wantRequests(t, 1)
		if n, _ := d.Left(); n != 9 {
			t.Errorf("%d requests are left, want 9", n)
		}
	})
}

// A retry that a hold-off forbids leaves the failure that called for it.
func TestHoldOffBeforeARetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: func(userID string, _ int) (*upstream.Response, error) {
			if userID == blogger(1) {
				return nil, &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: 5 * time.Second}
			}
			return nil, &upstream.Error{Kind: upstream.TokenInvalid, Billed: upstream.NotBilled}
		}}
		d := open(f)
		defer d.Close()
		l := d.Lookup(profile(blogger(1)), upstream.Ask{})
		synctest.Wait()
		_, err := get(t, d, blogger(2), false)
		wantError(t, err, upstream.TokenInvalid, upstream.NotBilled)
		<-l.Done()
		_, err2 := l.Answer()
		wantError(t, typed(t, err2), upstream.RateLimited, upstream.NotBilled)
		f.wantRequests(t, 2)
	})
}
