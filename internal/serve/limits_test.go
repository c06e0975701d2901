package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// pipes is a listener whose connections are in memory, so that a bubble's
// clock runs their time limits.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// slowSource finds everybody after a while.
type slowSource struct{ took time.Duration }

func (slowSource) Ready() error { return nil }
func (s slowSource) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	userID := q.Subject
	select {
	case <-time.After(s.took):
		return upstream.NewResponse(userID, json.RawMessage(`{}`), "", true), nil
	case <-ctx.Done():
		return nil, &upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling}
	}
}

// inBubble runs a test with a server as it is on a network, whose look-ups take
// so long, and a connection to it.
func inBubble(t *testing.T, transport string, took time.Duration, test func(t *testing.T, h *httpServer, conn net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		h := side(t, serverOver(t, slowSource{took}), transport == "sse")
		server := h.netServer()
		p := pipes{make(chan net.Conn), make(chan struct{})}
		go func() { _ = server.Serve(p) }()
		here, there := net.Pipe()
		p.conns <- there
		test(t, h, here)
		_ = here.Close()
		_ = server.Close()
	})
}

// postText is a POST to /mcp that announces so many bytes.
func postText(length int, body string) string {
	return fmt.Sprintf("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", length, body)
}

// A body that stops in the middle is given up, and its connection with it.
func TestABodyThatStops(t *testing.T) {
	inBubble(t, "http", 0, func(t *testing.T, h *httpServer, conn net.Conn) {
		begin := time.Now()
		_, _ = io.WriteString(conn, postText(4096, "{"))
		answer, err := io.ReadAll(conn) // until the server hangs up
		if err != nil {
			t.Errorf("the connection ends with %v, want its end", err)
		}
		if !strings.HasPrefix(string(answer), "HTTP/1.1 400 ") {
			t.Errorf("the answer is %.300q, want a 400", answer)
		}
		if took := time.Since(begin); took != readLimit {
			t.Errorf("the connection ends after %s, want %s", took, readLimit)
		}
		if n := h.server.calls.held.Load(); n != 0 {
			t.Errorf("%d places are still taken, want 0", n)
		}
	})
}

// The limits are for reading and for writing, not for the wait between them;
// nor do they outlast a request on a connection that is used again.
func TestALongWaitBetweenTheLimits(t *testing.T) {
	inBubble(t, "http", 100*time.Second, func(t *testing.T, _ *httpServer, conn net.Conn) {
		answers := bufio.NewReader(conn)
		for _, c := range []struct{ message, want string }{
			{call(1, bloggerID(1)), `"billed":true`},
			{`{"jsonrpc":"2.0","method":"notifications/initialized"}`, ""},
			{ping, `"result":{}`},
		} {
			_, _ = io.WriteString(conn, postText(len(c.message), c.message))
			resp, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatalf("%.60s: the connection ends with %v, want a response", c.message, err)
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Errorf("%.60s: the body ends with %v, want its end", c.message, err)
			}
			if resp.StatusCode/100 != 2 {
				t.Errorf("%.60s: status %d, want 2xx", c.message, resp.StatusCode)
			}
			if !strings.Contains(string(body), c.want) {
				t.Errorf("%.60s: the answer is %.200s, want %s in it", c.message, body, c.want)
			}
			time.Sleep(time.Minute)
		}
	})
}

// A client that does not read its answer loses its connection.
func TestAClientThatNeverReads(t *testing.T) {
	const notification = `{"jsonrpc":"2.0","method":"x"}`
	for name, c := range map[string]struct {
		request string
		limit   time.Duration
	}{
		"a call":         {postText(len(ping), ping), writeLimit},
		"a notification": {postText(len(notification), notification), readLimit + writeLimit},
		"a refusal":      {"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", readLimit + writeLimit},
		"health":         {"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", readLimit + writeLimit},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, "http", 0, func(t *testing.T, _ *httpServer, conn net.Conn) {
				_, _ = io.WriteString(conn, c.request)
				time.Sleep(c.limit + time.Second)
				answer, err := io.ReadAll(conn)
				if err != nil {
					t.Errorf("the connection ends with %v, want its end", err)
				}
				if len(answer) > 0 {
					t.Errorf("the late reader gets %.300q, want nothing", answer)
				}
			})
		})
	}
}

