package serve

import (
	"context"
	"sync"
)

// session is one client of a transport with a lasting connection, and its requests in
// flight. The client can cancel only those.
type session struct {
	server *Server
	ctx    context.Context // ends when the client leaves
	out    messageWriter

	requests sync.Map // *inflight by id as it is spelled
}

// messageWriter writes whole messages to one client. It may be used concurrently.
type messageWriter interface {
	// write reports whether the client's side took the whole message.
	write(message answer) (ok bool)
}

// inflight is a request that is being answered.
type inflight struct {
	context.Context
	cancel context.CancelFunc
}

func newSession(ctx context.Context, s *Server, out messageWriter) *session {
	return &session{server: s, ctx: ctx, out: out}
}

// notify writes a notification.
func (c *session) notify(notification []byte) {
	c.out.write(answer{json: [][]byte{notification}})
}

// accept registers a packet's requests, so that later messages can cancel them, and
// returns the function that answers the packet.
func (c *session) accept(p packet) (respond func()) {
	if p.batch && p.modern() {
		return func() { c.out.write(refuseBatch()) }
	}
	requests := make([]inflight, len(p.messages))
	for i := range p.messages {
		m := &p.messages[i]
		if id := m.params["requestId"]; id != nil && m.method == "notifications/cancelled" {
			if r, ok := c.requests.Load(string(id)); ok {
				r.(*inflight).cancel() // ends the wait, not the look-up
			}
		}
		if m.wantsReply() {
			ctx, cancel := context.WithCancel(c.ctx)
			requests[i] = inflight{ctx, cancel}
			c.requests.Store(string(m.id), &requests[i])
		}
	}
	return func() {
		a := c.server.respond(c.ctx, p, func(i int, m message, awaitMemory func()) answer {
			r := &requests[i]
			defer c.requests.CompareAndDelete(string(m.id), r) // a later request may have the same id
			defer r.cancel()
			a := c.server.answer(r, m, c.notify, awaitMemory)
			if r.Err() != nil { // a cancelled call gets no response
				a.end(false)
				return answer{}
			}
			return a
		})
		a.end(a.json != nil && c.out.write(a))
	}
}
