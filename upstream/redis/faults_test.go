package redis_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

// operations are all that a store does, each with an outcome of its own. Each has
// as much time as a look-up waits.
var operations = map[string]func(*redis.Store) error{
	"load": within(func(ctx context.Context, s *redis.Store) error { _, err := s.Load(ctx, key); return err }),
	"save": within(func(ctx context.Context, s *redis.Store) error {
		return s.Save(ctx, []upstream.Item{{Key: key, Value: []byte("x"), Keep: time.Hour}}, []upstream.Line{{Blogger: "b", Text: []byte("x")}})
	}),
	"lock": within(func(ctx context.Context, s *redis.Store) error {
		_, unlock, err := s.TryLock(ctx, key)
		if err == nil {
			err = unlock(ctx)
		}
		return err
	}),
	"admit": within(func(ctx context.Context, s *redis.Store) error {
		g, err := s.Admit(ctx, "profile")
		if err == nil {
			err = errors.Join(g.Settle(ctx, true), g.Refund(ctx))
		}
		return err
	}),
	"usage": within(func(ctx context.Context, s *redis.Store) error { _, err := s.Usage(ctx); return err }),
	"turn":  within(func(ctx context.Context, s *redis.Store) error { _, err := s.Turn(ctx); return err }),
	"last":  within(func(ctx context.Context, s *redis.Store) error { _, err := s.Last(ctx, "b"); return err }),
	"lines": within(func(ctx context.Context, s *redis.Store) error { _, err := s.Lines(ctx, "b"); return err }),
}

func within(run func(context.Context, *redis.Store) error) func(*redis.Store) error {
	return func(s *redis.Store) error {
		ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
		defer cancel()
		return run(ctx, s)
	}
}

// trouble gives what keeps a store from doing all it should; nil for nothing.
func trouble(s *redis.Store) error {
	for name, run := range operations {
		if err := run(s); err != nil {
			return fmt.Errorf("%s says %w", name, err)
		}
	}
	return nil
}

// works reports that a store does all it should.
func works(s *redis.Store) bool { return trouble(s) == nil }

// wantWorking checks that a store does all it should.
func wantWorking(t *testing.T, s *redis.Store) {
	t.Helper()
	if err := trouble(s); err != nil {
		t.Fatalf("%v, want every operation to work", err)
	}
}

// wantFailures checks that every operation fails, and gives what they say.
func wantFailures(t *testing.T, s *redis.Store) (said string) {
	t.Helper()
	for name, run := range operations {
		err := run(s)
		if err == nil || errors.Is(err, upstream.ErrLocked) {
			t.Errorf("%s says %v, want a failure", name, err)
			continue
		}
		said += err.Error() + "\n"
	}
	return said
}

func options() redis.Options { return redis.Options{Budget: 1000, Rate: 1000} }

func TestNobodyListens(t *testing.T) {
	said := wantFailures(t, open(t, "redis://127.0.0.1:1", options()))
	if want := "connection refused"; !strings.Contains(said, want) {
		t.Errorf("they say %q, want %q in it", said, want)
	}
}

// A Redis that hangs costs each operation some time, and nothing when it goes on.
func TestRedisHangs(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), options())
	wantWorking(t, s)
	server.Stop()
	for name, run := range operations {
		if err := run(s); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s says %v, want that time ran out", name, err)
		}
	}
	server.Continue()
	eventually(t, "it works again", func() bool { return works(s) })
}

// A Redis that was killed and is started again has nothing, and is used at once.
func TestRedisIsRestarted(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), options())
	wantWorking(t, s)
	server.Kill()
	wantFailures(t, s)
	server.Restart()
	eventually(t, "it works again", func() bool { return works(s) })
}

// A Redis without memory refuses to write and still gives what it has. It counts
// requests all the same, since that script first removes old ones.
func TestRedisIsFull(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), options()), client(t, server.URL())
	save(t, s, key, `{"name":"a"}`)
	if err := raw.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatalf("CONFIG SET ends with %v, want it done", err)
	}
	for _, name := range []string{"save", "lock", "turn"} {
		if err := operations[name](s); err == nil || !strings.Contains(err.Error(), "OOM") {
			t.Errorf("%s says %v, want OOM in it", name, err)
		}
	}
	if err := operations["load"](s); err != nil {
		t.Errorf("load says %v, want the answer", err)
	}
}

func TestContextsEnd(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), options())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Load(ended, key); !errors.Is(err, context.Canceled) {
		t.Errorf("load says %v, want canceled", err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, err := s.Load(late, key); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("load says %v, want that time ran out", err)
	}
}

// proxy passes on what goes to a server, and lets harm change what comes back.
func proxy(t *testing.T, server string, harm func(reply []byte) (changed []byte, cut bool)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", server)
			if err != nil {
				_ = near.Close()
				continue
			}
			go func() {
				_, _ = io.Copy(far, near)
				_ = far.Close()
			}()
			go func() {
				defer near.Close()
				for b := make([]byte, 4096); ; {
					n, err := far.Read(b)
					if err != nil {
						return
					}
					out, cut := harm(b[:n])
					if _, err := near.Write(out); err != nil || cut {
						return
					}
				}
			}()
		}
	}()
	return "redis://" + l.Addr().String()
}

