package upstream_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
)

// account makes look-ups over an upstream that answers with h.
func account(t *testing.T, h http.HandlerFunc) *upstream.Lookups {
	t.Helper()
	settings := upstream.Settings{TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler)}
	l := upstream.New(settings, upstream.NewClient(serve(t, h).URL, upstream.NewToken(canary), time.Minute), upstream.NewMemory(10, 0), nil)
	t.Cleanup(l.Close)
	return l
}

func TestBalance(t *testing.T) {
	const redirect = "redirect"
	for name, c := range map[string]struct {
		status int
		body   string
		want   string // amount and currency, or kind, code and detail
	}{
		"as documented":        {200, `{"code":0,"data":{"balance":"123.4500","currency":"CNY"},"message":null}`, "123.4500 CNY"},
		"a number":             {200, `{"code":"0","data":{"balance":7,"currency":"CNY"}}`, "7 CNY"},
		"nothing left":         {200, `{"code":0,"data":{"balance":"0.00","currency":"CNY"}}`, "0.00 CNY"},
		"another currency":     {200, `{"code":0,"data":{"balance":"12.5","currency":"usd"}}`, "12.5 USD"},
		"no currency":          {200, `{"code":0,"data":{"balance":"12.5","currency":null}}`, "12.5 "},
		"a text":               {200, `{"code":0,"data":{"balance":"plenty","currency":"CNY"}}`, lie},
		"a negative number":    {200, `{"code":0,"data":{"balance":"-3.00","currency":"CNY"}}`, lie},
		"thousands":            {200, `{"code":0,"data":{"balance":"1,234.5","currency":"CNY"}}`, lie},
		"an exponent":          {200, `{"code":0,"data":{"balance":1e3,"currency":"CNY"}}`, lie},
		"many digits":          {200, `{"code":0,"data":{"balance":"1234567890123456","currency":"CNY"}}`, lie},
		"no balance":           {200, `{"code":0,"data":{"currency":"CNY"}}`, lie},
		"null":                 {200, `{"code":0,"data":{"balance":null,"currency":"CNY"}}`, lie},
		"a list":               {200, `{"code":0,"data":{"balance":[5],"currency":"CNY"}}`, lie},
		"a currency in words":  {200, `{"code":0,"data":{"balance":"5","currency":"points <b>"}}`, lie},
		"a currency of a list": {200, `{"code":0,"data":{"balance":"5","currency":["CNY"]}}`, lie},
		"the echoed token":     {200, `{"code":0,"data":{"balance":"` + canary + `","currency":"CNY"}}`, lie},
		"empty data":           {200, `{"code":0,"data":{}}`, "upstream_error: the answer holds no data"},
		"data is a number":     {200, `{"code":0,"data":5}`, "bad_response: the answer's data is not an object"},
		"an invalid token":     {200, `{"code":100}`, "token_invalid, code 100"},
		"no right":             {200, `{"code":600}`, "permission_denied, code 600"},
		"too fast":             {429, `slow down`, "rate_limited, HTTP 429"},
		"not collected":        {200, `{"code":301}`, "upstream_error, code 301"},
		"unavailable":          {503, `no`, "upstream_error, HTTP 503"},
		"a page":               {200, `<html>`, "bad_response, HTTP 200: it is not the documented envelope; -upstream may be wrong"},
		"no such path":         {404, `not found`, "bad_response, HTTP 404: it is not the documented envelope; -upstream may be wrong"},
		redirect:               {302, ``, "bad_response, HTTP 302: it is a redirect, which is not followed; -upstream may be wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int64
			l := account(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if got, want := r.URL.Path+"?"+r.URL.RawQuery, "/user/get-balance?token="+strings.NewReplacer("/", "%2F", "+", "%2B", "=", "%3D").Replace(canary); got != want || r.Method != http.MethodGet {
					t.Errorf("the request is %s %s, want GET %s", r.Method, got, want)
				}
				if name == redirect {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			})
			for range 3 {
				b, err := l.Balance(t.Context())
				got := string(b.Amount) + " " + b.Currency
				if err != nil {
					got = err.Error()
				}
				if got != c.want {
					t.Errorf("Balance with %s: got %q, want %q", c.body, got, c.want)
				}
			}
			if n := requests.Load(); n != 1 {
				t.Errorf("three calls of Balance within a minute: got %d requests, want 1, never retried", n)
			}
			if u, err := l.Usage(t.Context()); err != nil || u.Sent != 0 {
				t.Errorf("the usage is %+v, %v, want none: the balance is no look-up", u, err)
			}
		})
	}
}

