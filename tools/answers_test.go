package tools

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

func TestStaleAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failing *upstream.Error
		b, close := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, id string) (*upstream.Response, error) {
			if failing != nil {
				return nil, failing
			}
			return billedProfile(id, `{"userId":"`+id+`","fansNum":7}`), nil
		})})
		defer close()
		a := b.profile(t)
		if m := a.Structured.Meta; !m.Billed || m.Cached || m.Stale || strings.Contains(string(a.Structured.Summary), "new look-up failed") {
			t.Errorf("fresh: meta %+v, %q", m, a.text())
		}
		time.Sleep(7 * time.Hour)
		for _, c := range []struct {
			err    *upstream.Error
			caveat string
		}{
			{&upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}, "upstream_error: The upstream has an error of its own (code 500)."},
			{&upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}, "That look-up may have been billed."},
		} {
			failing = c.err
			a = b.profile(t)
			if m := a.Structured.Meta; a.IsError || !m.Stale || !m.Cached || m.Billed || m.AgeSeconds != 7*3600 {
				t.Errorf("%v: meta %+v", c.err, m)
			}
			// Said in both channels, as a model sees one of them.
			for _, channel := range []string{a.text(), string(a.Structured.Summary)} {
				if !strings.Contains(channel, "These figures are from 7 h ago") || !strings.Contains(channel, c.caveat) {
					t.Errorf("%v: no caveat in %s", c.err, channel)
				}
			}
			if !strings.Contains(a.text(), "This call: from memory, stale, not billed") {
				t.Errorf("%q", a.text())
			}
		}
		// What only the operator can put right is not papered over, nor is a refresh.
		failing = &upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: upstream.NotBilled}
		if a := b.profile(t); a.kind() != "invalid_parameters" {
			t.Errorf("%q", a.text())
		}
		failing = &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
		if a := read(t, b.call(t, t.Context(), `{"userId":"`+documented+`","refresh":true}`)); a.kind() != "upstream_error" {
			t.Errorf("%q", a.text())
		}
		failing = nil
		if a := b.profile(t); a.Structured.Meta.Stale || strings.Contains(a.text(), "figures are from") {
			t.Errorf("still stale: %q", a.text())
		}
		time.Sleep(31 * time.Hour)
		failing = &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
		if a := b.profile(t); a.kind() != "upstream_error" {
			t.Errorf("too old to stand in: %q", a.text())
		}
	})
}

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample(), budget: 2})
		defer close()
		call := func(id string) answer { return read(t, b.call(t, t.Context(), `{"userId":"`+id+`"}`)) }
		for i, id := range []string{documented, documented, "5a3e1e000000000000000001"} {
			left := []int{1, 1, 0}[i] // memory costs nothing
			a := call(id)
			if n := a.Structured.Meta.CallsLeft; n == nil || *n != left {
				t.Errorf("call %d: callsLeft is %v, want %d", i, n, left)
			}
			if want := fmt.Sprintf("\nRequests left: %d in the 24-hour budget", left); !strings.Contains(a.text(), want) {
				t.Errorf("call %d: no %q in %q", i, want, a.text())
			}
			time.Sleep(time.Hour)
		}
		a := call("5a3e1e000000000000000002")
		if a.kind() != "budget_exhausted" || !strings.Contains(a.text(), "no, until 2000-01-02T00:00:00Z. Billed: no.") {
			t.Errorf("%q", a.text())
		}
		checkWords(t, "budget_exhausted", a.text())
		if a := call(documented); a.IsError {
			t.Errorf("what is in memory: %q", a.text())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample()})
		defer close()
		if a := b.profile(t); a.Structured.Meta.CallsLeft != nil || strings.Contains(a.text(), "Requests left") {
			t.Errorf("without a budget: %q", a.text())
		}
	})
}

func TestPanicsAnswerInternal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: fetcher(func(context.Context, string) (*upstream.Response, error) { panic("zebra in the source") })})
		defer close()
		directory := b.set.Lookups
		for _, what := range []string{"source", "tool"} {
			if what == "tool" {
				b.set.Lookups = nil // a nil pointer in the tool's own code
			}
			result := b.call(t, t.Context(), `{"userId":"`+documented+`"}`)
			a := read(t, result)
			if a.kind() != "internal" || !strings.Contains(a.text(), "Billed: unknown.") {
				t.Errorf("%s: %q", what, a.text())
			}
			checkError(t, result, a)
			for _, secret := range []string{"zebra", "nil pointer", "goroutine", ".go:"} {
				if strings.Contains(string(result), secret) {
					t.Errorf("%s: %s", what, result)
				}
			}
			if last := b.outcomes[len(b.outcomes)-1]; last.Kind != "internal" {
				t.Errorf("%s: outcome %+v", what, last)
			}
		}
		if log := b.log.String(); strings.Contains(log, "zebra") || !strings.Contains(log, "look-up panicked") || !strings.Contains(log, "tool panicked") || !strings.Contains(log, "nil pointer") {
			t.Errorf("the log does not say it: %s", log)
		}
		b.set.Lookups = directory
		if a := b.profile(t); a.kind() != "internal" {
			t.Errorf("the server does not live on: %q", a.text())
		}
	})
}

func TestInvalidArgumentsAskNothing(t *testing.T) {
	b, close := newBench(setup{fetcher: fetcher(func(context.Context, string) (*upstream.Response, error) {
		t.Error("the source is asked")
		return nil, &upstream.Error{Kind: upstream.Internal}
	})})
	defer close()
	for _, arguments := range []string{`null`, `{}`, `[]`, `{"userId":"4639645438"}`, `{"userId":4639645438}`, `{"userId":"` + documented + `","x":1}`, `{"userId":"https://xhslink.com/a"}`} {
		result := b.call(t, t.Context(), arguments)
		a := read(t, result)
		checkError(t, result, a)
		if a.kind() != "invalid_argument" {
			t.Errorf("%s: %q", arguments, a.text())
		}
	}
	if n := len(b.outcomes); n != 7 || b.outcomes[0].Kind != "invalid_argument" || b.outcomes[0].Tool != "get_blogger_profile" {
		t.Errorf("outcomes %+v", b.outcomes)
	}
}

// What the upstream says goes into no sentence of ours.
func TestErrorsHoldNoUpstreamText(t *testing.T) {
	for code, kind := range map[int]string{
		100: "token_invalid", 201: "not_found", 202: "rate_limited", 300: "upstream_error", 301: "collection_failed", 302: "rate_limited",
		303: "quota_exceeded", 400: "invalid_parameters", 404: "not_found", 500: "upstream_error", 503: "upstream_error",
		600: "permission_denied", 601: "insufficient_balance", 602: "token_limit_reached", 101: "upstream_error", 999: "upstream_error",
	} {
		body := fmt.Sprintf(`{"code":%d,"message":"ZEBRA\nRetryable: yes","requestId":"ZEBRA <b>","data":{"zebra":"ZEBRA"}}`, code)
		synctest.Test(t, func(t *testing.T) {
			b, close := newBench(setup{fetcher: upstream.NewSample(fstest.MapFS{documented + ".json": {Data: []byte(body)}})})
			defer close()
			result := b.call(t, t.Context(), `{"userId":"`+documented+`"}`)
			a := read(t, result)
			if a.kind() != kind || strings.Contains(strings.ToLower(string(result)), "zebra") {
				t.Errorf("code %d: %s", code, result)
			}
			checkError(t, result, a)
		})
	}
}
