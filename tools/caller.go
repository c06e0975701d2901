package tools

import (
	"context"

	"pgy-mcp/upstream"
)

// largeAnswer: an upstream answer of more bytes is encoded only after Caller.Large.
const largeAnswer = 64 << 10

// Caller is how one call reaches its client. Only the goroutine that makes the call may
// use it, and after the call its transport.
type Caller struct {
	// Progress sends a notification of progress; nil if the client did not ask for them.
	Progress Progress
	// Large is called at most once, before an upstream answer of more than 64 KiB is
	// encoded. It blocks until there is memory for that or the call's context ends. It
	// may be nil.
	Large func()

	isLarge bool
	told    []*upstream.Lookup // the result says that these were billed
}

type callerKey struct{}

// WithCaller returns a context that carries the caller of a call.
func WithCaller(ctx context.Context, c *Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// WithProgress returns a context whose calls report their progress to p.
func WithProgress(ctx context.Context, p Progress) context.Context {
	return WithCaller(ctx, &Caller{Progress: p})
}

// callerOf returns the caller that ctx carries, never nil.
func callerOf(ctx context.Context) *Caller {
	if c, ok := ctx.Value(callerKey{}).(*Caller); ok {
		return c
	}
	return &Caller{}
}

// large waits for memory to encode an answer of so many bytes.
func (c *Caller) large(bytes int) {
	if bytes > largeAnswer && !c.isLarge && c.Large != nil {
		c.isLarge = true
		c.Large()
	}
}

// Delivered ends the call: ok says whether the client got the result. If not, the next
// caller is told that the look-ups were billed.
func (c *Caller) Delivered(ok bool) {
	if ok {
		return
	}
	for _, l := range c.told {
		l.Undelivered()
	}
}
