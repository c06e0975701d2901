package serve

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

// overStdio gives all that the server writes to its stdout.
func (s *Server) overStdio(t *testing.T, in io.Reader) string {
	t.Helper()
	var out strings.Builder
	if err := s.Stdio(t.Context(), in, &out); err != nil {
		t.Fatalf("stdio ends with %v, want nil", err)
	}
	return out.String()
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
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	out := sampleServer(t).overStdio(t, in)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 24<<20 {
		t.Errorf("64 MB took %d bytes of allocations, want %d at most", n, 24<<20)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d answers, want 2: %.600q", len(lines), out)
	}
	for i, want := range []string{`"error":{"code":-32700,"message":"` + tooLong, `"id":"p"`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("answer %d is %.300s, want %s in it", i, lines[i], want)
		}
	}
}

// broken is a source with a bug.
type broken struct{}

func (broken) Ready() error { return nil }
func (broken) Fetch(context.Context, upstream.Query) (*upstream.Response, error) {
	panic("https://api.example.com/?token=" + testToken)
}

func TestPanicsStayInside(t *testing.T) {
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	d := upstream.New(upstream.Settings{TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: logger}, broken{}, upstream.NewMemory(1, 0), nil)
	set := tools.New(tools.Settings{Lookups: d, Wait: time.Minute, Log: logger})
	s := New(set, "test", logger)
	got := s.overStdio(t, strings.NewReader(call(1, documentedID)+"\n"+ping))
	d.Close()
	if n := strings.Count(got, "\n"); n != 2 {
		t.Errorf("%d answers, want 2: %.600s", n, got)
	}
	if want := `"text":"internal: `; !strings.Contains(got, want) {
		t.Errorf("stdout is %.600s, want %s in it", got, want)
	}
	for what, text := range map[string]string{"stdout": got, "the log": log.String()} {
		if strings.Contains(text, testToken) {
			t.Errorf("%s is %.600s, want no %s in it", what, text, testToken)
		}
	}
}

// A cancellation finds every message that was sent before it: when the next
// line is read, the batch is known.
func TestCancelRightBehindABatch(t *testing.T) {
	var sent []string
	c := newSession(t.Context(), sampleServer(t), writerFunc(func(m string) { sent = append(sent, m) }))
	respond := c.take(t, "["+call(1, documentedID)+","+call(2, documentedID)+"]")
	c.take(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)()
	respond()
	if len(sent) != 1 {
		t.Fatalf("%d answers, want 1", len(sent))
	}
	if !strings.HasPrefix(sent[0], `[{"jsonrpc":"2.0","id":2,`) {
		t.Errorf("the answer is %.200s, want that to id 2", sent[0])
	}
	if n := strings.Count(sent[0], `"jsonrpc"`); n != 1 {
		t.Errorf("%d messages in the answer, want 1", n)
	}
}

// A request that is not answered within its limit may have been billed, so it
// is not made again. The flag takes no less than a minute: by hand.
func TestTimeoutIsNotRepeated(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	u := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		<-r.Context().Done()
	}))
	defer u.Close()
	log := slog.New(slog.DiscardHandler)
	d := upstream.New(upstream.Settings{TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: log},
		upstream.NewClient(u.URL, upstream.NewToken(testToken), 50*time.Millisecond), upstream.NewMemory(1, 0), nil)
	set := tools.New(tools.Settings{Lookups: d, Wait: time.Minute, Log: log})
	s := New(set, "test", log)
	out := s.overStdio(t, strings.NewReader(call(1, documentedID)))
	d.Close()
	for _, want := range []string{`"text":"timeout: `, `Retryable: yes, once. Billed: unknown.`} {
		if !strings.Contains(out, want) {
			t.Errorf("the answer is %.600s, want %s in it", out, want)
		}
	}
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

// What is round a line is none of it; a line of that alone is no message.
func TestByteOrderMarksOnStdio(t *testing.T) {
	in := "\ufeff\n\ufeff" + ping + "\r\n \t\ufeff \n\ufeff[" + ping + "]"
	lines := strings.Split(strings.TrimSpace(sampleServer(t).overStdio(t, strings.NewReader(in))), "\n")
	slices.Sort(lines)
	want := []string{`[{"jsonrpc":"2.0","id":"p","result":{}}]`, `{"jsonrpc":"2.0","id":"p","result":{}}`}
	if !slices.Equal(lines, want) {
		t.Errorf("the answers are %q, want %q", lines, want)
	}
}

