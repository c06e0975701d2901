package serve

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// smallBody is let in whatever others take: a call has some 300 bytes.
	smallBody = 64 << 10
	// maxBodies bounds what all bodies take together beyond that.
	maxBodies = 64 << 20
)

var errCrowded = errors.New("too many large messages at once")

// bodies are the request bodies in hand. What they take beyond the first
// smallBody bytes each is counted from the moment it comes until they are freed.
type bodies struct{ taken atomic.Int64 }

// body is a request's body.
type body struct {
	data []byte

	of    *bodies
	from  io.Reader
	read  int64
	taken int64 // the part that counts
}

// read reads a body of bounded size; the server bounds its time. It must be
// freed, also after an error.
func (s *bodies) read(w http.ResponseWriter, r *http.Request) (*body, error) {
	b := &body{of: s, from: http.MaxBytesReader(w, r.Body, maxMessage)}
	var err error
	b.data, err = io.ReadAll(b)
	return b, err
}

// Read implements io.Reader: it counts what comes.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.read += int64(n)
	if more := b.read - smallBody - b.taken; more > 0 {
		b.taken += more
		if b.of.taken.Add(more) > maxBodies {
			return n, errCrowded
		}
	}
	return n, err
}

// free gives back what the body takes; its data must not be used any more.
func (b *body) free() { b.of.taken.Add(-b.taken) }

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
