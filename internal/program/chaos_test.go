//go:build unix

package program

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream/redis/redistest"
)

var chaosTime = flag.Duration("chaos", 4*time.Second, "how long the tests of chaos last")

// payment is a request that came to the upstream of the chaos.
type payment struct {
	token      string
	begin, end time.Time
	cut        bool // its answer was not read
}

// chaos is four servers and command lines that share a memory, with cancelled calls
// and killed servers, and an account of what they paid and told.
type chaos struct {
	t    *testing.T
	args []string // of each process
	env  []string

	mu       sync.Mutex
	servers  [4]*chaosServer      // two serve HTTP, two stdio
	last     int                  // the newest blogger
	payments map[string][]payment // by blogger
	told     map[string]int       // charges, by token
	unread   map[string]int       // calls over HTTP that were cancelled, by token
	killed   map[string]time.Time // when, by token
	stops    [][2]time.Time       // of Redis
	logs     []*lockedBuffer
	counts   map[string]int
}

// chaosServer is a server and how to call it. ask gives how many charges the answer
// tells.
type chaosServer struct {
	cmd   *exec.Cmd
	token string
	ask   func(ctx context.Context, tool, arguments string) (billed int, err error)
}

// pay is the upstream: it takes its time, and sees whether its answer is read.
func (c *chaos) pay(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	p := payment{token: q.Get("token"), begin: time.Now()}
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	closed := make(chan error, 1)
	go func() {
		_, err := conn.Read(make([]byte, 1))
		closed <- err
	}()
	select {
	case <-closed:
		p.cut = true
	case <-time.After(time.Duration(50+rand.IntN(750)) * time.Millisecond):
		body := fmt.Sprintf(`{"code":0,"data":{"userId":%q,"name":"n","fansNum":1000,"videoState":1,"videoPrice":500}}`, q.Get("userId"))
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		_ = conn.(*net.TCPConn).CloseWrite()
		p.cut = !errors.Is(<-closed, io.EOF)
	}
	p.end = time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.payments[q.Get("userId")] = append(c.payments[q.Get("userId")], p)
}

func (c *chaos) count(what string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[what] += n
}

func (c *chaos) tell(token string, billed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told[token] += billed
}

// command makes a process with a token of its own.
func (c *chaos) command(kind string, before, after []string) (cmd *exec.Cmd, token string) {
	token = fmt.Sprintf("%s-%016x", kind, rand.Uint64())
	cmd = exec.Command("pgy-mcp", slices.Concat(before, c.args, after)...)
	cmd.Env = append(append(os.Environ(), c.env...), "JUSTONEAPI_TOKEN="+token)
	stderr := &lockedBuffer{}
	cmd.Stderr = stderr
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logs = append(c.logs, stderr)
	return cmd, token
}

// startHTTP's calls are cancelled by closing the request.
func (c *chaos) startHTTP() *chaosServer {
	cmd, token := c.command("http", nil, []string{"-transport", "http", "-addr", "127.0.0.1:0"})
	stderr := cmd.Stderr.(*lockedBuffer)
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	var base string
	testkit.Eventually(c.t, "a server listens", func() bool {
		m := listening.FindStringSubmatch(stderr.String())
		if m != nil {
			base = "http://" + m[1] + "/mcp"
		}
		return m != nil
	})
	return &chaosServer{cmd, token, func(ctx context.Context, tool, arguments string) (int, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, base, strings.NewReader(toolCall(1, tool, arguments)))
		if err != nil {
			return 0, err
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			return 0, err
		}
		return charges(b)
	}}
}

