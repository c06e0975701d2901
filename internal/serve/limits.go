package serve

import (
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// maxCalls is the most messages that are answered at the same time.
	maxCalls = 1000
	// maxStreams is the most clients of HTTP+SSE.
	maxStreams = 5000
	// maxPerStream is the most answers that one of them has coming, so that a
	// client that does not read cannot take the places of all others.
	maxPerStream = maxCalls / 2
)

// places counts what is under way against a limit.
type places struct {
	limit int64
	taken atomic.Int64
}

// take takes n places if so many are free; no place at all always is.
func (p *places) take(n int64) bool {
	if p.taken.Add(n) <= p.limit || n <= 0 {
		return true
	}
	p.taken.Add(-n)
	return false
}

func (p *places) free(n int64) { p.taken.Add(-n) }

// limitWrites gives each write of a handler writeLimit to be taken, however
// long the handler itself waits: a client that does not read loses its
// connection, and with it all that it holds here.
func limitWrites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&limitedWriter{w}, r)
	})
}

type limitedWriter struct{ http.ResponseWriter }

// Unwrap is for http.ResponseController.
func (l *limitedWriter) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// The limit also holds for what the HTTP library writes after the handler.
func (l *limitedWriter) start() {
	_ = http.NewResponseController(l.ResponseWriter).SetWriteDeadline(time.Now().Add(writeLimit))
}

// WriteHeader implements http.ResponseWriter.
func (l *limitedWriter) WriteHeader(status int) {
	l.start()
	l.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (l *limitedWriter) Write(b []byte) (int, error) {
	l.start()
	return l.ResponseWriter.Write(b)
}