// What needs no look-up is answered in the order in which it came.
func TestTheOrderOfStdio(t *testing.T) {
	const pings = 200
	var in strings.Builder
	for i := range pings {
		fmt.Fprintf(&in, `{"jsonrpc":"2.0","id":%d,"method":"ping"}`+"\n", i)
	}
	answers := slices.Collect(strings.Lines(sampleServer(t).overStdio(t, strings.NewReader(in.String()))))
	if len(answers) != pings {
		t.Fatalf("%d answers, want %d", len(answers), pings)
	}
	for i, got := range answers {
		if want := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":{}}`+"\n", i); got != want {
			t.Errorf("answer %d is %.100q, want %q", i, got, want)
		}
	}
}

// A client may make all its calls before it reads an answer.
func TestAClientThatReadsLast(t *testing.T) {
	messages := []string{call(1, documentedID), "[" + ping + "," + ping + "]", call(2, bloggerID(2)), call(3, documentedID)}
	in, client := io.Pipe() // neither pipe holds a byte that is not read yet
	answers, out := io.Pipe()
	go func() {
		_ = out.CloseWithError(sampleServer(t).Stdio(t.Context(), in, out))
	}()
	stuck := time.AfterFunc(patience, func() { _ = in.CloseWithError(fmt.Errorf("not read in %s", patience)) })
	defer stuck.Stop()
	for _, m := range messages {
		if _, err := io.WriteString(client, m+"\n"); err != nil {
			t.Fatalf("sending %.60s ends with %v, want it read", m, err)
		}
	}
	_ = client.Close()
	got, err := io.ReadAll(answers)
	if err != nil {
		t.Errorf("stdout ends with %v, want its end", err)
	}
	if n := strings.Count(string(got), "\n"); n != len(messages) {
		t.Errorf("%d answers, want %d", n, len(messages))
	}
}

// A burst of cached calls is more than there are places, and none is refused.
func TestABurstIsNotRefused(t *testing.T) {
	const calls = 3 * maxReplies
	var in strings.Builder
	for i := range calls {
		in.WriteString(call(i, documentedID) + "\n")
	}
	out := sampleServer(t).overStdio(t, strings.NewReader(in.String()))
	if n := strings.Count(out, `"structuredContent"`); n != calls {
		t.Errorf("%d results, want %d", n, calls)
	}
}

// A message beyond those that are answered at a time waits for its place.
func TestStdioWaitsForAPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sampleServer(t)
		s.calls.tryAcquire(maxReplies)
		var out strings.Builder
		ended := make(chan error)
		go func() { ended <- s.Stdio(t.Context(), strings.NewReader(ping), &out) }()
		time.Sleep(time.Hour)
		if out.Len() > 0 {
			t.Errorf("without a place the answer is %.300s, want none", &out)
		}
		s.calls.release(1)
		if err := <-ended; err != nil {
			t.Errorf("with a place stdio ends with %v, want nil", err)
		}
		if want := `"result":{}`; !strings.Contains(out.String(), want) {
			t.Errorf("with a place the answer is %.300s, want %s in it", &out, want)
		}
	})
}

// A caller's long word is not repeated to it in full.
func TestLongNamesAreNotRepeated(t *testing.T) {
	long := strings.Repeat("n", 300_000)
	in := strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + long + `"}}` + "\n" +
		`{"jsonrpc":"2.0","id":2,"method":"` + long + `"}` + "\n")
	out := sampleServer(t).overStdio(t, in)
	if n := len(out); n > 1000 {
		t.Errorf("%d bytes of errors, want 1000 at most", n)
	}
	if n := strings.Count(out, `"error":`); n != 2 {
		t.Errorf("%d errors, want 2", n)
	}
}

// A message may have exactly as many bytes as the limit says, its line break
// not counted.
func TestTheLongestMessage(t *testing.T) {
	const before, after = `{"jsonrpc":"2.0","id":"p","method":"ping","params":{"x":"`, `"}}`
	for extra, want := range map[int]string{0: `"result":{}`, 1: `"code":-32700`} {
		line := before + strings.Repeat("x", maxMessage-len(before)-len(after)+extra) + after
		out := sampleServer(t).overStdio(t, strings.NewReader(line+"\n"))
		if !strings.Contains(out, want) {
			t.Errorf("%d bytes: the answer is %.200s, want %s in it", len(line), out, want)
		}
	}
}
