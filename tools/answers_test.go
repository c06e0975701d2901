package tools

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
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
		testkit.Equal(t, "a fresh answer's origin", a.origin(), origin{Billed: true})
		testkit.Lacks(t, "a fresh answer's summary", string(a.Structured.Summary), "new look-up failed")
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
			what := fmt.Sprintf("%v: ", c.err)
			checkKind(t, what+"a stale answer", a, "")
			testkit.Equal(t, what+"the origin", a.origin(), origin{Cached: true, Stale: true})
			testkit.Equal(t, what+"the age in seconds", a.Structured.Meta.AgeSeconds, 7*3600)
			// Said in both channels, as a model sees one of them.
			for channel, said := range map[string]string{"text": a.text(), "summary": string(a.Structured.Summary)} {
				testkit.Contains(t, what+"the "+channel, said, "These figures are from 7 h ago", c.caveat)
			}
			testkit.Contains(t, what+"the text", a.text(), "This call: from memory, stale, not billed")
		}
		// What only the operator can put right is not papered over, nor is a refresh.
		failing = &upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: upstream.NotBilled}
		checkKind(t, "what the operator can put right", b.profile(t), "invalid_parameters")
		failing = &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
		checkKind(t, "a refresh", read(t, b.call(t, t.Context(), `{"userId":"`+documented+`","refresh":true}`)), "upstream_error")
		failing = nil
		a = b.profile(t)
		testkit.Equal(t, "stale of a new answer", a.Structured.Meta.Stale, false)
		testkit.Lacks(t, "a new answer", a.text(), "figures are from")
		time.Sleep(31 * time.Hour)
		failing = &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
		checkKind(t, "an answer that is too old to stand in", b.profile(t), "upstream_error")
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
			if n := a.Structured.Meta.CallsLeft; n == nil {
				t.Errorf("call %d: callsLeft is absent, want %d", i, left)
			} else if *n != left {
				t.Errorf("call %d: callsLeft is %d, want %d", i, *n, left)
			}
			testkit.Contains(t, fmt.Sprintf("call %d: the text", i), a.text(), fmt.Sprintf("\nRequests left: %d in the 24-hour budget", left))
			time.Sleep(time.Hour)
		}
		a := call("5a3e1e000000000000000002")
		checkKind(t, "a call beyond the budget", a, "budget_exhausted")
		testkit.Contains(t, "the text", a.text(), "no, until 2000-01-02T00:00:00Z. Billed: no.")
		checkWords(t, "budget_exhausted", a.text())
		checkKind(t, "what is in memory", call(documented), "")
	})
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample()})
		defer close()
		a := b.profile(t)
		if left := a.Structured.Meta.CallsLeft; left != nil {
			t.Errorf("without a budget callsLeft is %d, want it absent", *left)
		}
		testkit.Lacks(t, "the text without a budget", a.text(), "Requests left")
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
			checkKind(t, "a panic in the "+what, a, "internal")
			testkit.Contains(t, what+": the text", a.text(), "Billed: unknown.")
			checkError(t, result, a)
			testkit.Lacks(t, what+": the result", string(result), "zebra", "nil pointer", "goroutine", ".go:")
			testkit.Equal(t, what+": the outcome's kind", b.outcomes[len(b.outcomes)-1].Kind, "internal")
		}
		testkit.Lacks(t, "the log", b.log.String(), "zebra")
		testkit.Contains(t, "the log", b.log.String(), "look-up panicked", "tool panicked", "nil pointer")
		b.set.Lookups = directory
		checkKind(t, "a call after the panics", b.profile(t), "internal")
	})
}

func TestInvalidArgumentsAskNothing(t *testing.T) {
	b, close := newBench(setup{fetcher: fetcher(func(context.Context, string) (*upstream.Response, error) {
		t.Error("the source is asked, want no request")
		return nil, &upstream.Error{Kind: upstream.Internal}
	})})
	defer close()
	for _, arguments := range []string{`null`, `{}`, `[]`, `{"userId":"4639645438"}`, `{"userId":4639645438}`, `{"userId":"` + documented + `","x":1}`, `{"userId":"https://xhslink.com/a"}`} {
		result := b.call(t, t.Context(), arguments)
		a := read(t, result)
		checkError(t, result, a)
		checkKind(t, arguments, a, "invalid_argument")
	}
	if n := len(b.outcomes); n != 7 {
		t.Fatalf("%d outcomes, want 7: %+v", n, b.outcomes)
	}
	testkit.Equal(t, "the first outcome's kind", b.outcomes[0].Kind, "invalid_argument")
	testkit.Equal(t, "the first outcome's tool", b.outcomes[0].Tool, "get_blogger_profile")
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
			what := fmt.Sprintf("code %d", code)
			checkKind(t, what, a, kind)
			testkit.Lacks(t, what+": the result in lower case", strings.ToLower(string(result)), "zebra")
			checkError(t, result, a)
		})
	}
}
