package program

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"syscall"
	"testing"

	"pgy-mcp/internal/testkit"
)

// A server that nohup started goes on ignoring SIGHUP.
func TestIgnoredHangup(t *testing.T) {
	p := exec.CommandContext(t.Context(), "sh", "-c", "trap '' HUP; exec pgy-mcp -upstream sample")
	stdin, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(stdin, testkit.Ping+"\n")
	if answer := bufio.NewScanner(stdout); !answer.Scan() {
		t.Fatalf("a ping got no answer (%v), want one", answer.Err())
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^SigIgn:\s*([0-9a-f]+)$`).FindSubmatch(status)
	if line == nil {
		t.Fatalf("the status of the process is %.2000s, want a line SigIgn in it", status)
	}
	ignored, err := strconv.ParseUint(string(line[1]), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	if ignored&(1<<(syscall.SIGHUP-1)) == 0 {
		t.Errorf("the signals that the process ignores are %x, want SIGHUP among them", ignored)
	}
	_ = stdin.Close()
	_ = p.Wait()
}
