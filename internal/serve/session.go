package serve

import (
	"context"
	"sync"
)

// session is what a transport with a lasting connection keeps of one client:
// its requests in flight, so that it can cancel them, and no others.
type session struct {
	server *Server
	ctx    context.Context
	send   func(message ...[]byte) // writes one whole message, in parts; may be called concurrently

	calls sync.Map // *inflight by id as it is spelled
}

// inflight is a message that is being answered.
type inflight struct {
	context.Context
	cancel context.CancelFunc
}

func newSession(ctx context.Context, s *Server, send func(...[]byte)) *session {
	return &session{server: s, ctx: ctx, send: send}
}

// accept takes a packet and gives the function that answers it. When accept
// returns, a cancellation that comes later finds the requests.
func (c *session) accept(p packet) (respond func()) {
	calls := make([]inflight, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if id := m.params["requestId"]; id != nil && m.id == nil && m.method == "notifications/cancelled" {
			if n, ok := c.calls.Load(string(id)); ok {
				n.(*inflight).cancel() // ends the wait; the look-up goes on
			}
		}
		if m.due() {
			ctx, cancel := context.WithCancel(c.ctx)
			calls[i] = inflight{ctx, cancel}
			c.calls.Store(string(m.id), &calls[i])
		}
	}
	return func() {
		a := p.answer(func(i int, m message) answer {
			n := &calls[i]
			defer c.calls.CompareAndDelete(string(m.id), n) // a later call may have its id
			defer n.cancel()
			a := c.server.answer(n, m, c.send)
			if n.Err() != nil { // a cancelled call gets no response
				return answer{}
			}
			return a
		})
		if a.json != nil {
			c.send(a.json...)
		}
	}
}
