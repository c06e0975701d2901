package program

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"pgy-mcp/internal/testkit"
)

// samplesFolder is the variable that tells processes of the program where the
// recorded answers are, which main embeds.
const samplesFolder = "SAMPLES_FOLDER"

var samples fs.FS

// TestMain makes the test binary the program where it is started as pgy-mcp, by
// scripts and by tests about processes.
func TestMain(m *testing.M) {
	folder := os.Getenv(samplesFolder)
	if folder == "" {
		folder = filepath.Join(testkit.Root(), "testdata", "upstream")
		_ = os.Setenv(samplesFolder, folder)
	}
	samples = os.DirFS(folder)
	testscript.Main(m, map[string]func(){"pgy-mcp": func() {
		os.Exit(Run(UntilSignal(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr, samples))
	}})
}

// run is Run with an environment by name.
func run(ctx context.Context, args []string, env map[string]string, stdin io.Reader, stdout, stderr io.Writer) int {
	var entries []string
	for name, value := range env {
		entries = append(entries, name+"="+value)
	}
	return Run(ctx, args, entries, stdin, stdout, stderr, samples)
}

// session is the program serving stdio to a test.
type session struct {
	t      *testing.T
	in     io.WriteCloser
	out    *bufio.Scanner
	stdout io.Closer // our end of it
	stderr *lockedBuffer
	status chan int
	cancel context.CancelFunc
}

// start runs the program over real pipes, as a client would.
func start(t *testing.T, env map[string]string, args ...string) *session {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdin, in := io.Pipe()
	out, stdout := io.Pipe()
	s := &session{t: t, in: in, out: bufio.NewScanner(out), stdout: out, stderr: &lockedBuffer{}, status: make(chan int, 1), cancel: cancel}
	s.out.Buffer(nil, 16<<20)
	go func() {
		s.status <- run(ctx, args, env, stdin, stdout, s.stderr)
		_ = stdout.Close()
	}()
	t.Cleanup(func() {
		cancel()
		_ = in.Close()
		_ = out.Close()
	})
	return s
}

func (s *session) send(lines ...string) {
	s.t.Helper()
	for _, l := range lines {
		if _, err := io.WriteString(s.in, l+"\n"); err != nil {
			s.t.Fatalf("sending %.100s ends with %v, want it read; the log:\n%s", l, err, s.stderr)
		}
	}
}

// line gives the server's next line.
func (s *session) line() string {
	s.t.Helper()
	got := make(chan bool, 1)
	go func() { got <- s.out.Scan() }()
	select {
	case ok := <-got:
		if !ok {
			s.t.Fatalf("the server's output ended with %v, want a line; the log:\n%s", s.out.Err(), s.stderr)
		}
	case <-time.After(testkit.Patience):
		s.t.Fatalf("no line came in %s, want one; the log:\n%s", testkit.Patience, s.stderr)
	}
	return s.out.Text()
}

// end closes stdin and gives what is left of the output and the exit status.
func (s *session) end() (rest []string, status int) {
	s.t.Helper()
	_ = s.in.Close()
	for s.out.Scan() {
		rest = append(rest, s.out.Text())
	}
	return rest, s.wait()
}

// wait gives the exit status.
func (s *session) wait() int {
	s.t.Helper()
	select {
	case status := <-s.status:
		return status
	case <-time.After(testkit.Patience):
		s.t.Fatalf("the server is there after %s, want its end; the log:\n%s", testkit.Patience, s.stderr)
	}
	return -1
}

// log ends the program and gives all that it logged.
func (s *session) log() string {
	s.t.Helper()
	s.end()
	return s.stderr.String()
}

// lockedBuffer is a stderr that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// rpcAnswer is a JSON-RPC message of the server's.
type rpcAnswer struct {
	ID     json.RawMessage
	Method string
	Params struct {
		ProgressToken json.RawMessage
		Progress      float64
	}
	Result struct {
		Content           []struct{ Text string }
		IsError           bool
		StructuredContent struct {
			Meta struct{ Cached, Billed, Stale bool }
		}
	}
	Error *struct {
		Code    int
		Message string
	}
}

// String shows a message in full, its error too.
func (r rpcAnswer) String() string {
	b, _ := json.Marshal(r)
	return string(b)
}

func parse(t *testing.T, line string) rpcAnswer {
	t.Helper()
	var r rpcAnswer
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("a line is %.300s, want JSON: %v", line, err)
	}
	return r
}

// onlyText gives the text of a result, which is one block.
func onlyText(t *testing.T, line string) string {
	t.Helper()
	content := parse(t, line).Result.Content
	if len(content) != 1 {
		t.Fatalf("a result: got %d blocks of content, want 1: %.500s", len(content), line)
	}
	return content[0].Text
}

// flags make the program ask a fake upstream as fast as it can.
func flags(u *testkit.Upstream, more ...string) []string {
	return append([]string{"-upstream", u.URL, "-rate", "10000", "-cache-dir", "off"}, more...)
}

func withToken() map[string]string { return map[string]string{"JUSTONEAPI_TOKEN": testkit.Token} }

func runOnce(t *testing.T, env map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	status = run(t.Context(), args, env, strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}
