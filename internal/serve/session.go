package serve

import (
	"context"
	"encoding/json"
	"sync"
)

// session is what a transport with a lasting connection keeps of one client:
// its requests in flight, so that it can cancel them, and no others.
type session struct {
	server *Server
	ctx    context.Context
	send   func(message []byte) // writes one whole message; may be called concurrently

	mu    sync.Mutex
	calls map[string]*context.CancelFunc // in flight, by id as it is spelled
}

func newSession(ctx context.Context, s *Server, send func([]byte)) *session {
	return &session{server: s, ctx: ctx, send: send, calls: map[string]*context.CancelFunc{}}
}

// accept takes a packet and gives the function that answers it. When accept
// returns, a cancellation that comes later finds the requests.
func (c *session) accept(p packet) (respond func()) {
	calls := make([]inFlight, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if m.isCancellation() {
			c.cancel(m.params["requestId"])
		}
		calls[i] = c.begin(m.id)
	}
	return func() {
		a := p.answer(func(i int, m message) answer {
			a := c.server.answer(calls[i].ctx, m, c.send)
			cancelled := calls[i].ctx.Err() != nil
			c.end(calls[i])
			if cancelled {
				return answer{}
			}
			return a
		})
		if a.json != nil {
			c.send(a.json)
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
func (c *session) begin(id json.RawMessage) inFlight {
	ctx, cancel := context.WithCancel(c.ctx)
	call := inFlight{string(id), ctx, &cancel}
	if id != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls[call.id] = call.cancel
	}
	return call
}

func (c *session) end(call inFlight) {
	(*call.cancel)()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[call.id] == call.cancel { // not a later call of the same id
		delete(c.calls, call.id)
	}
}

// cancel ends the wait of a call; its look-up goes on. A cancelled call gets
// no response.
func (c *session) cancel(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.calls[string(id)]; ok {
		(*cancel)()
	}
}
