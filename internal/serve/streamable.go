package serve

import (
	"bytes"
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// The library's own Streamable HTTP server loses progress or writes it after the result
// (for 2026-07-28 its pull request 969, not merged yet, is to fix that), lets one client
// cancel another's request, and encodes a result several times. When all three are fixed,
// its handler can replace this file.

// postMCP serves POST /mcp. It keeps no state between requests, so any replica can serve any
// request. The client cancels a request by closing its connection or stream.
func (h *httpServer) postMCP(w http.ResponseWriter, r *http.Request, p packet, done func()) {
	defer done()
	reply := newReply(w, r)
	defer reply.close()
	if refusal := checkRevision(r.Header, p); refusal.json != nil {
		reply.finish(http.StatusBadRequest, refusal)
		return
	}
	ctx := r.Context()
	reply.keepAlive()
	a := h.server.respond(ctx, p, func(_ int, m message, awaitMemory func()) answer {
		return h.server.answer(ctx, m, reply.notify, awaitMemory)
	})
	status := http.StatusOK
	if !p.batch && p.messages[0].modern() {
		status = cmp.Or(modernStatuses[a.code], http.StatusBadRequest)
	}
	// ctx is checked before the answer is written: a client that has read the answer may
	// close its request at once.
	a.end(ctx.Err() == nil && reply.finish(status, a))
}

// modernStatuses map the codes of JSON-RPC errors to the statuses of 2026-07-28.
// 0 is a result; all other codes are 400.
var modernStatuses = map[int]int{0: http.StatusOK, mcp.INTERNAL_ERROR: http.StatusOK, mcp.METHOD_NOT_FOUND: http.StatusNotFound}

// reply writes one answer: as an event stream if notifications or comments come before it
// or the client accepts nothing else, otherwise as JSON.
type reply struct {
	w             http.ResponseWriter
	json, streams bool // what the client accepts

	mu                sync.Mutex
	started, finished bool
	timer             *time.Timer // of the next comment; nil for none
}

func newReply(w http.ResponseWriter, r *http.Request) *reply {
	return &reply{w: w, json: accepts(r.Header, "application/json"), streams: accepts(r.Header, "text/event-stream")}
}

// accepts reports whether the Accept header accepts a media type. The most specific range
// decides.
func accepts(h http.Header, want string) bool {
	kind, _, _ := strings.Cut(want, "/")
	ranges := []string{"*/*", kind + "/*", want}
	accepted, best := false, -1
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept"), ","), ",") {
		media, params, err := mime.ParseMediaType(part)
		fit := slices.Index(ranges, media)
		if err != nil || fit <= best {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		accepted, best = err != nil || q > 0, fit
	}
	return accepted
}

// notify sends one notification at once.
func (r *reply) notify(notification []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.streams {
		r.startStream()
		_ = writeEvent(r.w, "message", answer{json: [][]byte{notification}})
	}
}

// keepAlive sends comments until the answer is written, so that proxies keep the
// connection of a long call.
func (r *reply) keepAlive() {
	if !r.streams {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(keepAlive, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.finished {
			r.startStream()
			_ = writeComment(r.w)
			r.timer.Reset(keepAlive)
		}
	})
}

func (r *reply) startStream() {
	if !r.started {
		startStream(r.w)
		r.started = true
	}
}

// close ends the comments. Nothing is written after it.
func (r *reply) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	if r.timer != nil {
		r.timer.Stop()
	}
}

// finish writes the response, or 202 if there is none. It reports whether that was
// written.
func (r *reply) finish(status int, response answer) (ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	switch {
	case response.json == nil:
		r.w.WriteHeader(http.StatusAccepted)
		return true
	case r.started, r.streams && !r.json && status == http.StatusOK:
		r.startStream()
		return writeEvent(r.w, "message", response) == nil
	}
	h := r.w.Header()
	h.Set("Content-Type", "application/json")
	if response.rest == nil {
		n := 0
		for _, part := range response.json {
			n += len(part)
		}
		h.Set("Content-Length", strconv.Itoa(n))
	}
	r.w.WriteHeader(status)
	return writeMessage(r.w, "", response, "") == nil
}

// writeMessage writes an answer between two texts. It flushes each part of a.rest.
func writeMessage(w http.ResponseWriter, before string, a answer, after string) error {
	parts := slices.Concat([][]byte{[]byte(before)}, a.json)
	if a.rest != nil {
		err := flush(w, parts...)
		a.rest(func(part []byte) bool {
			if err == nil {
				err = flush(w, part)
			}
			return err == nil
		})
		if err != nil {
			return err
		}
		parts = nil
	}
	return flush(w, append(parts, []byte(after))...)
}

// flush writes parts to a client and flushes them. A client that does not take them within
// writeLimit loses its connection.
func flush(w http.ResponseWriter, parts ...[]byte) error {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit)) // httptest.ResponseRecorder has none
	if _, err := w.Write(bytes.Join(parts, nil)); err != nil {
		return err
	}
	return c.Flush()
}
