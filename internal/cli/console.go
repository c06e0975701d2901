package cli

import (
	"fmt"
	"io"
	"sync"
)

// Console is standard error as somebody at a terminal reads it: a line about the
// look-ups that is under way, which everything else that is written replaces.
// It may be used concurrently.
type Console struct {
	out      io.Writer
	terminal bool

	mu    sync.Mutex
	shown bool // the line of progress
}

// NewConsole makes a console of a writer.
func NewConsole(out io.Writer) *Console {
	return &Console{out: out, terminal: IsTerminal(out)}
}

// Write implements io.Writer.
func (c *Console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	return c.out.Write(p)
}

// progress shows on a terminal how far the look-ups are, until they are done.
func (c *Console) progress(done, total float64, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	if c.terminal && done < total {
		_, _ = fmt.Fprint(c.out, text)
		c.shown = true
	}
}

func (c *Console) clear() {
	if c.shown {
		_, _ = io.WriteString(c.out, "\r\x1b[K")
		c.shown = false
	}
}
