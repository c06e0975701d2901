package serve

import (
	"net/http"
	"strings"
	"testing"
)

const (
	modernRevision = "Mcp-Protocol-Version: 2026-07-28"
	modernMethod   = "Mcp-Method: tools/call"
	modernName     = "Mcp-Name: get_blogger_profile"
)

func TestRevisionsOverHTTP(t *testing.T) {
	h := side(t, sampleServer(t), false)
	missing := `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://blogger/5a3e1e0000000000000000e1/raw"}}`
	modernMissing := strings.Replace(missing, `raw"}`, `raw","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}`, 1)
	const modern = `"resultType":"complete"`
	for _, c := range []struct {
		name, body string
		header     []string
		status     int
		want       string
	}{
		{"said twice in a line", ping, []string{"Mcp-Protocol-Version: 2025-11-25, 2025-11-25"}, 200, `"result":{}`},
		{"said twice without a blank", ping, []string{"Mcp-Protocol-Version: 2025-11-25,2025-11-25"}, 200, `"result":{}`},
		{"said three times", ping, []string{"Mcp-Protocol-Version: 2025-11-25, 2025-11-25, 2025-11-25"}, 200, `"result":{}`},
		{"said on two lines", ping, []string{"Mcp-Protocol-Version: 2025-11-25", "Mcp-Protocol-Version: 2025-11-25"}, 200, `"result":{}`},
		{"two in a line", ping, []string{"Mcp-Protocol-Version: 2025-11-25, 2025-06-18"}, 400, "-32020"},
		{"two on two lines", ping, []string{"Mcp-Protocol-Version: 2025-11-25", "Mcp-Protocol-Version: 2025-06-18"}, 400, "-32020"},
		{"two eras", modernCall, []string{"Mcp-Protocol-Version: 2025-11-25, 2026-07-28", modernMethod, modernName}, 400, "-32020"},
		{"an unknown one twice", ping, []string{"Mcp-Protocol-Version: 2020-01-01, 2020-01-01"}, 400, "-32022"},

		{"2026-07-28", modernCall, []string{modernRevision, modernMethod, modernName}, 200, modern},
		{"2026-07-28 twice", modernCall, []string{modernRevision + ", 2026-07-28", modernMethod, modernName}, 200, modern},
		{"the method and the name twice", modernCall, []string{modernRevision, modernMethod, modernMethod, modernName, modernName}, 200, modern},
		{"two methods", modernCall, []string{modernRevision, modernMethod, "Mcp-Method: ping", modernName}, 400, "-32020"},
		{"two names", modernCall, []string{modernRevision, modernMethod, modernName, "Mcp-Name: x"}, 400, "-32020"},
		{"another name first", modernCall, []string{modernRevision, modernMethod, "Mcp-Name: x", modernName}, 400, "-32020"},
		{"no header", modernCall, nil, 400, "-32020"},
		{"a header without _meta", call(1, documentedID), []string{modernRevision, modernMethod, modernName}, 400, "-32602"},
		{"a later header", modernCall, []string{"Mcp-Protocol-Version: 2099-01-01", modernMethod, modernName}, 400, "-32022"},
		{"Last-Event-ID", modernCall, []string{modernRevision, modernMethod, modernName, "Last-Event-ID: 7"}, 200, modern},
		{"Last-Event-ID before 2026-07-28", ping, []string{"Mcp-Protocol-Version: 2025-11-25", "Last-Event-ID: 7"}, 200, `"result":{}`},

		{"an older header", modernCall, []string{"Mcp-Protocol-Version: 2025-11-25"}, 200, `"structuredContent"`},
		{"an older header twice", modernCall, []string{"Mcp-Protocol-Version: 2025-11-25, 2025-11-25"}, 200, `"structuredContent"`},
		{"the oldest header", modernCall, []string{"Mcp-Protocol-Version: 2024-11-05"}, 200, `"structuredContent"`},
		{"an unknown older header", modernCall, []string{"Mcp-Protocol-Version: 2020-01-01"}, 400, "-32022"},
		{"an older header with a later _meta", strings.Replace(modernCall, "2026-07-28", "2099-01-01", 1), []string{"Mcp-Protocol-Version: 2025-11-25"}, 400, "-320"},

		{"an older header with another older _meta", strings.Replace(modernCall, "2026-07-28", "2025-06-18", 1), []string{"Mcp-Protocol-Version: 2025-11-25"}, 400, "-32020"},
		{"an older header with the same _meta", strings.Replace(modernCall, "2026-07-28", "2025-11-25", 1), []string{"Mcp-Protocol-Version: 2025-11-25"}, 200, `"structuredContent"`},
		{"a batch with an older header and another older _meta", "[" + ping + "," + strings.Replace(modernCall, "2026-07-28", "2024-11-05", 1) + "]", []string{"Mcp-Protocol-Version: 2025-03-26"}, 400, "-32020"},

		{"a batch", "[" + modernCall + "]", []string{modernRevision, modernMethod, modernName}, 400, "-32600"},
		{"a batch without a header", "[" + ping + "," + modernCall + "]", nil, 400, "-32600"},
		{"a batch of others", "[" + ping + "]", []string{modernRevision}, 400, "-32600"},
		{"a batch with an older header", "[" + modernCall + "]", []string{"Mcp-Protocol-Version: 2025-03-26"}, 200, `"structuredContent"`},

		{"a resource that is not there", modernMissing, []string{modernRevision, "Mcp-Method: resources/read", "Mcp-Name: pgy://blogger/5a3e1e0000000000000000e1/raw"}, 400, `"code":-32602,"message":"not_found: `},
		{"such a resource before 2026-07-28", missing, []string{"Mcp-Protocol-Version: 2025-11-25"}, 200, `"code":-32603,"message":"not_found: `},
	} {
		w := h.serve(request(http.MethodPost, "/mcp", c.body, c.header...))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d %.400s, want %d with %s in it", c.name, w.Code, w.Body, c.status, c.want)
		}
		if c.want == `"structuredContent"` && strings.Contains(w.Body.String(), modern) {
			t.Errorf("%s: the answer is one of 2026-07-28, want one of the header's revision: %.200s", c.name, w.Body)
		}
	}
}

