// Package serve is the MCP side of the program: JSON-RPC messages over stdio,
// Streamable HTTP and HTTP+SSE.
package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/tools"
)

// longestName is the most bytes of a caller's word that an error repeats.
const longestName = 100

// Revisions are those of MCP that are spoken here, the latest first.
func Revisions() []string { return mcp.ValidProtocolVersions }

// Server answers JSON-RPC messages for every transport. It makes tool calls
// itself; what any other message means is the MCP library's business. Its
// methods may be called concurrently.
type Server struct {
	mcp   *server.MCPServer
	tools *tools.Set
	log   *slog.Logger
	calls places // messages that are being answered
	// modernMembers are what 2026-07-28 wants in the result of a call.
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
		mcp: m, tools: set, log: log, calls: places{limit: maxCalls},
		modernMembers: fmt.Sprintf(`,"_meta":%s,"resultType":%q`, meta, mcp.ResultTypeComplete),
	}
}

// answer is the response to a message.
type answer struct {
	json [][]byte // in parts; nil where none is due
	code int      // of the JSON-RPC error; 0 for a result
}

// answer answers a message to which an answer is due. notify writes a
// notification before it returns; nil where none can be sent.
func (s *Server) answer(ctx context.Context, m message, notify func(...[]byte)) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("request panicked", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			a = errorResponse(m.id, mcp.INTERNAL_ERROR, "internal: the server made a mistake; its log has the details")
		}
	}()
	if refusal := check(ctx, &m); refusal.json != nil {
		return refusal
	}
	if token := m.progressToken; token != nil && isID(token) && notify != nil {
		ctx = tools.WithProgress(ctx, func(done, total float64, text string) { notify(progressNotification(token, done, total, text)) })
	}
	if m.method != string(mcp.MethodToolsCall) {
		return encode(m.id, s.mcp.HandleMessage(ctx, m.forLibrary()))
	}
	name := tools.Text(m.params["name"])
	result, ok := s.tools.Call(ctx, name, m.params["arguments"])
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
	return response(m.id, result.Object(more)...)
}

// check refuses a message that is not a valid request of its protocol revision.
func check(ctx context.Context, m *message) answer {
	switch {
	case m.id != nil && !isID(m.id):
		return errorResponse(m.id, mcp.INVALID_REQUEST, "id must be a string or a number")
	case m.method == "":
		return errorResponse(m.id, mcp.INVALID_REQUEST, "the message is no JSON-RPC request: it has no method")
	case m.jsonrpc != mcp.JSONRPC_VERSION:
		return errorResponse(m.id, mcp.INVALID_REQUEST, "Invalid JSON-RPC version")
	case m.modern() && !m.capabilities:
		return errorResponse(m.id, mcp.INVALID_PARAMS, "missing or invalid _meta field "+mcp.MetaKeyClientCapabilities)
	case m.modern() && !mcp.IsValidProtocolVersion(m.revision):
		return unknownRevision(m.id, m.revision, server.SupportedProtocolVersionsFromContext(ctx))
	case m.fault != "":
		return errorResponse(m.id, mcp.INVALID_REQUEST, m.fault)
	case len(m.method) > longestName:
		return errorResponse(m.id, mcp.METHOD_NOT_FOUND, "there is no method of such a long name")
	case m.method == string(mcp.MethodSubscriptionsListen):
		// There is nothing to listen for: no list changes, and none is declared.
		return errorResponse(m.id, mcp.METHOD_NOT_FOUND, "this server has no subscriptions")
	}
	if refusal := tools.RefuseURI(tools.Text(m.params["uri"])); refusal != "" {
		return errorResponse(m.id, mcp.INVALID_PARAMS, refusal)
	}
	return answer{}
}

func unknownRevision(id json.RawMessage, revision string, supported []string) answer {
	e := mcp.UnsupportedProtocolVersionError{Version: revision, Supported: supported}
	return failure(id, e.JSONRPCError().Error)
}

// encode writes a response of the library's with the id as the client spelled
// it.
func encode(id json.RawMessage, message mcp.JSONRPCMessage) answer {
	switch r := message.(type) {
	case mcp.JSONRPCResponse:
		return response(id, tools.JSON(r.Result))
	case mcp.JSONRPCError:
		if tools.IsInvalidArgument(r.Error.Message) {
			r.Error.Code = mcp.INVALID_PARAMS // the library has one code for all that a handler returns
		}
		return failure(id, r.Error)
	}
	return answer{}
}

// response answers with a result, which comes in parts.
func response(id json.RawMessage, result ...[]byte) answer {
	return answer{json: envelope(id, `,"result":`, result...)}
}

func errorResponse(id json.RawMessage, code int, text string) answer {
	return failure(id, mcp.JSONRPCErrorDetails{Code: code, Message: text})
}

func failure(id json.RawMessage, details mcp.JSONRPCErrorDetails) answer {
	if id == nil || !isID(id) {
		id = json.RawMessage("null")
	}
	return answer{code: details.Code, json: envelope(id, `,"error":`, tools.JSON(details))}
}

// envelope puts a response together.
func envelope(id json.RawMessage, member string, value ...[]byte) [][]byte {
	return slices.Concat([][]byte{[]byte(`{"jsonrpc":"2.0","id":`), tools.OneLine(id), []byte(member)}, value, [][]byte{[]byte("}")})
}

func progressNotification(token json.RawMessage, done, total float64, text string) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%v,"total":%v,"message":%s}}`,
		tools.OneLine(token), done, total, tools.JSON(text))
}
