package tools

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

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
		if took := time.Since(start); took != 50*time.Second || a.kind() != "pending" {
			t.Errorf("after %v: %q", took, a.text())
		}
		checkWords(t, "pending", a.text())
		// The look-up went on; who comes back gets it and pays nothing.
		a = b.profile(t)
		if took := time.Since(start); took != 90*time.Second || a.IsError {
			t.Errorf("after %v: %q", took, a.text())
		}
		if m := a.Structured.Meta; !m.Billed || m.Stale || m.Source != "prod-global" || requests.Load() != 1 {
			t.Errorf("%d requests, meta %+v", requests.Load(), m)
		}
		a = b.profile(t)
		if m := a.Structured.Meta; m.Billed || !m.Cached || requests.Load() != 1 {
			t.Errorf("%d requests, meta %+v", requests.Load(), m)
		}
		if len(b.outcomes) != 3 || b.outcomes[0].Kind != "pending" || b.outcomes[0].Took != 50*time.Second || b.outcomes[2].Cached != 1 {
			t.Errorf("outcomes %+v", b.outcomes)
		}
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
					if last < 0 && time.Since(start) != 0 {
						t.Errorf("the first after %v", time.Since(start))
					}
					if time.Since(at) > 10*time.Second || ended {
						t.Errorf("after %v; the call has ended: %v", time.Since(at), ended)
					}
					if done <= last || done > total || total != 1 || message == "" {
						t.Errorf("%v of %v after %v: %q", done, total, last, message)
					}
					last, at = done, time.Now()
				})

			a := read(t, b.call(t, ctx, `{"userId":"`+documented+`"}`))
			ended = true
			if a.kind() != c.kind || last < 0 || time.Since(at) > 10*time.Second {
				t.Errorf("%q, last %v, %v ago", a.kind(), last, time.Since(at))
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

		if a := read(t, b.call(t, ctx, `{"userId":"`+documented+`"}`)); a.IsError || len(seen) != 2 || seen[0] != 0 || seen[1] != 1 {
			t.Errorf("progress %v, %q", seen, a.text())
		}
	})
}

// A comparison of texts that are no ids looks nobody up: there is no progress.
func TestNoProgressWithoutLookups(t *testing.T) {
	b, close := newBench(setup{fetcher: sample()})
	defer close()
	ctx := WithProgress(t.Context(), func(done, total float64, message string) {
		t.Errorf("%v of %v: %q", done, total, message)
	})
	if _, ok := b.set.Call(ctx, "compare_bloggers", []byte(`{"userIds":["4639645438"]}`)); !ok {
		t.Fatal("there is no such tool")
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
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("ended after %v", took)
		}
		time.Sleep(time.Minute)
		a := b.profile(t)
		if m := a.Structured.Meta; a.IsError || !m.Cached || !m.Billed || m.AgeSeconds != 23 || requests.Load() != 1 {
			t.Errorf("%d requests, meta %+v, %q", requests.Load(), m, a.text())
		}
		if !strings.Contains(a.text(), "23 s ago") {
			t.Errorf("the age is not in the text: %q", a.text())
		}
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
			if a.IsError {
				t.Errorf("%q", a.text())
			}
			if a.Structured.Meta.Billed {
				billed++
			}
			if strings.Contains(a.text(), "asked the upstream, billed") != a.Structured.Meta.Billed {
				t.Errorf("meta %+v, text %q", a.Structured.Meta, a.text())
			}
		}
		if billed != 1 || requests.Load() != 1 {
			t.Errorf("%d requests, billed to %d", requests.Load(), billed)
		}
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
		if m := b.profile(t).Structured.Meta; !m.Billed || !m.Cached {
			t.Errorf("billed %v and cached %v, want both", m.Billed, m.Cached)
		}
	})
}
