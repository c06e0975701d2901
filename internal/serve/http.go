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
	drainLimit   = 9500 * time.Millisecond // for the calls in flight when the server is to end
	lastWords    = 250 * time.Millisecond  // for the answers to those that were not done by then
	headerLimit  = 10 * time.Second        // for a request's header
	readLimit    = 30 * time.Second        // for a request with its body
	idleLimit    = 2 * time.Minute         // between two requests of a connection
	writeLimit   = 30 * time.Second        // for one answer or event to be taken
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
	service  *Server
	bodies   bodies
	draining atomic.Bool
	ending   context.Context // ends when open event streams are to end
	open     streams
}

func newHTTPServer(ending context.Context, s *Server) *httpServer {
	return &httpServer{service: s, ending: ending, open: streams{byID: map[string]*stream{}}}
}

// server has the routes behind the guard, and limits for everything but the
// wait for an answer.
func (h *httpServer) server(set HTTPSettings) *http.Server {
	return &http.Server{
		Handler:           limitWrites(guard(set, h.routes(set))),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit, // over once all is read: a call may wait for a minute
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(set.Log.Handler(), slog.LevelDebug),
	}
}

// HTTP serves until ctx ends and the calls in flight are answered.
func (s *Server) HTTP(ctx context.Context, set HTTPSettings) error {
	ending, endStreams := context.WithCancel(context.Background())
	defer endStreams()
	h := newHTTPServer(ending, s)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.Addr)
	if err != nil {
		return err
	}
	server := h.server(set)
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
	// New calls are refused and /healthz says so; those in flight end first.
	h.draining.Store(true)
	h.finish()
	endStreams()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if server.Shutdown(last) != nil {
		_ = server.Close()
	}
	return nil
}

// finish waits for the calls in flight. Who still waits after the limit is told
// that the look-up may have been billed.
func (h *httpServer) finish() {
	if !h.drain(drainLimit) {
		h.service.tools.Close()
		h.drain(lastWords)
	}
}

// drain reports whether all calls have been answered in time.
func (h *httpServer) drain(limit time.Duration) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(limit); h.service.calls.Load() > 0; <-tick.C {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

func (h *httpServer) routes(set HTTPSettings) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.health)
	mux.Handle("GET /metrics", set.Metrics)
	if set.SSE {
		mux.HandleFunc("GET /sse", h.openStream)
		mux.HandleFunc("POST /message", h.call(h.streamMessage))
	} else {
		mux.HandleFunc("POST /mcp", h.call(h.mcp))
	}
	return mux
}

func (h *httpServer) health(w http.ResponseWriter, _ *http.Request) {
	if h.draining.Load() {
		http.Error(w, "ending", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// call is round every route that takes messages: it reads them, and refuses
// them once the server is to end. What it calls frees the body.
func (h *httpServer) call(next func(w http.ResponseWriter, r *http.Request, b *body)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.draining.Load() {
			unavailable(w, endingSoon)
			return
		}
		b, err := h.bodies.read(w, r)
		if err == nil {
			next(w, r, b)
			return
		}
		b.free()
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, "the message is larger than 4 MiB", http.StatusRequestEntityTooLarge)
		case errors.Is(err, errCrowded):
			unavailable(w, crowded)
		default:
			http.Error(w, "the message cannot be read", http.StatusBadRequest)
		}
	}
}

const (
	endingSoon = "the server is about to end; try again"
	crowded    = "the server is busy; try again"
)

// admit takes a packet in, which must then be released, or answers that it
// cannot.
func (h *httpServer) admit(w http.ResponseWriter, p packet) bool {
	if !h.service.admit(p) {
		unavailable(w, crowded)
		return false
	}
	// Once more: the body may have come after the end of draining, when nobody
	// waits for its call any more.
	if h.draining.Load() {
		h.service.release(p)
		unavailable(w, endingSoon)
		return false
	}
	return true
}

// unavailable refuses what may be tried again in a moment.
func unavailable(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, why, http.StatusServiceUnavailable)
}
