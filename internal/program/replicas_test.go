package program

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream/redis/redistest"
)

var fleetBudget = flag.Int("fleet-budget", 10, "the budget of the fleet whose rate is measured")

// replica is the program as a process of its own that serves HTTP.
type replica struct {
	*exec.Cmd
	base   string
	stderr *lockedBuffer
}

// replicas starts several that share a Redis; the test ends them.
func replicas(t *testing.T, n int, u *testkit.Upstream, redisURL string, args ...string) []*replica {
	t.Helper()
	args = append([]string{"-transport", "http", "-addr", "127.0.0.1:0", "-upstream", u.URL}, args...)
	var out []*replica
	for range n {
		r := &replica{Cmd: exec.Command("pgy-mcp", args...), stderr: &lockedBuffer{}}
		r.Env = append(os.Environ(), "JUSTONEAPI_TOKEN="+testkit.Token, "PGY_MCP_REDIS="+redisURL)
		r.Stderr = r.stderr
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.kill)
		out = append(out, r)
	}
	for _, r := range out {
		testkit.Eventually(t, "a replica listens", func() bool {
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
	resp, err := http.Post(r.base+"/mcp", "application/json", strings.NewReader(testkit.Call(1, testkit.BloggerID(blogger))))
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
		t.Errorf("a call to a replica: got %.300s, %v, want a profile", a, err)
		return false
	}
	return true
}

// Calls for the same bloggers are spread over three replicas: each blogger is
// paid for once, everybody gets an answer, and each charge is told once.
func TestReplicasPayOnce(t *testing.T) {
	const calls, bloggers = 300, 30
	server := redistest.Start(t)
	u := testkit.NewSlowUpstream(t, 500*time.Millisecond)
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
	testkit.Equal(t, "calls that brought a profile", answered.Load(), int32(calls))
	var logs []string
	for _, r := range rs {
		logs = append(logs, r.stderr.String())
	}
	wantPaidOnce(t, u, bloggers, int(billed.Load()), logs)
}

// A replica dies in the middle of a look-up: another one takes over, and all who
// wait get an answer. Answers that it had saved before are not paid for again.
func TestTheReplicaThatLooksUpIsKilled(t *testing.T) {
	t.Parallel()
	const answered, cut = 1, 2
	server := redistest.Start(t)
	u := testkit.NewUpstream(t, func(userID string) bool { return userID == testkit.BloggerID(cut) })
	rs := replicas(t, 3, u, server.URL(), "-rate", "1000")
	a, err := rs[0].ask(answered)
	good(t, a, err)
	u.WaitFor(t, 1)
	go func() { _, _ = rs[0].ask(cut) }()
	u.WaitFor(t, 1)
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
		a, err := r.ask(answered)
		good(t, a, err)
	}
	u.WaitFor(t, 1) // the one that took over
	u.Release()
	wg.Wait()
	if u.Of(testkit.BloggerID(answered)) != 1 {
		t.Errorf("requests for the blogger whose answer had come: got %d, want 1", u.Of(testkit.BloggerID(answered)))
	}
	if u.Of(testkit.BloggerID(cut)) != 2 {
		t.Errorf("requests for the blogger whose replica was killed: got %d, want 2", u.Of(testkit.BloggerID(cut)))
	}
	if billed.Load() != 1 {
		t.Errorf("answers with billed for the blogger whose replica was killed: got %d, want 1", billed.Load())
	}
}

// The rate and the budget are the fleet's.
func TestTheRateAndBudgetOfAllReplicas(t *testing.T) {
	t.Parallel()
	const perSecond = 5
	budget := *fleetBudget
	server := redistest.Start(t)
	u := testkit.NewSlowUpstream(t, 0)
	rs := replicas(t, 3, u, server.URL(), "-rate", fmt.Sprint(perSecond), "-budget", fmt.Sprint(budget))
	var wg sync.WaitGroup
	var answered, spent atomic.Int32
	for i := range 3 * budget {
		wg.Go(func() {
			switch a, err := rs[i%len(rs)].ask(i); {
			case err != nil || a.Error != nil:
				t.Errorf("a call to a replica: got %.300s, %v, want a profile or a failure", a, err)
			case !a.Result.IsError:
				answered.Add(1)
			case strings.HasPrefix(a.Result.Content[0].Text, "budget_exhausted"):
				spent.Add(1)
			}
		})
	}
	wg.Wait()
	at := u.Times()
	if len(at) != budget {
		t.Fatalf("calls to replicas with -budget %[2]d: got %[1]d requests, want %[2]d", len(at), budget)
	}
	testkit.Equal(t, "calls that brought a profile", int(answered.Load()), budget)
	testkit.Equal(t, "calls that failed with budget_exhausted", int(spent.Load()), 2*budget)
	// Three rates instead of one would need a third of the time.
	took, want := at[len(at)-1].Sub(at[0]), time.Duration(budget-1)*time.Second/perSecond
	t.Logf("%d requests in %s", budget, took)
	if took < want*2/3 {
		t.Errorf("%d requests took %s, want two thirds of %s at least", budget, took, want)
	}
}
