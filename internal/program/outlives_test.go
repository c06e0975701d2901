package program

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

var moments = flag.Int("moments", 12, "at how many random moments a process is killed")

// process is the program over stdio.
type process struct {
	*exec.Cmd
	token  string
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr strings.Builder
}

// program starts the program as a process of its own; the test ends it.
func program(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command("pgy-mcp", args...), token: rand.Text()}
	p.Env = append(os.Environ(), "JUSTONEAPI_TOKEN="+p.token)
	p.Stderr = &p.stderr
	var err error
	if p.in, err = p.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewScanner(out)
	p.out.Buffer(nil, 1<<20)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = p.Wait()
	})
	return p
}

// ask sends a call for each of the first bloggers.
func (p *process) ask(bloggers int) {
	for i := range bloggers {
		_, _ = io.WriteString(p.in, testkit.Call(i, testkit.BloggerID(i))+"\n")
	}
}

// answers reads so many answers, or those that come before the process ends.
func (p *process) answers(t *testing.T, n int) []rpcAnswer {
	t.Helper()
	var out []rpcAnswer
	for len(out) < n && p.out.Scan() {
		out = append(out, parse(t, p.out.Text()))
	}
	return out
}

// end closes stdin, and gives the log when the process has ended.
func (p *process) end() (log string) {
	_ = p.in.Close()
	_ = p.Wait()
	return p.stderr.String()
}