const lie = "bad_response: its balance is not a plain number with a currency"

func TestBalanceWithoutAToken(t *testing.T) {
	l := upstream.New(settings(), upstream.NewClient("http://127.0.0.1:1", upstream.Token{}, time.Minute), upstream.NewMemory(10, 0), nil)
	defer l.Close()
	if _, err := l.Balance(t.Context()); fmt.Sprint(err) != "token_missing" {
		t.Errorf("Balance without a token: got %v, want token_missing", err)
	}
}

func TestBalanceOfAnUpstreamThatIsNotThere(t *testing.T) {
	s := serve(t, answering(200, ""))
	s.Close()
	l := upstream.New(settings(), upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute), upstream.NewMemory(10, 0), nil)
	defer l.Close()
	if _, err := l.Balance(t.Context()); fmt.Sprint(err) != "unreachable: it refuses connections" {
		t.Errorf("Balance without an upstream: got %v, want unreachable: it refuses connections", err)
	}
}

// banker is a source that answers about the balance after some time, or never.
type banker struct {
	takes    time.Duration
	requests int
}

func (*banker) Ready() error { return nil }

func (b *banker) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	b.requests++
	select {
	case <-time.After(b.takes):
		return upstream.NewResponse(q.Subject, []byte(fmt.Sprintf(`{"balance":"%d.50","currency":"CNY"}`, b.requests)), "", true), nil
	case <-ctx.Done():
		return nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}
	}
}

// An upstream that hangs is waited for 10 s, and not asked again for a minute.
func TestBalanceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &banker{takes: time.Hour}
		l := upstream.New(settings(), f, upstream.NewMemory(10, 0), nil)
		defer l.Close()
		begin := time.Now()
		for i := range 2 {
			_, err := l.Balance(t.Context())
			if e := upstream.AsError(err); e.Kind != upstream.Timeout || e.Billed != upstream.NotBilled {
				t.Errorf("Balance %d: got %#v, want a timeout, not billed", i, e)
			}
			if took := time.Since(begin); took != 10*time.Second {
				t.Errorf("Balance %d came after %s, want 10s", i, took)
			}
		}
		time.Sleep(50 * time.Second) // a minute since it was asked for
		f.takes = 0
		if b, err := l.Balance(t.Context()); err != nil || b.Amount != "2.50" || !b.At.Equal(time.Now()) {
			t.Errorf("Balance a minute later: got %+v, %v, want 2.50 of now", b, err)
		}
	})
}

func TestBalanceAfterClose(t *testing.T) {
	f := &banker{}
	l := upstream.New(settings(), f, upstream.NewMemory(10, 0), nil)
	l.Close()
	if _, err := l.Balance(t.Context()); fmt.Sprint(err) != "unreachable: this server is shutting down" || f.requests != 0 {
		t.Errorf("Balance after Close: got %v and %d requests, want unreachable and none", err, f.requests)
	}
}

// Callers at the same time share one request; one that leaves spoils nothing.
func TestBalanceIsAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &banker{takes: 5 * time.Second}
		l := upstream.New(settings(), f, upstream.NewMemory(10, 0), nil)
		defer l.Close()
		leaving, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		got := make(chan string, 3)
		for _, ctx := range []context.Context{leaving, t.Context(), t.Context()} {
			go func() {
				b, err := l.Balance(ctx)
				got <- fmt.Sprint(b.Amount, " ", err)
			}()
			synctest.Wait()
		}
		for _, want := range []string{" unreachable: this server is shutting down", "1.50 <nil>", "1.50 <nil>"} {
			if is := <-got; is != want {
				t.Errorf("Balance of three callers: got %q, want %q", is, want)
			}
		}
		if f.requests != 1 {
			t.Errorf("three callers, of whom the first left: got %d requests, want 1", f.requests)
		}
	})
}
