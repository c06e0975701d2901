package serve

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

// conversation is what a transport with a lasting connection keeps of one
// client: its requests in flight, so that it can cancel them, and no others.
type conversation struct {
	service *Server
	ctx     context.Context
	send    func(message []byte) // writes one whole message; may be called concurrently

	mu    sync.Mutex
	calls map[string]*context.CancelFunc // in flight, by id as it is spelled
}

func newConversation(ctx context.Context, s *Server, send func([]byte)) *conversation {
	return &conversation{service: s, ctx: ctx, send: send, calls: map[string]*context.CancelFunc{}}
}

// handle answers what the client sent. It calls waiting, once at most, before
// it waits for a look-up.
func (c *conversation) handle(raw []byte, waiting func()) {
	p, err := parsePacket(raw)
	if err != nil {
		c.send(errorResponse(nil, mcp.PARSE_ERROR, err.Error()))
		return
	}
	if !c.service.admit(p) {
		if refusal := busy(p); refusal != nil {
			c.send(refusal)
		}
		return
	}
	defer c.service.release(p)
	answer := c.accept(p) // before anything that comes later is read
	if p.batch {
		waiting() // its calls may all have to wait
		waiting = nil
	}
	answer(waiting)
}

// accept takes a packet and gives the function that answers it; waiting is as
// tools.Caller has it. When accept returns, a cancellation that comes later
// finds the requests.
func (c *conversation) accept(p packet) (answer func(waiting func())) {
	calls := make([]inFlight, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if m.isCancellation() {
			c.cancel(m.Params.RequestID)
		}
		calls[i] = c.begin(m.ID)
	}
	return func(waiting func()) {
		response := p.answer(func(i int, m message) []byte {
			response := c.service.answer(calls[i].ctx, m, client{c.send, waiting})
			cancelled := calls[i].ctx.Err() != nil
			c.end(calls[i])
			if cancelled {
				return nil
			}
			return response
		})
		if response != nil {
			c.send(response)
		}
	}
}

// inFlight is one message that is being answered.
type inFlight struct {
	id     string // as it is spelled; "" if it has none
	ctx    context.Context
	cancel *context.CancelFunc
}

// begin notes a message in flight, so that the client can cancel it.
func (c *conversation) begin(id json.RawMessage) inFlight {
	ctx, cancel := context.WithCancel(c.ctx)
	call := inFlight{string(id), ctx, &cancel}
	if id != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls[call.id] = call.cancel
	}
	return call
}

func (c *conversation) end(call inFlight) {
	(*call.cancel)()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[call.id] == call.cancel { // not a later call of the same id
		delete(c.calls, call.id)
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
