package main

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

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

// asProgram makes the test binary the program itself: the promises about memory
// that outlives the process are about real processes.
const asProgram = "RUN_AS_PGY_MCP"

var moments = flag.Int("moments", 12, "at how many random moments a process is killed")

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// paid is an upstream that counts requests, each of which takes a while.
type paid struct {
	*httptest.Server
	took time.Duration

	mu       sync.Mutex
	requests map[string]int // by token: each process has its own
}

func newPaid(t *testing.T, took time.Duration) *paid {
	p := &paid{took: took, requests: map[string]int{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("userId")
		p.mu.Lock()
		p.requests[r.URL.Query().Get("token")]++
		p.mu.Unlock()
		select {
		case <-time.After(p.took):
		case <-r.Context().Done():
			return
		}
		_, _ = fmt.Fprintf(w, `{"code":0,"data":{"userId":%q,"name":"n","fansNum":1000}}`, id)
	}))
	t.Cleanup(p.Close)
	return p
}

// total is how many requests came in all.
func (p *paid) total() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, k := range p.requests {
		n += k
	}
	return n
}

// by is how many requests came from one process.
func (p *paid) by(of *process) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[of.token]
}

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
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(self, args...), token: rand.Text()}
	p.Env = append(os.Environ(), asProgram+"=1", "JUSTONEAPI_TOKEN="+p.token)
	p.Stderr = &p.stderr
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
		_, _ = io.WriteString(p.in, call(i, bloggerID(i))+"\n")
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

// Ten processes ask for the same bloggers at the same time: each is paid for
// once, everybody gets an answer, and each charge is told once.
func TestProcessesPayOnce(t *testing.T) {
	const processes, bloggers = 10, 30
	u, dir := newPaid(t, 500*time.Millisecond), filepath.Join(t.TempDir(), "cache")
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
	if got := u.total(); got != bloggers {
		t.Errorf("%d requests, want %d", got, bloggers)
		for i, p := range ps {
			t.Logf("the log of process %d:\n%.600s", i, &p.stderr)
		}
	}
	if good != processes*bloggers {
		t.Errorf("%d good answers, want %d; the log of one process:\n%.600s", good, processes*bloggers, &ps[0].stderr)
	}
	if billed != bloggers {
		t.Errorf("%d answers say that they were billed, want %d", billed, bloggers)
	}
}

// stored are the ids whose answers are in the folder; a damaged file is a
// failure.
func stored(t *testing.T, dir, source string, bloggers int) map[string]bool {
	t.Helper()
	s := disk.Open(dir, disk.Options{Source: source, Size: 1000})
	out := map[string]bool{}
	for i := range bloggers {
		q := upstream.Profile.Query(bloggerID(i), upstream.Options{})
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
		u, dir := newPaid(t, 5*time.Millisecond), filepath.Join(t.TempDir(), "cache")
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
			} else if !kept[bloggerID(i)] {
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
		if got := u.by(p); got > bloggers {
			t.Errorf("killed after %s: %d requests, want %d at most", after, got, bloggers)
		}
		if got, want := u.by(next), bloggers-len(kept); got != want {
			t.Errorf("killed after %s: %d requests of the next process, want %d, since %d answers were kept", after, got, want, len(kept))
		}
		if t.Failed() {
			return
		}
	}
}

// The budget is that of all processes, and outlives them.
func TestTheBudgetOutlivesProcesses(t *testing.T) {
	u, dir := newPaid(t, 0), filepath.Join(t.TempDir(), "cache")
	args := func(from int) []string {
		a := []string{"profile", "-upstream", u.URL, "-rate", "1000", "-budget", "50", "-cache-dir", dir, "-log-level", "error"}
		for i := range 20 {
			a = append(a, bloggerID(from+i))
		}
		return a
	}
	for round := range 2 {
		var ps []*process
		for i := range 4 {
			ps = append(ps, program(t, args(round*1000+i*100)...))
		}
		for _, p := range ps {
			for p.out.Scan() { // until it ends
			}
		}
		if got := u.total(); got != 50 {
			t.Errorf("%d requests after round %d, want 50", got, round)
		}
	}
}

// A comparison that is run again on the command line pays nothing.
func TestTheCommandLinePaysOnce(t *testing.T) {
	u, dir := newPaid(t, 0), filepath.Join(t.TempDir(), "cache")
	for range 2 {
		p := program(t, "compare", "-upstream", u.URL, "-rate", "1000", "-cache-dir", dir, bloggerID(1), bloggerID(2), bloggerID(3))
		for p.out.Scan() { // until it ends
		}
	}
	if got := u.total(); got != 3 {
		t.Errorf("%d requests, want 3", got)
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
			u, dir := newPaid(t, 0), filepath.Join(t.TempDir(), "cache")
			spoil(t, dir)
			wantAnswers(t, u, dir, name != "a folder in the place of a file")
		})
	}
}

// wantAnswers asks for five bloggers twice and wants them all, and where there is
// trouble one warning of each kind.
func wantAnswers(t *testing.T, u *paid, dir string, trouble bool) {
	t.Helper()
	p := program(t, "-upstream", u.URL, "-rate", "1000", "-cache-dir", dir)
	for range 2 {
		p.ask(5)
		for _, a := range p.answers(t, 5) {
			if a.Result.IsError || a.Error != nil {
				t.Errorf("an answer is %.300s, want a profile", a)
			}
		}
	}
	_ = p.in.Close()
	_ = p.Wait()
	if got := strings.Contains(p.stderr.String(), "failed; continuing without it"); got != trouble {
		t.Errorf("the log tells of trouble: %v, want %v; the log:\n%.600s", got, trouble, &p.stderr)
	}
	if n := strings.Count(p.stderr.String(), "level=WARN msg=\"the cache folder failed; continuing without it\""); n > 1 {
		t.Errorf("%d warnings, want one at most; the log:\n%.600s", n, &p.stderr)
	}
	if got := u.total(); got != 5 {
		t.Errorf("%d requests, want 5", got)
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
	p := program(t, "profile", "-upstream", echo.URL, "-cache-dir", dir, "-budget", "5", bloggerID(1))
	for p.out.Scan() { // until it ends
		hasNot(t, "a line of stdout", p.out.Text(), p.token)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		hasNot(t, "the file "+path, string(b), p.token)
		hasNot(t, "the name of a file", path, p.token)
		return err
	})
	if err != nil {
		t.Errorf("reading the folder ends with %v, want its files", err)
	}
	if files == 0 {
		t.Errorf("%s has no files, want some", dir)
	}
	untouched := filepath.Join(t.TempDir(), "cache")
	s := program(t, "profile", "-upstream", "sample", "-cache-dir", untouched, "-budget", "5", documentedID)
	for s.out.Scan() { // until it ends
	}
	if _, err := os.Stat(untouched); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("looking for a sample's folder ends with %v, want %v", err, os.ErrNotExist)
	}
}
