package serve

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// readOnAfter is how long an answer may take before another goroutine reads on.
// A goroutine for every message would make a cached call half as long again.
const readOnAfter = time.Millisecond

// Stdio answers the messages on in, one a line, until in ends and all is
// answered, until the client has closed out, or until ctx ends. The error is a
// failure to read.
//
// The library's own stdio server drops what is in flight when in ends, writes
// progress after results, and stops reading while slow calls are under way.
func (s *Server) Stdio(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &stdio{in: bufio.NewReaderSize(in, 64<<10), out: out, lost: cancel}
	c.session = newSession(ctx, s, c.write)
	c.running.Go(c.read)
	answered := make(chan struct{})
	go func() {
		c.running.Wait()
		close(answered)
	}()
	select {
	case <-answered:
		return c.err
	case <-ctx.Done():
		return nil
	}
}

// stdio is the session of the one client.
type stdio struct {
	*session
	running sync.WaitGroup // goroutines that read or answer

	in  *bufio.Reader // of the goroutine that reads
	err error         // the failure to read

	writing sync.Mutex
	message []byte // the one that is written, or was last
	out     io.Writer
	lost    context.CancelFunc // called when the client cannot be written to
}

// read takes messages as they come, until in ends or another goroutine reads on.
func (c *stdio) read() {
	for {
		line, err := c.line()
		switch {
		case errors.Is(err, errTooLong):
			c.write(errorResponse(nil, mcp.PARSE_ERROR, tooLong).json...)
		case len(line) > 0 && !c.handle(line), errors.Is(err, io.EOF):
			return
		case err != nil:
			c.err = err
			return
		}
	}
}

// handle answers one line, before the next one is read. Where that takes long,
// since a look-up is under way or the client does not read its answer, another
// goroutine reads on: isReader is false.
func (c *stdio) handle(line []byte) (isReader bool) {
	p, err := parsePacket(line)
	if err != nil {
		c.write(errorResponse(nil, mcp.PARSE_ERROR, err.Error()).json...)
		return true
	}
	n := p.due()
	for !c.server.calls.take(n) { // one of so many ends soon
		time.Sleep(time.Millisecond)
	}
	defer c.server.calls.free(n)
	respond := c.accept(p)
	if !p.batch && !p.messages[0].looksUp() {
		respond()
		return true
	}
	c.running.Add(1)
	next := time.AfterFunc(readOnAfter, func() {
		defer c.running.Done()
		c.read()
	})
	respond()
	if isReader = next.Stop(); isReader {
		c.running.Done()
	}
	return isReader
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
			return trimmed(line), err
		}
	}
}

// write sends one message. Where that fails the client has gone, and nothing
// more must be paid for: the session ends.
func (c *stdio) write(parts ...[]byte) {
	if parts == nil {
		return
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.message = c.message[:0]
	for _, p := range parts {
		c.message = append(c.message, p...)
	}
	c.message = append(c.message, '\n')
	if _, err := c.out.Write(c.message); err != nil {
		c.lost()
	}
}
