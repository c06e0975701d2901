package program

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// echo answers with the request's own URL, as debugging proxies do, in a way
// that the blogger's id picks.
func echo(w http.ResponseWriter, r *http.Request) {
	raw := r.URL.String()
	quoted, _ := json.Marshal(raw)
	token := r.URL.Query().Get("token")
	id := r.URL.Query().Get("userId")
	w.Header().Set("X-Request-Url", raw)
	switch id {
	case testkit.BloggerID(1):
		fmt.Fprintf(w, `{"code":0,"requestId":%q,"message":%s,"data":{"userId":%q,"name":%q,"token":%q,"url":%s,"twice":%q}}`,
			token, quoted, id, token, url.PathEscape(token), quoted, url.QueryEscape(raw))
	case testkit.BloggerID(2):
		fmt.Fprintf(w, `{"code":400,"requestId":%q,"message":%s,"data":%s}`, token, quoted, quoted)
	case testkit.BloggerID(3):
		http.Redirect(w, r, "/again?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
	case testkit.BloggerID(4):
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprintf(w, "<html><a href=%s>%s</a></html>", quoted, token)
	default:
		w.Header().Set("Content-Length", "1000000")
		fmt.Fprintf(w, `{"code":0,"data":{"name":%q`, token)
	}
}

// The token is in no answer, log or metric of the HTTP side, nor in what stdio
// and the commands say with either format of the log.
func TestTheTokenStaysInsideOverHTTP(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			u := httptest.NewServer(http.HandlerFunc(echo))
			defer u.Close()
			env := map[string]string{"JUSTONEAPI_TOKEN": testkit.Canary}
			flags := []string{"-upstream", u.URL, "-rate", "1000", "-log-level", "debug"}
			var said strings.Builder
			w := startHTTP(t, env, flags...)
			ids := make([]string, 5)
			for i := range ids {
				ids[i] = testkit.BloggerID(i + 1)
				resp, body := w.do("POST", "/mcp", strings.Replace(testkit.Call(1, ids[i]), `"}}`, `","raw":"full"}}`, 1))
				fmt.Fprintln(&said, resp.Header, body)
			}
			_, table := w.do("POST", "/mcp", `{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"compare_bloggers","arguments":{"userIds":["`+strings.Join(ids, `","`)+`"],"refresh":true}}}`)
			_, page := w.do("GET", "/metrics", "")
			testkit.Contains(t, "the result of compare_bloggers", table, `"cached":1`)
			testkit.Contains(t, "GET /metrics", page, "pgy_mcp_upstream_requests_total")
			said.WriteString(table + page + w.log())
			s := start(t, env, append([]string{"-log-format", format}, flags...)...)
			for i, id := range ids {
				s.send(testkit.Call(i, id))
				said.WriteString(s.line())
			}
			said.WriteString(s.log())
			for _, command := range []string{"profile", "compare"} {
				_, out, errs := runOnce(t, env, append(append([]string{command, "-log-format", format}, flags...), ids...)...)
				said.WriteString(out + errs)
			}
			testkit.Contains(t, "all answers and logs", said.String(), "REDACTED") // or the upstream does not echo
			testkit.Lacks(t, "all answers and logs", said.String(), testkit.Spellings()...)
		})
	}
}
