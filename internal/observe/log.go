// Package observe is how the program is watched: its log and its metrics.
package observe

import (
	"bytes"
	"io"
	"log/slog"
	"sync/atomic"
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
	lines   chan []byte // nil ends them
	dropped atomic.Int64
	done    chan struct{} // closed when all is written
}

// Write takes one line and never blocks.
func (s *logSink) Write(line []byte) (int, error) {
	select {
	case s.lines <- bytes.Clone(line): // the handler uses its buffer again
	default:
		s.dropped.Add(1)
	}
	return len(line), nil
}

// pass writes the lines to out, and by report, which writes there too, how many
// were dropped.
func (s *logSink) pass(out io.Writer, report *slog.Logger) {
	defer close(s.done)
	for line := <-s.lines; line != nil; line = <-s.lines {
		_, _ = out.Write(line)
		if n := s.dropped.Swap(0); n > 0 {
			report.Warn("log lines were dropped: nobody read them", "lines", n)
		}
	}
}

// close waits until the lines are written, or not read in time. What is logged
// after it is lost.
func (s *logSink) close() {
	late := time.After(flushLimit)
	select {
	case s.lines <- nil:
	case <-late:
		return
	}
	select {
	case <-s.done:
	case <-late:
	}
}

// OpenLog gives the program's log, and the function that ends it. A server's
// log never blocks; a command on a terminal writes in the order of its output.
func OpenLog(stderr io.Writer, cfg config.Config) (log *slog.Logger, end func()) {
	log = newLogger(stderr, cfg)
	if cfg.Command != "serve" {
		return log, func() {}
	}
	sink := &logSink{lines: make(chan []byte, maxLogLines), done: make(chan struct{})}
	go sink.pass(stderr, log)
	return newLogger(sink, cfg), sink.close
}

func newLogger(w io.Writer, cfg config.Config) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // it is one of the words
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// LogCall writes one line a call, without arguments or names.
func LogCall(log *slog.Logger, transport string, o tools.Outcome) {
	log.Info("call", "tool", o.Tool, "outcome", o.Kind, "cached", o.Cached, "billed", o.Billed, "took", o.Took, "transport", transport)
}