// An event stream lives as long as its client, and ends with it.
func TestAStreamOutlivesTheLimits(t *testing.T) {
	inBubble(t, "sse", 0, func(t *testing.T, h *httpServer, conn net.Conn) {
		_, _ = io.WriteString(conn, "GET /sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
		comments := 0
		for lines, begin := bufio.NewScanner(conn), time.Now(); time.Since(begin) <= time.Hour && lines.Scan(); {
			if lines.Text() == ":" {
				comments++
			}
		}
		if want := int(time.Hour / keepAlive); comments != want {
			t.Errorf("%d comments in an hour, want %d", comments, want)
		}
		_ = conn.Close()
		synctest.Wait()
		if n := h.clients.held.Load(); n != 0 {
			t.Errorf("%d streams count after their client left, want 0", n)
		}
		h.streams.Range(func(id, _ any) bool {
			t.Errorf("the stream %s is open after its client left, want none", id)
			return true
		})
	})
}

// A caller that still waits when the server ends is told so.
func TestTheEndOfDraining(t *testing.T) {
	inBubble(t, "http", time.Hour, func(t *testing.T, h *httpServer, conn net.Conn) {
		message := call(1, bloggerID(1))
		_, _ = io.WriteString(conn, postText(len(message), message))
		synctest.Wait()
		answer := make(chan string)
		go func() {
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				answer <- err.Error()
				return
			}
			body, _ := io.ReadAll(resp.Body)
			answer <- string(body)
		}()
		begin := time.Now()
		h.drain()
		got := <-answer
		took := time.Since(begin)
		if took < drainLimit {
			t.Errorf("draining took %s, want %s at least", took, drainLimit)
		}
		if most := drainLimit + shutdownGrace; took > most {
			t.Errorf("draining took %s, want %s at most", took, most)
		}
		for _, want := range []string{"bad_response: ", "this server was ended", "Billed: unknown."} {
			if !strings.Contains(got, want) {
				t.Errorf("the answer is %.600s, want %q in it", got, want)
			}
		}
	})
}

// A call without a progress token that takes long is kept alive where the client
// takes an event stream.
func TestALongCallIsKeptAlive(t *testing.T) {
	for accept, comments := range map[string]int{"application/json, text/event-stream": 9, "application/json": 0} {
		inBubble(t, "http", 95*time.Second, func(t *testing.T, _ *httpServer, conn net.Conn) {
			message := call(1, bloggerID(1))
			_, _ = io.WriteString(conn, strings.Replace(postText(len(message), message), "\r\n", "\r\nAccept: "+accept+"\r\n", 1))
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("the connection ends with %v, want a response", err)
			}
			body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
			if err != nil {
				t.Errorf("the body ends with %v, want its end", err)
			}
			if got := strings.Count(string(body), ":\n\n"); got != comments {
				t.Errorf("Accept %s: %d comments in 95 s, want %d: %.300s", accept, got, comments, body)
			}
			if want := `"billed":true`; strings.Count(string(body), want) == 0 {
				t.Errorf("Accept %s: the body is %.300s, want %s in it", accept, body, want)
			}
		})
	}
}

// Nothing is written to a client that left during its call: the response is not
// ours any more when the handler has returned.
func TestNoCommentAfterTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := side(t, serverOver(t, slowSource{time.Hour}), false)
		ctx, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		w := h.serve(request(http.MethodPost, "/mcp", call(1, bloggerID(1)), "Accept: */*").WithContext(ctx))
		time.Sleep(3 * keepAlive)
		if got := w.Body.String(); got != "" {
			t.Errorf("%q was written after the client had left, want nothing", got)
		}
	})
}

// A header may have maxHeader and 4096 bytes.
func TestALongHeader(t *testing.T) {
	for n, want := range map[int]string{maxHeader - 100: "HTTP/1.1 200 ", maxHeader + 4096: "HTTP/1.1 431 "} {
		inBubble(t, "http", 0, func(t *testing.T, _ *httpServer, conn net.Conn) {
			go func() {
				_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX: "+strings.Repeat("x", n)+"\r\n\r\n")
			}()
			answers := bufio.NewReader(conn)
			line, err := answers.ReadString('\n')
			_, _ = io.Copy(io.Discard, answers) // until the server hangs up
			if err != nil || !strings.HasPrefix(line, want) {
				t.Errorf("a header of %d bytes is answered %q, %v, want %s", n, line, err, want)
			}
		})
	}
}
