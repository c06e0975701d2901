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

// sseClient is the session of one client of HTTP+SSE. Its id is random and known
// to that client alone, so no other client can use the session.
type sseClient struct {
	*session
	replies *semaphore // not yet written to the stream

	mu  sync.Mutex
	w   http.ResponseWriter
	end context.CancelFunc // of the session's context
}

// openStream serves GET /sse, the stream with a client's answers, until the client or the
// server ends.
func (h *httpServer) openStream(w http.ResponseWriter, r *http.Request) {
	if !h.clients.tryAcquire(1) {
		unavailable(w, "too many clients; try again")
		return
	}
	defer h.clients.release(1)
	ctx, cancel := context.WithCancel(r.Context())
	c := &sseClient{replies: newSemaphore(maxPerStream), w: w, end: cancel}
	defer c.close()
	// Revision 2026-07-28 does not have this transport.
	ctx = server.WithSupportedProtocolVersions(ctx, mcp.LegacyProtocolVersions())
	c.session = newSession(ctx, h.server, c)
	id := rand.Text()
	h.streams.Store(id, c)
	defer h.streams.Delete(id)
	startStream(w)
	c.send(func() error {
		return writeEvent(w, "endpoint", answer{json: [][]byte{[]byte("/message?sessionId=" + id)}})
	})
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.send(func() error { return writeComment(w) })
		case <-ctx.Done():
			return
		}
	}
}

func (c *sseClient) write(message answer) (ok bool) {
	return c.send(func() error { return writeEvent(c.w, "message", message) })
}

// send writes to the stream, one writer at a time. If that fails, the session ends.
func (c *sseClient) send(write func() error) (ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return false
	}
	if write() != nil {
		c.end()
		return false
	}
	return true
}

// close ends the session. Nothing is written after it returns.
func (c *sseClient) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.end()
}

// postMessage serves POST /message. The answer is written to the client's stream.
func (h *httpServer) postMessage(w http.ResponseWriter, r *http.Request, p packet, done func()) {
	v, ok := h.streams.Load(r.URL.Query().Get("sessionId"))
	if !ok {
		done()
		http.Error(w, "this session is not open; connect to /sse first", http.StatusNotFound)
		return
	}
	c, n := v.(*sseClient), p.replies()
	if !c.replies.tryAcquire(n) {
		done()
		unavailable(w, "too many answers wait on this stream; read it and try again")
		return
	}
	respond := c.accept(p)
	go func() {
		defer done()
		defer c.replies.release(n)
		respond()
	}()
	w.WriteHeader(http.StatusAccepted)
}

// startStream begins an event stream.
func startStream(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
}

// writeComment writes a line that clients skip.
func writeComment(w http.ResponseWriter) error { return flush(w, []byte(":\n\n")) }

// writeEvent writes one event, whose data is a message on one line.
func writeEvent(w http.ResponseWriter, event string, message answer) error {
	return writeMessage(w, "event: "+event+"\ndata: ", message, "\n\n")
}
