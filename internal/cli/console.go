package cli

import (
	"io"
	"strings"
	"sync"

	"pgy-mcp/internal/render"
)

// Console writes to standard error. The last line on a terminal shows the progress of
// look-ups; everything else that is written replaces that line. It may be used
// concurrently.
type Console struct {
	out      io.Writer
	terminal bool
	dumb     bool // the terminal has no carriage return

	mu    sync.Mutex
	shown int // the width of the line of progress; 0 is none
}

// NewConsole makes a console; kind is the variable TERM.
func NewConsole(out io.Writer, kind string) *Console {
	return &Console{out: out, terminal: IsTerminal(out), dumb: kind == "dumb"}
}

// Write implements io.Writer.
func (c *Console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	return c.out.Write(p)
}

// progress shows the progress of look-ups at a terminal. When done is total, the line is
// removed.
func (c *Console) progress(done, total float64, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
	if c.terminal && !c.dumb && done < total {
		if width := terminalWidth(c.out); width > 0 {
			text = render.Cut(text, width-1) // a line that wraps cannot be cleared
		}
		_, _ = io.WriteString(c.out, text)
		c.shown = render.Width(text)
	}
}

// clear overwrites the line of progress with blanks, which work on every terminal.
func (c *Console) clear() {
	if c.shown > 0 {
		_, _ = io.WriteString(c.out, "\r"+strings.Repeat(" ", c.shown)+"\r")
		c.shown = 0
	}
}
