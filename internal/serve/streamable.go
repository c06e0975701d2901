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

	"pgy-mcp/tools"

	"github.com/mark3labs/mcp-go/mcp"
)

// The library's own Streamable HTTP server loses progress or writes it after
// the result (for 2026-07-28 still open as its pull request 969), lets one
// client cancel another's request, and encodes a result several times over.
// Once that is fixed, its handler can replace this file.

// mcp answers a POST to /mcp. Nothing outlives the request: any replica may
// serve any request, and the client cancels by closing it.
func (h *httpServer) mcp(w http.ResponseWriter, r *http.Request, p packet, done func()) {
	defer done()
	reply := newReply(w, r)
	if refusal := checkRevision(r.Header, p); refusal.json != nil {
		reply.finish(http.StatusBadRequest, refusal.json...)
		return
	}
	response := p.answer(func(_ int, m message) answer { return h.server.answer(r.Context(), m, reply.event) })
	status := http.StatusOK
	if !p.batch && p.messages[0].modern() {
		status = cmp.Or(modernStatuses[response.code], http.StatusBadRequest)
	}
	reply.finish(status, response.json...)
}

// modernStatuses are what 2026-07-28 gives the code of a JSON-RPC error, of which
// 0 is a result; any other code is 400.
var modernStatuses = map[int]int{0: http.StatusOK, mcp.INTERNAL_ERROR: http.StatusOK, mcp.METHOD_NOT_FOUND: http.StatusNotFound}

// reply writes one answer: as JSON, or as an event stream once there is a
// notification to send before it, and where the client takes nothing else.
type reply struct {
	w             http.ResponseWriter
	json, streams bool // what the client takes

	mu      sync.Mutex
	started bool
}

func newReply(w http.ResponseWriter, r *http.Request) *reply {
	return &reply{w: w, json: accepts(r.Header, "application/json"), streams: accepts(r.Header, "text/event-stream")}
}

// accepts reports whether the Accept header takes a media type. The range that
// fits it best decides.
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

// event sends one notification, in order and at once.
func (r *reply) event(message ...[]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.streams {
		r.write(message...)
	}
}

func (r *reply) write(message ...[]byte) {
	if !r.started {
		startStream(r.w)
		r.started = true
	}
	_ = writeEvent(r.w, "message", message...)
}

// finish sends the response, or 202 where none is due.
func (r *reply) finish(status int, response ...[]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case response == nil && !r.started:
		r.w.WriteHeader(http.StatusAccepted)
	case r.started, r.streams && !r.json && status == http.StatusOK:
		r.write(response...)
	default:
		body := bytes.Join(response, nil)
		h := r.w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		r.w.WriteHeader(status)
		_ = send(r.w, body)
	}
}

// checkRevision holds a request to the revision it names: the ones before
// 2026-07-28 in a header, that one in header and body alike. It gives the
// refusal where they do not fit. initialize names its revision in its params.
func checkRevision(h http.Header, p packet) answer {
	header, m := h.Get(mcp.HeaderProtocolVersion), p.messages[0]
	if p.batch {
		m = message{}
	}
	refuse := func(code int, text string) answer { return errorResponse(m.id, code, text) }
	switch {
	case m.method == string(mcp.MethodInitialize) && !m.modern():
		return answer{}
	case header != "" && !mcp.IsValidProtocolVersion(header):
		return unknownRevision(m.id, header, Revisions())
	case p.batch, !mcp.IsModernProtocol(header) && !m.modern():
		return answer{}
	case h.Get(mcp.HeaderLastEventID) != "":
		return refuse(mcp.HEADER_MISMATCH, "Last-Event-ID has no meaning here: streams cannot be resumed")
	case header == "":
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header is missing")
	case m.revision == "":
		return refuse(mcp.INVALID_PARAMS, "params._meta lacks "+mcp.MetaKeyProtocolVersion)
	case header != m.revision:
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header and params._meta name different revisions")
	case m.id == nil || m.method == "":
		return answer{}
	}
	if err := mcp.ValidateStandardHeaders(h.Get, m.revision, mcp.MCPMethod(m.method), tools.JSON(m.params)); err != nil {
		return refuse(mcp.HEADER_MISMATCH, err.Error())
	}
	return answer{}
}
