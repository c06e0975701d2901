package serve

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

const (
	// readOnAfter is how long a look-up may take before another goroutine goes on
	// reading. A goroutine for every message would make cached calls 50 % slower.
	readOnAfter = time.Millisecond
	// writeOnAfter is how long the client may leave an answer unread before another
	// goroutine goes on reading. It is for messages without a look-up, which keep their
	// order.
	writeOnAfter = 10 * time.Millisecond
	// maxWrite is how many bytes are written to stdout at once at most.
	maxWrite = 64 << 10
)

// Stdio answers the messages on in, one a line. It stops when in has ended and all is
// answered, when the client has closed out or does not read it after the end of in, or
// when ctx ends. The error is a failure to read.
//
// Before it returns it waits for sent requests, if their answers can be stored: for
// tools.Settings.Wait after the end of in, but for only a second after the end of ctx. Then it
// ends the look-ups.
//
// The library's own stdio server drops calls in flight when in ends, writes
// progress after results, and stops reading during slow calls.
func (s *Server) Stdio(ctx context.Context, in io.Reader, out io.Writer) error {
	client, leave := context.WithCancel(ctx)
	defer leave()
	c := &stdio{
		in: bufio.NewReaderSize(in, 64<<10), ended: make(chan struct{}),
		lineWriter: newLineWriter(out, leave),
	}
	c.session = newSession(client, s, c.lineWriter)
	c.running.Go(c.read)
	answered := make(chan struct{})
	go func() {
		c.running.Wait()
		close(answered)
	}()
	var err error
	select {
	case <-c.ended:
		err = c.err
	case <-client.Done():
	}
	end := time.Now()
	c.awaitAnswers(answered, end)
	drain, cancel := context.WithDeadline(context.Background(), end.Add(s.tools.Wait))
	defer cancel()
	context.AfterFunc(ctx, func() { time.AfterFunc(signalGrace, cancel) })
	s.tools.Lookups.Drain(drain)
	s.close()
	return err
}

// awaitAnswers waits until all is answered, the client has left, or it does not read.
func (c *stdio) awaitAnswers(answered <-chan struct{}, end time.Time) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for c.blocked(end) < unreadLimit {
		select {
		case <-answered:
			return
		case <-c.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// stdio is the session of the only client.
type stdio struct {
	*session
	*lineWriter
	running sync.WaitGroup // goroutines that read or answer

	in    *bufio.Reader // of the goroutine that reads
	err   error         // the failure to read; set before ended is closed
	ended chan struct{} // closed at the end of in
}

// read reads and answers messages until in ends or another goroutine goes on reading.
func (c *stdio) read() {
	for {
		line, err := c.line()
		switch {
		case errors.Is(err, errTooLong):
			c.write(errorResponse(nil, mcp.PARSE_ERROR, tooLong))
		case len(line) > 0:
			if !c.handle(line) {
				return
			}
		case err != nil:
			if !errors.Is(err, io.EOF) {
				c.err = err
			}
			close(c.ended)
			return
		}
	}
}

// handle answers one line. If that takes long, because of a look-up or a client that does
// not read, another goroutine goes on reading, and isReader is false.
func (c *stdio) handle(line []byte) (isReader bool) {
	p, err := parsePacket(line)
	if err != nil {
		c.write(refusePacket(err))
		return true
	}
	n, bytes := p.replies(), countedBytes(len(line))
	if !c.acquire(c.server.calls, n) { // the client has left: nobody reads an answer
		return true
	}
	defer c.server.calls.release(n)
	if !c.acquire(c.server.bytes, bytes) {
		return true
	}
	defer c.server.bytes.release(bytes)
	respond := c.accept(p)
	looksUp := p.batch || p.messages[0].looksUp()
	after := readOnAfter
	if !looksUp {
		after = writeOnAfter
	}
	begin := time.Now()
	var claimed atomic.Bool // by the goroutine that goes on reading
	c.running.Add(1)
	var readOn func()
	readOn = func() {
		switch {
		case claimed.Load():
		case !looksUp && c.blocked(begin) == 0:
			time.AfterFunc(after, readOn)
		case claimed.CompareAndSwap(false, true):
			defer c.running.Done()
			c.read()
		}
	}
	timer := time.AfterFunc(after, readOn)
	respond()
	if isReader = claimed.CompareAndSwap(false, true); isReader {
		timer.Stop()
		c.running.Done()
	}
	return isReader
}

// acquire waits for n of a semaphore. A client that has not read anything for
// tools.Settings.Wait is lost.
func (c *stdio) acquire(s *semaphore, n int64) (ok bool) {
	if s.tryAcquire(n) {
		return true
	}
	begin := time.Now()
	for c.ctx.Err() == nil {
		ctx, cancel := context.WithTimeout(c.ctx, c.server.tools.Wait)
		ok = s.acquire(ctx, n)
		cancel()
		if ok {
			return true
		}
		if c.blocked(begin) >= c.server.tools.Wait {
			c.onLost()
		}
	}
	return false
}

var errTooLong = errors.New("message too long")

// line reads one line of at most maxMessage bytes, and drops a longer one. The
// last line needs no line break: it comes with io.EOF.
func (c *stdio) line() ([]byte, error) {
	const most = maxMessage + len("\n")
	var line []byte
	for {
		part, err := c.in.ReadSlice('\n')
		if len(line) <= most {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case len(line) > most:
			return nil, errTooLong
		default:
			return trim(line), err
		}
	}
}

// lineWriter writes messages to stdout, one a line.
type lineWriter struct {
	stdout io.Writer
	onLost func() // called when a write fails

	turn   chan struct{} // a mutex; unlike sync.Mutex, synctest sees that it blocks
	buffer []byte
	began  atomic.Int64 // when the write under way began, in Unix nanoseconds; 0 if there is none
}

func newLineWriter(stdout io.Writer, onLost func()) *lineWriter {
	return &lineWriter{stdout: stdout, onLost: onLost, turn: make(chan struct{}, 1)}
}

// write writes one answer. If that fails the session ends, so that nothing more is paid
// for the client.
func (w *lineWriter) write(a answer) (ok bool) {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	w.buffer = w.buffer[:0]
	ok = true
	add := func(part []byte) bool {
		for len(w.buffer)+len(part) > maxWrite && ok {
			n := max(maxWrite-len(w.buffer), 0)
			w.buffer = append(w.buffer, part[:n]...)
			part = part[n:]
			ok = w.flush()
		}
		w.buffer = append(w.buffer, part...)
		return ok
	}
	for _, part := range a.json {
		if !add(part) {
			return false
		}
	}
	if a.rest != nil {
		a.rest(add)
	}
	return add([]byte("\n")) && w.flush()
}

func (w *lineWriter) flush() (ok bool) {
	w.began.Store(time.Now().UnixNano())
	_, err := w.stdout.Write(w.buffer)
	w.began.Store(0)
	w.buffer = w.buffer[:0]
	if err != nil {
		w.onLost()
	}
	return err == nil
}

// blocked returns for how long a write has waited for the client, counted from since; 0 if
// no write is under way.
func (w *lineWriter) blocked(since time.Time) time.Duration {
	began := w.began.Load()
	if began == 0 {
		return 0
	}
	return min(time.Since(time.Unix(0, began)), time.Since(since))
}
