package serve

import (
	"encoding/json"
	"strings"
	"testing"
)

// ask gives the server's answer to one message.
func (s *Server) ask(t *testing.T, line string) string {
	t.Helper()
	p, err := parsePacket(trim([]byte(line)))
	if err != nil {
		return err.Error()
	}
	return s.respond(t.Context(), p, func(_ int, m message, large func()) answer { return s.answer(t.Context(), m, nil, large) }).text()
}

// Names are exact: another spelling of a name is another member.
func TestNamesAreExact(t *testing.T) {
	s := sampleServer(t)
	const id, other = `"userId":"659902c1000000002200361b"`, `"userId":"5a3e1e000000000000000001"`
	for _, c := range []struct{ name, message, want string }{
		{"ID after id", `{"jsonrpc":"2.0","id":1,"ID":2,"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"Id before id", `{"Id":2,"jsonrpc":"2.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"METHOD", `{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"nothing"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`},
		{"JSONRPC", `{"JSONRPC":"2.0","id":1,"method":"ping"}`, `{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid JSON-RPC version"}}`},
		{"Params", `{"jsonrpc":"2.0","id":1,"method":"resources/read","Params":{"uri":"pgy://field-guide"}}`, `"code":-32002`},
		{"URI", `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://field-guide","URI":"pgy://nothing"}}`, `"uri":"pgy://field-guide"`},
		{"Name", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","Name":"x","arguments":{` + id + `}}}`, `"structuredContent"`},
		{"Arguments", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{` + id + `},"Arguments":{` + other + `}}}`, `团子有点咸`},
		{"_META", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_META":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`, `"result":{}`},
		{"a prompt's Name", `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"evaluate_blogger","NAME":"x","arguments":{` + id + `,"brief":"tea"}}}`, `"messages"`},
	} {
		if got := s.ask(t, c.message); !strings.Contains(got, c.want) {
			t.Errorf("%s: the answer is %.300s, want %s in it", c.name, got, c.want)
		}
	}
}

// An id that is not UTF-8 does not come back: strict clients cannot read such a line.
func TestIDsAreUTF8(t *testing.T) {
	s := sampleServer(t)
	const want = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"id must be a string or a number"}}`
	for _, message := range []string{
		"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"ping\"}",
		"{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"nothing\"}",
	} {
		if got := s.ask(t, message); got != want {
			t.Errorf("ask(%q): got %q, want %q", message, got, want)
		}
	}
}

const modernCall = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":"659902c1000000002200361b"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`

// PHP spells an empty object [], wherever there is one.
func TestEmptyObjectsOfPHP(t *testing.T) {
	s := sampleServer(t)
	for _, c := range []struct{ name, message, want string }{
		{"params", `{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}`, `"result":{}`},
		{"params with a blank", `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[ ]}`, `"tools":[`},
		{"_meta", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":[]}}`, `"result":{}`},
		{"capabilities", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":[],"clientInfo":{"name":"t","version":"0"}}}`, `"protocolVersion":"2025-06-18"`},
		{"experimental", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"experimental":[],"roots":[]},"clientInfo":{"name":"t","version":"0"}}}`, `"protocolVersion":"2025-06-18"`},
		{"the capabilities of 2026-07-28", strings.Replace(modernCall, "clientCapabilities\":{}", "clientCapabilities\":[]", 1), `"resultType":"complete"`},
		{"experimental of 2026-07-28", strings.Replace(modernCall, "clientCapabilities\":{}", "clientCapabilities\":{\"experimental\":[]}", 1), `"resultType":"complete"`},
		{"arguments", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":[]}}`, `invalid_argument: userId is missing`},
		{"a prompt's arguments", `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"evaluate_blogger","arguments":[]}}`, `invalid_argument: userId`},
		{"a number in a prompt", `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"shortlist_bloggers","arguments":{"userIds":"659902c1000000002200361b","brief":"tea","budgetCny":50000}}}`, `a budget of 50,000 CNY`},
	} {
		if got := s.ask(t, c.message); !strings.Contains(got, c.want) {
			t.Errorf("%s: the answer is %.300s, want %s in it", c.name, got, c.want)
		}
	}
}

// What is wrong with a message is said in its own words, not in Go's.
func TestWrongTypesNameNoGoType(t *testing.T) {
	s := sampleServer(t)
	for _, method := range []string{"initialize", "ping", "tools/list", "tools/call", "resources/list", "resources/templates/list", "resources/read",
		"prompts/list", "prompts/get", "server/discover", "completion/complete", "logging/setLevel", "resources/subscribe", "tasks/get", "no/such"} {
		for _, params := range []string{`7`, `"x"`, `[1]`, `{"_meta":7}`, `{"_meta":[1]}`, `{"name":7}`, `{"name":[]}`, `{"uri":{}}`, `{"cursor":1}`, `{"protocolVersion":20260728}`,
			`{"capabilities":7}`, `{"capabilities":{"roots":7}}`, `{"clientInfo":7}`, `{"arguments":7}`, `{"name":"evaluate_blogger","arguments":{"userId":{}}}`, `{"level":7}`, `{"ref":7}`, `{"taskId":7}`,
			`{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":7}}`, `{"_meta":{"progressToken":{}}}`} {
			got := s.ask(t, `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":`+params+`}`)
			for _, word := range []string{"Go ", "json:", "unmarshal", "unparsable", "mcp.", "struct"} {
				if strings.Contains(got, `"id":1,"error":`) && strings.Contains(got, word) {
					t.Errorf("%s with %s: the answer is %.300s, want no %q in its error", method, params, got, word)
				}
			}
		}
	}
}

