package serve

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/tools"
)

// checkRevision refuses a packet over HTTP that names an unknown revision or different
// ones. Clients name a revision before 2026-07-28 in a header or nowhere, a later one in
// the header and in _meta; initialize names it in its params. For 2026-07-28 it also
// refuses batches, and requests whose standard headers differ from the body.
//
// If the header names an earlier revision and _meta 2026-07-28, as claude.ai's connectors
// are reported to do, the header wins and p is changed.
func checkRevision(h http.Header, p packet) answer {
	first := &p.messages[0]
	id := first.id
	if p.batch {
		id = nil
	}
	refuse := func(code int, text string) answer { return errorResponse(id, code, text) }
	const differ = "the Mcp-Protocol-Version header and params._meta name different revisions"
	header, agree := single(h, mcp.HeaderProtocolVersion)
	switch {
	case !p.batch && first.method == string(mcp.MethodInitialize) && !first.modern():
		return answer{}
	case !agree || strings.Contains(header, ","):
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header names different revisions")
	case header != "" && !mcp.IsValidProtocolVersion(header):
		return unknownRevision(id, header, Revisions())
	case header != "" && !mcp.IsModernProtocol(header):
		for i := range p.messages {
			switch m := &p.messages[i]; m.revision {
			case mcp.ProtocolVersion20260728:
				m.revision = header
			case "", header:
			default:
				return refuse(mcp.HEADER_MISMATCH, differ)
			}
		}
	}
	switch {
	case !mcp.IsModernProtocol(header) && !p.modern():
		return answer{}
	case p.batch:
		return refuseBatch()
	case header == "":
		return refuse(mcp.HEADER_MISMATCH, "the Mcp-Protocol-Version header is missing")
	case first.revision == "":
		return refuse(mcp.INVALID_PARAMS, "params._meta lacks "+mcp.MetaKeyProtocolVersion)
	case header != first.revision:
		return refuse(mcp.HEADER_MISMATCH, differ)
	case first.id == nil || first.method == "": // only requests need the standard headers
		return answer{}
	}
	standard := map[string]string{}
	for _, name := range []string{mcp.HeaderMethod, mcp.HeaderName} {
		if standard[name], agree = single(h, name); !agree {
			return refuse(mcp.HEADER_MISMATCH, "the "+name+" header has different values")
		}
	}
	get := func(name string) string { return standard[name] }
	if err := mcp.ValidateStandardHeaders(get, first.revision, mcp.MCPMethod(first.method), tools.JSON(first.params)); err != nil {
		return refuse(mcp.HEADER_MISMATCH, err.Error())
	}
	return answer{}
}

// single returns the value of a header that may be repeated, on several lines or with
// commas, as Claude Code is reported to do: "a, a" is a. "a, b" stays as it is. agree is
// false if the lines differ.
func single(h http.Header, name string) (value string, agree bool) {
	for i, line := range h.Values(name) {
		line = strings.TrimSpace(line)
		first, rest, _ := strings.Cut(line, ",")
		first = strings.TrimSpace(first)
		differs := func(other string) bool { return strings.TrimSpace(other) != first }
		if rest != "" && !slices.ContainsFunc(strings.Split(rest, ","), differs) {
			line = first
		}
		if i > 0 && line != value {
			return "", false
		}
		value = line
	}
	return value, true
}
