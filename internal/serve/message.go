package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

const (
	// maxMessage bounds what a client sends at once, in bytes.
	maxMessage = 4 << 20
	// maxBatch bounds the messages of one batch.
	maxBatch = 100
)

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
		URI       string          `json:"uri"`
		RequestID json.RawMessage `json:"requestId"`
		Meta      struct {
			ProgressToken   json.RawMessage `json:"progressToken"`
			ProtocolVersion string          `json:"io.modelcontextprotocol/protocolVersion"`
		} `json:"_meta"`
	} `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// parseMessage reads one message. Members of another type than expected count
// as absent; the library judges them.
func parseMessage(raw json.RawMessage) (message, error) {
	m := message{raw: raw}
	var other *json.UnmarshalTypeError
	err := json.Unmarshal(raw, &m)
	if err != nil && !errors.As(err, &other) {
		return m, errors.New("the message is not valid JSON")
	}
	m.intact = err == nil
	return m, nil
}

// isCancellation reports a client's word that it waits no longer.
func (m *message) isCancellation() bool {
	return m.ID == nil && m.Method == "notifications/cancelled"
}

// due reports whether the client is to get an answer: to a request, and to
// what is no JSON-RPC message. Notifications and responses get none, whatever
// they say.
func (m *message) due() bool {
	notification := m.ID == nil && m.Method != ""
	response := m.Method == "" && (m.Result != nil || m.Error != nil)
	return !notification && !response
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

// packet is what a client sends at once: one message or a JSON-RPC batch of
// them, which the revisions before 2025-06-18 know.
type packet struct {
	messages []message
	batch    bool
}

// parsePacket reads what a client sent, without white space around it. The
// error is for the client.
func parsePacket(raw []byte) (packet, error) {
	if !bytes.HasPrefix(raw, []byte("[")) {
		m, err := parseMessage(raw)
		return packet{messages: []message{m}}, err
	}
	refusal := errors.New("the batch is empty, longer than 100 messages or not valid JSON")
	if !json.Valid(raw) {
		return packet{}, refusal
	}
	p := packet{batch: true}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := d.Token() // the opening bracket
	for err == nil && d.More() {
		var element json.RawMessage
		err = d.Decode(&element)
		if err != nil || len(p.messages) == maxBatch {
			return packet{}, refusal
		}
		// An element that is no message at all is answered as an invalid one.
		m, _ := parseMessage(element)
		p.messages = append(p.messages, m)
	}
	if len(p.messages) == 0 {
		return packet{}, refusal
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

// answer puts the answers to each message together, nil where none is due.
// Those to a batch are made side by side.
func (p packet) answer(each func(i int, m message) []byte) []byte {
	if !p.batch {
		return each(0, p.messages[0])
	}
	answers := make([][]byte, len(p.messages))
	var wg sync.WaitGroup
	for i, m := range p.messages {
		wg.Go(func() { answers[i] = each(i, m) })
	}
	wg.Wait()
	joined := []byte{'['}
	for _, a := range answers {
		if a == nil {
			continue
		}
		if len(joined) > 1 {
			joined = append(joined, ',')
		}
		joined = append(joined, a...)
	}
	if len(joined) == 1 {
		return nil
	}
	return append(joined, ']')
}