// Clients that want no progress send null as their token.
func TestTokensThatAreNone(t *testing.T) {
	s := sampleServer(t)
	for token, want := range map[string]int{`5`: 1, `"a"`: 1, `null`: 0, `{}`: 0} {
		p, err := parsePacket([]byte(strings.Replace(callWithProgress, `"progressToken":5`, `"progressToken":`+token, 1)))
		if err != nil {
			t.Fatalf("a call with the token %s: got %v, want a packet", token, err)
		}
		sent := 0
		s.answer(t.Context(), p.messages[0], func([]byte) { sent++ }, func() {})
		if min(sent, 1) != want {
			t.Errorf("a call with the token %s: got %d notifications, want some: %t", token, sent, want == 1)
		}
	}
}

// No list changes, so there is nothing to listen to.
func TestNoSubscriptions(t *testing.T) {
	message := strings.Replace(modernCall, `"tools/call"`, `"subscriptions/listen"`, 1)
	if got, want := sampleServer(t).ask(t, message), `"code":-32601`; !strings.Contains(got, want) {
		t.Errorf("subscriptions/listen: the answer is %.300s, want %s in it", got, want)
	}
}

// Byte order marks and white space round a message are none of it.
func TestWhatIsRoundAMessage(t *testing.T) {
	s := sampleServer(t)
	for _, round := range []string{"", "\ufeff", " \ufeff\t", "\ufeff\ufeff"} {
		for message, want := range map[string]string{ping: `"id":"p","result":{}`, "[" + ping + "]": `[{"jsonrpc":"2.0","id":"p","result":{}}]`} {
			if got := s.ask(t, round+message+round); !strings.Contains(got, want) {
				t.Errorf("%q round %s: the answer is %.200s, want %s in it", round, message, got, want)
			}
		}
	}
}

// Line breaks of Unicode are escaped wherever they come from, and mean the same.
func TestUnicodeLineBreaksAreEscaped(t *testing.T) {
	const name = "前\u2028中\u2029后\u0085尾"
	s := serverOver(t, named(name))
	escaped := `前\u2028中\u2029后\u0085尾`
	for what, message := range map[string]string{
		"a call":      call(1, documentedID),
		"raw full":    strings.Replace(call(1, documentedID), `"}}`, `","raw":"full"}}`, 1),
		"a resource":  `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://blogger/` + documentedID + `/raw"}}`,
		"a prompt":    `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"evaluate_blogger","arguments":{"userId":"` + documentedID + `","brief":"` + name + `"}}}`,
		"an id":       `{"jsonrpc":"2.0","id":"` + name + `","method":"ping"}`,
		"an error":    `{"jsonrpc":"2.0","id":"` + name + `","method":"nothing"}`,
		"a tool name": `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + name + `"}}`,
	} {
		m, err := parseMessage([]byte(message))
		if err != nil {
			t.Fatalf("%s is no message: %v, want it read", what, err)
		}
		got := s.answer(t.Context(), m, nil, nil).text()
		if strings.ContainsAny(got, "\u2028\u2029\u0085") {
			t.Errorf("%s: the answer is %.300s, want no line break of Unicode in it", what, got)
		}
		if !strings.Contains(got, escaped) && what != "a call" { // the summary leaves them out
			t.Errorf("%s: the answer is %.600s, want %s in it", what, got, escaped)
		}
		var decoded any
		if err := json.Unmarshal([]byte(got), &decoded); err != nil {
			t.Errorf("%s: the answer is %.300s, want JSON: %v", what, got, err)
		}
	}
	if got := string(progressNotification(json.RawMessage(`"`+name+`"`), 0, 1, "x")); !strings.Contains(got, escaped) {
		t.Errorf("a notification is %.300s, want %s in it", got, escaped)
	}
}

func TestTheLongestBatch(t *testing.T) {
	for n, right := range map[int]bool{0: false, 1: true, maxBatch: true, maxBatch + 1: false, 2 * maxBatch: false} {
		p, err := parsePacket([]byte("[" + strings.TrimSuffix(strings.Repeat("null,", n), ",") + "]"))
		if !right {
			if err == nil {
				t.Errorf("a batch of %d has no error, want one", n)
			}
			continue
		}
		if err != nil {
			t.Errorf("a batch of %d has the error %v, want none", n, err)
		}
		if len(p.messages) != n {
			t.Errorf("a batch of %d has %d messages, want %d", n, len(p.messages), n)
		}
	}
}

// A session forgets a call when it ends, but not a later one of the same id.
func TestCallsInFlight(t *testing.T) {
	var answers []string
	c := newSession(t.Context(), sampleServer(t), writerFunc(func(m string) { answers = append(answers, m) }))
	first, second := c.take(t, call(1, documentedID)), c.take(t, call(1, documentedID))
	first()
	c.take(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)()
	second()
	c.take(t, "[{},"+`{"jsonrpc":"2.0","method":"notifications/cancelled"}`+"]")()
	if len(answers) != 2 {
		t.Fatalf("the answers are %.300q, want 2", answers)
	}
	for i, want := range []string{`"id":1,"result"`, "no method"} { // the first call's, and that to {}
		if !strings.Contains(answers[i], want) {
			t.Errorf("answer %d is %.300s, want %s in it", i, answers[i], want)
		}
	}
	c.requests.Range(func(id, _ any) bool {
		t.Errorf("the call %s counts as in flight after its end, want none", id)
		return true
	})
}
