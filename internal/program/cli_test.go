package program

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgy-mcp/internal/testkit"
)

// full is a disk without room, or a reader that has gone.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"profile"}, {"profile", "-json"}, {"compare"}, {"compare", "-o", "csv"}, {"compare", "-o", "json"}, {"compare", "-o", "html"}, {"insights"}, {"version"}} {
		var errs strings.Builder
		if args = append(args, "-upstream", "sample"); args[0] != "version" {
			args = append(args, testkit.DocumentedID)
		}
		status := run(t.Context(), args, nil, strings.NewReader(""), full{}, &errs)
		testkit.Equal(t, fmt.Sprintf("the status of %q", args), status, 1)
		testkit.Contains(t, fmt.Sprintf("stderr of %q", args), errs.String(), "cannot be written: no room")
	}
}

// With -cached-only a command serves what another process paid for, and asks nobody.
func TestCachedOnlyPaysNothing(t *testing.T) {
	u := testkit.NewUpstream(t, nil)
	paid, missing := testkit.BloggerID(1), testkit.BloggerID(2)
	settings := []string{"-upstream", u.URL, "-cache-dir", t.TempDir(), "-log-level", "error"}
	command := func(name string, args ...string) (status int, stdout, stderr string) {
		return runOnce(t, withToken(), slices.Concat([]string{name}, settings, args)...)
	}
	if status, _, errs := command("profile", paid); status != 0 {
		t.Fatalf("the status of profile: got %d, want 0: %s", status, errs)
	}
	for _, c := range []struct {
		args   []string
		status int
		last   string // line
	}{
		{[]string{"profile", paid}, 0, "Paid requests without -cached-only: 0\n"},
		{[]string{"profile", paid, missing}, 1, "Paid requests without -cached-only: 1\n"},
		{[]string{"profile", missing, missing}, 1, "Paid requests without -cached-only: 1\n"},
		{[]string{"insights", paid}, 1, "Paid requests without -cached-only: 2\n"},
		{[]string{"insights", paid, missing, paid}, 1, "Paid requests without -cached-only: 4\n"},
		{[]string{"compare", "-o", "csv", paid, missing}, 1, "Paid requests without -cached-only: 1\n"},
		{[]string{"compare", paid, missing}, 1, "Paid requests without -cached-only: 1\n"},
	} {
		status, out, errs := command(c.args[0], append([]string{"-cached-only"}, c.args[1:]...)...)
		testkit.Equal(t, fmt.Sprintf("the status of %q", c.args), status, c.status)
		text := errs
		if c.args[0] == "compare" && c.args[1] != "-o" {
			text = out
		}
		if !strings.HasSuffix(text, c.last) {
			t.Errorf("%q: got %.900q, want it to end with %q", c.args, text, c.last)
		}
	}
	testkit.Equal(t, "the requests", u.Total(), 1)
}

func TestHealthcheckCommand(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample")
	addr := strings.TrimPrefix(w.base, "http://")
	_, port, _ := strings.Cut(addr, ":")
	for _, listen := range []string{addr, ":" + port, "0.0.0.0:" + port} {
		status, _, errs := runOnce(t, nil, "healthcheck", "-addr", listen)
		testkit.Equal(t, "the status of healthcheck -addr "+listen, status, 0)
		testkit.Equal(t, "stderr of healthcheck -addr "+listen, errs, "")
	}
	w.log() // ends the server
	status, _, errs := runOnce(t, nil, "healthcheck", "-addr", addr)
	testkit.Equal(t, "the status of healthcheck after the server's end", status, 1)
	testkit.Contains(t, "stderr of healthcheck after the server's end", errs, "healthcheck: ")
}

// A proxy knows another machine by the address, or none.
func TestHealthcheckAsksNoProxy(t *testing.T) {
	var requests atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		_, _ = io.WriteString(w, "ok")
	}))
	defer proxy.Close()
	// Connections to the broadcast address fail at once.
	p := exec.CommandContext(t.Context(), "pgy-mcp", "healthcheck", "-addr", "255.255.255.255:80")
	p.Env = append(os.Environ(), "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL)
	out, _ := p.CombinedOutput()
	if got := requests.Load(); got != 0 {
		t.Errorf("healthcheck with HTTP_PROXY: got %d requests at the proxy, want 0", got)
	}
	if got := p.ProcessState.ExitCode(); got != 1 {
		t.Errorf("healthcheck of an address that nobody listens on: got status %d, want 1; its output:\n%s", got, out)
	}
}