// charges gives how many charges an answer tells.
func charges(answer []byte) (int, error) {
	var a struct {
		Result struct {
			IsError           bool
			Content           []struct{ Text string }
			StructuredContent struct {
				Meta struct{ Billed json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return 0, fmt.Errorf("%w: %.200s", err, answer)
	}
	if a.Result.IsError {
		return strings.Count(a.Result.Content[0].Text, "Billed: yes"), fmt.Errorf("a call failed: %s", a.Result.Content[0].Text)
	}
	switch billed := string(a.Result.StructuredContent.Meta.Billed); billed {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	default:
		n := 0
		_, err := fmt.Sscan(billed, &n)
		return n, err
	}
}

// startStdio's calls are cancelled by a notification: what is answered all the same
// is read.
func (c *chaos) startStdio() *chaosServer {
	cmd, token := c.command("stdio", nil, nil)
	in, err := cmd.StdinPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	type answer struct {
		billed int
		err    error
	}
	var mu sync.Mutex
	next, waiting, ended := 0, map[int]chan answer{}, make(chan struct{})
	go func() {
		defer close(ended)
		for d := json.NewDecoder(out); ; {
			var line json.RawMessage
			var of struct{ ID int }
			if d.Decode(&line) != nil || json.Unmarshal(line, &of) != nil {
				return
			}
			billed, err := charges(line)
			c.tell(token, billed)
			mu.Lock()
			waiting[of.ID] <- answer{0, err}
			mu.Unlock()
		}
	}()
	return &chaosServer{cmd, token, func(ctx context.Context, tool, arguments string) (int, error) {
		mu.Lock()
		next++
		id, done := next, make(chan answer, 1)
		waiting[id] = done
		_, _ = io.WriteString(in, toolCall(id, tool, arguments)+"\n")
		mu.Unlock()
		select {
		case a := <-done:
			return a.billed, a.err
		case <-ended:
			return 0, io.EOF
		case <-ctx.Done():
			mu.Lock()
			defer mu.Unlock()
			_, _ = fmt.Fprintf(in, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%d}}`+"\n", id)
			return 0, ctx.Err()
		}
	}}
}

// blogger is one of those that were asked for lately, or a new one.
func (c *chaos) blogger() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rand.IntN(10) < 3 {
		c.last++
	}
	return testkit.BloggerID(max(0, c.last-int(rand.ExpFloat64()*5)))
}

// call makes one call of a random server, which is cancelled now and then.
func (c *chaos) call() {
	i := rand.IntN(len(c.servers))
	c.mu.Lock()
	s := c.servers[i]
	c.mu.Unlock()
	limit, cancels := 30*time.Second, i != 1 && rand.IntN(8) == 0
	if cancels {
		limit = time.Duration(10+rand.IntN(400)) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), limit)
	defer cancel()
	tool, arguments := "get_blogger_profile", fmt.Sprintf(`{"userId":%q,"raw":"none"}`, c.blogger())
	if rand.IntN(5) == 0 {
		tool, arguments = "compare_bloggers", fmt.Sprintf(`{"userIds":[%q,%q,%q]}`, c.blogger(), c.blogger(), c.blogger())
	}
	begin := time.Now()
	billed, err := s.ask(ctx, tool, arguments)
	c.tell(s.token, billed)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts["calls"]++
	c.counts["slowest call, ms"] = max(c.counts["slowest call, ms"], int(time.Since(begin).Milliseconds()))
	if _, killed := c.killed[s.token]; err != nil && ctx.Err() == nil && !killed {
		c.t.Errorf("a call that nobody cut off ends with %v, want an answer", err)
	}
	if ctx.Err() != nil {
		c.counts["cancelled"]++
		if i == 0 {
			c.unread[s.token]++
		}
	}
}

// profiles is one command line, which is interrupted now and then.
func (c *chaos) profiles() {
	cmd, token := c.command("command", []string{"profile", "-json"}, []string{c.blogger(), c.blogger(), c.blogger()})
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.t.Error(err)
		return
	}
	if err := cmd.Start(); err != nil {
		c.t.Error(err)
		return
	}
	if rand.IntN(4) == 0 {
		c.count("interrupted commands", 1)
		time.AfterFunc(time.Duration(rand.IntN(500))*time.Millisecond, func() {
			c.mu.Lock()
			c.killed[token] = time.Now() // the upstream may not see that its answer was not read
			c.mu.Unlock()
			_ = cmd.Process.Signal(syscall.SIGINT)
		})
	}
	for d := json.NewDecoder(out); ; {
		var a struct{ Meta struct{ Billed bool } }
		if d.Decode(&a) != nil {
			break
		}
		if a.Meta.Billed {
			c.tell(token, 1)
		}
	}
	_ = cmd.Wait()
	c.count("commands", 1)
}

// kill kills a random server and starts another one in its place.
func (c *chaos) kill() {
	i := rand.IntN(len(c.servers))
	c.mu.Lock()
	s := c.servers[i]
	c.killed[s.token] = time.Now()
	c.counts["killed servers"]++
	c.mu.Unlock()
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	c.place(i)
}

// place starts server i.
func (c *chaos) place(i int) {
	s := c.startHTTP
	if i >= 2 {
		s = c.startStdio
	}
	started := s()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.servers[i] = started
}

// run lets it last, with stops of Redis where there is one.
func (c *chaos) run(redis *redistest.Server) {
	for i := range c.servers {
		c.place(i)
	}
	end := time.Now().Add(*chaosTime)
	var wg sync.WaitGroup
	until := func(what func()) {
		wg.Go(func() {
			for time.Now().Before(end) && !c.t.Failed() {
				what()
			}
		})
	}
	for range 12 {
		until(c.call)
	}
	until(c.profiles)
	until(func() {
		<-time.After(time.Duration(1000+rand.IntN(2000)) * time.Millisecond)
		if redis == nil || rand.IntN(10) < 4 {
			c.kill()
			return
		}
		begin := time.Now()
		redis.Stop()
		<-time.After(time.Duration(200+rand.IntN(2800)) * time.Millisecond)
		redis.Continue()
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stops = append(c.stops, [2]time.Time{begin, time.Now()})
	})
	wg.Wait()
}
