package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

// The library's own Streamable HTTP server loses progress or writes it after
// the result (for 2026-07-28 still open as its pull request 969), lets one
// client cancel another's request, and encodes a result several times over.
// Once it does none of that, this file goes and its handler takes the place.

// mcp answers a POST to /mcp. Nothing outlives the request: any replica may
// serve any request, and the client cancels by closing it.
func (h *httpServer) mcp(w http.ResponseWriter, r *http.Request, b *body) {
	defer b.free()
	reply := &reply{w: w, streams: strings.Contains(r.Header.Get("Accept"), "text/event-stream")}
	p, err := parsePacket(bytes.TrimSpace(b.data))
	if err != nil {
		reply.finish(http.StatusBadRequest, errorResponse(nil, mcp.PARSE_ERROR, err.Error()))
		return
	}
	modern := false
	if !p.batch {
		var refusal []byte
		if modern, refusal = checkRevision(r.Header, p.messages[0]); refusal != nil {
			reply.finish(http.StatusBadRequest, refusal)
			return
		}
	}
	if !h.admit(w, p) {
		return
	}
	defer h.service.release(p)
	response := p.answer(func(_ int, m message) []byte {
		return h.service.answer(r.Context(), m, client{notify: reply.event})
	})
	status := http.StatusOK
	if modern {
		status = modernStatus(response)
	}
	reply.finish(status, response)
}

// reply writes one answer: as JSON, or as an event stream once there is a
// notification to send before it.
type reply struct {
	w       http.ResponseWriter
	streams bool // the client takes event streams

	mu      sync.Mutex
	started bool
}

// event sends one notification, in order and at once.
func (r *reply) event(message []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.streams {
		return
	}
	if !r.started {
		startStream(r.w)
		r.started = true
	}
	_ = writeEvent(r.w, "message", message)
}

// finish sends the response, or 202 where none is due.
func (r *reply) finish(status int, response []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.started:
		_ = writeEvent(r.w, "message", response)
	case response == nil:
		r.w.WriteHeader(http.StatusAccepted)
	default:
		h := r.w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(response)))
		r.w.WriteHeader(status)
		_ = send(r.w, response)
	}
}

// checkRevision holds a request to the revision it names: the ones before
// 2026-07-28 in a header, that one in header and body alike. It gives the
// error response where they do not fit.
func checkRevision(h http.Header, m message) (modern bool, refusal []byte) {
	header, meta := h.Get(mcp.HeaderProtocolVersion), m.Params.Meta.ProtocolVersion
	refuse := func(code int, text string) (bool, []byte) { return true, errorResponse(m.ID, code, text) }
	if !mcp.IsModernProtocol(header) && !mcp.IsModernProtocol(meta) {
		if m.Method != string(mcp.MethodInitialize) && header != "" && !mcp.IsValidProtocolVersion(header) {
			return refuse(mcp.INVALID_REQUEST, "the Mcp-Protocol-Version header names a revision that is not known here")
		}
		return false, nil
	}
	switch {
	case h.Get(mcp.HeaderLastEventID) != "":
		return refuse(mcp.HEADER_MISMATCH, "Last-Event-ID has no meaning here: streams cannot be resumed")
	case header == "":
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header is missing")
	case meta == "":
		return refuse(mcp.INVALID_PARAMS, "params._meta lacks "+mcp.MetaKeyProtocolVersion)
	case header != meta:
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header and params._meta name different revisions")
	}
	if m.ID == nil || m.Method == "" {
		return true, nil
	}
	var p struct {
		Params json.RawMessage `json:"params"`
	}
	_ = json.Unmarshal(m.raw, &p) // it was read before
	if err := mcp.ValidateStandardHeaders(h.Get, meta, mcp.MCPMethod(m.Method), p.Params); err != nil {
		return refuse(mcp.HEADER_MISMATCH, err.Error())
	}
	return true, nil
}

// modernStatus is the HTTP status that 2026-07-28 gives a JSON-RPC error.
func modernStatus(response []byte) int {
	var r struct {
		Error *struct{ Code int } `json:"error"`
	}
	if !bytes.HasPrefix(response, []byte(`{"jsonrpc":"2.0","id":`)) || json.Unmarshal(response, &r) != nil || r.Error == nil {
		return http.StatusOK
	}
	switch r.Error.Code {
	case mcp.METHOD_NOT_FOUND:
		return http.StatusNotFound
	case mcp.INTERNAL_ERROR:
		return http.StatusOK
	}
	return http.StatusBadRequest
}
