package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream/redis/redistest"
)

var fleetBudget = flag.Int("fleet-budget", 10, "the budget of the fleet whose rate is measured")

// counted is an upstream that knows when which blogger was asked for. It answers
// a request once answer says so.
type counted struct {
	*httptest.Server
	arrived chan string

	mu  sync.Mutex
	at  []time.Time
	ids map[string]int
}

func newCounted(t *testing.T, answer func(r *http.Request)) *counted {
	u := &counted{arrived: make(chan string, 10_000), ids: map[string]int{}}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("userId")
		u.mu.Lock()
		u.at = append(u.at, time.Now())
		u.ids[id]++
		u.mu.Unlock()
		u.arrived <- id
		answer(r)
		_, _ = fmt.Fprintf(w, `{"code":0,"data":{"userId":%q,"name":"n","fansNum":1000}}`, id)
	}))
	t.Cleanup(u.Close)
	return u
}

// after answers when so much time has passed.
func after(d time.Duration) func(*http.Request) {
	return func(r *http.Request) {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
	}
}

func (u *counted) requests() []time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]time.Time(nil), u.at...)
}

func (u *counted) of(blogger int) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.ids[bloggerID(blogger)]
}

// replica is the program as a process of its own that serves HTTP.
type replica struct {
	*exec.Cmd
	base   string
	stderr *lockedBuffer
}

// replicas starts several that share a Redis; the test ends them.
func replicas(t *testing.T, n int, u *counted, redisURL string, args ...string) []*replica {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-transport", "http", "-addr", "127.0.0.1:0", "-upstream", u.URL}, args...)
	var out []*replica
	for range n {
		r := &replica{Cmd: exec.Command(self, args...), stderr: &lockedBuffer{}}
		r.Env = append(os.Environ(), asProgram+"=1", "JUSTONEAPI_TOKEN="+testToken, "PGY_MCP_REDIS="+redisURL)
		r.Stderr = r.stderr
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.kill)
		out = append(out, r)
	}
	for _, r := range out {
		eventually(t, "a replica listens", func() bool {
			m := listening.FindStringSubmatch(r.stderr.String())
			if m != nil {
				r.base = "http://" + m[1]
			}
			return m != nil
		})
	}
	return out
}

func (r *replica) kill() {
	_ = r.Process.Kill()
	_ = r.Wait()
}

// ask makes one call; its error is that there was no answer.
func (r *replica) ask(blogger int) (rpcAnswer, error) {
	var a rpcAnswer
	resp, err := http.Post(r.base+"/mcp", "application/json", strings.NewReader(call(1, bloggerID(blogger))))
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(b, &a); err != nil {
		return a, fmt.Errorf("%w: %.200s", err, b)
	}
	return a, nil
}

// good reports that a call brought a profile, and says what it brought else.
func good(t *testing.T, a rpcAnswer, err error) bool {
	t.Helper()
	if err != nil || a.Error != nil || a.Result.IsError {
		t.Errorf("an answer is %.300s with the error %v, want a profile", a, err)
		return false
	}
	return true
}

// Calls for the same bloggers are spread over three replicas: each blogger is
// paid for once, everybody gets an answer, and each charge is told once.
func TestReplicasPayOnce(t *testing.T) {
	const calls, bloggers = 300, 30
	server := redistest.Start(t)
	u := newCounted(t, after(500*time.Millisecond))
	rs := replicas(t, 3, u, server.URL(), "-rate", "1000")
	var wg sync.WaitGroup
	var answered, billed atomic.Int32
	for i := range calls {
		wg.Go(func() {
			a, err := rs[i%len(rs)].ask(i / 10 % bloggers)
			if good(t, a, err) {
				answered.Add(1)
			}
			if a.Result.StructuredContent.Meta.Billed {
				billed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := len(u.requests()); n != bloggers {
		t.Errorf("%d requests, want %d", n, bloggers)
	}
	if answered.Load() != calls {
		t.Errorf("%d good answers, want %d", answered.Load(), calls)
	}
	if billed.Load() != bloggers {
		t.Errorf("%d answers say that they were billed, want %d", billed.Load(), bloggers)
	}
	for _, r := range rs {
		hasNot(t, "the log of a replica", r.stderr.String(), "level=WARN msg=\"Redis")
	}
}

// A replica dies in the middle of a look-up: another one takes over, and all who
// wait get an answer. What it had brought before is not paid for again.
func TestTheReplicaThatLooksUpIsKilled(t *testing.T) {
	t.Parallel()
	const landed, cut = 1, 2
	server := redistest.Start(t)
	hold := make(chan struct{})
	u := newCounted(t, func(r *http.Request) {
		if r.URL.Query().Get("userId") == bloggerID(cut) {
			select {
			case <-hold:
			case <-r.Context().Done():
			}
		}
	})
	rs := replicas(t, 3, u, server.URL(), "-rate", "1000")
	a, err := rs[0].ask(landed)
	good(t, a, err)
	<-u.arrived
	go func() { _, _ = rs[0].ask(cut) }()
	<-u.arrived
	rs[0].kill()
	var wg sync.WaitGroup
	var billed atomic.Int32
	for i := range 10 {
		wg.Go(func() {
			a, err := rs[1+i%2].ask(cut)
			good(t, a, err)
			if a.Result.StructuredContent.Meta.Billed {
				billed.Add(1)
			}
		})
	}
	for _, r := range rs[1:] {
		a, err := r.ask(landed)
		good(t, a, err)
	}
	<-u.arrived // the one that took over
	close(hold)
	wg.Wait()
	if u.of(landed) != 1 {
		t.Errorf("%d requests for what had landed, want 1", u.of(landed))
	}
	if u.of(cut) != 2 {
		t.Errorf("%d requests for the look-up that was cut, want 2", u.of(cut))
	}
	if billed.Load() != 1 {
		t.Errorf("%d answers say that they were billed, want 1", billed.Load())
	}
}

// The rate and the budget are the fleet's.
func TestTheRateAndBudgetOfAllReplicas(t *testing.T) {
	t.Parallel()
	const perSecond = 5
	budget := *fleetBudget
	server := redistest.Start(t)
	u := newCounted(t, after(0))
	rs := replicas(t, 3, u, server.URL(), "-rate", fmt.Sprint(perSecond), "-budget", fmt.Sprint(budget))
	var wg sync.WaitGroup
	var answered, spent atomic.Int32
	for i := range 3 * budget {
		wg.Go(func() {
			switch a, err := rs[i%len(rs)].ask(i); {
			case err != nil || a.Error != nil:
				t.Errorf("an answer is %.300s with the error %v, want a profile or a failure", a, err)
			case !a.Result.IsError:
				answered.Add(1)
			case strings.HasPrefix(a.Result.Content[0].Text, "budget_exhausted"):
				spent.Add(1)
			}
		})
	}
	wg.Wait()
	at := u.requests()
	if len(at) != budget {
		t.Fatalf("%d requests, want %d", len(at), budget)
	}
	same(t, "the number of profiles", int(answered.Load()), budget)
	same(t, "the number of failures for want of budget", int(spent.Load()), 2*budget)
	// Three rates instead of one would need a third of the time.
	took, want := at[len(at)-1].Sub(at[0]), time.Duration(budget-1)*time.Second/perSecond
	t.Logf("%d requests in %s", budget, took)
	if took < want*2/3 {
		t.Errorf("%d requests took %s, want two thirds of %s at least", budget, took, want)
	}
}
