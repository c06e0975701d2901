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

// stream is the session of one client of HTTP+SSE.
type stream struct {
	*session
	due places // answers that it has coming
}

// streams are the open streams by session id. The id is random and known to
// its client alone: it is what keeps clients apart.
type streams struct {
	mu   sync.Mutex
	byID map[string]*stream
}

func (s *streams) add(id string, c *stream) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byID) >= maxStreams {
		return false
	}
	s.byID[id] = c
	return true
}

func (s *streams) get(id string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

func (s *streams) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}

// openStream serves GET /sse: the stream on which a client gets its answers.
// It ends with the client or the server.
func (h *httpServer) openStream(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	// 2026-07-28 does not know this transport; nobody must be offered it here.
	ctx = server.WithSupportedProtocolVersions(ctx, mcp.LegacyProtocolVersions())
	out := &eventStream{w: w, lost: cancel}
	id := rand.Text()
	session := newSession(ctx, h.server, func(message []byte) { out.send("message", message) })
	if !h.open.add(id, &stream{session: session, due: places{limit: maxPerStream}}) {
		unavailable(w, "too many clients; try again")
		return
	}
	defer h.open.remove(id)
	defer out.close()
	startStream(w)
	out.send("endpoint", []byte("/message?sessionId="+id))
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			out.send("", nil)
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
	c, n := h.open.get(r.URL.Query().Get("sessionId")), p.due()
	switch {
	case c == nil:
		done()
		http.Error(w, "this session is not open; connect to /sse first", http.StatusNotFound)
	case !c.due.take(n):
		done()
		unavailable(w, "too many answers wait on this stream; read it and try again")
	default:
		respond := c.accept(p)
		go func() {
			defer done()
			defer c.due.free(n)
			respond()
		}()
		w.WriteHeader(http.StatusAccepted)
	}
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
func (s *eventStream) send(event string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if writeEvent(s.w, event, data) != nil {
		s.lost()
	}
}

// close makes sure that nothing is written after the handler has returned.
func (s *eventStream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}
