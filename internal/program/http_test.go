package program

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
)

// web is the program serving HTTP to a test.
type web struct {
	t      *testing.T
	base   string
	stderr *lockedBuffer
	cancel context.CancelFunc
	status chan int
}

var listening = regexp.MustCompile(`msg=listening addr=(\S+)`)

func startHTTP(t *testing.T, env map[string]string, args ...string) *web {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w := &web{t: t, stderr: &lockedBuffer{}, cancel: cancel, status: make(chan int, 1)}
	args = append([]string{"-transport", "http", "-addr", "127.0.0.1:0"}, args...)
	go func() {
		w.status <- run(ctx, args, env, strings.NewReader(""), io.Discard, w.stderr)
	}()
	t.Cleanup(cancel)
	testkit.Eventually(t, "the server listens", func() bool {
		m := listening.FindStringSubmatch(w.stderr.String())
		if m != nil {
			w.base = "http://" + m[1]
		}
		return m != nil
	})
	return w
}

// log ends the program and gives all that it logged.
func (w *web) log() string {
	w.t.Helper()
	w.cancel()
	select {
	case <-w.status:
	case <-time.After(testkit.Patience):
		w.t.Fatalf("the server is there after %s, want its end; the log:\n%s", testkit.Patience, w.stderr)
	}
	return w.stderr.String()
}

// do makes one request; header lines are "Name: value".
func (w *web) do(method, path, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.base+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			r.Host = value
		} else {
			r.Header.Set(name, value)
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatalf("%s %s ends with %v, want a response", method, path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatalf("the body of %s %s ends with %v, want its end", method, path, err)
	}
	return resp, string(b)
}

const (
	modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"progressToken":5}`
	modernCall = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":"` + testkit.DocumentedID + `"},` + modernMeta + `}}`
	modernEra  = "Mcp-Protocol-Version: 2026-07-28"
)

func TestHTTPStatuses(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample", "-allowed-origins", "https://Good.example")
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string
	}{
		{"a call", "POST", "/mcp", testkit.Call(1, testkit.DocumentedID), nil, 200, `"structuredContent"`},
		{"a bad call", "POST", "/mcp", testkit.Call(1, "4639645438"), nil, 200, "invalid_argument"},
		{"a notification", "POST", "/mcp", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, nil, 202, ""},
		{"a batch", "POST", "/mcp", "[" + testkit.Ping + "]", nil, 200, `[{"jsonrpc"`},
		{"no JSON", "POST", "/mcp", "{", nil, 400, "-32700"},
		{"GET", "GET", "/mcp", "", nil, 405, ""},
		{"DELETE", "DELETE", "/mcp", "", nil, 405, ""},
		{"text/plain", "POST", "/mcp", testkit.Ping, []string{"Content-Type: text/plain"}, 415, ""},
		{"too large", "POST", "/mcp", strings.Repeat(" ", 1<<20+1), nil, 413, ""},
		{"an unknown revision", "POST", "/mcp", testkit.Ping, []string{"Mcp-Protocol-Version: 2020-01-01"}, 400, `"supported":["2026-07-28"`},
		{"health", "GET", "/healthz", "", nil, 200, "ok"},
		{"another Host", "POST", "/mcp", testkit.Ping, []string{"Host: evil.example"}, 403, "-allowed-hosts"},
		{"a look-alike Host", "POST", "/mcp", testkit.Ping, []string{"Host: 127.0.0.1.evil.example"}, 403, ""},
		{"localhost", "POST", "/mcp", testkit.Ping, []string{"Host: localhost:1"}, 200, ""},
		{"another Origin", "POST", "/mcp", testkit.Ping, []string{"Origin: https://evil.example"}, 403, "-allowed-origins"},
		{"another Origin's GET", "GET", "/metrics", "", []string{"Origin: https://evil.example"}, 403, ""},
		{"Origin null", "POST", "/mcp", testkit.Ping, []string{"Origin: null"}, 403, ""},
		{"a page's GET without Origin", "GET", "/metrics", "", []string{"Sec-Fetch-Site: cross-site"}, 403, ""},
		{"a listed Origin", "POST", "/mcp", testkit.Ping, []string{"Origin: https://good.example"}, 200, "result"},
		{"its preflight", "OPTIONS", "/mcp", "", []string{"Origin: https://good.example", "Access-Control-Request-Method: POST"}, 204, ""},
		{"another's preflight", "OPTIONS", "/mcp", "", []string{"Origin: https://evil.example", "Access-Control-Request-Method: POST"}, 403, ""},
		{"2026-07-28", "POST", "/mcp", modernCall, []string{modernEra, "Mcp-Method: tools/call", "Mcp-Name: get_blogger_profile"}, 200, `"resultType":"complete"`},
		{"without its header", "POST", "/mcp", modernCall, nil, 400, "-320"},
		{"another method's header", "POST", "/mcp", modernCall, []string{modernEra, "Mcp-Method: ping", "Mcp-Name: get_blogger_profile"}, 400, "-320"},
		{"another name's header", "POST", "/mcp", modernCall, []string{modernEra, "Mcp-Method: tools/call", "Mcp-Name: x"}, 400, "-320"},
		{"a method that 2026-07-28 removed", "POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{` + modernMeta + `}}`, []string{modernEra, "Mcp-Method: ping"}, 404, "-32601"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, body := w.do(c.method, c.path, c.body, c.header...)
			what := fmt.Sprintf("%s %s with %q", c.method, c.path, c.header)
			testkit.Equal(t, "the status of "+what, resp.StatusCode, c.status)
			testkit.Contains(t, "the body of "+what, body, c.want)
			allowed := ""
			if strings.Contains(strings.Join(c.header, ""), "good.example") {
				allowed = "https://good.example"
			}
			testkit.Equal(t, "Access-Control-Allow-Origin of "+what, resp.Header.Get("Access-Control-Allow-Origin"), allowed)
			if c.status == 405 {
				testkit.Equal(t, "Allow of "+what, resp.Header.Get("Allow"), "POST")
			}
		})
	}
}

