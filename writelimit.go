package main

import (
	"net/http"
	"time"
)

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
