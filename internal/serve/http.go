package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/net/netutil"
)

// HTTPSettings are the settings of the HTTP transports.
type HTTPSettings struct {
	Addr           string
	SSE            bool // HTTP+SSE instead of Streamable HTTP
	AllowedHosts   []string
	AllowedOrigins []string                // in lower case
	Authorized     func(token string) bool // nil: callers need no token
	Metrics        http.Handler
	Log            *slog.Logger
}

// httpServer serves both HTTP transports.
type httpServer struct {
	HTTPSettings
	server   *Server
	draining atomic.Bool
	streams  sync.Map   // *sseClient by session id
	clients  *semaphore // with a stream
}

func newHTTPServer(s *Server, set HTTPSettings) *httpServer {
	return &httpServer{HTTPSettings: set, server: s, clients: newSemaphore(maxStreams)}
}

// HTTP serves until ctx ends, and then drains. The error is a failure to listen or serve.
func (s *Server) HTTP(ctx context.Context, set HTTPSettings) error {
	h := newHTTPServer(s, set)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", set.Addr)
	if err != nil {
		return err
	}
	web := h.netServer()
	requests, endRequests := context.WithCancel(context.Background())
	defer endRequests()
	web.BaseContext = func(net.Listener) context.Context { return requests }
	transport, path := "http", "/mcp"
	if set.SSE {
		transport, path = "sse", "/sse"
	}
	set.Log.Info("listening", "addr", listener.Addr().String(), "transport", transport, "url", "http://"+listener.Addr().String()+path)
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(netutil.LimitListener(listener, maxConnections)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	h.drain()
	endRequests() // event streams are still open
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	_ = web.Shutdown(grace) // the process ends with the connections that are left
	return nil
}

// netServer returns the server of the routes behind the guard. Everything has a time limit,
// except the wait for an answer.
func (h *httpServer) netServer() *http.Server {
	return &http.Server{
		Handler:           h.handler(),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       readLimit,              // for reading only: a call may take a minute
		WriteTimeout:      readLimit + writeLimit, // flush sets its own
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
		route(http.MethodPost, "/message", h.withPacket(h.postMessage))
	} else {
		route(http.MethodPost, "/mcp", h.withPacket(h.postMCP))
	}
	return h.guard(mux)
}

func (h *httpServer) health(w http.ResponseWriter, _ *http.Request) {
	if h.draining.Load() {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// drain waits, for at most drainLimit, for the calls in flight and for sent requests
// without a caller, since those are paid too. Look-ups that are not sent yet end. New
// calls are refused, and /healthz fails.
// Callers that still wait after that are told that the look-up may have been billed.
func (h *httpServer) drain() {
	ctx, cancel := context.WithTimeout(context.Background(), drainLimit)
	defer cancel()
	h.draining.Store(true)
	lookups, answered := h.server.tools.Lookups, func() bool { return h.server.calls.held.Load() == 0 }
	h.Log.Info("draining", "calls", h.server.calls.held.Load(), "lookups", lookups.Stats().Sent, "limit", drainLimit)
	lookups.Drain(ctx)
	waitUntil(ctx, func() bool { return answered() && lookups.Stats().Sent == 0 })
	h.server.close()
	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	waitUntil(grace, answered)
}

const busy = "the server is busy; try again"

// withPacket reads a packet for a route, or refuses it if the server is busy or draining.
// next must call done when all messages are answered.
func (h *httpServer) withPacket(next func(w http.ResponseWriter, r *http.Request, p packet, done func())) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// n is how much of calls done releases: one while the body is read, then one for each
		// reply.
		calls, n := h.server.calls, int64(1)
		if !calls.tryAcquire(n) {
			unavailable(w, busy)
			return
		}
		var held int64 // of h.server.bytes
		done := func() {
			calls.release(n)
			h.server.bytes.release(held)
		}
		if h.draining.Load() {
			done()
			unavailable(w, "the server is shutting down; try again")
			return
		}
		body, err := h.readBody(w, r, &held)
		if err != nil {
			done()
			return
		}
		p, err := parsePacket(trim(body))
		if err != nil {
			done()
			newReply(w, r).finish(http.StatusBadRequest, refusePacket(err))
			return
		}
		if more := p.replies() - n; more > 0 && !calls.tryAcquire(more) {
			done()
			unavailable(w, busy)
			return
		} else if more < 0 {
			calls.release(-more)
		}
		n = p.replies()
		next(w, r, p, done)
	}
}

// readBody reads a request's body, or answers with a refusal. It sets held to what it
// acquired of h.server.bytes.
func (h *httpServer) readBody(w http.ResponseWriter, r *http.Request, held *int64) ([]byte, error) {
	var body bytes.Buffer
	from := http.MaxBytesReader(w, r.Body, maxMessage)
	_, err := io.CopyN(&body, from, smallMessage)
	if err == nil { // there may be more
		most := int64(maxMessage)
		if r.ContentLength >= 0 {
			most = min(most, r.ContentLength)
		}
		if !h.server.bytes.tryAcquire(most) {
			unavailable(w, busy)
			return nil, errors.New(busy)
		}
		*held = most
		_, err = body.ReadFrom(from)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return body.Bytes(), nil
	case errors.As(err, &tooLarge):
		http.Error(w, tooLong, http.StatusRequestEntityTooLarge)
	default:
		http.Error(w, "the message cannot be read", http.StatusBadRequest)
	}
	return nil, err
}

// unavailable refuses a request that the client can repeat soon.
func unavailable(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, why, http.StatusServiceUnavailable)
}
