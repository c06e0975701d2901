package upstream_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// A refusal of the proxy is named as the proxy's, and nobody but the operator can
// change a 407 or a 403. net/http reads the proxy's variables once in a process.
func TestAProxyThatRefuses(t *testing.T) {
	if os.Getenv("HTTPS_PROXY") == "" {
		for status, want := range map[string]string{
			"407":  `unreachable, HTTP 407: the proxy refuses the connection retryable=false requests=1`,
			"403":  `unreachable, HTTP 403: the proxy refuses the connection retryable=false requests=1`,
			"502":  `unreachable, HTTP 502: the proxy refuses the connection retryable=true requests=1`,
			"503":  `unreachable, HTTP 503: the proxy refuses the connection retryable=true requests=1`,
			"gone": `unreachable: the proxy refuses connections retryable=true requests=0`,
			"ends": `unreachable: the proxy refuses the connection retryable=true requests=1`,
			"name": `unreachable: the proxy's name cannot be resolved retryable=true requests=0`,
		} {
			t.Run(status, func(t *testing.T) { wantOfProxy(t, status, want) })
		}
		return
	}
	_, err := upstream.NewClient("https://api.example.invalid", upstream.NewToken(canary), time.Minute).Fetch(t.Context(), profile(documented))
	e := typed(t, err)
	_, _ = io.WriteString(os.Stdout, e.Error()+map[bool]string{true: " retryable=true", false: " retryable=false"}[e.Retryable()]+"\n")
}

// wantOfProxy runs this test again, as a process whose proxy answers so.
func wantOfProxy(t *testing.T, status, want string) {
	var requests atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if status == "ends" {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(map[string]int{"407": 407, "403": 403, "502": 502, "503": 503}[status])
	}))
	address := proxy.URL
	defer proxy.Close()
	switch status {
	case "gone":
		proxy.Close()
	case "name":
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(proxy.URL, "http://"))
		address = "http://proxy.invalid:" + port
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAProxyThatRefuses$")
	again.Env = append(os.Environ(), "HTTPS_PROXY="+address, "NO_PROXY=")
	out, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("the process ends with %v: %s", err, out)
	}
	got, _, _ := strings.Cut(string(out), "\n")
	if got += map[bool]string{true: " requests=1", false: " requests=0"}[requests.Load() == 1]; got != want {
		t.Errorf("the request ends with %q, want %q", got, want)
	}
}
