package serve

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// request is a request of a test; header lines are "Name: value".
func request(method, path, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return r
}

const callWithProgress = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":"659902c1000000002200361b"},"_meta":{"progressToken":5}}}`

// What a client takes decides whether progress comes before the result.
func TestAccept(t *testing.T) {
	h := side(t, sampleServer(t), false)
	for _, c := range []struct {
		name    string
		accept  []string
		streams bool
	}{
		{"both on one line", []string{"application/json, text/event-stream"}, true},
		{"both on two lines", []string{"application/json", "text/event-stream"}, true},
		{"in capitals", []string{"APPLICATION/JSON, Text/Event-Stream"}, true},
		{"anything", []string{"*/*"}, true},
		{"any text", []string{"application/json, text/*"}, true},
		{"with a quality", []string{"application/json;q=0.9, text/event-stream;q=0.1"}, true},
		{"streams alone", []string{"text/event-stream"}, true},
		{"streams and no JSON", []string{"*/*, application/json;q=0"}, true},
		{"JSON alone", []string{"application/json"}, false},
		{"no streams", []string{"application/json, text/event-stream;q=0"}, false},
		{"no streams in other spelling", []string{"application/json", "text/event-stream; Q=0.000"}, false},
		{"anything but streams", []string{"*/*, text/event-stream;q=0"}, false},
		{"a name that begins alike", []string{"application/json, text/event-streams"}, false},
		{"nothing", nil, false},
	} {
		var lines []string
		for _, a := range c.accept {
			lines = append(lines, "Accept: "+a)
		}
		w := h.serve(request("POST", "/mcp", callWithProgress, lines...))
		if w.Code != http.StatusOK {
			t.Errorf("%s: status %d, want 200", c.name, w.Code)
		}
		if got := strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream"); got != c.streams {
			t.Errorf("%s: the answer is %s, want a stream: %v", c.name, w.Header().Get("Content-Type"), c.streams)
		}
		notifications := 0
		if c.streams {
			notifications = 2
		}
		if got := strings.Count(w.Body.String(), `"progress":`); got != notifications {
			t.Errorf("%s: %d notifications, want %d", c.name, got, notifications)
		}
		if want := `"structuredContent"`; !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: the answer is %.300s, want %s in it", c.name, w.Body, want)
		}
	}
}

// A client that takes event streams alone gets even an answer without progress
// on one.
func TestStreamsAlone(t *testing.T) {
	h := side(t, sampleServer(t), false)
	w := h.serve(request("POST", "/mcp", ping, "Accept: text/event-stream"))
	if got, want := w.Body.String(), "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}\n\n"; got != want {
		t.Errorf("the answer is %q, want %q", got, want)
	}
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s of a stream: got %q, want %q: proxies must pass events on at once", name, got, want)
		}
	}
}

func TestPathsAndContents(t *testing.T) {
	for _, token := range []string{"", "secret"} {
		h := side(t, sampleServer(t), false)
		var authorized []string
		if token != "" {
			h.Authorized = func(s string) bool { return s == token }
			authorized = []string{"Authorization: Bearer " + token}
		}
		for _, c := range []struct {
			name, method, path, body string
			header                   []string
			status                   int
		}{
			{"/mcp/", "POST", "/mcp/", ping, authorized, 200},
			{"GET /mcp/", "GET", "/mcp/", "", authorized, 405},
			{"something under /mcp/", "POST", "/mcp/x", ping, authorized, 404},
			{"the resource's metadata", "GET", "/.well-known/oauth-protected-resource", "", nil, 404},
			{"the metadata of /mcp", "GET", "/.well-known/oauth-protected-resource/mcp", "", nil, 404},
			{"the authorization server's", "GET", "/.well-known/oauth-authorization-server", "", authorized, 404},
			{"OpenID's", "GET", "/.well-known/openid-configuration", "", nil, 404},
			{"a registration", "POST", "/register", "{}", nil, 404},
			{"a form", "POST", "/token", "grant_type=x", []string{"Content-Type: application/x-www-form-urlencoded"}, 404},
			{"the root", "GET", "/", "", nil, 404},
			{"the other transport", "GET", "/sse", "", nil, 404},
			{"a gzip body", "POST", "/mcp", "\x1f\x8b", append([]string{"Content-Encoding: gzip"}, authorized...), 415},
			{"a body as it is", "POST", "/mcp", ping, append([]string{"Content-Encoding: identity"}, authorized...), 200},
			{"a BOM before a body", "POST", "/mcp", "\ufeff" + ping, authorized, 200},
			{"a BOM before a batch", "POST", "/mcp", "\ufeff[" + ping + "]", authorized, 200},
			{"health", "GET", "/healthz", "", nil, 200},
			{"a long body", "POST", "/mcp", strings.Repeat(" ", maxMessage) + ping, authorized, 413},
		} {
			if w := h.serve(request(c.method, c.path, c.body, c.header...)); w.Code != c.status {
				t.Errorf("%s, with the token %q: status %d %.100s, want %d", c.name, token, w.Code, w.Body, c.status)
			}
		}
	}
	h := side(t, sampleServer(t), false)
	h.Authorized = func(string) bool { return false }
	for path, method := range map[string]string{"/mcp": "POST", "/mcp/": "POST", "/metrics": "GET"} {
		if w := h.serve(request(method, path, ping)); w.Code != http.StatusUnauthorized {
			t.Errorf("%s without the token: status %d, want 401", path, w.Code)
		}
	}
}

