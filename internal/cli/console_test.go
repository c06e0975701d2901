package cli

import (
	"strings"
	"testing"
)

// A line of the log takes the place of the line of progress.
func TestConsole(t *testing.T) {
	const clear = "\r\x1b[K"
	var out strings.Builder
	c := &Console{out: &out, terminal: true}
	_, _ = c.Write([]byte("before\n"))
	c.progress(0, 2, "0 of 2")
	c.progress(1, 2, "1 of 2")
	_, _ = c.Write([]byte("a warning\n"))
	_, _ = c.Write([]byte("another\n"))
	c.progress(1.5, 2, "1 of 2")
	c.progress(2, 2, "2 of 2")
	_, _ = c.Write([]byte("after\n"))
	want := "before\n" + "0 of 2" + clear + "1 of 2" + clear + "a warning\nanother\n" + "1 of 2" + clear + "after\n"
	if got := out.String(); got != want {
		t.Errorf("the terminal got %q, want %q", got, want)
	}
}

// Output replaces the line of progress too, where the look-ups were interrupted.
func TestOutputClearsTheProgress(t *testing.T) {
	var out, screen strings.Builder
	c := &Console{out: &screen, terminal: true}
	c.progress(0, 2, "0 of 2")
	printed(&out, c, "a table\n", nil)
	if got, want := screen.String(), "0 of 2\r\x1b[K"; got != want {
		t.Errorf("the terminal got %q before the output, want %q", got, want)
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	var out strings.Builder
	if got := withProgress(t.Context(), NewConsole(&out)); got != t.Context() {
		t.Errorf("the context is %v, want the caller's own, since nobody sees progress", got)
	}
}
