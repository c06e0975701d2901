//go:build unix

package program

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"pgy-mcp/internal/testkit"
)

// The first signal makes the server wait for what is paid for, the second one
// ends it at once.
func TestSignals(t *testing.T) {
	// A test that nohup started ignores SIGHUP, and so would its servers.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for _, sent := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) {
			u := testkit.NewUpstream(t, func(string) bool { return true })
			p := exec.CommandContext(t.Context(), "pgy-mcp", flags(u, "-transport", "http", "-addr", "127.0.0.1:0")...)
			p.Env = append(os.Environ(), "JUSTONEAPI_TOKEN="+testkit.Token)
			stderr, err := p.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			log := bufio.NewScanner(stderr)
			until := func(what string) string {
				t.Helper()
				for log.Scan() {
					if strings.Contains(log.Text(), what) {
						return log.Text()
					}
				}
				t.Fatalf("the log of the server ended without %q (%v), want a line with it", what, log.Err())
				return ""
			}
			addr := listening.FindStringSubmatch(until("msg=listening"))[1]
			go func() {
				r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+addr+"/mcp", strings.NewReader(testkit.Call(1, testkit.BloggerID(1))))
				r.Header.Set("Content-Type", "application/json")
				if resp, err := http.DefaultClient.Do(r); err == nil {
					_ = resp.Body.Close()
				}
			}()
			u.WaitFor(t, 1)
			_ = p.Process.Signal(sent)
			testkit.Contains(t, "the line of the log after the first "+sent.String(), until("draining"), " lookups=1 ")
			_ = p.Process.Signal(sent)
			_ = p.Wait()
			if s := p.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != sent {
				t.Errorf("after the second %s the process ended with %v, want it ended by the signal", sent, p.ProcessState)
			}
		})
	}
}

// A command that is interrupted sends nothing more, and does not wait for an upstream
// that does not answer.
func TestAnInterruptedCommand(t *testing.T) {
	u := testkit.NewUpstream(t, func(string) bool { return true })
	args := []string{"profile", "-upstream", u.URL, "-rate", "1", "-cache-dir", t.TempDir()}
	for i := range 5 {
		args = append(args, testkit.BloggerID(i))
	}
	p := program(t, args...)
	u.WaitFor(t, 1)
	_ = p.Process.Signal(syscall.SIGINT)
	for p.out.Scan() { // until it ends
	}
	_ = p.Wait()
	testkit.Equal(t, "the exit status", p.ProcessState.ExitCode(), 1)
	testkit.Contains(t, "stderr", p.stderr.String(), "interrupted: ")
	testkit.Contains(t, "stderr", p.stderr.String(), "shutting down")
	if n := u.Total(); n > 2 {
		t.Errorf("requests of a command at 1 a second that is interrupted: got %d, want those of the first second", n)
	}
}
