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
	send   func(message ...[]byte) // writes one whole message, in parts; may be called concurrently

	mu    sync.Mutex
	calls map[string]*inflight // in flight, by id as it is spelled
}

// inflight is a message that is being answered.
type inflight struct {
	context.Context
	cancel context.CancelFunc
}

func newSession(ctx context.Context, s *Server, send func(...[]byte)) *session {
	return &session{server: s, ctx: ctx, send: send, calls: map[string]*inflight{}}
}

// accept takes a packet and gives the function that answers it. When accept
// returns, a cancellation that comes later finds the requests.
func (c *session) accept(p packet) (respond func()) {
	calls := make([]*inflight, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if m.isCancellation() {
			c.cancel(m.params["requestId"])
		}
		calls[i] = c.begin(m.id)
	}
	return func() {
		a := p.answer(func(i int, m message) answer {
			defer c.end(m.id, calls[i])
			a := c.server.answer(calls[i], m, c.send)
			if calls[i].Err() != nil { // a cancelled call gets no response
				return answer{}
			}
			return a
		})
		if a.json != nil {
			c.send(a.json...)
		}
	}
}

// begin notes a message in flight.
func (c *session) begin(id json.RawMessage) *inflight {
	ctx, cancel := context.WithCancel(c.ctx)
	n := &inflight{ctx, cancel}
	if id != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calls[string(id)] = n
	}
	return n
}

// end forgets a call, but not a later one of the same id.
func (c *session) end(id json.RawMessage, n *inflight) {
	n.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[string(id)] == n {
		delete(c.calls, string(id))
	}
}

// cancel ends the wait of a call, if there is one of this id; its look-up goes on.
func (c *session) cancel(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.calls[string(id)]; ok {
		n.cancel()
	}
}