// A batch of 2026-07-28 is refused before anything is looked up.
func TestABatchOf2026PaysNothing(t *testing.T) {
	source := &counting{}
	s := serverOver(t, source)
	h := side(t, s, false)
	batch := "[" + modernCall + "," + call(2, documentedID) + "]"
	for _, header := range [][]string{nil, {modernRevision}, {modernRevision, modernMethod, modernName}} {
		if w := h.serve(request(http.MethodPost, "/mcp", batch, header...)); w.Code != http.StatusBadRequest {
			t.Errorf("the batch with %q gets %d %.300s, want 400", header, w.Code, w.Body)
		}
	}
	if got := s.overStdio(t, strings.NewReader(batch)); !strings.Contains(got, `"code":-32600`) || strings.Count(got, "jsonrpc") != 1 {
		t.Errorf("the batch on stdio is answered %.300s, want one refusal", got)
	}
	if n := source.asked.Load(); n != 0 {
		t.Errorf("%d look-ups, want none", n)
	}
}

// HTTP+SSE does not have the revision 2026-07-28.
func TestSSEDoesNotServe2026(t *testing.T) {
	source := &counting{}
	s := serverOver(t, source)
	h := side(t, s, true)
	c, end := openStream(t, h)
	defer end()
	for message, want := range map[string]string{
		modernCall: `"code":-32022`,
		strings.Replace(modernCall, `"tools/call"`, `"tools/list"`, 1): `"code":-32022`,
		"[" + modernCall + "]": `"code":-32600`,
		ping:                   `"result":{}`,
	} {
		h.post("/message?sessionId="+c.id, message)
		eventually(t, "the answer to "+message+" has "+want, func() bool { return strings.Contains(c.text(), want) })
	}
	if n := source.asked.Load(); n != 0 {
		t.Errorf("%d look-ups, want none", n)
	}
	if strings.Contains(c.text(), "2026-07-28\"]") || strings.Contains(c.text(), `"supported":["2026-07-28"`) {
		t.Errorf("the refusals are %.600s, want no 2026-07-28 among the supported revisions", c.text())
	}
}
