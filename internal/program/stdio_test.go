package program

import (
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// Input from a shell has no last line break and ends at once.
func TestThreeRequestsWithoutALastNewline(t *testing.T) {
	in := strings.NewReader(testkit.Call(1, testkit.DocumentedID) + "\n" + testkit.Ping + "\r\n\n" + testkit.Call(3, "4639645438"))
	var out, errs strings.Builder
	if status := run(t.Context(), []string{"-upstream", "sample"}, nil, in, &out, &errs); status != 0 {
		t.Errorf("the status is %d, want 0; the log:\n%s", status, &errs)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("three requests on stdin: got %d answers, want 3: %.600q", len(lines), out.String())
	}
	for _, l := range lines {
		parse(t, l)
	}
}

func TestEndOfStdinWaitsForCallsInFlight(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	u.WaitFor(t, 1)
	_ = s.in.Close()
	u.Release()
	rest, status := s.end()
	testkit.Equal(t, "the exit status", status, 0)
	testkit.Equal(t, "answers after the end of stdin", len(rest), 1)
	testkit.Contains(t, "the answer after the end of stdin", strings.Join(rest, "\n"), `"billed":true`)
}

func TestSlowCallsHoldNothingUp(t *testing.T) {
	u := testkit.NewUpstream(t, func(id string) bool { return id != testkit.BloggerID(0) })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(0)))
	s.line()
	for i := range 5 {
		s.send(testkit.Call(10+i, testkit.BloggerID(1+i)))
	}
	u.WaitFor(t, 6)
	s.send(testkit.Call(2, testkit.BloggerID(0)))
	r := parse(t, s.line())
	testkit.Equal(t, "the id of the answer while five calls wait", string(r.ID), "2")
	testkit.Equal(t, "meta.cached of the answer while five calls wait", r.Result.StructuredContent.Meta.Cached, true)
	s.send(testkit.Ping)
	testkit.Equal(t, "the id of the answer to a ping while five calls wait", string(parse(t, s.line()).ID), `"p"`)
	u.Release()
	rest, status := s.end()
	testkit.Equal(t, "the exit status", status, 0)
	testkit.Equal(t, "answers after the upstream's release", len(rest), 5)
}

// A cancelled call gets no answer, and what it was about to pay for is kept.
func TestCancelEndsTheWaitNotTheLookup(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	u.WaitFor(t, 1)
	s.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, testkit.Call(2, testkit.BloggerID(1)))
	testkit.Eventually(t, "the cancelled call has ended", func() bool { return strings.Contains(s.stderr.String(), "outcome=pending") })
	u.Release()
	r := parse(t, s.line())
	testkit.Equal(t, "the id of the answer after the cancelled call", string(r.ID), "2")
	testkit.Equal(t, "isError of the call that joined the cancelled one's look-up", r.Result.IsError, false)
	testkit.Equal(t, "meta.billed of the call that joined the cancelled one's look-up", r.Result.StructuredContent.Meta.Billed, true)
	rest, _ := s.end()
	testkit.Equal(t, "answers after the second call's", len(rest), 0)
	testkit.Equal(t, "requests that the upstream got", u.Of(testkit.BloggerID(1)), 1)
}

func TestProgressComesBeforeTheResult(t *testing.T) {
	s := start(t, nil, "-upstream", "sample", "-log-level", "error")
	const calls = 300
	go func() {
		for i := range calls {
			s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q},"_meta":{"progressToken":%d}}}`, i, testkit.DocumentedID, i))
		}
	}()
	last := map[string]float64{}
	for results := 0; results < calls; {
		r := parse(t, s.line())
		if r.Method == "notifications/progress" {
			token := string(r.Params.ProgressToken)
			if before, ok := last[token]; ok && r.Params.Progress <= before {
				t.Errorf("the progress of call %s is %v, want more than the %v before it", token, r.Params.Progress, before)
			}
			last[token] = r.Params.Progress
			continue
		}
		if _, ok := last[string(r.ID)]; !ok {
			t.Errorf("call %s has a result without progress, want progress before it", r.ID)
		}
		delete(last, string(r.ID))
		results++
	}
	if len(last) != 0 {
		t.Errorf("the calls with progress after the result are %v, want none", last)
	}
}

func TestSignalEndsAtOnce(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	u.WaitFor(t, 1)
	s.cancel()
	testkit.Equal(t, "the exit status", s.wait(), 0)
}

// A client that closed its end but not ours: what it had asked for is on its
// way, but nothing more is looked up for it.
func TestAClientThatHasGone(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	u.WaitFor(t, 1)
	_ = s.stdout.Close()
	s.send(testkit.Ping)
	testkit.Equal(t, "the exit status", s.wait(), 0)
}

// Each message of a batch can be cancelled by itself.
func TestCancelInsideABatch(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u)...)
	s.send("[" + testkit.Call(1, testkit.BloggerID(1)) + "," + testkit.Call(2, testkit.BloggerID(2)) + "]")
	u.WaitFor(t, 2)
	s.send(`[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}},` + testkit.Ping + "]")
	testkit.Equal(t, "the answer to the batch with a cancellation and a ping", s.line(), `[{"jsonrpc":"2.0","id":"p","result":{}}]`)
	u.Release()
	first := s.line()
	testkit.Contains(t, "the answer to the batch whose call 1 was cancelled", first, `[{"jsonrpc":"2.0","id":2,`)
	testkit.Lacks(t, "the answer to the batch whose call 1 was cancelled", first, `"id":1,`)
}

// The end of stdin waits for a call no longer than -wait, however long the
// upstream takes.
func TestEndOfStdinIsBoundByWait(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), flags(u, "-wait", "50ms")...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	rest, status := s.end()
	testkit.Equal(t, "the exit status", status, 0)
	testkit.Equal(t, "answers after the end of stdin", len(rest), 1)
	testkit.Contains(t, "the answer after the end of stdin", strings.Join(rest, "\n"), `"text":"pending: `)
}

// A client that uses an id again before its first call has ended gets both
// answers: the end of one does not cancel the other.
func TestAnIDInUseTwice(t *testing.T) {
	u := testkit.NewUpstream(t, func(id string) bool { return id == testkit.BloggerID(2) })
	s := start(t, withToken(), flags(u)...)
	s.send(testkit.Call(1, testkit.BloggerID(1)))
	s.line()                                                                             // it is in memory now
	s.send(testkit.Call(7, testkit.BloggerID(2)))                                        // waits
	u.WaitFor(t, 2)                                                                      // for the upstream
	s.send(testkit.Call(7, testkit.BloggerID(1)), testkit.Call(7, testkit.BloggerID(2))) // one from memory, one that joins
	testkit.Equal(t, "isError of the call that is answered from memory", parse(t, s.line()).Result.IsError, false)
	u.Release()
	rest, status := s.end()
	testkit.Equal(t, "the exit status", status, 0)
	testkit.Equal(t, "answers to the other two calls with the same id", len(rest), 2)
}
