package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

const ping = `{"jsonrpc":"2.0","id":"p","method":"ping"}`

// What comes from a shell has no last line break and ends at once.
func TestThreeRequestsWithoutALastNewline(t *testing.T) {
	in := strings.NewReader(call(1, documentedID) + "\n" + ping + "\r\n\n" + call(3, "4639645438"))
	var out, errs strings.Builder
	if status := run(t.Context(), []string{"-upstream", "sample"}, nil, in, &out, &errs); status != 0 {
		t.Errorf("status %d: %s", status, errs.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d answers: %q", len(lines), lines)
	}
	for _, l := range lines {
		parse(t, l)
	}
}

func TestEndOfStdinWaitsForCallsInFlight(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags()...)
	s.send(call(1, bloggerID(1)))
	u.waitArrived(t, 1)
	_ = s.in.Close()
	u.release()
	rest, status := s.end()
	if len(rest) != 1 || !strings.Contains(rest[0], `"billed":true`) || status != 0 {
		t.Errorf("status %d, answers %q", status, rest)
	}
}

func TestSlowCallsHoldNothingUp(t *testing.T) {
	u := newUpstream(t, func(id string) bool { return id != bloggerID(0) })
	s := start(t, withToken(), u.flags()...)
	s.send(call(1, bloggerID(0)))
	s.line()
	for i := range 5 {
		s.send(call(10+i, bloggerID(1+i)))
	}
	u.waitArrived(t, 6)
	s.send(call(2, bloggerID(0)))
	if r := parse(t, s.line()); string(r.ID) != "2" || !r.Result.StructuredContent.Meta.Cached {
		t.Errorf("the cached call is not the next answer: %+v", r)
	}
	s.send(ping)
	if r := parse(t, s.line()); string(r.ID) != `"p"` {
		t.Errorf("ping is not the next answer: %+v", r)
	}
	u.release()
	if rest, status := s.end(); len(rest) != 5 || status != 0 {
		t.Errorf("status %d, %d slow answers", status, len(rest))
	}
}

// A cancelled call gets no answer, and what it was about to pay for is kept.
func TestCancelEndsTheWaitNotTheLookup(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags()...)
	s.send(call(1, bloggerID(1)))
	u.waitArrived(t, 1)
	s.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, call(2, bloggerID(1)))
	u.release()
	r := parse(t, s.line())
	if string(r.ID) != "2" || r.Result.IsError || r.Result.StructuredContent.Meta.Billed {
		t.Errorf("after the cancelled call: %+v", r)
	}
	if rest, _ := s.end(); len(rest) != 0 || u.requests(bloggerID(1)) != 1 {
		t.Errorf("more answers %q, %d requests", rest, u.requests(bloggerID(1)))
	}
}

