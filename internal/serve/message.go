package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/tools"
)

var (
	tooLong = fmt.Sprintf("the message is longer than %d MiB", maxMessage>>20)

	errNotJSON = errors.New("the message is not valid JSON")
	errBatch   = fmt.Errorf("the batch is empty or longer than %d messages", maxBatch)
)

// message is one JSON-RPC message. Ids and tokens keep their spelling: numbers
// above 2^53 must come back unchanged.
type message struct {
	jsonrpc, method string
	id              json.RawMessage
	response        bool // has a result or an error, and no method
	params          map[string]json.RawMessage
	progressToken   json.RawMessage
	revision        string // in _meta; "" if it names none
	capabilities    bool   // _meta has the client's capabilities
	fault           string // why the params are invalid; "" if they are valid
}

// parseMessage reads one message. A JSON value that is no object is a message without
// members.
func parseMessage(raw json.RawMessage) (message, error) {
	o, ok := tools.Object(raw)
	if !ok && !json.Valid(raw) {
		return message{}, errNotJSON
	}
	m := message{jsonrpc: tools.Text(o["jsonrpc"]), method: tools.Text(o["method"]), id: o["id"]}
	m.response = m.method == "" && (o["result"] != nil || o["error"] != nil)
	if m.params, ok = tools.Object(o["params"]); !ok {
		m.fault = "params must be an object"
	}
	meta, ok := tools.Object(m.params["_meta"])
	if !ok {
		m.fault = "params._meta must be an object"
	}
	m.progressToken, m.revision = meta["progressToken"], tools.Text(meta[mcp.MetaKeyProtocolVersion])
	if c := meta[mcp.MetaKeyClientCapabilities]; c != nil && string(c) != "null" {
		_, m.capabilities = tools.Object(c)
	}
	m.checkParams()
	return m, nil
}

// stringParams are the string params of all methods.
var stringParams = []string{"name", "uri", "cursor", "protocolVersion"}

// checkParams removes params that are null, and sets fault if one has a wrong type.
func (m *message) checkParams() {
	for _, name := range stringParams {
		if v := m.params[name]; string(v) == "null" {
			delete(m.params, name)
		} else if v != nil && v[0] != '"' {
			m.fault = "params." + name + " must be a string"
		}
	}
	if _, ok := tools.Object(m.params["capabilities"]); !ok {
		m.fault = "params.capabilities must be an object"
	}
	if m.method == string(mcp.MethodPromptsGet) {
		m.readPromptArguments()
	}
}

// readPromptArguments turns a prompt's arguments into strings.
func (m *message) readPromptArguments() {
	arguments, ok := tools.Object(m.params["arguments"])
	if !ok {
		m.fault = "params.arguments must be an object"
	}
	for name, v := range arguments {
		switch v[0] {
		case '"':
		case '{', '[':
			m.fault = "params.arguments: each one must be a string"
		case 'n':
			delete(arguments, name)
		default: // clients also send numbers and true
			arguments[name] = tools.JSON(string(v))
		}
	}
	if arguments == nil {
		delete(m.params, "arguments")
	} else {
		m.params["arguments"] = tools.JSON(arguments)
	}
}

// modern reports whether a request is of revision 2026-07-28 or later.
func (m *message) modern() bool { return mcp.IsModernProtocol(m.revision) }

// forLibrary encodes the message for the MCP library, with another id and only the
// params that the library needs.
func (m *message) forLibrary() json.RawMessage {
	params := map[string]any{}
	for _, name := range stringParams {
		if v, ok := m.params[name]; ok {
			params[name] = v
		}
	}
	if m.method == string(mcp.MethodPromptsGet) {
		params["arguments"] = m.params["arguments"]
	}
	if m.modern() {
		params["_meta"] = map[string]any{mcp.MetaKeyProtocolVersion: m.revision, mcp.MetaKeyClientCapabilities: struct{}{}}
	}
	return tools.JSON(map[string]any{"jsonrpc": mcp.JSONRPC_VERSION, "id": 0, "method": m.method, "params": params})
}

// wantsReply reports whether the client gets an answer. Requests and invalid
// messages get one, notifications and responses none.
func (m *message) wantsReply() bool {
	notification := m.id == nil && m.method != ""
	return !notification && !m.response
}

// looksUp reports whether the answer may wait for a look-up.
func (m *message) looksUp() bool {
	return m.method == string(mcp.MethodToolsCall) || m.method == string(mcp.MethodResourcesRead)
}

// isID reports whether MCP allows v as an id or a progress token.
func isID(v json.RawMessage) bool {
	return (v[0] == '"' || v[0] == '-' || v[0] >= '0' && v[0] <= '9') && utf8.Valid(v)
}

// packet is one message, or a JSON-RPC batch; 2026-07-28 has none.
type packet struct {
	messages []message
	batch    bool
}

// trim removes white space and byte order marks around a packet.
func trim(raw []byte) []byte {
	return bytes.TrimFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

// parsePacket reads a trimmed packet. The error is errNotJSON or errBatch.
func parsePacket(raw []byte) (packet, error) {
	if !bytes.HasPrefix(raw, []byte("[")) {
		m, err := parseMessage(raw)
		return packet{messages: []message{m}}, err
	}
	// An array, not a slice: elements beyond its length are skipped and take no memory.
	var elements [maxBatch + 1]json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return packet{}, errNotJSON
	}
	n := slices.IndexFunc(elements[:], func(e json.RawMessage) bool { return e == nil })
	if n < 1 {
		return packet{}, errBatch
	}
	p := packet{batch: true}
	for _, e := range elements[:n] {
		m, _ := parseMessage(e) // an invalid element is answered as an invalid request
		p.messages = append(p.messages, m)
	}
	return p, nil
}

// refusePacket is the answer to a packet that parsePacket could not read.
func refusePacket(err error) answer {
	code := mcp.PARSE_ERROR
	if errors.Is(err, errBatch) {
		code = mcp.INVALID_REQUEST
	}
	return errorResponse(nil, code, err.Error())
}

// replies counts the messages that want a reply.
func (p packet) replies() int64 {
	var n int64
	for i := range p.messages {
		if p.messages[i].wantsReply() {
			n++
		}
	}
	return n
}

// modern reports whether any request is of revision 2026-07-28 or later.
func (p packet) modern() bool {
	return slices.ContainsFunc(p.messages, func(m message) bool { return m.modern() })
}
