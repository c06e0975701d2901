// Package observe is how the program is watched: its log and its metrics.
package observe

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"

	"pgy-mcp/internal/config"
	"pgy-mcp/tools"
)

const (
	// maxLogLines bounds what waits for a reader of the log.
	maxLogLines = 1000
	// flushLimit is how long the end of the program waits for one.
	flushLimit = 500 * time.Millisecond
)

// logSink passes log lines on to a writer that may block for good: a client
// that starts the server and does not read its stderr must not stop its calls.
// Lines that find no room are dropped and counted. It may be used concurrently.
type logSink struct {
	out    io.Writer
	report *slog.Logger // straight to out
	lines  chan []byte
	done   chan struct{} // closed when all is written

	mu      sync.Mutex
	closed  bool
	dropped int
}

func newLogSink(out io.Writer, report *slog.Logger) *logSink {
	s := &logSink{out: out, report: report, lines: make(chan []byte, maxLogLines), done: make(chan struct{})}
	go s.pass()
	return s
}

// Write takes one line and never blocks.
func (s *logSink) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		select {
		case s.lines <- bytes.Clone(line): // the handler uses its buffer again
		default:
			s.dropped++
		}
	}
	return len(line), nil
}

func (s *logSink) pass() {
	defer close(s.done)
	for line := range s.lines {
		_, _ = s.out.Write(line)
		if n := s.takeDropped(); n > 0 {
			s.report.Warn("log lines were dropped: nobody read them", "lines", n)
		}
	}
}

func (s *logSink) takeDropped() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.dropped
	s.dropped = 0
	return n
}

// close waits until the lines are written, or not read in time. What is logged
// after it is lost.
func (s *logSink) close() {
	s.mu.Lock()
	s.closed = true
	close(s.lines)
	s.mu.Unlock()
	select {
	case <-s.done:
	case <-time.After(flushLimit):
	}
}

// OpenLog gives the program's log, and the function that ends it. A server's
// log never blocks; a command on a terminal writes in the order of its output.
func OpenLog(stderr io.Writer, cfg config.Config) (log *slog.Logger, end func()) {
	log = newLogger(stderr, cfg)
	if cfg.Command != "serve" {
		return log, func() {}
	}
	sink := newLogSink(stderr, log)
	return newLogger(sink, cfg), sink.close
}

func newLogger(w io.Writer, cfg config.Config) *slog.Logger {
	o := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// LogCall writes one line a call, without arguments or names.
func LogCall(log *slog.Logger, transport string, o tools.Outcome) {
	log.Info("call", "tool", o.Tool, "outcome", o.Kind, "cached", o.Cached, "billed", o.Billed, "took", o.Took, "transport", transport)
}
