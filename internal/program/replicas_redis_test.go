package program

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream/redis/redistest"
)

const redisPassword = "a-password-of-no-redis"

// load keeps asking three replicas for new and old bloggers until it is ended.
type load struct {
	t     *testing.T
	rs    []*replica
	next  atomic.Int32 // blogger
	calls atomic.Int32
	stop  chan struct{}
	wg    sync.WaitGroup

	mu   sync.Mutex
	took []time.Duration
}

func startLoad(t *testing.T, rs []*replica, workers int) *load {
	l := &load{t: t, rs: rs, stop: make(chan struct{})}
	for i := range workers {
		l.wg.Go(func() {
			for n := i; ; n++ {
				select {
				case <-l.stop:
					return
				default:
				}
				blogger := int(l.next.Add(1))
				if n%2 == 0 {
					blogger /= 2 // somebody has asked for it before
				}
				begin := time.Now()
				a, err := rs[n%len(rs)].ask(blogger)
				good(t, a, err)
				l.mu.Lock()
				l.took = append(l.took, time.Since(begin))
				l.mu.Unlock()
				l.calls.Add(1)
			}
		})
	}
	return l
}

// during waits for so many more calls.
func (l *load) during(calls int32) {
	l.t.Helper()
	want := l.calls.Load() + calls
	testkit.Eventually(l.t, "the calls are answered", func() bool { return l.calls.Load() >= want })
}

// end ends the load and gives the longest and the usual time of a call.
func (l *load) end() (longest, median time.Duration) {
	close(l.stop)
	l.wg.Wait()
	slices.Sort(l.took)
	return l.took[len(l.took)-1], l.took[len(l.took)/2]
}

// joined waits until a replica finds in Redis what another one has looked up.
func (l *load) joined() {
	l.t.Helper()
	testkit.Eventually(l.t, "the replicas share a Redis again", func() bool {
		for i := range l.rs {
			blogger := int(l.next.Add(1)) + 1_000_000
			one, err := l.rs[i].ask(blogger)
			good(l.t, one, err)
			other, err := l.rs[(i+1)%len(l.rs)].ask(blogger)
			good(l.t, other, err)
			if !other.Result.StructuredContent.Meta.Cached {
				return false
			}
		}
		return true
	})
}

// Redis hangs, is killed, and comes back empty while replicas are busy: no call
// fails, each replica says so once, and they find together again. Nothing that
// they say shows the password.
func TestRedisFailsUnderLoad(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--requirepass", redisPassword)
	u := testkit.NewSlowUpstream(t, 10*time.Millisecond)
	rs := replicas(t, 3, u, "redis://:"+redisPassword+"@"+server.Addr, "-rate", "1000")
	l := startLoad(t, rs, 6)
	l.during(100)
	for _, c := range []struct {
		name          string
		breaks, mends func()
	}{
		{"stopped", server.Stop, server.Continue},
		{"killed and restarted empty", server.Kill, server.Restart},
	} {
		c.breaks()
		l.during(200)
		c.mends()
		begin := time.Now()
		l.joined()
		t.Logf("Redis was %s: the replicas shared it again after %s", c.name, time.Since(begin).Round(time.Millisecond))
		l.during(100)
	}
	longest, median := l.end()
	t.Logf("%d calls, the longest took %s, the median %s", l.calls.Load(), longest.Round(time.Millisecond), median.Round(time.Millisecond))
	for _, r := range rs {
		log := r.stderr.String()
		if n := warnings(log); n > 2 {
			t.Errorf("warnings in the log of a replica: got %d, want one for each time that Redis failed; the log:\n%.600s", n, log)
		}
		if !degraded(log) {
			t.Errorf("the log of a replica: got %.600s, want a warning that Redis failed", log)
		}
		testkit.Lacks(t, "the log of a replica", log, redisPassword)
	}
}

// Replicas start while their Redis is away, and share it once it is there.
func TestReplicasStartWithoutRedis(t *testing.T) {
	server := redistest.Start(t)
	server.Kill()
	u := testkit.NewSlowUpstream(t, 0)
	rs := replicas(t, 2, u, server.URL(), "-rate", "1000")
	l := &load{t: t, rs: rs}
	for i := range 10 {
		a, err := rs[i%2].ask(i)
		good(t, a, err)
	}
	server.Restart()
	l.joined()
}

// A replica that is stopped for a while does not take Redis for dead: it goes on with
// it, and nothing is paid for twice.
func TestAReplicaThatIsStopped(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	u := testkit.NewSlowUpstream(t, 20*time.Millisecond)
	rs := replicas(t, 2, u, server.URL(), "-rate", "1000")
	var wg sync.WaitGroup
	done := make(chan struct{})
	var next atomic.Int32
	for range 8 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				blogger := int(next.Add(1))
				for _, r := range rs {
					a, err := r.ask(blogger)
					good(t, a, err)
				}
			}
		})
	}
	for range 3 {
		want := next.Load() + 50
		testkit.Eventually(t, "the replicas are busy", func() bool { return next.Load() >= want })
		stop := fmt.Sprintf("kill -STOP %[1]d; sleep 1.5; kill -CONT %[1]d", rs[0].Process.Pid)
		if err := exec.Command("sh", "-c", stop).Run(); err != nil {
			t.Fatalf("%s: %v, want it done", stop, err)
		}
	}
	close(done)
	wg.Wait()
	if degraded(rs[1].stderr.String()) {
		t.Skip("this machine is too busy: the replica that was not stopped went on without Redis too")
	}
	if log := rs[0].stderr.String(); degraded(log) {
		_, warning, _ := strings.Cut(log, "level=WARN")
		t.Errorf("the log of a replica that was stopped: got %.300s, want no warning", warning)
	}
	if bloggers := int(next.Load()); u.Total() != bloggers {
		t.Errorf("requests for %d bloggers: got %d, want one for each", bloggers, u.Total())
	}
}

// A password is not taken as a flag, and a URL that cannot be used ends the
// program with a reason that does not show it.
func TestARedisURLThatCannotBeUsed(t *testing.T) {
	for _, url := range []string{
		"redis://:" + redisPassword + "@localhost/x", "redis://" + redisPassword + "@localhost", "redis://:" + redisPassword + "@localhost/0?db=1",
		"http://me:" + redisPassword + "@localhost", "redis://me:" + redisPassword + "%s@localhost", redisPassword,
	} {
		for _, c := range []struct {
			env  map[string]string
			args []string
		}{
			{map[string]string{"PGY_MCP_REDIS": url}, nil},
			{nil, []string{"-redis", url}},
		} {
			status, _, stderr := runOnce(t, c.env, c.args...)
			testkit.Equal(t, fmt.Sprintf("the status of %q with %q", c.args, c.env), status, 2)
			if !strings.Contains(stderr, "the URL of Redis") && !strings.Contains(stderr, "-redis must be without a password") {
				t.Errorf("stderr of %q with %q: got %q, want a word of the URL", c.args, c.env, stderr)
			}
			testkit.Lacks(t, fmt.Sprintf("stderr of %q with %q", c.args, c.env), stderr, redisPassword)
		}
	}
}
