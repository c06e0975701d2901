// Package serve speaks MCP: JSON-RPC messages over stdio, Streamable HTTP and
// HTTP+SSE.
package serve

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/tools"
)

// longestName is how many bytes of a caller's name an error repeats at most.
const longestName = 100

// Revisions lists the MCP revisions that the server speaks, the latest first.
func Revisions() []string { return mcp.ValidProtocolVersions }

// Server answers JSON-RPC messages for every transport. Its methods may be
// called concurrently.
type Server struct {
	mcp   *server.MCPServer
	tools *tools.Set
	log   *slog.Logger
	calls *semaphore // messages that are being answered
	bytes *semaphore // of messages over smallMessage, while they are read or answered
	large *semaphore // calls whose answers are large
	// modernMembers are the members that 2026-07-28 adds to the result of a call.
	modernMembers string
}

// New makes a server of the tools.
func New(set *tools.Set, version string, log *slog.Logger) *Server {
	info := mcp.Implementation{Name: "pgy-mcp", Version: version, Title: "Xiaohongshu Pgy blogger profiles"}
	m := server.NewMCPServer(info.Name, info.Version,
		server.WithTitle(info.Title),
		server.WithInstructions(tools.Instructions),
		server.WithToolCapabilities(false),
		server.WithResourceCapabilities(false, false),
		server.WithPromptCapabilities(false),
		server.WithHooks(tools.Hooks()),
		server.WithIcons(tools.Icons()...),
		server.WithExtensions(set.Extensions()),
		tools.CacheHints,
	)
	set.Register(m)
	meta := tools.JSON(map[string]mcp.Implementation{mcp.MetaKeyServerInfo: info})
	return &Server{
		mcp: m, tools: set, log: log,
		calls: newSemaphore(maxReplies), bytes: newSemaphore(maxMessageBytes), large: newSemaphore(maxLarge),
		modernMembers: fmt.Sprintf(`,"_meta":%s,"resultType":%q`, meta, mcp.ResultTypeComplete),
	}
}

// close ends all look-ups, and logs how many requests were sent without an answer.
func (s *Server) close() {
	if n := s.tools.Lookups.Stats().Sent; n > 0 {
		s.log.Warn("ending without the answers to requests that were sent; they may have been billed", "lookups", n)
	}
	s.tools.Lookups.Close()
}

// answer answers a message that wants a reply. notify must write a notification before it
// returns; nil: none can be sent. awaitMemory blocks until there is memory for a large
// answer.
//
// All methods except tools/call go through the library's HandleMessage, which encodes a
// tool's result three times and names Go types in its errors.
func (s *Server) answer(ctx context.Context, m message, notify func([]byte), awaitMemory func()) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("request panicked", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			a = errorResponse(m.id, mcp.INTERNAL_ERROR, "internal: the server made a mistake; its log has the details")
		}
	}()
	if refusal := checkRequest(ctx, &m); refusal.json != nil {
		return refusal
	}
	if !m.looksUp() {
		return encode(m, s.mcp.HandleMessage(ctx, m.forLibrary()))
	}
	caller := &tools.Caller{Large: awaitMemory}
	if token := m.progressToken; token != nil && isID(token) && notify != nil {
		caller.Progress = func(done, total float64, text string) { notify(progressNotification(token, done, total, text)) }
	}
	ctx = tools.WithCaller(ctx, caller)
	if m.method == string(mcp.MethodToolsCall) {
		a = s.callTool(ctx, m)
	} else {
		a = encode(m, s.mcp.HandleMessage(ctx, m.forLibrary()))
	}
	a.done = caller.Delivered
	return a
}

func (s *Server) callTool(ctx context.Context, m message) answer {
	name := tools.Text(m.params["name"])
	r, ok := s.tools.Call(ctx, name, m.params["arguments"])
	if !ok {
		if len(name) > longestName {
			name = name[:longestName] + "…"
		}
		name = strings.ToValidUTF8(name, "")
		return errorResponse(m.id, mcp.INVALID_PARAMS, fmt.Sprintf("tool '%s' not found: %v", name, server.ErrToolNotFound))
	}
	more := ""
	if m.modern() {
		more = s.modernMembers
	}
	return result(m.id, r.Object(more)...)
}

// checkRequest refuses a message that is not a valid request of its protocol revision.
func checkRequest(ctx context.Context, m *message) answer {
	supported := server.SupportedProtocolVersionsFromContext(ctx)
	switch {
	case m.id != nil && !isID(m.id):
		return errorResponse(m.id, mcp.INVALID_REQUEST, "id must be a string or a number")
	case m.method == "":
		return errorResponse(m.id, mcp.INVALID_REQUEST, "the message is no JSON-RPC request: it has no method")
	case m.jsonrpc != mcp.JSONRPC_VERSION:
		return errorResponse(m.id, mcp.INVALID_REQUEST, "Invalid JSON-RPC version")
	case m.modern() && !m.capabilities:
		return errorResponse(m.id, mcp.INVALID_PARAMS, "missing or invalid _meta field "+mcp.MetaKeyClientCapabilities)
	case m.modern() && !slices.Contains(supported, m.revision):
		return unknownRevision(m.id, m.revision, supported)
	case m.fault != "":
		return errorResponse(m.id, mcp.INVALID_REQUEST, m.fault)
	case len(m.method) > longestName:
		return errorResponse(m.id, mcp.METHOD_NOT_FOUND, "no method has such a long name")
	case m.method == string(mcp.MethodSubscriptionsListen):
		// No list changes, and the server declares no subscriptions.
		return errorResponse(m.id, mcp.METHOD_NOT_FOUND, "this server has no subscriptions")
	}
	if refusal := tools.RefuseURI(tools.Text(m.params["uri"])); refusal != "" {
		return errorResponse(m.id, mcp.INVALID_PARAMS, refusal)
	}
	return answer{}
}
