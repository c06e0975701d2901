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
	defer cancel()
	// Revision 2026-07-28 does not have this transport.
	ctx = server.WithSupportedProtocolVersions(ctx, mcp.LegacyProtocolVersions())
	out := &eventStream{w: w, lost: cancel}
	id := rand.Text()
	session := newSession(ctx, h.server, func(message ...[]byte) { out.send("message", message...) })
	h.streams.Store(id, &stream{session: session, due: places{limit: maxPerStream}})
	defer h.streams.Delete(id)
	defer out.close()
	startStream(w)
	out.send("endpoint", []byte("/message?sessionId="+id))
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			out.send("")
		case <-ctx.Done():
			return
		case <-h.ending.Done():
			return
		}
	}
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

// eventStream writes events from many goroutines to a response that may be
// gone.
type eventStream struct {
	mu     sync.Mutex
	w      http.ResponseWriter
	closed bool
	lost   context.CancelFunc // called when the client cannot be written to
}

// send writes one event, or a comment where it has no name.
func (s *eventStream) send(event string, data ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if writeEvent(s.w, event, data...) != nil {
		s.lost()
	}
}

// close makes sure that nothing is written after the handler has returned.
func (s *eventStream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}
