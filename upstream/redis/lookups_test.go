package redis_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

// paid is a source that counts its requests.
type paid struct{ requests atomic.Int32 }

func (*paid) Ready() error { return nil }

func (p *paid) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	p.requests.Add(1)
	return upstream.NewResponse(q.Subject, []byte(`{"userId":"`+q.Subject+`"}`), "", true), nil
}

// replica is a process's look-ups over a Redis.
func replica(t testing.TB, f upstream.Fetcher, url string, budget int, log *lockedLog) *upstream.Lookups {
	t.Helper()
	s := upstream.Settings{
		Source: "test", Upstream: source, TTL: time.Hour, Stale: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler),
	}
	if log != nil {
		s.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	l := upstream.New(s, f, upstream.NewMemory(1000, budget), open(t, url, redis.Options{Budget: budget, Rate: 1000}))
	t.Cleanup(l.Close)
	return l
}

// lockedLog is a log that is read while it is written.
type lockedLog struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lockedLog) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}

func ask(l *upstream.Lookups, blogger int) (upstream.Answer, time.Duration, error) {
	begin := time.Now()
	c := l.Lookup(upstream.Profile.Query(fmt.Sprintf("%024x", blogger), upstream.Options{}), upstream.Ask{})
	<-c.Done()
	took := time.Since(begin)
	a, err := c.Answer()
	return a, took, err
}

// far is a Redis whose answers take so long.
func far(t *testing.T, server *redistest.Server, by time.Duration) (url string) {
	return proxy(t, server.Addr, func(b []byte) ([]byte, bool) {
		<-time.After(by)
		return b, false
	})
}

// Where writes are paused, as in a failover, look-ups go on.
func TestWritesArePaused(t *testing.T) {
	server := redistest.Start(t)
	f := &paid{}
	var log lockedLog
	l := replica(t, f, server.URL(), 0, &log)
	raw := client(t, server.URL())
	if _, _, err := ask(l, 0); err != nil {
		t.Fatalf("the look-up ends with %v, want an answer", err)
	}
	if err := raw.Do(t.Context(), "CLIENT", "PAUSE", 4000, "WRITE").Err(); err != nil {
		t.Fatalf("CLIENT PAUSE ends with %v, want it done", err)
	}
	var took []time.Duration
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			<-time.After(time.Duration(i) * 40 * time.Millisecond)
			_, d, err := ask(l, i)
			if err != nil {
				t.Errorf("look-up %d ends with %v, want an answer", i, err)
			}
			mu.Lock()
			took = append(took, d)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(took)
	t.Logf("60 look-ups: median %s, worst %s", took[30], took[59])
	if n := f.requests.Load(); n != 60 {
		t.Errorf("%d requests went out, want 60", n)
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings, want one:\n%s", n, &log)
	}
}

// A budget of 10 lets 10 out of two replicas, though their Redis is slow; where it
// is too slow for that, one warning names it.
func TestTheBudgetOverASlowRedis(t *testing.T) {
	for by, holds := range map[time.Duration]bool{60 * time.Millisecond: true, 180 * time.Millisecond: false} {
		t.Run(by.String(), func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t)
			f := &paid{}
			want, warned := "Redis failed; the budget is counted by this process alone", 0
			var logs [2]lockedLog
			var replicas []*upstream.Lookups
			for i := range logs {
				replicas = append(replicas, replica(t, f, far(t, server, by), 10, &logs[i]))
				_, _, _ = ask(replicas[i], 1000+i) // it connects
			}
			for i, l := range replicas {
				eventually(t, "it is connected", func() bool {
					_, err := l.Usage(t.Context())
					return err == nil
				})
				if holds {
					warned += strings.Count(logs[i].String(), want) // while it connected
					logs[i].Reset()
				}
			}
			for i := range 30 {
				_, _, _ = ask(replicas[i%2], i)
			}
			for i := range logs {
				n := strings.Count(logs[i].String(), want)
				if n > 1 || n == 0 && !holds {
					t.Errorf("%d warnings %q of replica %d, want one\n%s", n, want, i, &logs[i])
				}
				warned += n
			}
			// On a busy machine Redis may be late for the nearer ones too: they say so.
			if n := f.requests.Load(); n != 10 && warned == 0 {
				t.Errorf("%d requests went out without a warning, want 10", n)
			}
		})
	}
}

// A Redis that is 250 ms away still serves what another replica has paid for.
func TestAFarRedisServesAnswers(t *testing.T) {
	server := redistest.Start(t)
	f := &paid{}
	near := replica(t, f, server.URL(), 0, nil)
	for i := range 10 {
		if _, _, err := ask(near, i); err != nil {
			t.Fatalf("the look-up ends with %v, want an answer", err)
		}
	}
	l := replica(t, f, far(t, server, 250*time.Millisecond), 0, nil)
	_, _, _ = ask(l, 1000) // a connection is made behind it
	eventually(t, "there is a connection", func() bool {
		return l.Cached(t.Context(), upstream.Profile.Query(fmt.Sprintf("%024x", 0), upstream.Options{}))[0].Response != nil
	})
	before := f.requests.Load()
	for i := range 10 {
		if a, _, err := ask(l, i); err != nil || !a.Cached {
			t.Errorf("look-up %d is %+v, %v, want the other's answer", i, a, err)
		}
	}
	if n := f.requests.Load() - before; n != 0 {
		t.Errorf("%d requests went out, want none", n)
	}
}

// The round trips of a paid look-up with a budget and a rate, and of one that Redis
// answers.
func TestRoundTrips(t *testing.T) {
	server := redistest.Start(t)
	monitor, err := net.Dial("tcp", server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = monitor.Close() }()
	f := &paid{}
	a, b := replica(t, f, server.URL(), 100, nil), replica(t, f, server.URL(), 0, nil)
	for i := range 2 { // scripts and connections are there
		_, _, _ = ask(a, 100+i)
		_, _, _ = ask(b, 200+i)
	}
	raw := client(t, server.URL())
	eventually(t, "all locks are given back", func() bool {
		return len(raw.Keys(context.Background(), "pgy-mcp:v1:lock:*").Val()) == 0
	})
	if _, err := fmt.Fprint(monitor, "MONITOR\r\n"); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(monitor)
	lines.Scan() // OK
	seen := func(l *upstream.Lookups, blogger int) (trips []string) {
		t.Helper()
		if _, _, err := ask(l, blogger); err != nil {
			t.Fatalf("the look-up ends with %v, want an answer", err)
		}
		lock := "pgy-mcp:v1:lock:" + source + ":profile/" + fmt.Sprintf("%024x", blogger)
		eventually(t, "the lock is given back", func() bool { return raw.Exists(context.Background(), lock).Val() == 0 })
		raw.Echo(t.Context(), "end")
		for lines.Scan() && !strings.Contains(lines.Text(), `"end"`) {
			if line := lines.Text(); !strings.Contains(line, " lua] ") && !strings.Contains(line, `"exists"`) && !strings.Contains(line, `"hello"`) && !strings.Contains(line, `"client"`) {
				trips = append(trips, line)
			}
		}
		return trips
	}
	for _, c := range []struct {
		what string
		by   *upstream.Lookups
		most int
	}{{"a paid look-up with a budget", a, 8}, {"one that Redis answers", b, 1}} {
		trips := seen(c.by, 1)
		t.Logf("%s: %d commands\n%s", c.what, len(trips), strings.Join(trips, "\n"))
		if len(trips) > c.most {
			t.Errorf("%s takes %d commands, want %d at most", c.what, len(trips), c.most)
		}
	}
}
