package main

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
	drainLimit   = 10 * time.Second // for the calls in flight when the server is to end
	headerLimit  = 10 * time.Second // for a request's header
	bodyLimit    = 30 * time.Second // for a request's body
	idleLimit    = 2 * time.Minute  // between two requests of a connection
	writeLimit   = 30 * time.Second // for one message to a client that does not read
	maxHeader    = 64 << 10
	retrySeconds = "1" // what a busy or ending server asks callers to wait
)

// httpServer is the HTTP side of the program, for both HTTP transports.
type httpServer struct {
	service  *service
	draining atomic.Bool
	ending   context.Context // ends when open event streams are to end
	open     streams
}

// serveHTTP serves until ctx ends and the calls in flight are answered.
func serveHTTP(ctx context.Context, cfg config, s *service, metrics http.Handler, log *slog.Logger) error {
	ending, endStreams := context.WithCancel(context.Background())
	defer endStreams()
	h := &httpServer{service: s, ending: ending, open: streams{open: map[string]*conversation{}}}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.addr)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           guard(cfg, log, h.routes(cfg.transport, metrics)),
		ReadHeaderTimeout: headerLimit,
		ReadTimeout:       bodyLimit, // for requests that are refused before their body is read
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		// No write limit: a tool call may wait for a minute.
	}
	log.Info("listening", "addr", listener.Addr().String(), "transport", cfg.transport)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// New calls are refused and /healthz says so; those in flight end first.
	h.draining.Store(true)
	h.drain()
	endStreams()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(last) != nil {
		_ = server.Close()
	}
	return nil
}

func (h *httpServer) drain() {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(drainLimit); h.service.calls.Load() > 0 && time.Now().Before(end); {
		<-tick.C
	}
}

func (h *httpServer) routes(transport string, metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.health)
	mux.Handle("GET /metrics", metrics)
	if transport == "sse" {
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

// call is round every route that takes messages: it bounds how large one may
// be, and refuses them once the server is to end.
func (h *httpServer) call(next func(w http.ResponseWriter, r *http.Request, body []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.draining.Load() {
			unavailable(w, "the server is about to end; try again")
			return
		}
		body, err := readBody(w, r)
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, "the message is larger than 4 MiB", http.StatusRequestEntityTooLarge)
		case err != nil:
			http.Error(w, "the message cannot be read", http.StatusBadRequest)
		default:
			next(w, r, body)
		}
	}
}

// unavailable refuses what may be tried again in a moment.
func unavailable(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", retrySeconds)
	http.Error(w, why, http.StatusServiceUnavailable)
}

// readBody bounds the body in size and in time; the time must not go on
// running while the call waits.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(bodyLimit))
	defer func() { _ = c.SetReadDeadline(time.Time{}) }()
	r.Body = http.MaxBytesReader(w, r.Body, maxMessage)
	return io.ReadAll(r.Body)
}
