package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/tools"
)

const (
	// maxMessage bounds one message from a client.
	maxMessage = 4 << 20
	// maxBatch bounds the messages of one batch.
	maxBatch = 100
	// maxCalls bounds the requests that are answered at the same time.
	maxCalls = 1000
	// codeBusy is ours, from the range that JSON-RPC leaves to servers.
	codeBusy = -32000
)

// service answers JSON-RPC messages for every transport: the MCP library
// decides what a message means, and what goes out is encoded here. Its methods
// may be called concurrently.
type service struct {
	mcp   *server.MCPServer
	tools *tools.Set
	log   *slog.Logger
	calls atomic.Int64 // being answered
}

// message is what a transport needs to know of one JSON-RPC message. Ids and
// tokens keep their spelling: numbers above 2^53 must come back unchanged.
type message struct {
	raw     json.RawMessage
	intact  bool            // every member has the type that is expected
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`
	Method  string          `json:"method"`
	Params  struct {
		Name      string          `json:"name"`
		Arguments json.RawMessage `json:"arguments"`
		RequestID json.RawMessage `json:"requestId"`
		Meta      struct {
			ProgressToken   json.RawMessage `json:"progressToken"`
			ProtocolVersion string          `json:"io.modelcontextprotocol/protocolVersion"`
		} `json:"_meta"`
	} `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// parseMessage reads one message, not a batch. Members of another type than
// expected count as absent; the library judges them.
func parseMessage(raw json.RawMessage) (message, error) {
	m := message{raw: raw}
	var other *json.UnmarshalTypeError
	err := json.Unmarshal(raw, &m)
	if err != nil && !errors.As(err, &other) {
		return m, err
	}
	m.intact = err == nil
	return m, nil
}

func parseBatch(raw json.RawMessage) ([]message, error) {
	if !json.Valid(raw) {
		return nil, errors.New("not valid JSON")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil { // the opening bracket
		return nil, err
	}
	var batch []message
	for d.More() {
		var element json.RawMessage
		if err := d.Decode(&element); err != nil || len(batch) == maxBatch {
			return nil, errors.New("too many messages")
		}
		// An element that is no message at all is answered as an invalid one.
		m, _ := parseMessage(element)
		batch = append(batch, m)
	}
	if len(batch) == 0 {
		return nil, errors.New("no messages")
	}
	return batch, nil
}

// isRequest reports whether the client waits for an answer.
func (m *message) isRequest() bool { return m.ID != nil && m.Method != "" }

// isInvalid reports what is neither a request, a notification nor a response.
func (m *message) isInvalid() bool {
	return m.Method == "" && m.Result == nil && m.Error == nil
}

// client is what a transport offers to one message.
type client struct {
	notify  func(notification []byte) // writes before it returns
	waiting func()                    // see tools.Caller
}

// answer gives the response to one message, or nil where none is due.
func (s *service) answer(ctx context.Context, m message, c client) (answer []byte) {
	switch {
	case m.ID != nil && !isID(m.ID):
		return errorResponse(nil, mcp.INVALID_REQUEST, "id must be a string or a number")
	case m.isInvalid():
		return errorResponse(m.ID, mcp.INVALID_REQUEST, "the message is no JSON-RPC request: it has no method")
	case !m.isRequest():
		return nil // notifications and responses: nothing here waits for one
	}
	if s.calls.Add(1) > maxCalls {
		s.calls.Add(-1)
		return errorResponse(m.ID, codeBusy, "the server is busy with "+strconv.Itoa(maxCalls)+" requests; try again in a second")
	}
	defer s.calls.Add(-1)
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

// isPlainCall reports a tool call of a revision before 2026-07-28, in which
// the library has nothing to check and nothing to add: it would decode the
// message five times over, which is most of what a cached call costs.
func (m *message) isPlainCall() bool {
	return m.Method == string(mcp.MethodToolsCall) && m.JSONRPC == mcp.JSONRPC_VERSION && m.intact &&
		!mcp.IsModernProtocol(m.Params.Meta.ProtocolVersion)
}

// isID reports what MCP allows as an id and as a progress token.
func isID(v json.RawMessage) bool {
	return v[0] == '"' || v[0] == '-' || v[0] >= '0' && v[0] <= '9'
}

// answerBatch gives the responses to a JSON-RPC batch, which the revisions
// before 2025-06-18 know, or nil where none is due.
func (s *service) answerBatch(ctx context.Context, batch []message, c client) []byte {
	responses := make([][]byte, len(batch))
	var wg sync.WaitGroup
	for i, m := range batch {
		wg.Go(func() { responses[i] = s.answer(ctx, m, client{notify: c.notify}) })
	}
	wg.Wait()
	responses = slices.DeleteFunc(responses, func(b []byte) bool { return b == nil })
	if len(responses) == 0 {
		return nil
	}
	return append(append([]byte{'['}, bytes.Join(responses, []byte{','})...), ']')
}

// encode writes a response of the library's with the id as the client spelled
// it. A tool's result is finished already.
func encode(id json.RawMessage, response mcp.JSONRPCMessage) []byte {
	switch r := response.(type) {
	case mcp.JSONRPCResponse:
		return resultResponse(id, r.Result)
	case mcp.JSONRPCError:
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
	if id == nil {
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