func TestProgressComesBeforeTheResult(t *testing.T) {
	s := start(t, nil, "-upstream", "sample", "-log-level", "error")
	const calls = 300
	go func() {
		for i := range calls {
			s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q},"_meta":{"progressToken":%d}}}`, i, documentedID, i))
		}
	}()
	last := map[string]float64{}
	for results := 0; results < calls; {
		r := parse(t, s.line())
		if r.Method == "notifications/progress" {
			token := string(r.Params.ProgressToken)
			if before, ok := last[token]; ok && r.Params.Progress <= before {
				t.Errorf("%s: progress %v after %v", token, r.Params.Progress, before)
			}
			last[token] = r.Params.Progress
			continue
		}
		if _, ok := last[string(r.ID)]; !ok {
			t.Errorf("%s: the result comes before progress", r.ID)
		}
		delete(last, string(r.ID))
		results++
	}
	if len(last) != 0 {
		t.Errorf("progress after the result: %v", last)
	}
}

// zeros is a line that never ends, without the memory it would take.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestAHugeLineCostsLittle(t *testing.T) {
	in := io.MultiReader(io.LimitReader(zeros{}, 64<<20), strings.NewReader("\n"+ping+"\n"))
	var out strings.Builder
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := serveStdio(t.Context(), sampleService(t), in, &out); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 24<<20 {
		t.Errorf("64 MB took %d MB of allocations", n>>20)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || parse(t, lines[0]).Error == nil || parse(t, lines[0]).Error.Code != -32700 || string(parse(t, lines[1]).ID) != `"p"` {
		t.Errorf("answers %q", lines)
	}
}

func TestSignalEndsAtOnce(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags()...)
	s.send(call(1, bloggerID(1)))
	u.waitArrived(t, 1)
	s.cancel()
	if status := s.wait(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// broken is a source with a bug.
type broken struct{}

func (broken) Ready() error { return nil }
func (broken) Fetch(context.Context, string) (*upstream.Response, error) {
	panic("https://api.example.com/?token=" + testToken)
}

func TestPanicsStayInside(t *testing.T) {
	var log, out strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	d := upstream.New(upstream.Settings{TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: logger}, broken{}, upstream.NewMemory(1, 0))
	set := tools.New(tools.Settings{Lookups: d, Wait: time.Minute, Log: logger})
	s := &service{mcp: newMCPServer(set), tools: set, log: logger}
	if err := serveStdio(t.Context(), s, strings.NewReader(call(1, documentedID)+"\n"+ping), &out); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if got := out.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, `"text":"internal: `) || strings.Contains(got+log.String(), testToken) {
		t.Errorf("stdout %s\nlog %s", got, log.String())
	}
}

// A client that closed its end but not ours: what it had asked for is on its
// way, but nothing more is looked up for it.
func TestAClientThatHasGone(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags()...)
	s.send(call(1, bloggerID(1)))
	u.waitArrived(t, 1)
	_ = s.stdout.Close()
	s.send(ping)
	if status := s.wait(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// A cancellation finds every message that was sent before it: when the next
// line may be read, the batch is known.
func TestCancelRightBehindABatch(t *testing.T) {
	var sent []string
	c := newConversation(t.Context(), sampleService(t), func(m []byte) { sent = append(sent, string(m)) })
	c.handle([]byte("["+call(1, documentedID)+","+call(2, documentedID)+"]"), func() {
		c.handle([]byte(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`), nil)
	})
	if len(sent) != 1 || !strings.HasPrefix(sent[0], `[{"jsonrpc":"2.0","id":2,`) || strings.Count(sent[0], `"jsonrpc"`) != 1 {
		t.Errorf("%.200q", sent)
	}
}

// Each message of a batch can be cancelled by itself.
func TestCancelInsideABatch(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags()...)
	s.send("[" + call(1, bloggerID(1)) + "," + call(2, bloggerID(2)) + "]")
	u.waitArrived(t, 2)
	s.send(`[{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}},` + ping + "]")
	if got := s.line(); got != `[{"jsonrpc":"2.0","id":"p","result":{}}]` {
		t.Errorf("the second batch: %s", got)
	}
	u.release()
	if got := s.line(); !strings.HasPrefix(got, `[{"jsonrpc":"2.0","id":2,`) || strings.Contains(got, `"id":1,`) {
		t.Errorf("the first batch: %.300s", got)
	}
}

func TestTooManyCallsAtOnce(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	s := start(t, withToken(), u.flags("-log-level", "error")...)
	for i := range maxCalls {
		s.send(call(i, bloggerID(1)))
	}
	u.waitArrived(t, 1)
	s.send(call(maxCalls, bloggerID(1)))
	if r := parse(t, s.line()); r.Error == nil || r.Error.Code != codeBusy || string(r.ID) != fmt.Sprint(maxCalls) {
		t.Errorf("call %d: %+v", maxCalls, r)
	}
	u.release()
	if rest, _ := s.end(); len(rest) != maxCalls {
		t.Errorf("%d answers", len(rest))
	}
}
