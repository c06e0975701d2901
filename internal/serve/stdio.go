package serve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

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
	c.conversation = newConversation(ctx, s, c.write)
	c.running.Go(c.read)
	ended := make(chan struct{})
	go func() {
		c.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return c.err
	case <-ctx.Done():
		return nil
	}
}

// stdio is the conversation with one client.
type stdio struct {
	*conversation
	in      *bufio.Reader
	running sync.WaitGroup // the reader and every call that waits
	err     error          // why reading ended, unless it is the end of in

	writing sync.Mutex
	out     io.Writer
	lost    context.CancelFunc // called when the client cannot be written to
}

// read answers messages as they come. A call that has to wait for a look-up
// hands the reading over to a new goroutine first, so that nothing is ever
// held up, and what need not wait is answered without a change of goroutine.
func (c *stdio) read() {
	for {
		line, err := c.line()
		// What has ended is not read again: a terminal would begin anew.
		last := err != nil && !errors.Is(err, errTooLong)
		handedOver := false
		switch {
		case errors.Is(err, errTooLong):
			c.write(errorResponse(nil, mcp.PARSE_ERROR, "the message is longer than 4 MiB"))
		case len(line) > 0:
			c.handle(line, func() {
				if !handedOver && !last {
					c.running.Go(c.read)
				}
				handedOver = true
			})
			if handedOver && !last {
				return
			}
		}
		if last {
			if !errors.Is(err, io.EOF) {
				c.err = err
			}
			return
		}
	}
}

var errTooLong = errors.New("message too long")

// line reads one line of at most maxMessage bytes; of a longer one it drops
// the rest. The last line needs no line break: it comes with io.EOF.
func (c *stdio) line() ([]byte, error) {
	// Parts, since a growing slice would leave its smaller selves behind.
	var parts [][]byte
	for size := 0; ; {
		part, err := c.in.ReadSlice('\n')
		if size += len(part); size > maxMessage {
			parts = nil
		} else {
			parts = append(parts, bytes.Clone(part))
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case size > maxMessage && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		default:
			return bytes.TrimSpace(bytes.Join(parts, nil)), err
		}
	}
}

// write sends one message. Nobody is there to be told where that fails, and
// nothing more must be paid for: the conversation ends.
func (c *stdio) write(message []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.out.Write(append(message, '\n')); err != nil {
		c.lost()
	}
}
