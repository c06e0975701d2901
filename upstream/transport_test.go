package upstream_test

import (
	"compress/gzip"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

const whole = `{"code":0,"data":{"userId":"` + documented + `"}}`

// A call whose answer began may have been charged, so an answer that breaks off
// is told as such, even where what came is an envelope by itself.
func TestAnAnswerThatIsCutOff(t *testing.T) {
	cut := func(w http.ResponseWriter) {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	for name, h := range map[string]http.HandlerFunc{
		"in the middle": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, whole[:20])
			cut(w)
		},
		"chunked without the last chunk": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, whole)
			cut(w)
		},
		"shorter than its length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(whole)+1))
			_, _ = io.WriteString(w, whole)
		},
		"after the header": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			cut(w)
		},
		"no gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, whole)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(t, h)
			wantError(t, err, upstream.BadResponse, upstream.UnknownBilling)
		})
	}
}

// An answer that hands the connection over never ends by itself: no time limit
// reaches it, and so it must not be read.
func TestSwitchingProtocols(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("taking the connection over ends with %v, want it", err)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
		_, _ = io.Copy(io.Discard, conn) // until the client hangs up
		close(gone)
	})
	_, err := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute).Fetch(t.Context(), profile(documented))
	wantError(t, typed(t, err), upstream.BadResponse, upstream.UnknownBilling)
	<-gone
}

// An answer is bounded after decompression: a small one may unpack to a huge one.
func TestTheLargestAnswer(t *testing.T) {
	const limit = 4 << 20
	for _, c := range []struct {
		name string
		size int
		zip  bool
		fits bool
	}{
		{"at the limit", limit, false, true},
		{"over the limit", limit + 1, false, false},
		{"compressed, at the limit", limit, true, true},
		{"compressed, over the limit", limit + 1, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := whole + strings.Repeat(" ", c.size-len(whole))
			p, err := ask(t, func(w http.ResponseWriter, r *http.Request) {
				if !c.zip {
					_, _ = io.WriteString(w, body)
					return
				}
				if got := r.Header.Get("Accept-Encoding"); !strings.Contains(got, "gzip") {
					t.Errorf("Accept-Encoding is %q, want gzip in it", got)
				}
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				_, _ = io.WriteString(z, body)
				_ = z.Close()
			})
			if c.fits {
				wantProfile(t, p, err, `{"userId":"`+documented+`"}`)
			} else {
				wantError(t, err, upstream.BadResponse, upstream.UnknownBilling)
			}
		})
	}
}

// The target of a redirect would be given the token.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var hits atomic.Int32
	target := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		_, _ = io.WriteString(w, whole)
	})
	for _, status := range []int{301, 302, 303, 307, 308} {
		_, err := ask(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, target.URL+r.URL.RequestURI(), status)
		})
		wantError(t, err, upstream.BadResponse, upstream.UnknownBilling)
		if err != nil && err.Status != status {
			t.Errorf("the status is %d, want %d", err.Status, status)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the target saw %d requests, want none", n)
	}
}

// net/http repeats a GET by itself on a connection that it has used before; a
// request that may have been charged goes out once.
func TestAConnectionThatClosesWithoutAnAnswer(t *testing.T) {
	var hits atomic.Int32
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if hits.Add(1) == 1 {
			_, _ = io.WriteString(w, whole)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("taking the connection over ends with %v, want it", err)
			return
		}
		_ = conn.Close()
	})
	client := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute)
	if _, err := client.Fetch(t.Context(), profile(documented)); err != nil {
		t.Fatalf("the first request ends with %v, want a profile", err)
	}
	_, err := client.Fetch(t.Context(), profile(documented))
	wantError(t, typed(t, err), upstream.BadResponse, upstream.UnknownBilling)
	if n := hits.Load(); n != 2 {
		t.Errorf("the upstream saw %d requests, want 2", n)
	}
}

// A connection that never stood cannot have been charged.
func TestUnreachable(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	var hits atomic.Int32
	tls := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	plain.Close() // not before: its port would be the other one's
	for name, c := range map[string]struct{ base, detail string }{
		"nobody listens":        {plain.URL, "it refuses connections"},
		"untrusted certificate": {tls.URL, "no secure connection can be made"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := upstream.NewClient(c.base, upstream.NewToken(canary), time.Minute).Fetch(t.Context(), profile(documented))
			e := typed(t, err)
			wantError(t, e, upstream.Unreachable, upstream.NotBilled)
			if e != nil && e.Detail != c.detail {
				t.Errorf("the detail is %q, want %q", e.Detail, c.detail)
			}
		})
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d requests went out over an untrusted connection, want none", n)
	}
}

// A request that times out may have been charged.
func TestTimeout(t *testing.T) {
	for name, begin := range map[string]func(http.ResponseWriter){
		"before the header": func(http.ResponseWriter) {},
		"in the body": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, whole[:20])
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				begin(w)
				<-r.Context().Done()
			})
			_, err := upstream.NewClient(s.URL, upstream.NewToken(canary), 200*time.Millisecond).Fetch(t.Context(), profile(documented))
			wantError(t, typed(t, err), upstream.Timeout, upstream.UnknownBilling)
		})
	}
}

// A handshake that the server never answers is no connection.
func TestTimeoutWhileConnecting(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	_, err = upstream.NewClient("https://"+silent.Addr().String(), upstream.NewToken(canary), 50*time.Millisecond).Fetch(t.Context(), profile(documented))
	e := typed(t, err)
	wantError(t, e, upstream.Unreachable, upstream.NotBilled)
	if want := "it does not take connections in time"; e != nil && e.Detail != want {
		t.Errorf("the detail is %q, want %q", e.Detail, want)
	}
}

func TestAnAddressThatIsNone(t *testing.T) {
	_, err := upstream.NewClient("http://[", upstream.NewToken(canary), time.Minute).Fetch(t.Context(), profile(documented))
	wantError(t, typed(t, err), upstream.Internal, upstream.NotBilled)
}
