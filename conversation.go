package main

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
)

// conversation is what a transport with a lasting connection keeps of one
// client: its requests in flight, so that it can cancel them, and no others.
type conversation struct {
	service *service
	ctx     context.Context
	send    func(message []byte) // writes one whole message; may be called concurrently

	waiting atomic.Int64 // messages that are being answered, where the transport counts them

	mu    sync.Mutex
	calls map[string]*context.CancelFunc // in flight, by id as it is spelled
}

func newConversation(ctx context.Context, s *service, send func([]byte)) *conversation {
	return &conversation{service: s, ctx: ctx, send: send, calls: map[string]*context.CancelFunc{}}
}

// handle answers one message or a batch of them. It calls waiting, once at
// most, before it waits for a look-up.
func (c *conversation) handle(raw []byte, waiting func()) {
	if raw[0] == '[' {
		waiting() // its calls may all have to wait
	}
	c.accept(raw)(waiting)
}

// accept takes one message and gives the function that answers it. When accept
// returns, a cancellation that comes later finds the request.
func (c *conversation) accept(raw []byte) (answer func(waiting func())) {
	if raw[0] == '[' {
		return func(func()) { c.handleBatch(raw) }
	}
	m, err := parseMessage(raw)
	if err != nil {
		return func(func()) { c.send(errorResponse(nil, mcp.PARSE_ERROR, "the message is not valid JSON")) }
	}
	if m.Method == "notifications/cancelled" && m.ID == nil {
		c.cancel(m.Params.RequestID)
		return func(func()) {}
	}
	ctx, forget := c.begin(m.ID)
	return func(waiting func()) {
		response := c.service.answer(ctx, m, client{c.send, waiting})
		cancelled := ctx.Err() != nil
		forget()
		if response != nil && !cancelled {
			c.send(response)
		}
	}
}

func (c *conversation) handleBatch(raw []byte) {
	batch, err := parseBatch(raw)
	if err != nil {
		c.send(errorResponse(nil, mcp.PARSE_ERROR, "the batch is empty, longer than 100 messages or not valid JSON"))
		return
	}
	if response := c.service.answerBatch(c.ctx, batch, client{notify: c.send}); response != nil {
		c.send(response)
	}
}

// begin notes a call in flight, so that the client can cancel it.
func (c *conversation) begin(id json.RawMessage) (ctx context.Context, forget func()) {
	ctx, cancel := context.WithCancel(c.ctx)
	if id == nil {
		return ctx, cancel
	}
	key := string(id)
	c.mu.Lock()
	c.calls[key] = &cancel
	c.mu.Unlock()
	return ctx, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.calls[key] == &cancel { // not a later call of the same id
			delete(c.calls, key)
		}
	}
}

// cancel ends the wait of a call; its look-up goes on. A cancelled call gets
// no response.
func (c *conversation) cancel(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.calls[string(id)]; ok {
		(*cancel)()
	}
}
