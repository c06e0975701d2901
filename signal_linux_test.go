package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// The first signal makes the server wait for what is paid for, the second one
// ends it at once.
func TestTheSecondSignal(t *testing.T) {
	u := newUpstream(t, func(string) bool { return true })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := exec.CommandContext(t.Context(), self, u.flags("-transport", "http", "-addr", "127.0.0.1:0", "-cache-dir", "off")...)
	p.Env = []string{asProgram + "=1", "JUSTONEAPI_TOKEN=" + testToken}
	stderr, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	log := bufio.NewScanner(stderr)
	until := func(what string) string {
		for log.Scan() {
			if strings.Contains(log.Text(), what) {
				return log.Text()
			}
		}
		t.Fatalf("the log ended with %v, want a line with %q in it", log.Err(), what)
		return ""
	}
	addr := listening.FindStringSubmatch(until("msg=listening"))[1]
	go func() {
		r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+addr+"/mcp", strings.NewReader(call(1, bloggerID(1))))
		r.Header.Set("Content-Type", "application/json")
		if resp, err := http.DefaultClient.Do(r); err == nil {
			_ = resp.Body.Close()
		}
	}()
	u.waitArrived(t, 1)
	_ = p.Process.Signal(syscall.SIGTERM)
	has(t, "the log's line", until("draining"), " lookups=1 ")
	_ = p.Process.Signal(syscall.SIGTERM)
	_ = p.Wait()
	if s := p.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != syscall.SIGTERM {
		t.Errorf("the process ended as %v, want it ended by the second signal", p.ProcessState)
	}
}
