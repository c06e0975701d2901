package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"pgy-mcp/tools"

	"github.com/mark3labs/mcp-go/mcp"
)

const (
	// maxMessage is the most bytes that a client may send at once.
	maxMessage = 1 << 20
	// maxBatch is the most messages of one batch.
	maxBatch = 100
)

var (
	tooLong  = fmt.Sprintf("the message is longer than %d MiB", maxMessage>>20)
	badBatch = fmt.Sprintf("the batch is empty, longer than %d messages or not valid JSON", maxBatch)
)

// message is one JSON-RPC message. Ids and tokens keep their spelling: numbers
// above 2^53 must come back unchanged.
type message struct {
	jsonrpc, method string
	id              json.RawMessage
	response        bool // it has a result or an error, and no method
	params          map[string]json.RawMessage
	progressToken   json.RawMessage
	revision        string // that _meta names
	capabilities    bool   // _meta has the client's
	fault           string // why the params cannot be read; "" if they can
}

// parseMessage reads one message. What is no object has no members.
func parseMessage(raw json.RawMessage) (message, error) {
	o, ok := tools.Object(raw)
	if !ok && !json.Valid(raw) {
		return message{}, errors.New("the message is not valid JSON")
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

// stringParams are the params of all methods that are strings.
var stringParams = []string{"name", "uri", "cursor", "protocolVersion"}

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
		m.checkPrompt()
	}
}

// checkPrompt makes strings of a prompt's arguments.
func (m *message) checkPrompt() {
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

// modern reports a request of 2026-07-28 or later.
func (m *message) modern() bool { return mcp.IsModernProtocol(m.revision) }

// forLibrary spells the message for the MCP library: only what it needs, and
// another id.
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

// due reports whether the client is to get an answer: to a request, and to
// what is no JSON-RPC message. Notifications and responses get none, whatever
// they say.
func (m *message) due() bool {
	notification := m.id == nil && m.method != ""
	return !notification && !m.response
}

// looksUp reports what may have to wait for a look-up.
func (m *message) looksUp() bool {
	return m.method == string(mcp.MethodToolsCall) || m.method == string(mcp.MethodResourcesRead)
}

// isID reports what MCP allows as an id and as a progress token.
func isID(v json.RawMessage) bool {
	return v[0] == '"' || v[0] == '-' || v[0] >= '0' && v[0] <= '9'
}

// packet is what a client sends at once: one message or a JSON-RPC batch of
// them, which the revisions before 2025-06-18 know.
type packet struct {
	messages []message
	batch    bool
}

// trimmed takes white space and byte order marks off what a client sent.
func trimmed(raw []byte) []byte {
	return bytes.TrimFunc(raw, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

// parsePacket reads what a client sent, trimmed. The error is for the client.
func parsePacket(raw []byte) (packet, error) {
	if !bytes.HasPrefix(raw, []byte("[")) {
		m, err := parseMessage(raw)
		return packet{messages: []message{m}}, err
	}
	// An array, not a slice: what is over its length costs no memory.
	var elements [maxBatch + 1]json.RawMessage
	err := json.Unmarshal(raw, &elements)
	n := slices.IndexFunc(elements[:], func(e json.RawMessage) bool { return e == nil })
	if err != nil || n < 1 {
		return packet{}, errors.New(badBatch)
	}
	p := packet{batch: true}
	for _, e := range elements[:n] {
		// An element that is no message at all is answered as an invalid one.
		m, _ := parseMessage(e)
		p.messages = append(p.messages, m)
	}
	return p, nil
}

// due is how many answers the client is to get.
func (p packet) due() int64 {
	var n int64
	for i := range p.messages {
		if p.messages[i].due() {
			n++
		}
	}
	return n
}

// answer puts the answers to the messages that are due one together. Those to a
// batch are made side by side.
func (p packet) answer(each func(i int, m message) answer) answer {
	if !p.batch && p.messages[0].due() {
		return each(0, p.messages[0])
	}
	answers := make([]string, len(p.messages))
	var wg sync.WaitGroup
	for i, m := range p.messages {
		if m.due() {
			wg.Go(func() { answers[i] = string(bytes.Join(each(i, m).json, nil)) })
		}
	}
	wg.Wait()
	answers = slices.DeleteFunc(answers, func(a string) bool { return a == "" })
	if len(answers) == 0 {
		return answer{}
	}
	return answer{json: [][]byte{[]byte("[" + strings.Join(answers, ",") + "]")}}
}
