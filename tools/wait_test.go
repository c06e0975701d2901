package tools

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// slow is a source that takes its time; it counts the requests.
func slow(took time.Duration, requests *atomic.Int64) fetcher {
	return func(ctx context.Context, id string) (*upstream.Response, error) {
		requests.Add(1)
		select {
		case <-time.After(took):
			return billedProfile(id, `{"userId":"`+id+`","fansNum":7}`), nil
		case <-ctx.Done():
			return nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}
		}
	}
}

func TestPendingAfterTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{fetcher: slow(90*time.Second, &requests), source: "prod-global"})
		defer close()
		start := time.Now()
		a := b.profile(t)
		testkit.Equal(t, "how long the first call took", time.Since(start), 50*time.Second)
		checkKind(t, "the first call", a, "pending")
		checkWords(t, "pending", a.text())
		// The look-up went on; who comes back gets it and pays nothing.
		a = b.profile(t)
		testkit.Equal(t, "how long both calls took", time.Since(start), 90*time.Second)
		checkKind(t, "the second call", a, "")
		testkit.Equal(t, "billed of the second call", a.Structured.Meta.Billed, true)
		testkit.Equal(t, "stale of the second call", a.Structured.Meta.Stale, false)
		testkit.Equal(t, "the source of the second call", a.Structured.Meta.Source, "prod-global")
		testkit.Equal(t, "the number of requests after the second call", requests.Load(), 1)
		a = b.profile(t)
		testkit.Equal(t, "the origin of the third call", a.origin(), origin{Cached: true})
		testkit.Equal(t, "the number of requests after the third call", requests.Load(), 1)
		if n := len(b.outcomes); n != 3 {
			t.Fatalf("%d outcomes, want 3: %+v", n, b.outcomes)
		}
		testkit.Equal(t, "the kind of the first outcome", b.outcomes[0].Kind, "pending")
		testkit.Equal(t, "the time of the first outcome", b.outcomes[0].Took, 50*time.Second)
		testkit.Equal(t, "cached of the third outcome", b.outcomes[2].Cached, 1)
	})
}

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		took time.Duration
		kind string
	}{{45 * time.Second, ""}, {90 * time.Second, "pending"}, {time.Second, ""}} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			b, close := newBench(setup{fetcher: slow(c.took, &requests)})
			defer close()
			start, last, at, ended := time.Now(), -1.0, time.Now(), false
			ctx := WithProgress(t.Context(),
				func(done, total float64, message string) {
					if last < 0 {
						testkit.Equal(t, "how long the first progress took", time.Since(start), 0)
					}
					if since := time.Since(at); since > 10*time.Second {
						t.Errorf("progress comes after %v, want 10s at most", since)
					}
					if ended {
						t.Errorf("progress %v comes after the call, want none", done)
					}
					if done <= last {
						t.Errorf("progress is %v after %v, want it to grow", done, last)
					}
					if done > total {
						t.Errorf("progress is %v, want %v at most", done, total)
					}
					testkit.Equal(t, "the total of the progress", total, 1)
					if message == "" {
						t.Errorf("progress %v has no message, want one", done)
					}
					last, at = done, time.Now()
				})

			a := read(t, b.call(t, ctx, `{"userId":"`+documented+`"}`))
			ended = true
			checkKind(t, fmt.Sprintf("a look-up of %v", c.took), a, c.kind)
			if last < 0 {
				t.Error("there was no progress, want some")
			}
			if since := time.Since(at); since > 10*time.Second {
				t.Errorf("the last progress is %v ago, want 10s at most", since)
			}
			time.Sleep(time.Minute)
		})
	}
}

// From memory there is nothing to wait for, and still something to report.
func TestProgressFromMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample()})
		defer close()
		b.profile(t)
		var seen []float64
		ctx := WithProgress(t.Context(),
			func(done, total float64, message string) { seen = append(seen, done) })

		checkKind(t, "what is in memory", read(t, b.call(t, ctx, `{"userId":"`+documented+`"}`)), "")
		if want := []float64{0, 1}; !slices.Equal(seen, want) {
			t.Errorf("progress was %v, want %v", seen, want)
		}
	})
}

// A comparison of texts that are no ids looks nobody up: there is no progress.
func TestNoProgressWithoutLookups(t *testing.T) {
	b, close := newBench(setup{fetcher: sample()})
	defer close()
	ctx := WithProgress(t.Context(), func(done, total float64, message string) {
		t.Errorf("progress is %v of %v, %q, want none", done, total, message)
	})
	if _, ok := b.set.Call(ctx, "compare_bloggers", []byte(`{"userIds":["4639645438"]}`)); !ok {
		t.Fatal("there is no tool compare_bloggers, want one")
	}
}

func TestCancellingEndsTheWaitNotTheLookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{fetcher: slow(40*time.Second, &requests)})
		defer close()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		b.call(t, ctx, `{"userId":"`+documented+`"}`)
		testkit.Equal(t, "how long the cancelled call took", time.Since(start), 3*time.Second)
		time.Sleep(time.Minute)
		a := b.profile(t)
		checkKind(t, "the next call", a, "")
		testkit.Equal(t, "the origin", a.origin(), origin{Billed: true, Cached: true})
		testkit.Equal(t, "the age in seconds", a.Structured.Meta.AgeSeconds, 23)
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
		testkit.Contains(t, "the text", a.text(), "23 s ago")
	})
}

func TestManyCallersShareOnePaidRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{fetcher: slow(20*time.Second, &requests)})
		defer close()
		b.set.Observe = nil // the bench's is for one call at a time
		answers := make(chan answer, 50)
		for range 50 {
			go func() { answers <- b.profile(t) }()
		}
		billed := 0
		for range 50 {
			a := <-answers
			checkKind(t, "one of many callers", a, "")
			if a.Structured.Meta.Billed {
				billed++
			}
			hasIf(t, a.Structured.Meta.Billed, "the text", a.text(), "asked the upstream, billed")
		}
		testkit.Equal(t, "the number of callers that were billed", billed, 1)
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
	})
}

// A caller that goes away just when its answer comes is not told of the charge:
// the next one is.
func TestLeavingWhenTheAnswerComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{source: "prod-global", fetcher: slow(time.Second, &requests)})
		defer close()
		ctx, cancel := context.WithCancel(t.Context())
		ctx = WithProgress(ctx, func(done, total float64, _ string) {
			if done == total {
				cancel()
			}
		})

		b.call(t, ctx, `{"userId":"`+documented+`"}`)
		testkit.Equal(t, "the origin", b.profile(t).origin(), origin{Billed: true, Cached: true})
	})
}