func TestBearerToken(t *testing.T) {
	w := startHTTP(t, map[string]string{"PGY_MCP_AUTH_TOKEN": "the-callers-secret"}, "-upstream", "sample")
	for header, status := range map[string]int{
		"Authorization: Bearer the-callers-secret": 200,
		"Authorization: bearer the-callers-secret": 200,
		"Authorization: Bearer the-callers-secre":  401,
		"Authorization: the-callers-secret":        401,
		"X: y":                                     401,
	} {
		resp, _ := w.do("POST", "/mcp?token=the-callers-secret&access_token=the-callers-secret", testkit.Ping, header)
		testkit.Equal(t, "the status of a POST with "+header, resp.StatusCode, status)
		if got := resp.Header.Get("WWW-Authenticate"); (got != "") != (status == 401) {
			t.Errorf("a POST with %s: got WWW-Authenticate %q, want one with 401 alone", header, got)
		}
	}
	for path, status := range map[string]int{"/metrics": 401, "/healthz": 200, "/.well-known/oauth-protected-resource": 404} {
		resp, _ := w.do("GET", path, "")
		testkit.Equal(t, "the status of GET "+path+" without the token", resp.StatusCode, status)
	}
	log := w.log()
	testkit.Lacks(t, "the log of the server", log, "the-callers-secret")
	testkit.Equal(t, "lines about refusals in the log", strings.Count(log, `msg="request refused" status=401`), 4)
}

// Progress is written out before the result, in both eras.
func TestHTTPProgress(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample", "-log-level", "info")
	legacy := strings.Replace(modernCall, modernMeta, `"_meta":{"progressToken":5}`, 1)
	for name, c := range map[string][]string{
		"legacy": {legacy},
		"modern": {modernCall, modernEra, "Mcp-Method: tools/call", "Mcp-Name: get_blogger_profile"},
	} {
		_, body := w.do("POST", "/mcp", c[0], c[1:]...)
		events := regexp.MustCompile(`(?m)^data: (.*)$`).FindAllStringSubmatch(body, -1)
		if len(events) != 3 {
			t.Fatalf("%s: %d events, want 3: %.600s", name, len(events), body)
		}
		for i, want := range []string{`"progress":0`, `"progress":1`, `"result"`} {
			testkit.Contains(t, fmt.Sprintf("event %d for a %s client", i, name), events[i][1], want)
		}
	}
	// A client that takes no event stream gets the result alone.
	resp, body := w.do("POST", "/mcp", legacy, "Accept: application/json")
	testkit.Equal(t, "Content-Type for a client that takes no event streams", resp.Header.Get("Content-Type"), "application/json")
	testkit.Contains(t, "the body for a client that takes no event streams", body, `{"jsonrpc":"2.0","id":1,"result"`)
}