// Ten processes ask for the same bloggers at the same time: each is paid for
// once, everybody gets an answer, and each charge is told once.
func TestProcessesPayOnce(t *testing.T) {
	const processes, bloggers = 10, 30
	u, dir := testkit.NewSlowUpstream(t, 500*time.Millisecond), filepath.Join(t.TempDir(), "cache")
	var ps []*process
	for range processes {
		ps = append(ps, program(t, "-upstream", u.URL, "-rate", "1000", "-cache-dir", dir, "-log-level", "warn"))
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	good, billed := 0, 0
	for _, p := range ps {
		wg.Go(func() {
			p.ask(bloggers)
			for _, a := range p.answers(t, bloggers) {
				mu.Lock()
				if !a.Result.IsError && a.Error == nil {
					good++
				}
				if a.Result.StructuredContent.Meta.Billed {
					billed++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	var logs []string
	for _, p := range ps {
		logs = append(logs, p.end())
	}
	if good != processes*bloggers {
		t.Errorf("%d processes asked for %d bloggers each: got %d profiles, want %d; the logs:\n%.2000q", processes, bloggers, good, processes*bloggers, logs)
	}
	wantPaidOnce(t, u, bloggers, billed, logs)
}

// wantPaidOnce wants one request for each blogger, and one answer that tells of its
// charge.
func wantPaidOnce(t *testing.T, u *testkit.Upstream, bloggers, billed int, logs []string) {
	t.Helper()
	if !storeAnswered(t, logs) {
		return
	}
	if got := u.Total(); got != bloggers {
		t.Errorf("requests for %d bloggers: got %d, want one for each; no log says that the store failed: %.2000q", bloggers, got, logs)
	}
	if billed != bloggers {
		t.Errorf("answers with billed for %d bloggers: got %d, want one for each; the logs: %.2000q", bloggers, billed, logs)
	}
}

// storeAnswered reports whether each process kept to its store. On a busy machine one
// may go on without it and pay again, as its log then says.
func storeAnswered(t *testing.T, logs []string) bool {
	t.Helper()
	for _, log := range logs {
		if degraded(log) {
			t.Logf("this machine is too busy for exact counts: a process went on without its store; its log:\n%.2000s", log)
			return false
		}
	}
	return true
}

// degraded reports whether a log says that the process goes on without its store, or
// counts its budget without it.
func degraded(log string) bool {
	return warnings(log) > 0 || strings.Contains(log, "the budget is counted by this process alone")
}

// warnings counts the lines of a log which say that the process goes on without its
// store.
func warnings(log string) int {
	n := 0
	for line := range strings.Lines(log) {
		if strings.Contains(line, `without it"`) {
			n++
		}
	}
	return n
}

// stored are the ids whose answers are in the folder; a damaged file is a
// failure.
func stored(t *testing.T, dir, source string, bloggers int) map[string]bool {
	t.Helper()
	s := disk.Open(dir, disk.Options{Source: source, Size: 1000})
	defer func() { _ = s.Close() }()
	out := map[string]bool{}
	for i := range bloggers {
		q := upstream.Profile.Query(testkit.BloggerID(i), upstream.Options{})
		values, err := s.Load(t.Context(), q.Key())
		if err != nil {
			t.Errorf("loading blogger %d ends with %v, want an answer or nothing", i, err)
		} else if values[0] != nil {
			out[q.Subject] = true
		}
	}
	return out
}

// A process that is killed loses no answer that its caller saw, leaves no damaged
// file and no lock, and costs no more than the look-ups that it was making.
func TestKilledAtAnyMoment(t *testing.T) {
	const bloggers = 12
	for range *moments {
		u, dir := testkit.NewSlowUpstream(t, 5*time.Millisecond), filepath.Join(t.TempDir(), "cache")
		args := []string{"-upstream", u.URL, "-rate", "500", "-cache-dir", dir, "-log-level", "error"}
		p := program(t, args...)
		after := time.Duration(mathrand.Int64N(int64(80 * time.Millisecond)))
		time.AfterFunc(after, func() { _ = p.Process.Kill() })
		p.ask(bloggers)
		seen := p.answers(t, bloggers)
		_ = p.Process.Kill()
		_ = p.Wait()
		kept := stored(t, dir, u.URL, bloggers)
		for _, a := range seen {
			var i int
			if err := json.Unmarshal(a.ID, &i); err != nil {
				t.Errorf("killed after %s: the id of an answer is %s, want a number: %v", after, a.ID, err)
			} else if !kept[testkit.BloggerID(i)] {
				t.Errorf("killed after %s: the answer for blogger %d was seen and is not kept, want it kept", after, i)
			}
		}
		next := program(t, args...)
		next.ask(bloggers)
		for _, a := range next.answers(t, bloggers) {
			if a.Result.IsError {
				t.Errorf("killed after %s: the next process answers %.300s, want a profile", after, a)
			}
		}
		if got := u.By(p.token); got > bloggers {
			t.Errorf("killed after %s: %d requests, want %d at most", after, got, bloggers)
		}
		if got, want := u.By(next.token), bloggers-len(kept); got != want {
			t.Errorf("killed after %s: %d requests of the next process, want %d, since %d answers were kept", after, got, want, len(kept))
		}
		if t.Failed() {
			return
		}
	}
}

// The budget is that of all processes, and outlives them.
func TestTheBudgetOutlivesProcesses(t *testing.T) {
	u, dir := testkit.NewSlowUpstream(t, 0), filepath.Join(t.TempDir(), "cache")
	args := func(from int) []string {
		a := []string{"profile", "-upstream", u.URL, "-rate", "1000", "-budget", "50", "-cache-dir", dir, "-log-level", "warn"}
		for i := range 20 {
			a = append(a, testkit.BloggerID(from+i))
		}
		return a
	}
	var logs []string
	for round := range 2 {
		var ps []*process
		for i := range 4 {
			ps = append(ps, program(t, args(round*1000+i*100)...))
		}
		for _, p := range ps {
			for p.out.Scan() { // until it ends
			}
			logs = append(logs, p.end())
		}
		if got := u.Total(); storeAnswered(t, logs) && got != 50 {
			t.Errorf("80 look-ups a round with -budget 50: got %d requests after round %d, want 50", got, round)
		}
	}
}

// A comparison that is run again on the command line pays nothing.
func TestTheCommandLinePaysOnce(t *testing.T) {
	u, dir := testkit.NewSlowUpstream(t, 0), filepath.Join(t.TempDir(), "cache")
	var logs []string
	for range 2 {
		p := program(t, "compare", "-upstream", u.URL, "-rate", "1000", "-cache-dir", dir, testkit.BloggerID(1), testkit.BloggerID(2), testkit.BloggerID(3))
		for p.out.Scan() { // until it ends
		}
		logs = append(logs, p.end())
	}
	if got := u.Total(); storeAnswered(t, logs) && got != 3 {
		t.Errorf("three bloggers compared twice: got %d requests, want 3", got)
	}
}

// Whatever is wrong with the folder costs a warning and no call.
func TestATroubledFolder(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"a file in its place": func(t *testing.T, dir string) { write(t, dir, "") },
		"a file in the place of the answers": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "answers"), "")
		},
		"a folder in the place of a file": func(t *testing.T, dir string) {
			if err := os.MkdirAll(filepath.Join(dir, "answers", strings.Repeat("0", 32)), 0o700); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			u, dir := testkit.NewSlowUpstream(t, 0), filepath.Join(t.TempDir(), "cache")
			spoil(t, dir)
			wantAnswers(t, u, dir, name != "a folder in the place of a file")
		})
	}
}

// wantAnswers asks for five bloggers twice and wants them all, and where there is
// trouble one warning of each kind.
func wantAnswers(t *testing.T, u *testkit.Upstream, dir string, trouble bool) {
	t.Helper()
	p := program(t, "-upstream", u.URL, "-rate", "1000", "-cache-dir", dir)
	for range 2 {
		p.ask(5)
		for _, a := range p.answers(t, 5) {
			if a.Result.IsError || a.Error != nil {
				t.Errorf("a call with a troubled folder: got %.300s, want a profile", a)
			}
		}
	}
	log := p.end()
	if got := degraded(log); got != trouble {
		t.Errorf("a warning about the folder in the log: got %v, want %v; the log:\n%.600s", got, trouble, log)
	}
	if n := warnings(log); n > 1 {
		t.Errorf("warnings: got %d, want one at most; the log:\n%.600s", n, log)
	}
	if got := u.Total(); got != 5 {
		t.Errorf("five bloggers asked for twice: got %d requests, want 5", got)
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// No file holds the token, though the upstream echoes it, and none holds a
// sample.
func TestWhatIsOnDisk(t *testing.T) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		_, _ = fmt.Fprintf(w, `{"code":0,"requestId":%q,"data":{"userId":%q,"name":"you sent %s","url":%q}}`, q.Get("token"), q.Get("userId"), q.Get("token"), r.URL.RequestURI())
	}))
	defer echo.Close()
	dir := filepath.Join(t.TempDir(), "cache")
	p := program(t, "profile", "-upstream", echo.URL, "-cache-dir", dir, "-budget", "5", testkit.BloggerID(1))
	for p.out.Scan() { // until it ends
		testkit.Lacks(t, "a line of profile's stdout", p.out.Text(), p.token)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		testkit.Lacks(t, "the file "+path, string(b), p.token)
		testkit.Lacks(t, "the name of a file", path, p.token)
		return err
	})
	if err != nil {
		t.Errorf("reading the folder ends with %v, want its files", err)
	}
	if files == 0 {
		t.Errorf("%s has no files, want some", dir)
	}
	untouched := filepath.Join(t.TempDir(), "cache")
	s := program(t, "profile", "-upstream", "sample", "-cache-dir", untouched, "-budget", "5", testkit.DocumentedID)
	for s.out.Scan() { // until it ends
	}
	if _, err := os.Stat(untouched); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking for a sample's folder ends with %v, want %v", err, os.ErrNotExist)
	}
}
