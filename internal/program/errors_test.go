package program

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"pgy-mcp/internal/testkit"
)

// Every code of the upstream, under three HTTP statuses, as a caller reads it.
func TestEveryCodeInWords(t *testing.T) {
	for _, c := range []struct {
		code                    int
		kind, retryable, billed string
		requests                int64
	}{
		{100, "token_invalid", "no, operator", "no", 1},
		{101, "upstream_error", "yes", "no", 1},
		{201, "not_found", "no", "yes", 1},
		{202, "rate_limited", "yes, after", "no", 3},
		{300, "upstream_error", "yes", "no", 1},
		{301, "collection_failed", "yes, a few times; can last for one id", "no", 3},
		{302, "rate_limited", "yes, after", "no", 3},
		{303, "quota_exceeded", "no, until 00:00 Asia/Shanghai", "no", 1},
		{400, "invalid_parameters", "no", "no", 1},
		{404, "not_found", "no", "no", 1},
		{500, "upstream_error", "yes", "no", 1},
		{503, "upstream_error", "yes", "no", 3},
		{600, "permission_denied", "no, operator", "no", 1},
		{601, "insufficient_balance", "no, operator", "no", 1},
		{602, "token_limit_reached", "no, operator", "no", 1},
		{999, "upstream_error", "yes", "no", 1},
	} {
		statuses := []int{200, 400, 502}
		if c.requests > 1 {
			statuses = []int{502} // these take their time, and the package upstream has the rest
		}
		for _, status := range statuses {
			t.Run(fmt.Sprintf("%d under %d", c.code, status), func(t *testing.T) {
				t.Parallel()
				var requests atomic.Int64
				u := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					requests.Add(1)
					w.WriteHeader(status)
					fmt.Fprintf(w, `{"code":%d,"data":null,"message":"upstream words","requestId":"r-1"}`, c.code)
				}))
				defer u.Close()
				s := start(t, withToken(), "-upstream", u.URL, "-rate", "1000", "-log-level", "error")
				s.send(testkit.Call(1, testkit.DocumentedID))
				line := s.line()
				text := onlyText(t, line)
				lines := strings.Split(text, "\n")
				if len(lines) != 4 {
					t.Fatalf("the failure: got %d lines, want 4: %q", len(lines), lines)
				}
				testkit.Contains(t, "line 1 of the failure", lines[0], c.kind+": ", fmt.Sprintf("(code %d)", c.code))
				testkit.Contains(t, "line 2 of the failure", lines[1], "Retryable: "+c.retryable, " Billed: "+c.billed+".")
				testkit.Contains(t, "line 3 of the failure", lines[2], "Next step: ")
				testkit.Equal(t, "line 4 of the failure", lines[3], "Request ID: r-1")
				testkit.Equal(t, "isError of the failure", parse(t, line).Result.IsError, true)
				testkit.Lacks(t, "the text of the failure", text, "upstream words")
				testkit.Equal(t, "requests that the upstream got", requests.Load(), c.requests)
			})
		}
	}
}

// An upstream that echoes the request gives the token to nobody.
func TestTheTokenStaysInside(t *testing.T) {
	for i, spelling := range testkit.Spellings() {
		answers := map[string]http.HandlerFunc{
			"profile": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Echo", spelling)
				fmt.Fprintf(w, `{"code":0,"requestId":"%s","message":"%s","data":{"userId":%q,"name":"%s","personalTags":["a %s b"],"x":{"url":"https://h/?token=%s&userId=1"}}}`,
					spelling, spelling, r.URL.Query().Get("userId"), spelling, spelling, spelling)
			},
			"failure": func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `{"code":500,"requestId":"%s","message":"%s","data":"%s"}`, spelling, spelling, spelling)
			},
			"page": func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(502)
				fmt.Fprintf(w, "<html>%s</html>", spelling)
			},
			"redirect": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/"+url.QueryEscape(testkit.Canary))
				w.WriteHeader(302)
			},
			"cut": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100000")
				fmt.Fprint(w, spelling)
			},
		}
		for name, answer := range answers {
			t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
				t.Parallel()
				u := httptest.NewServer(answer)
				defer u.Close()
				env := map[string]string{"JUSTONEAPI_TOKEN": testkit.Canary}
				flags := []string{"-upstream", u.URL, "-log-level", "debug", "-rate", "1000"}
				s := start(t, env, flags...)
				s.send(strings.Replace(testkit.Call(1, testkit.DocumentedID), `"}}`, `","raw":"full"}}`, 1), `{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"pgy://blogger/`+testkit.DocumentedID+`/raw"}}`)
				said := s.line() + s.line() + s.log()
				_, out, errs := runOnce(t, env, append([]string{"profile", "-json", "-log-format", "json"}, append(flags, testkit.DocumentedID)...)...)
				said += out + errs
				testkit.Lacks(t, "all answers and logs", said, testkit.Spellings()...)
			})
		}
	}
}
