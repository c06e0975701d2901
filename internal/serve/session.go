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
	calls map[string]context.CancelFunc // in flight, by id as it is spelled
}

func newSession(ctx context.Context, s *Server, send func([]byte)) *session {
	return &session{server: s, ctx: ctx, send: send, calls: map[string]context.CancelFunc{}}
}

// accept takes a packet and gives the function that answers it. When accept
// returns, a cancellation that comes later finds the requests.
func (c *session) accept(p packet) (respond func()) {
	calls := make([]context.Context, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if m.isCancellation() {
			c.end(m.params["requestId"])
		}
		calls[i] = c.begin(m.id)
	}
	return func() {
		a := p.answer(func(i int, m message) answer {
			a := c.server.answer(calls[i], m, c.send)
			if calls[i].Err() != nil { // a cancelled call gets no response
				return answer{}
			}
			c.end(m.id)
			return a
		})
		if a.json != nil {
			c.send(a.json)
		}
	}
}

// begin notes a message in flight.
func (c *session) begin(id json.RawMessage) context.Context {
	if id == nil {
		return c.ctx
	}
	ctx, cancel := context.WithCancel(c.ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[string(id)] = cancel
	return ctx
}

// end ends the wait of a call, if there is one of this id; its look-up goes on.
func (c *session) end(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.calls[string(id)]; ok {
		cancel()
		delete(c.calls, string(id))
	}
}