// Nobody can cancel another client's request of the same id.
func TestHTTPClientsDoNotMeet(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u)...)
	got := make(chan string)
	for n := range 2 {
		go func() {
			_, body := w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(n)))
			got <- body
		}()
	}
	u.WaitFor(t, 2)
	w.do("POST", "/mcp", `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)
	u.Release()
	for range 2 {
		testkit.Contains(t, "the answer after another client's cancellation", <-got, `"billed":true`)
	}
}

// Calls under way are answered; no new call is taken meanwhile.
func TestDraining(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u)...)
	got := make(chan string)
	go func() {
		_, body := w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
		got <- body
	}()
	u.WaitFor(t, 1)
	w.cancel()
	w.waitDraining()
	resp, _ := w.do("POST", "/mcp", testkit.Ping)
	testkit.Equal(t, "the status of a call while the server drains", resp.StatusCode, 503)
	if resp.Header.Get("Retry-After") == "" {
		t.Errorf("a call while the server drains: got the header %v, want a Retry-After", resp.Header)
	}
	u.Release()
	testkit.Contains(t, "the answer to the call that was in flight", <-got, `"billed":true`)
	testkit.Equal(t, "the exit status of the server", <-w.status, 0)
}

func (w *web) waitDraining() {
	w.t.Helper()
	testkit.Eventually(w.t, "health is 503", func() bool {
		resp, _ := w.do("GET", "/healthz", "")
		return resp.StatusCode == 503
	})
}

// A look-up is paid for although its caller has gone: the server waits for it where its
// answer outlives the process, and says so.
func TestDrainingWaitsForLookups(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u, "-wait", "10ms", "-cache-dir", t.TempDir())...)
	if _, body := w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1))); !strings.Contains(body, "pending: ") {
		t.Fatalf("the call is answered %.300s, want pending", body)
	}
	w.cancel()
	w.waitDraining()
	select {
	case status := <-w.status:
		t.Fatalf("the server ended with %d before the look-up did, want it to wait", status)
	default:
	}
	testkit.Eventually(t, "the log says what the server waits for", func() bool { return strings.Contains(w.stderr.String(), " lookups=1 ") })
	u.Release()
	testkit.Equal(t, "the exit status of the server", <-w.status, 0)
	testkit.Lacks(t, "the log of the server", w.stderr.String(), "upstream request failed")
}

func TestMetrics(t *testing.T) {
	u := testkit.NewUpstream(t, nil)
	w := startHTTP(t, withToken(), flags(u, "-budget", "10")...)
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	_, page := w.do("GET", "/metrics", "")
	testkit.Contains(t, "GET /metrics", page,
		`pgy_mcp_calls_total{outcome="ok",tool="get_blogger_profile"} 2`, "pgy_mcp_cache_hits_total 1", "pgy_mcp_cache_misses_total 1", "pgy_mcp_cache_stale_total 0",
		"pgy_mcp_cache_entries 1", `pgy_mcp_upstream_requests_total{outcome="ok",section="profile"} 1`, `pgy_mcp_upstream_billed_total{section="profile"} 1`,
		"pgy_mcp_lookups_in_flight 0", "pgy_mcp_budget_left 9", "\ngo_goroutines ", "\nprocess_resident_memory_bytes ", "\nprocess_open_fds ")
	for line := range strings.Lines(page) {
		name, _, _ := strings.Cut(line, "_")
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "pgy_mcp_") && name != "go" && name != "process" {
			t.Errorf("GET /metrics: got the line %q, want its name to begin with pgy_mcp_, go_ or process_", line)
		}
	}
	log := w.log()
	testkit.Lacks(t, "GET /metrics", page, testkit.BloggerID(1), testkit.Token)
	testkit.Lacks(t, "the log of the server", log, testkit.BloggerID(1), testkit.Token)
	testkit.Equal(t, "lines about calls in the log", strings.Count(log, "msg=call tool=get_blogger_profile outcome=ok"), 2)
}

// That there is no such blogger is remembered: nothing is missing from memory
// the second time.
func TestARememberedNotFoundIsNoMiss(t *testing.T) {
	u := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":201}`) }))
	defer u.Close()
	w := startHTTP(t, withToken(), "-upstream", u.URL)
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	_, page := w.do("GET", "/metrics", "")
	testkit.Contains(t, "GET /metrics", page, "pgy_mcp_cache_misses_total 1\n", "pgy_mcp_cache_hits_total 1\n", `pgy_mcp_upstream_billed_total{section="profile"} 1`)
}

// A client that hangs up cancels its wait; the paid answer is kept.
func TestHTTPClientLeaves(t *testing.T) {
	t.Parallel()
	u := testkit.NewUpstream(t, func(string) bool { return true })
	w := startHTTP(t, withToken(), flags(u)...)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+"/mcp", strings.NewReader(testkit.Call(1, testkit.BloggerID(1))))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	left := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = resp.Body.Close()
		}
		left <- err
	}()
	u.WaitFor(t, 1)
	leave()
	if <-left == nil {
		t.Error("the call that was left is answered, want an error: the upstream had not answered yet")
	}
	testkit.Eventually(t, "the call has ended", func() bool { return strings.Contains(w.stderr.String(), "outcome=pending") })
	u.Release()
	_, body := w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	testkit.Contains(t, "the answer to the next client", body, `"billed":true`)
	testkit.Equal(t, "requests that the upstream got", u.Of(testkit.BloggerID(1)), 1)
}
