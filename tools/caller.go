package tools

import (
	"context"

	"pgy-mcp/upstream"
)

// LargeAnswer is the most bytes of an upstream answer that a call puts into words
// without asking its Caller first.
const largeAnswer = 64 << 10

// Caller is the client of one call, as its transport knows it. It is used by
// the one goroutine that makes the call, and after that by its transport.
type Caller struct {
	// Progress tells the client how far the call is; nil where it did not ask.
	Progress Progress
	// Large is called once, before the first answer of more than LargeAnswer bytes
	// is unpacked. It blocks until there is memory for that, or the call's context
	// ends; nil never blocks.
	Large func()

	isLarge bool
	told    []*upstream.Lookup // whose charges the result tells
}

type callerKey struct{}

// WithCaller has the call under ctx know its caller.
func WithCaller(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// WithProgress has the calls under ctx tell p how far they are.
func WithProgress(ctx context.Context, p Progress) context.Context {
	return WithCaller(ctx, &Caller{Progress: p})
}

// callerOf gives the caller of the call under ctx, and never nil.
func callerOf(ctx context.Context) *Caller {
	if c, ok := ctx.Value(callerKey{}).(*Caller); ok {
		return c
	}
	return &Caller{}
}

// large asks for memory to put an answer of so many bytes into words.
func (c *Caller) large(bytes int) {
	if bytes > largeAnswer && !c.isLarge && c.Large != nil {
		c.isLarge = true
		c.Large()
	}
}

// Delivered ends the call: its result was written to the client or was not. The
// charges that an undelivered result tells are told to the next caller.
func (c *Caller) Delivered(ok bool) {
	if ok {
		return
	}
	for _, l := range c.told {
		l.Undelivered()
	}
}
