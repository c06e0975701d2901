package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
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
	streams  sync.Map // *stream by session id
	clients  places   // that have one
}

func newHTTPServer(s *Server, set HTTPSettings) *httpServer {
	return &httpServer{HTTPSettings: set, server: s, clients: places{limit: maxStreams}}
}

// HTTP serves until ctx ends and what is under way has ended.
func (s *Server) HTTP(ctx context.Context, set HTTPSettings) error {
	h := newHTTPServer(s, set)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.Addr)
	if err != nil {
		return err
	}
	server := h.httpServer()
	requests, endRequests := context.WithCancel(context.Background())
	defer endRequests()
	server.BaseContext = func(net.Listener) context.Context { return requests }
	transport, path := "http", "/mcp"
	if set.SSE {
		transport, path = "sse", "/sse"
	}
	set.Log.Info("listening", "addr", listener.Addr().String(), "transport", transport, "url", "http://"+listener.Addr().String()+path)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	h.finish()
	endRequests() // event streams are still open
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
		Handler:           h.handler(),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit,              // over once all is read: a call may wait for a minute
		WriteTimeout:      readLimit + writeLimit, // of what does not go through send, which sets its own
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
// gone: they are paid for. New calls are refused from now on, and /healthz says
// so. Callers that still wait after the limit are told that the look-up may have
// been billed.
func (h *httpServer) finish() {
	h.draining.Store(true)
	calls, lookups := h.server.calls.taken.Load, h.server.tools.Open
	h.Log.Info("ending when all is answered and kept", "calls", calls(), "lookups", lookups(), "at most", drainLimit)
	waitUntil(func() bool { return calls() == 0 && lookups() == 0 }, drainLimit)
	h.server.tools.Close()
	waitUntil(func() bool { return calls() == 0 }, lastWords)
}

// waitUntil waits until something is done, but no longer than the limit.
func waitUntil(done func() bool, limit time.Duration) {
	for end := time.Now().Add(limit); !done() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
}

const isBusy = "the server is busy; try again"

// message wraps a route that takes messages: it reads them, or refuses them where
// there is no place or the server is ending. next calls done when all is answered.
func (h *httpServer) message(next func(w http.ResponseWriter, r *http.Request, p packet, done func())) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// One place while the body is read, then one for each answer that is due.
		calls, n := &h.server.calls, int64(1)
		if !calls.take(n) {
			unavailable(w, isBusy)
			return
		}
		done := func() { calls.free(n) }
		// Checked with the place taken: draining waits for all places to be free.
		if h.draining.Load() {
			done()
			unavailable(w, "the server is about to end; try again")
			return
		}
		p, err := readPacket(w, r)
		if err != nil {
			done()
			return
		}
		if !calls.take(p.due() - n) {
			done()
			unavailable(w, isBusy)
			return
		}
		n = p.due()
		next(w, r, p, done)
	}
}

// readPacket reads a request's messages, or answers why it cannot.
func readPacket(w http.ResponseWriter, r *http.Request) (packet, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(w, tooLong, http.StatusRequestEntityTooLarge)
		return packet{}, err
	case err != nil:
		http.Error(w, "the message cannot be read", http.StatusBadRequest)
		return packet{}, err
	}
	p, err := parsePacket(trimmed(body))
	if err != nil {
		newReply(w, r).finish(http.StatusBadRequest, errorResponse(nil, mcp.PARSE_ERROR, err.Error()).json...)
	}
	return p, err
}

// unavailable refuses what may be tried again in a moment.
func unavailable(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, why, http.StatusServiceUnavailable)
}
