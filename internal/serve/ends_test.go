package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
)

// unread is a stdout that nobody reads: a pipe that is full.
type unread struct{ ctx context.Context }

func (u unread) Write([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, io.ErrClosedPipe
}

// closedOut is a stdout whose reader has gone.
type closedOut struct{}

func (closedOut) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// endless is a stdin that brings some lines and then nothing more.
func endless(ctx context.Context, lines string) io.Reader {
	return io.MultiReader(strings.NewReader(lines), waiting{ctx})
}

type waiting struct{ ctx context.Context }

func (w waiting) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// A stdio server ends in time, however its client and its look-ups behave. Its
// tools wait for 2 minutes.
func TestTheEndsOfStdio(t *testing.T) {
	const took = 100 * time.Second
	pings := strings.Repeat(ping+"\n", 50)
	for _, c := range []struct {
		name     string
		in       string
		ended    bool // stdin
		out      io.Writer
		lookup   time.Duration // how long one takes
		signal   time.Duration // when it comes; 0 for none
		outlives bool
		want     time.Duration
	}{
		{"nothing is under way", ping, true, io.Discard, 0, 0, true, 0},
		{"a call is answered", call(1, bloggerID(1)), true, io.Discard, took, 0, true, took},
		{"a call is answered without a memory that outlives", call(1, bloggerID(1)), true, io.Discard, took, 0, false, took},
		{"a call waits in vain", call(1, bloggerID(1)), true, io.Discard, time.Hour, 0, true, 2 * time.Minute},
		{"nobody reads", pings, true, unread{}, 0, 0, true, unreadLimit},
		{"nobody reads while a call is under way", pings + call(1, bloggerID(1)), true, unread{}, took, 0, true, took},
		{"nobody reads and nothing outlives", pings + call(1, bloggerID(1)), true, unread{}, took, 0, false, unreadLimit},
		{"nobody reads 5,000 answers", strings.Repeat(pings, 100), true, unread{}, 0, 0, true, 2*time.Minute + 10*time.Second},
		{"stdout is closed", call(1, bloggerID(1)) + "\n" + ping, false, closedOut{}, took, 0, true, took},
		{"stdout is closed and nothing outlives", call(1, bloggerID(1)) + "\n" + ping, false, closedOut{}, took, 0, false, 0},
		{"a signal", ping, false, io.Discard, 0, time.Second, true, time.Second},
		{"a signal while a call is under way", call(1, bloggerID(1)), false, io.Discard, took, time.Second, true, time.Second + signalGrace},
		{"a signal right before the answer", call(1, bloggerID(1)), false, io.Discard, 1500 * time.Millisecond, time.Second, true, 1500 * time.Millisecond},
		{"a signal while nobody reads", pings, false, unread{}, 0, time.Second, true, time.Second},
		{"a signal after the end of stdin", call(1, bloggerID(1)), true, io.Discard, took, time.Second, true, time.Second + signalGrace},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var store upstream.Store
				if c.outlives {
					store = outliving(t)
				}
				s := serverWith(t, slowSource{c.lookup}, rate.Inf, store)
				all, end := context.WithCancel(t.Context())
				defer end() // of what blocks for ever
				if _, ok := c.out.(unread); ok {
					c.out = unread{all}
				}
				ctx, signal := context.WithCancel(t.Context())
				defer signal()
				if c.signal > 0 {
					time.AfterFunc(c.signal, signal)
				}
				in := io.Reader(strings.NewReader(c.in))
				if !c.ended {
					in = endless(all, c.in+"\n")
				}
				begin := time.Now()
				if err := s.Stdio(ctx, in, c.out); err != nil {
					t.Errorf("the error is %v, want none", err)
				}
				const slack = 600 * time.Millisecond
				if got := time.Since(begin); got < c.want || got > c.want+slack {
					t.Errorf("the server ends after %s, want %s", got, c.want)
				}
			})
		})
	}
}

// A failure to read is told, whatever else happens.
func TestStdinFails(t *testing.T) {
	broken := errors.New("broken")
	in := io.MultiReader(strings.NewReader(ping+"\n"), failing{broken})
	if err := sampleServer(t).Stdio(t.Context(), in, io.Discard); !errors.Is(err, broken) {
		t.Errorf("the error is %v, want %v", err, broken)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A look-up that was answered pending comes home after the end of stdin.
func TestPendingLookupsComeHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serverWith(t, slowSource{130 * time.Second}, rate.Inf, outliving(t))
		in, client := io.Pipe()
		var out strings.Builder
		ended := make(chan error)
		begin := time.Now()
		go func() { ended <- s.Stdio(t.Context(), in, &out) }()
		_, _ = fmt.Fprintln(client, call(1, bloggerID(1)))
		time.Sleep(125 * time.Second)
		_ = client.Close()
		if err := <-ended; err != nil {
			t.Errorf("stdio ends with %v, want nil", err)
		}
		if !strings.Contains(out.String(), "pending: ") {
			t.Errorf("the call is answered %.300s, want pending", out.String())
		}
		if took := time.Since(begin); took < 130*time.Second || took > 131*time.Second {
			t.Errorf("the server ends after %s, want 130 s", took)
		}
		if n := s.tools.Lookups.Stats().Sent; n != 0 {
			t.Errorf("%d look-ups are under way at the end, want none", n)
		}
	})
}
