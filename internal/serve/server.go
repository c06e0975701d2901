// Package serve is the MCP side of the program: JSON-RPC messages over stdio,
// Streamable HTTP and HTTP+SSE.
package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/tools"
)

const (
	// maxCalls bounds the messages that are answered at the same time.
	maxCalls = 1000
	// codeBusy is ours, from the range that JSON-RPC leaves to servers.
	codeBusy = -32000
)

// service answers JSON-RPC messages for every transport: the MCP library
// decides what a message means, and what goes out is encoded here. Its methods
// may be called concurrently.
type Server struct {
	mcp   *server.MCPServer
	tools *tools.Set
	log   *slog.Logger
	calls atomic.Int64 // being answered
}

// New makes a server of the tools.
func New(set *tools.Set, version string, log *slog.Logger) *Server {
	m := server.NewMCPServer("pgy-mcp", version,
		server.WithTitle("Xiaohongshu Pgy blogger profiles"),
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
	return &Server{mcp: m, tools: set, log: log}
}

// client is what a transport offers to one message.
type client struct {
	notify  func(notification []byte) // writes before it returns
	waiting func()                    // see tools.Caller
}

// admit takes a packet in, unless more messages than maxCalls would be answered
// at the same time. What is admitted must be released.
func (s *Server) admit(p packet) bool {
	n := p.due()
	if s.calls.Add(n) <= maxCalls || n == 0 {
		return true
	}
	s.calls.Add(-n)
	return false
}

func (s *Server) release(p packet) { s.calls.Add(-p.due()) }

// busy is the answer to a packet that was not admitted.
func busy(p packet) []byte {
	return p.answer(func(_ int, m message) []byte {
		if !m.due() {
			return nil
		}
		return errorResponse(m.ID, codeBusy, "the server is busy with "+strconv.Itoa(maxCalls)+" requests; try again in a second")
	})
}

// answer gives the response to one message, or nil where none is due.
func (s *Server) answer(ctx context.Context, m message, c client) (answer []byte) {
	switch {
	case !m.due():
		return nil
	case m.ID != nil && !isID(m.ID):
		return errorResponse(m.ID, mcp.INVALID_REQUEST, "id must be a string or a number")
	case m.Method == "":
		return errorResponse(m.ID, mcp.INVALID_REQUEST, "the message is no JSON-RPC request: it has no method")
	}
	if refusal := tools.RefuseURI(m.Params.URI); refusal != "" {
		return errorResponse(m.ID, mcp.INVALID_PARAMS, refusal)
	}
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("request panicked", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			answer = errorResponse(m.ID, mcp.INTERNAL_ERROR, "internal: the server made a mistake; its log has the details")
		}
	}()
	caller := tools.Caller{Waiting: c.waiting}
	if token := m.Params.Meta.ProgressToken; token != nil && isID(token) && c.notify != nil {
		caller.Progress = func(done, total float64, text string) { c.notify(progressNotification(token, done, total, text)) }
	}
	if m.Method == string(mcp.MethodSubscriptionsListen) {
		// There is nothing to listen for: no list changes, and none is declared.
		return errorResponse(m.ID, mcp.METHOD_NOT_FOUND, "this server has no subscriptions")
	}
	ctx = tools.WithCaller(ctx, caller)
	if m.isPlainCall() {
		if result, ok := s.tools.Call(ctx, m.Params.Name, m.Params.Arguments); ok {
			return response(m.ID, result)
		}
	}
	return encode(m.ID, s.mcp.HandleMessage(ctx, m.raw))
}

// encode writes a response of the library's with the id as the client spelled
// it. A tool's result is finished already.
func encode(id json.RawMessage, response mcp.JSONRPCMessage) []byte {
	switch r := response.(type) {
	case mcp.JSONRPCResponse:
		return resultResponse(id, r.Result)
	case mcp.JSONRPCError:
		if tools.IsInvalidArgument(r.Error.Message) {
			r.Error.Code = mcp.INVALID_PARAMS // the library has one code for all that a handler returns
		}
		return failure(id, r.Error)
	}
	return nil
}

func resultResponse(id json.RawMessage, result any) []byte {
	call, ok := result.(*mcp.CallToolResult)
	if !ok {
		return response(id, tools.Result{marshal(result)})
	}
	finished, _ := call.StructuredContent.(tools.Result)
	if m := call.Meta; m != nil {
		if info, ok := m.AdditionalFields[mcp.MetaKeyServerInfo].(mcp.Implementation); ok {
			info.Icons = nil // discovery has them; a result is read by a model
			m.SetServerInfo(info)
		}
	}
	if more := marshal(call.Result); len(more) > len("{}") {
		// What the revision wants in every result goes into the same object.
		last := len(finished) - 1
		end := finished[last]
		finished[last] = slices.Concat(end[:len(end)-1], []byte(","), more[1:])
	}
	return response(id, finished)
}

func response(id json.RawMessage, result tools.Result) []byte {
	const before, between = `{"jsonrpc":"2.0","id":`, `,"result":`
	b := make([]byte, 0, len(before)+len(id)+len(between)+result.Len()+len("}\n"))
	b = append(b, before...)
	b = append(b, id...)
	b = append(b, between...)
	b = result.AppendTo(b)
	return append(b, '}')
}

func errorResponse(id json.RawMessage, code int, text string) []byte {
	return failure(id, mcp.JSONRPCErrorDetails{Code: code, Message: text})
}

func failure(id json.RawMessage, details mcp.JSONRPCErrorDetails) []byte {
	if id == nil || !isID(id) {
		id = json.RawMessage("null")
	}
	return marshal(struct {
		JSONRPC string                  `json:"jsonrpc"`
		ID      json.RawMessage         `json:"id"`
		Error   mcp.JSONRPCErrorDetails `json:"error"`
	}{mcp.JSONRPC_VERSION, id, details})
}

func progressNotification(token json.RawMessage, done, total float64, text string) []byte {
	type params struct {
		Token    json.RawMessage `json:"progressToken"`
		Progress float64         `json:"progress"`
		Total    float64         `json:"total"`
		Message  string          `json:"message"`
	}
	return marshal(struct {
		JSONRPC string `json:"jsonrpc"`
		Method  string `json:"method"`
		Params  params `json:"params"`
	}{mcp.JSONRPC_VERSION, "notifications/progress", params{token, done, total, text}})
}

// marshal is compact JSON without HTML escapes, on one line. What cannot be
// marshalled is a mistake of ours, answered as such.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