// The limit's words are made of the limit.
func TestTheLimitIsSaid(t *testing.T) {
	h := side(t, sampleServer(t), false)
	w := h.post("/mcp", strings.Repeat(" ", maxMessage+1))
	if got, want := w.Body.String(), "the message is longer than 1 MiB\n"; got != want {
		t.Errorf("a long body gets %q, want %q", got, want)
	}
}

// An IPv6 address is in brackets in a Host header, with a port or without.
func TestHostsInBrackets(t *testing.T) {
	for _, c := range []struct {
		allowed []string
		host    string
		want    bool
	}{
		{nil, "[::1]", true}, {nil, "[::1]:8080", true}, {nil, "[2001:db8::1]", false},
		{[]string{"[2001:db8::1]"}, "[2001:db8::1]", true}, {[]string{"[2001:db8::1]"}, "[2001:db8::1]:8080", true}, {[]string{"[2001:db8::1]"}, "[::1]", false},
	} {
		if got := hostAllowed(c.allowed, c.host); got != c.want {
			t.Errorf("hostAllowed(%q, %q): got %t, want %t", c.allowed, c.host, got, c.want)
		}
	}
}

// Probes call by the address of a pod.
func TestHealthTakesAnyHost(t *testing.T) {
	h := side(t, sampleServer(t), false)
	for path, status := range map[string]int{"/healthz": 200, "/metrics": 403, "/mcp": 403} {
		r := request("GET", path, "")
		r.Host = "10.1.2.3:8080"
		if w := h.serve(r); w.Code != status {
			t.Errorf("%s by the address of a pod: status %d, want %d", path, w.Code, status)
		} else if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("X-Content-Type-Options of %s: got %q, want nosniff: no page loads it as a script", path, got)
		}
	}
}

func TestRevisionsInTheHeader(t *testing.T) {
	h := side(t, sampleServer(t), false)
	const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}`
	const listed = `"supported":["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"]`
	for _, c := range []struct {
		header, body string
		status       int
		want         string
	}{
		{"2099-01-01", ping, 400, listed},
		{"2020-01-01", ping, 400, listed},
		{"yesterday", ping, 400, listed},
		{"2099-01-01", "[" + ping + "]", 400, listed},
		{"2099-01-01", strings.Replace(modernCall, "2026-07-28", "2099-01-01", 1), 400, listed},
		{"2099-01-01", initialize, 200, `"protocolVersion":"2025-06-18"`},
		{"2026-07-28", initialize, 200, `"protocolVersion":"2025-06-18"`},
		{"yesterday", initialize, 200, `"protocolVersion":"2025-06-18"`},
		{"2025-06-18", ping, 200, `"result":{}`},
		{"2024-11-05", ping, 200, `"result":{}`},
		{"2026-07-28", ping, 400, "params._meta lacks"},
	} {
		w := h.serve(request("POST", "/mcp", c.body, "Mcp-Protocol-Version: "+c.header))
		if w.Code != c.status {
			t.Errorf("%s with %.80s: status %d, want %d", c.header, c.body, w.Code, c.status)
		}
		if !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s with %.80s: the answer is %.300s, want %s in it", c.header, c.body, w.Body, c.want)
		}
	}
}

// An answer that comes after its client has left is not written: the response
// is not ours any more.
func TestAnAnswerAfterItsStream(t *testing.T) {
	h := side(t, sampleServer(t), true)
	ctx, leave := context.WithCancel(t.Context())
	w := httptest.NewRecorder()
	left := make(chan struct{})
	go func() {
		h.openStream(w, request("GET", "/sse", "").WithContext(ctx))
		close(left)
	}()
	var client *sseClient
	eventually(t, "the stream is open", func() bool {
		h.streams.Range(func(_, c any) bool { client = c.(*sseClient); return false })
		return client != nil
	})
	leave()
	<-left
	before := w.Body.String()
	client.write(answer{json: [][]byte{[]byte(ping)}})
	if got := w.Body.String(); got != before {
		t.Errorf("the stream is %q, want %q", got, before)
	}
}

// The bearer token is also taken from X-API-Key.
func TestAPIKeyHeader(t *testing.T) {
	h := side(t, sampleServer(t), false)
	h.Authorized = func(s string) bool { return s == "secret" }
	for _, c := range []struct {
		header []string
		status int
	}{
		{[]string{"X-API-Key: secret"}, 200},
		{[]string{"x-api-key: secret"}, 200},
		{[]string{"X-API-Key: secre"}, 401},
		{[]string{"X-API-Key: "}, 401},
		{[]string{"X-API-Key: Bearer secret"}, 401},
		{[]string{"X-API-Key: secret", "Authorization: Bearer of-a-proxy"}, 200},
		{[]string{"X-API-Key: of-a-proxy", "Authorization: Bearer secret"}, 200},
		{nil, 401},
	} {
		if w := h.serve(request("POST", "/mcp", ping, c.header...)); w.Code != c.status {
			t.Errorf("%q: status %d, want %d", c.header, w.Code, c.status)
		}
	}
}
