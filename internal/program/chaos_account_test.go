//go:build unix

package program

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"pgy-mcp/upstream/redis/redistest"
)

// settle has each living server asked once more for all that it paid for, so that no
// charge is left to tell. It gives what each of them paid for.
func (c *chaos) settle() (paid map[string]int) {
	paid = map[string]int{}
	for blogger, payments := range c.payments {
		for _, p := range payments {
			if p.cut {
				continue
			}
			paid[p.token]++
			for _, s := range c.servers {
				if s.token != p.token {
					continue
				}
				billed, err := s.ask(c.t.Context(), "get_blogger_profile", fmt.Sprintf(`{"userId":%q}`, blogger))
				if err != nil {
					c.t.Errorf("at the end a call for %s ends with %v, want an answer", blogger, err)
				}
				c.tell(s.token, billed)
			}
		}
	}
	return paid
}

// check wants each blogger paid for once, and each charge told once.
func (c *chaos) check() {
	paid := c.settle()
	for token, n := range paid {
		told, unread := c.told[token], c.unread[token]
		switch _, killed := c.killed[token]; {
		case told > n:
			c.t.Errorf("%s paid for %d answers and told of %d charges, want each told once", token, n, told)
		case killed:
			c.counts["untold by killed processes"] += n - told
		case told < n-unread:
			c.t.Errorf("%s paid for %d answers and told of %d charges, want all but those of %d calls whose answers were not read", token, n, told, unread)
		default:
			c.counts["untold since not read"] += n - told
		}
		c.counts["told"] += told
	}
	c.counts["bloggers"] = len(c.payments)
	c.counts["above"] = -len(c.payments)
	unexplained := 0
	for _, payments := range c.payments {
		whole, stopped := 0, 0
		for _, p := range payments {
			c.counts["payments"]++
			c.counts["above"]++
			killed, is := c.killed[p.token]
			switch {
			case p.cut:
				c.counts["cut off"]++
				continue
			case is && killed.Sub(p.end) < time.Second:
				c.counts["done within a second of the kill"]++
				continue
			case c.stopped(p):
				stopped++
			}
			whole++
		}
		if whole > 1 {
			c.counts["above while Redis stood still"] += min(whole-1, stopped)
			unexplained += whole - 1 - min(whole-1, stopped)
		}
	}
	c.t.Logf("%s: %v, of %d processes", *chaosTime, c.counts, len(paid))
	for _, log := range c.logs {
		if len(c.stops) == 0 && degraded(log.String()) {
			c.t.Logf("this machine is too busy for exact counts: a process went on without its store; its log:\n%.600s", log)
			return
		}
	}
	if unexplained > 0 {
		c.t.Errorf("%d bloggers too many were paid for, want none but where a process was cut off or could not reach the store", unexplained)
	}
}

// stopped reports whether a request was sent while Redis stood still.
func (c *chaos) stopped(p payment) bool {
	for _, stop := range c.stops {
		if p.begin.After(stop[0]) && p.begin.Before(stop[1].Add(500*time.Millisecond)) {
			return true
		}
	}
	return false
}

func newChaos(t *testing.T) *chaos {
	c := &chaos{t: t, payments: map[string][]payment{}, told: map[string]int{}, unread: map[string]int{}, killed: map[string]time.Time{}, counts: map[string]int{}}
	upstream := httptest.NewServer(http.HandlerFunc(c.pay))
	t.Cleanup(upstream.Close)
	t.Cleanup(func() {
		for _, s := range c.servers {
			if s != nil {
				_ = s.cmd.Process.Kill()
				_ = s.cmd.Wait()
			}
		}
	})
	c.args = []string{"-upstream", upstream.URL, "-rate", "1000"}
	return c
}

// Servers and command lines share a folder while calls are cancelled and servers
// killed: no blogger is paid for twice but where that cut a request off, and each
// charge is told once.
func TestChaosOverAFolder(t *testing.T) {
	c := newChaos(t)
	c.args = append(c.args, "-cache-dir", t.TempDir())
	c.run(nil)
	c.check()
}

// The same over a Redis that stands still now and then. While it does, replicas
// cannot know of each other.
func TestChaosOverRedis(t *testing.T) {
	server := redistest.Start(t)
	c := newChaos(t)
	c.env = []string{"PGY_MCP_REDIS=" + server.URL()}
	c.run(server)
	c.check()
}
