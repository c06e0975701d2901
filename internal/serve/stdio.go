package serve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// admitLimit is how long reading waits for a place. A burst of cached calls is
// over by then; after it the call is answered that the server is busy.
const admitLimit = 250 * time.Millisecond

// Stdio answers the messages on in, one a line, until in ends and all is
// answered, until the client has closed out, or until ctx ends. The error is a
// failure to read.
//
// The library's own stdio server drops what is in flight when in ends, writes
// progress after results, and stops reading while slow calls are under way.
func (s *Server) Stdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &stdio{in: bufio.NewReaderSize(in, 64<<10), out: out, lost: cancel, work: make(chan func())}
	c.session = newSession(ctx, s, c.write)
	ended := make(chan error, 1)
	go func() {
		err := c.read()
		close(c.work)
		c.running.Wait()
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

// stdio is the session of the one client.
type stdio struct {
	*session
	in      *bufio.Reader
	running sync.WaitGroup // answers calls that may have to wait
	work    chan func()    // calls for goroutines that have answered one: their stacks have grown

	writing sync.Mutex
	out     io.Writer
	lost    context.CancelFunc // called when the client cannot be written to
}

// read takes messages as they come, until in ends.
func (c *stdio) read() error {
	for {
		line, err := c.line()
		switch {
		case errors.Is(err, errTooLong):
			c.write(errorResponse(nil, mcp.PARSE_ERROR, tooLong).json)
			continue
		case len(line) > 0:
			c.handle(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// handle takes one line in. What may have to wait is answered by a goroutine of
// its own; the rest at once and in order.
func (c *stdio) handle(line []byte) {
	p, err := parsePacket(line)
	if err != nil {
		c.write(errorResponse(nil, mcp.PARSE_ERROR, err.Error()).json)
		return
	}
	n := p.due()
	if !c.admit(n) {
		c.write(busy(p).json)
		return
	}
	respond := c.accept(p)
	if !p.batch && !p.messages[0].looksUp() {
		respond()
		c.server.calls.free(n)
		return
	}
	c.run(func() {
		defer c.server.calls.free(n)
		respond()
	})
	// Let a call that memory answers end before reading blocks this thread.
	runtime.Gosched()
}

func (c *stdio) run(call func()) {
	select {
	case c.work <- call:
	default:
		c.running.Go(func() {
			call()
			for next := range c.work {
				next()
			}
		})
	}
}

func (c *stdio) admit(n int64) bool {
	for end := time.Now().Add(admitLimit); !c.server.calls.take(n); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

var errTooLong = errors.New("message too long")

// line reads one line of at most maxMessage bytes; of a longer one it drops
// the rest. The last line needs no line break: it comes with io.EOF.
func (c *stdio) line() ([]byte, error) {
	// Parts, since a slice that grows is copied again and again.
	var parts [][]byte
	for size := 0; ; {
		part, err := c.in.ReadSlice('\n')
		if size += len(part); size > maxMessage+len("\n") {
			parts = nil
		} else {
			parts = append(parts, bytes.Clone(part))
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case size > maxMessage+len("\n") && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		default:
			return trimmed(bytes.Join(parts, nil)), err
		}
	}
}

// write sends one message. Where that fails the client has gone, and nothing
// more must be paid for: the session ends.
func (c *stdio) write(message []byte) {
	if message == nil {
		return
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.out.Write(append(message, '\n')); err != nil {
		c.lost()
	}
}
