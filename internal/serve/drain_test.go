package serve

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// slowCounting is a source that takes its time, charges for each answer and counts
// the requests and those that were cut off.
type slowCounting struct {
	took       time.Duration
	asked, cut atomic.Int64
}

func (*slowCounting) Ready() error { return nil }

func (s *slowCounting) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	s.asked.Add(1)
	r, err := slowSource{s.took}.Fetch(ctx, q)
	if err != nil {
		s.cut.Add(1)
	}
	return r, err
}

func (s *slowCounting) want(t *testing.T, asked, cut int64) {
	t.Helper()
	if a, c := s.asked.Load(), s.cut.Load(); a != asked || c != cut {
		t.Errorf("%d requests were sent and %d of them cut off, want %d and %d", a, c, asked, cut)
	}
}

// Five calls wait for their turn at a request a second when the server is to end:
// nothing more is sent, what was is brought home, and the log tells of the rest.
func TestNothingIsSentAfterASignal(t *testing.T) {
	for _, c := range []struct {
		name    string
		took    time.Duration // of a request
		stdio   bool
		cut     int64
		log     string
		callers int // that are answered
	}{
		{"stdio", 2500 * time.Millisecond, true, 1, "ending without the answers to requests", 0},
		{"stdio, soon done", 700 * time.Millisecond, true, 0, "", 0},
		{"HTTP", 20 * time.Second, false, 0, "draining calls=5 lookups=2 limit=25s", 5},
		{"HTTP, too long", 40 * time.Second, false, 2, "lookups=2", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &slowCounting{took: c.took}
				s := serverWith(t, f, 1, outliving(t))
				var log strings.Builder
				s.log = slog.New(slog.NewTextHandler(&log, nil))
				var calls []string
				for i := range 5 {
					calls = append(calls, call(i, bloggerID(i)))
				}
				ctx, signal := context.WithCancel(t.Context())
				time.AfterFunc(1500*time.Millisecond, signal) // two are sent
				var answered atomic.Int64
				if c.stdio {
					all, end := context.WithCancel(t.Context())
					defer end()
					_ = s.Stdio(ctx, endless(all, strings.Join(calls, "\n")+"\n"), io.Discard)
				} else {
					h := side(t, s, false)
					h.Log = s.log
					var callers sync.WaitGroup
					for _, m := range calls {
						callers.Go(func() {
							if h.serve(request(http.MethodPost, "/mcp", m)).Code == http.StatusOK {
								answered.Add(1)
							}
						})
					}
					<-ctx.Done()
					h.drain()
					callers.Wait()
				}
				f.want(t, 2, c.cut)
				if int(answered.Load()) != c.callers {
					t.Errorf("%d callers are answered, want %d", answered.Load(), c.callers)
				}
				if warned := strings.Contains(log.String(), "ending without"); warned != (c.cut > 0) || !strings.Contains(log.String(), c.log) {
					t.Errorf("the log is %q, want %q in it, and a warning: %v", log.String(), c.log, c.cut > 0)
				}
			})
		})
	}
}

// What the callers have left is brought home where it was sent: a look-up that was
// promised and not sent ends at the end of stdin.
func TestTheEndOfStdinBringsHomeWhatWasSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &slowCounting{took: 150 * time.Second}
		s := serverWith(t, f, 1.0/200, outliving(t)) // one each 200 s
		in, client := io.Pipe()
		ended := make(chan error)
		go func() { ended <- s.Stdio(t.Context(), in, io.Discard) }()
		begin := time.Now()
		_, _ = fmt.Fprintln(client, call(1, bloggerID(1))+"\n"+call(2, bloggerID(2)))
		time.Sleep(130 * time.Second) // both were told "pending"
		_ = client.Close()
		<-ended
		f.want(t, 1, 0)
		if took := time.Since(begin); took > 151*time.Second {
			t.Errorf("the server ends after %s, want 150 s", took)
		}
	})
}
