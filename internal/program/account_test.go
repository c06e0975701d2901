package program

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pgy-mcp/internal/testkit"
)

// bank is an upstream with a balance, which answers look-ups too.
type bank struct {
	*httptest.Server
	asked   atomic.Int64
	balance string // the body of an answer about the balance; "" is HTTP 500
}

func newBank(t *testing.T, balance string) *bank {
	b := &bank{balance: balance}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/user/get-balance":
			_, _ = fmt.Fprintf(w, `{"code":0,"data":{"userId":%q}}`, r.URL.Query().Get("userId"))
			return
		case b.balance == "":
			w.WriteHeader(http.StatusInternalServerError)
		}
		b.asked.Add(1)
		_, _ = fmt.Fprint(w, strings.ReplaceAll(b.balance, "TOKEN", r.URL.Query().Get("token")))
	}))
	t.Cleanup(b.Close)
	return b
}

const balance = `{"code":0,"data":{"balance":"1123.4500","currency":"CNY"},"message":"of TOKEN"}`

// The command tells what the account has, and what all processes asked.
func TestAccountCommand(t *testing.T) {
	b := newBank(t, balance)
	flags := []string{"-upstream", b.URL, "-cache-dir", filepath.Join(t.TempDir(), "cache"), "-budget", "5"}
	env := map[string]string{"JUSTONEAPI_TOKEN": testkit.Canary}
	status, _, log := runOnce(t, env, append(append([]string{"profile"}, flags...), testkit.BloggerID(1), testkit.BloggerID(2))...)
	testkit.Equal(t, "the status of profile; its log: "+log, status, 0)
	for _, c := range []struct {
		more []string
		want []string
	}{
		{nil, []string{"Balance at Just One API: 1,123.45 CNY\n", "Requests in 24 hours, profile: 2 sent, 2 billed\n", "Budget in 24 hours: 5\n", "Requests left: 3 in the 24-hour budget\n", "As of: 2"}},
		{[]string{"-lang", "zh"}, []string{"Just One API 余额：1,123.45 CNY\n", "近24小时请求（profile）：发出 2 次，计费 2 次\n"}},
		{[]string{"-json"}, []string{`{"balance":1123.4500,"currency":"CNY","requests":{"profile":{"sent":2,"billed":2},"performance":{"sent":0,"billed":0},`, `"budget":5,"callsLeft":3,"asOf":"2`}},
	} {
		status, out, log := runOnce(t, env, append(append([]string{"account"}, flags...), c.more...)...)
		testkit.Equal(t, fmt.Sprint("the status of account ", c.more), status, 0)
		testkit.Equal(t, fmt.Sprint("stderr of account ", c.more), log, "")
		testkit.ContainsOnce(t, fmt.Sprint("stdout of account ", c.more), out, c.want...)
		testkit.Lacks(t, "stdout of account", out, testkit.Spellings()...)
	}
}

func TestAccountThatIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"it fails":        {"", "upstream_error: The upstream has an error of its own (HTTP 500). Next step: ask for the balance again in a minute; look-ups do not need it.\n"},
		"it lies":         {`{"code":0,"data":{"balance":"plenty","currency":"CNY"}}`, "bad_response: The upstream's answer cannot be used: its balance is not a plain number with a currency. Next step: "},
		"it is negative":  {`{"code":0,"data":{"balance":-5,"currency":"CNY"}}`, "bad_response: The upstream's answer cannot be used: its balance is not a plain number with a currency. Next step: "},
		"it is the token": {`{"code":0,"data":{"balance":"TOKEN","currency":"CNY"}}`, "bad_response: The upstream's answer cannot be used: its balance is not a plain number with a currency. Next step: "},
		"the token":       {`{"code":100,"message":"TOKEN"}`, "token_invalid: Just One API does not accept this server's token (code 100). Next step: "},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank(t, c.body)
			env := map[string]string{"JUSTONEAPI_TOKEN": testkit.Canary}
			status, out, log := runOnce(t, env, "account", "-upstream", b.URL, "-cache-dir", "off", "-log-level", "debug")
			testkit.Equal(t, "the status", status, 1)
			testkit.HasPrefix(t, "stdout", out, "Balance at Just One API: not known\nRequests in 24 hours: none\nAs of: ")
			testkit.Contains(t, "stderr", log, c.want)
			testkit.Lacks(t, "stdout and stderr", out+log, testkit.Spellings()...)
			testkit.Equal(t, "the number of requests, of which none is retried", b.asked.Load(), 1)
		})
	}
}

const readAccount = `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://account"}}`

// The client of a stdio server is the operator's own.
func TestAccountOverStdio(t *testing.T) {
	b := newBank(t, balance)
	s := start(t, withToken(), "-upstream", b.URL, "-cache-dir", "off")
	for range 3 {
		s.send(readAccount)
		testkit.Contains(t, "the account", s.line(), `"uri":"pgy://account"`, `"mimeType":"application/json"`, `{\"balance\":1123.4500,\"currency\":\"CNY\",\"requests\":{\"profile\":`)
	}
	testkit.Equal(t, "the number of requests", b.asked.Load(), 1)
}

// Callers over a network do not learn of it.
func TestNoAccountOverHTTP(t *testing.T) {
	for _, transport := range []string{"http", "sse"} {
		t.Run(transport, func(t *testing.T) {
			b := newBank(t, balance)
			w := startHTTP(t, withToken(), "-upstream", b.URL, "-cache-dir", "off", "-transport", transport)
			say := func(body string) string {
				_, answer := w.do("POST", "/mcp", body)
				return answer
			}
			if transport == "sse" {
				stream := w.openStream(t.Context())
				say = func(body string) string {
					w.do("POST", stream.endpoint, body)
					return stream.next()
				}
			}
			list := say(`{"jsonrpc":"2.0","id":1,"method":"resources/list"}`)
			testkit.Contains(t, "the list of resources", list, "pgy://field-guide")
			testkit.Lacks(t, "the list of resources", list, "account")
			answer := say(readAccount)
			testkit.Contains(t, "the answer", answer, `"error"`)
			testkit.Lacks(t, "the answer", answer, "balance", "123")
			_ = w.log()
			testkit.Equal(t, "the number of requests", b.asked.Load(), 0)
		})
	}
}
