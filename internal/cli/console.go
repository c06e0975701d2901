package cli

import (
	"io"
	"strings"
	"sync"

	"pgy-mcp/internal/render"
)

// Console is standard error as somebody at a terminal reads it: a line about the
// look-ups that is under way, which everything else that is written replaces.
// It may be used concurrently.
type Console struct {
	out      io.Writer
	terminal bool
	dumb     bool // the terminal cannot go back in a line

	mu    sync.Mutex
	shown int // the width of the line of progress; 0 where there is none
}

// NewConsole makes a console of a writer; kind is the variable TERM.
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

// progress shows on a terminal how far the look-ups are, until they are done.
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

// clear writes blanks over the line of progress: every terminal understands them.
func (c *Console) clear() {
	if c.shown > 0 {
		_, _ = io.WriteString(c.out, "\r"+strings.Repeat(" ", c.shown)+"\r")
		c.shown = 0
	}
}
