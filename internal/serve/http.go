package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	drainLimit   = 25 * time.Second       // for what is under way when the server is to end
	lastWords    = 250 * time.Millisecond // for the answers to calls that were not done by then
	headerLimit  = 10 * time.Second       // for a request's header
	readLimit    = 30 * time.Second       // for a request with its body
	idleLimit    = 2 * time.Minute        // between two requests of a connection
	writeLimit   = 30 * time.Second       // for one answer or event to be taken
	maxHeader    = 64 << 10
	retrySeconds = "1" // what a busy or ending server asks callers to wait
)

// HTTPSettings of the HTTP side.
type HTTPSettings struct {
	Addr           string
	SSE            bool // HTTP+SSE in the place of Streamable HTTP
	AllowedHosts   []string
	AllowedOrigins []string                // in lower case
	Authorized     func(token string) bool // nil where callers need no token
	Metrics        http.Handler
	Log            *slog.Logger
}

// httpServer is the HTTP side of the program, for both HTTP transports.
type httpServer struct {
	HTTPSettings
	server   *Server
	draining atomic.Bool
	ending   context.Context // ends when open event streams are to end
	open     streams
}

func newHTTPServer(ending context.Context, s *Server, set HTTPSettings) *httpServer {
	return &httpServer{HTTPSettings: set, server: s, ending: ending, open: streams{byID: map[string]*stream{}}}
}

// HTTP serves until ctx ends and what is under way has ended.
func (s *Server) HTTP(ctx context.Context, set HTTPSettings) error {
	ending, endStreams := context.WithCancel(context.Background())
	defer endStreams()
	h := newHTTPServer(ending, s, set)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.Addr)
	if err != nil {
		return err
	}
	server := h.httpServer()
	transport := "http"
	if set.SSE {
		transport = "sse"
	}
	set.Log.Info("listening", "addr", listener.Addr().String(), "transport", transport)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	h.finish()
	endStreams()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if server.Shutdown(last) != nil {
		_ = server.Close()
	}
	return nil
}

// httpServer has the routes behind the guard, and limits for everything but the
// wait for an answer.
func (h *httpServer) httpServer() *http.Server {
	return &http.Server{
		Handler:           limitWrites(h.handler()),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit, // over once all is read: a call may wait for a minute
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(h.Log.Handler(), slog.LevelDebug),
	}
}

func (h *httpServer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.health)
	route := func(method, path string, next http.HandlerFunc) {
		mux.Handle(path, h.protect(method, next))
		mux.Handle(path+"/{$}", h.protect(method, next))
	}
	route(http.MethodGet, "/metrics", h.Metrics.ServeHTTP)
	if h.SSE {
		route(http.MethodGet, "/sse", h.openStream)
		route(http.MethodPost, "/message", h.message(h.streamMessage))
	} else {
		route(http.MethodPost, "/mcp", h.message(h.mcp))
	}
	return h.guard(mux)
}

func (h *httpServer) health(w http.ResponseWriter, _ *http.Request) {
	if h.draining.Load() {
		http.Error(w, "ending", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// finish waits for the calls in flight, and for look-ups whose callers have
// gone: they are paid for. New calls are refused meanwhile, and /healthz says
// so. Who still waits after the limit is told that the look-up may have been
// billed.
func (h *httpServer) finish() {
	h.draining.Store(true)
	calls, lookups := h.server.calls.taken.Load(), h.server.tools.Open()
	h.Log.Info("ending when all is answered and kept", "calls", calls, "lookups", lookups, "at most", drainLimit)
	if h.drained(drainLimit, func() bool { return h.server.calls.taken.Load() == 0 && h.server.tools.Open() == 0 }) {
		return
	}
	h.server.tools.Close()
	h.drained(lastWords, func() bool { return h.server.calls.taken.Load() == 0 })
}

// drained waits until all is done, and reports whether it is in time.
func (h *httpServer) drained(limit time.Duration, done func() bool) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(limit); !done(); <-tick.C {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

const (
	endingSoon = "the server is about to end; try again"
	isBusy     = "the server is busy; try again"
)

// admission is one request's share in the places for calls. It takes the first
// one before the body is read.
type admission struct {
	calls *places
	n     int64
}

// resize takes as many places as the messages need that the body had.
func (a *admission) resize(n int64) bool {
	ok := a.calls.take(n - a.n)
	if ok {
		a.n = n
	}
	return ok
}

func (a *admission) free() { a.calls.free(a.n) }

// message wraps the routes that take messages. It reads them, and refuses them
// where there is no place or the server is to end. What it calls frees the
// admission.
func (h *httpServer) message(next func(http.ResponseWriter, *http.Request, []byte, *admission)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := &admission{calls: &h.server.calls}
		if !a.resize(1) {
			unavailable(w, isBusy)
			return
		}
		// Behind the admission: whom draining does not see, it does not let in.
		if h.draining.Load() {
			a.free()
			unavailable(w, endingSoon)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
		if err == nil {
			next(w, r, trimmed(body), a)
			return
		}
		a.free()
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			http.Error(w, tooLong, http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the message cannot be read", http.StatusBadRequest)
	}
}

// unavailable refuses what may be tried again in a moment.
func unavailable(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, why, http.StatusServiceUnavailable)
}
