// Package observe makes the program's log and its metrics.
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
	// maxLogLines is how many log lines wait for a reader at most.
	maxLogLines = 1000
	// flushLimit is how long the program waits for a reader when it ends.
	flushLimit = 500 * time.Millisecond
)

// logSink passes log lines to a writer that may block forever: a client that does not read
// stderr must not block calls. It drops and counts lines beyond maxLogLines. It may be
// used concurrently.
type logSink struct {
	lines   chan []byte // nil is the end
	dropped atomic.Int64
	done    chan struct{} // closed when all lines are written
}

// Write takes one line and never blocks.
func (s *logSink) Write(line []byte) (int, error) {
	select {
	case s.lines <- bytes.Clone(line): // the handler reuses its buffer
	default:
		s.dropped.Add(1)
	}
	return len(line), nil
}

// pass writes the lines to out. It reports dropped lines through report, which
// writes to out too.
func (s *logSink) pass(out io.Writer, report *slog.Logger) {
	defer close(s.done)
	for line := <-s.lines; line != nil; line = <-s.lines {
		_, _ = out.Write(line)
		if n := s.dropped.Swap(0); n > 0 {
			report.Warn("log lines were dropped: nobody read them", "lines", n)
		}
	}
}

// close waits until the lines are written, for at most flushLimit. Later lines are lost.
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

// OpenLog opens the program's log; end closes it. The log of a server never blocks its
// callers. The log of a command writes each line at once, so that lines and output keep their
// order.
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
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // config has checked it
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		o.ReplaceAttr = milliseconds
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// milliseconds turns a duration into a number of milliseconds, and adds Ms to its key.
func milliseconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		return slog.Int64(a.Key+"Ms", a.Value.Duration().Milliseconds())
	}
	return a
}

// LogCall logs a line for each look-up that failed, with its id, and a line for the call,
// without arguments and names.
func LogCall(log *slog.Logger, transport string, o tools.Outcome) {
	for _, f := range o.Failures {
		subject := "userId"
		if f.Section == "note" {
			subject = "noteId"
		}
		log.Info("look-up failed", "tool", o.Tool, "outcome", f.Kind, "section", f.Section, subject, f.Subject, "requestId", f.RequestID)
	}
	log.Info("call", "tool", o.Tool, "outcome", o.Kind, "cached", o.Cached, "billed", o.Billed, "took", o.Took, "transport", transport)
}