func TestASlowNetwork(t *testing.T) {
	server := redistest.Start(t)
	var slow atomic.Bool
	late := make(chan struct{})
	s := open(t, proxy(t, server.Addr, func(b []byte) ([]byte, bool) {
		if slow.Load() {
			<-late
		}
		return b, false
	}), options())
	wantWorking(t, s)
	slow.Store(true)
	for name, run := range operations {
		if err := run(s); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s says %v, want that time ran out", name, err)
		}
	}
	slow.Store(false)
	close(late)
	eventually(t, "it works again", func() bool { return works(s) })
}

// A connection that is cut in the middle of a reply fails that operation; the
// next one has a new connection.
func TestConnectionsAreCut(t *testing.T) {
	server := redistest.Start(t)
	var cutting atomic.Bool
	s := open(t, proxy(t, server.Addr, func(b []byte) ([]byte, bool) {
		if cutting.Load() {
			return b[:len(b)/2], true
		}
		return b, false
	}), options())
	wantWorking(t, s)
	cutting.Store(true)
	wantFailures(t, s)
	cutting.Store(false)
	eventually(t, "it works again", func() bool { return works(s) })
}

// A connection that Redis has closed while nobody used it fails no operation: the
// lock on a look-up would be lost with it.
func TestConnectionsAreClosedMeanwhile(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), options()), client(t, server.URL())
	for range 5 {
		wantWorking(t, s)
		if err := raw.ClientKillByFilter(t.Context(), "TYPE", "normal", "SKIPME", "yes").Err(); err != nil {
			t.Fatalf("CLIENT KILL ends with %v, want it done", err)
		}
		eventually(t, "the connections are closed", func() bool {
			return strings.Count(raw.ClientList(context.Background()).Val(), "\n") == 1
		})
	}
	wantWorking(t, s)
}

// Replies that were changed on their way give an error or what was stored, and
// never another answer.
func TestRepliesAreCorrupted(t *testing.T) {
	server := redistest.Start(t)
	stored := open(t, server.URL(), options())
	var data [2]string
	for i := range data {
		data[i] = fmt.Sprintf(`{"name":%q}`, strings.Repeat(fmt.Sprint(i), 500))
		save(t, stored, fmt.Sprint("profile/", i), data[i])
	}
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(1, 2))
	s := open(t, proxy(t, server.Addr, func(b []byte) ([]byte, bool) {
		mu.Lock()
		defer mu.Unlock()
		b = bytes.Clone(b)
		for range 1 + r.IntN(3) {
			switch i := r.IntN(len(b)); r.IntN(3) {
			case 0:
				b[i] ^= 1 << r.IntN(8)
			case 1:
				b = append(b[:i], b[i+1:]...)
			case 2:
				b = append(b[:i:i], append([]byte("9"), b[i:]...)...)
			}
			if len(b) == 0 {
				return nil, true
			}
		}
		return b, r.IntN(20) == 0
	}), options())
	for range 300 {
		for i := range data {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			values, err := s.Load(ctx, fmt.Sprint("profile/", i))
			cancel()
			if err == nil && bytes.HasPrefix(values[0], []byte(data[1-i][:20])) {
				t.Errorf("blogger %d has %.300q, want %.300q, damaged or not, or an error", i, values[0], data[i])
			}
		}
	}
	for _, run := range operations {
		_ = run(s) // must not panic
	}
}

// garbage answers a connection's first command with first, and all others with
// the same bytes.
func garbage(t *testing.T, first, reply string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	answerGarbage(t, l, first, reply)
	return "redis://" + l.Addr().String()
}

func answerGarbage(t *testing.T, l net.Listener, first, reply string) {
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b, next := make([]byte, 4096), first
				for {
					if _, err := c.Read(b); err != nil {
						return
					}
					if _, err := io.WriteString(c, next); err != nil {
						return
					}
					next = reply
				}
			}()
		}
	}()
}

// What comes encrypted is checked too.
func TestGarbageOverTLS(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	answerGarbage(t, l, "*0\r\n", "$99999999999\r\n")
	s := open(t, "rediss://"+l.Addr().String(), options())
	authorities := x509.NewCertPool()
	authorities.AddCert(web.Certificate())
	s.Trust(authorities)
	if err := operations["load"](s); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("load says %v, want that it cannot be read", err)
	}
}

// Whatever answers in Redis's place, and whatever it announces, costs an error.
func TestGarbage(t *testing.T) {
	for name, reply := range map[string]string{
		"HTTP":             "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
		"random":           "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
		"line ends":        "\r\n\r\n\r\n\r\n",
		"a long string":    "$99999999999\r\n",
		"a longer one":     "$9223372036854775807\r\n",
		"a negative one":   "$-5\r\n",
		"a long list":      "*2000000000\r\n",
		"a longer list":    "*9223372036854775807\r\n",
		"a negative list":  "*-5\r\n",
		"a long map":       "%2000000000\r\n",
		"a list of lists":  "*1000\r\n*1000\r\n*1000\r\n*1000\r\n",
		"no digits":        "$\r\n",
		"a huge number":    ":9223372036854775807\r\n",
		"a negative one :": ":-1\r\n",
		"text":             "+what?\r\n",
		"an error":         "-DENIED go away\r\n",
	} {
		for greeting, first := range map[string]string{"at once": reply, "after a greeting": "*0\r\n"} {
			t.Run(name+" "+greeting, func(t *testing.T) {
				s := open(t, garbage(t, first, reply), options())
				for operation, run := range operations {
					if err := run(s); err == nil && (operation == "load" || operation == "admit" || operation == "turn") {
						t.Errorf("%s works, want an error", operation)
					}
				}
			})
		}
	}
}
