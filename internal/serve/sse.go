package serve

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// keepAlive is how often an idle stream sends a comment, so that proxies keep
// it open and a client that has gone is noticed.
const keepAlive = 15 * time.Second

// stream is the session of one client of HTTP+SSE. Its id is random and known
// to its client alone: it is what keeps clients apart.
type stream struct {
	*session
	due places // answers that it has coming

	writing sync.Mutex
	w       http.ResponseWriter
	end     context.CancelFunc // of the session's context
}

// openStream serves GET /sse: the stream on which a client gets its answers.
// It ends with the client or the server.
func (h *httpServer) openStream(w http.ResponseWriter, r *http.Request) {
	if !h.clients.take(1) {
		unavailable(w, "too many clients; try again")
		return
	}
	defer h.clients.free(1)
	ctx, cancel := context.WithCancel(r.Context())
	c := &stream{due: places{limit: maxPerStream}, w: w, end: cancel}
	defer c.close()
	// Revision 2026-07-28 does not have this transport.
	ctx = server.WithSupportedProtocolVersions(ctx, mcp.LegacyProtocolVersions())
	c.session = newSession(ctx, h.server, func(message ...[]byte) { c.event("message", message...) })
	id := rand.Text()
	h.streams.Store(id, c)
	defer h.streams.Delete(id)
	startStream(w)
	c.event("endpoint", []byte("/message?sessionId="+id))
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.event("")
		case <-ctx.Done():
			return
		}
	}
}

// event writes one event, or a comment where it has no name. Where that fails
// the client has gone.
func (c *stream) event(name string, data ...[]byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.ctx.Err() == nil && writeEvent(c.w, name, data...) != nil {
		c.end()
	}
}

// close makes sure that nothing is written after the handler has returned.
func (c *stream) close() {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.end()
}

// streamMessage serves POST /message: it takes a message, and the answer goes
// out on the client's stream.
func (h *httpServer) streamMessage(w http.ResponseWriter, r *http.Request, p packet, done func()) {
	v, ok := h.streams.Load(r.URL.Query().Get("sessionId"))
	if !ok {
		done()
		http.Error(w, "this session is not open; connect to /sse first", http.StatusNotFound)
		return
	}
	c, n := v.(*stream), p.due()
	if !c.due.take(n) {
		done()
		unavailable(w, "too many answers wait on this stream; read it and try again")
		return
	}
	respond := c.accept(p)
	go func() {
		defer done()
		defer c.due.free(n)
		respond()
	}()
	w.WriteHeader(http.StatusAccepted)
}
