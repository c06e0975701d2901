//go:build unix

package program

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/mattn/go-runewidth"

	"pgy-mcp/internal/testkit"
)

// atTerminal runs the program at a terminal of so many columns. When the prompt has
// appeared, the answer is typed; "" waits for none. stdin is another one than the
// terminal where it is set. It gives what the terminal showed, and the exit status.
func atTerminal(t *testing.T, p *exec.Cmd, columns int, prompt, answer string) (screen string, status int) {
	t.Helper()
	const stdout = 1
	tty, err := pty.StartWithAttrs(p, &pty.Winsize{Rows: 25, Cols: uint16(columns)}, &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: stdout})
	if err != nil {
		t.Fatalf("%q at a terminal: got %v, want it started", p.Args, err)
	}
	defer func() { _ = tty.Close() }()
	var shown strings.Builder
	r := bufio.NewReader(tty)
	for {
		b, err := r.ReadByte()
		if err != nil { // the process has ended
			break
		}
		shown.WriteByte(b)
		if answer != "" && strings.HasSuffix(shown.String(), prompt) {
			if _, err := tty.WriteString(answer); err != nil {
				t.Fatalf("typing %q: got %v, want no error", answer, err)
			}
			answer = ""
		}
	}
	if answer != "" {
		t.Errorf("%q: the terminal shows %q, want the prompt %q", p.Args, shown.String(), prompt)
	}
	_ = p.Wait()
	return strings.ReplaceAll(shown.String(), "\r\n", "\n"), p.ProcessState.ExitCode()
}

// paying is a command that asks a fake upstream, with a cache of its own.
func paying(t *testing.T, u *testkit.Upstream, dir string, args ...string) *exec.Cmd {
	t.Helper()
	settings := []string{"-upstream", u.URL, "-rate", "10000", "-cache-dir", dir}
	p := exec.CommandContext(t.Context(), "pgy-mcp", append(append([]string{args[0]}, settings...), args[1:]...)...)
	p.Env = append(os.Environ(), "JUSTONEAPI_TOKEN="+testkit.Token, "TERM=xterm")
	return p
}

func bloggers(n int) string {
	var list strings.Builder
	for i := range n {
		list.WriteString(testkit.BloggerID(i+1) + "\n")
	}
	return list.String()
}

// More than 20 paid requests are asked for first, on the terminal where stdin is the
// list. What is cached does not count.
func TestManyPaidRequestsAreAskedFor(t *testing.T) {
	const prompt = "Go on? [y/N] "
	for _, c := range []struct {
		name           string
		args           []string
		users, cached  int
		answer         string
		status, wanted int // requests
		screen         string
	}{
		{"a yes", []string{"compare"}, 25, 0, "y\n", 0, 25, "This makes up to 25 paid requests. " + prompt},
		{"a no", []string{"compare"}, 25, 0, "n\n", 1, 0, "Nothing was looked up, and nothing was paid."},
		{"an empty line", []string{"profile"}, 21, 0, "\n", 1, 0, "This makes up to 21 paid requests."},
		{"the end", []string{"profile"}, 21, 0, "\x04", 1, 0, "Nothing was looked up"},
		{"an interrupt", []string{"profile"}, 21, 0, "\x03", 1, 0, "Nothing was looked up"},
		{"Chinese", []string{"compare", "-lang", "zh"}, 25, 0, "是\n", 0, 25, "最多会产生 25 次付费请求。继续吗？[y/N] "},
		{"two sections each", []string{"insights"}, 11, 0, "n\n", 1, 0, "This makes up to 22 paid requests."},
		{"twenty", []string{"compare"}, 20, 0, "", 0, 20, ""},
		{"some cached", []string{"compare"}, 25, 5, "", 0, 20, ""},
		{"-yes", []string{"compare", "-yes"}, 25, 0, "", 0, 25, ""},
		{"-cached-only", []string{"compare", "-cached-only"}, 25, 0, "", 1, 0, "Paid requests without -cached-only: 25"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, dir := testkit.NewUpstream(t, nil), t.TempDir()
			if c.cached > 0 {
				p := paying(t, u, dir, append(c.args, "-")...)
				p.Stdin = strings.NewReader(bloggers(c.cached))
				if out, err := p.CombinedOutput(); err != nil {
					t.Fatalf("filling the cache: got %v, want no error:\n%s", err, out)
				}
			}
			p := paying(t, u, dir, append(c.args, "-")...)
			p.Stdin = strings.NewReader(bloggers(c.users))
			ending := prompt
			if c.name == "Chinese" {
				ending = "[y/N] "
			}
			screen, status := atTerminal(t, p, 80, ending, c.answer)
			testkit.Equal(t, "the status", status, c.status)
			testkit.Equal(t, "the number of requests", u.Total()-c.cached, c.wanted)
			testkit.Contains(t, "the terminal", screen, c.screen)
			if c.answer == "" {
				testkit.Lacks(t, "the terminal", screen, prompt)
			}
		})
	}
}

// Where nobody is at a terminal, nothing is asked.
func TestNothingIsAskedWithoutATerminal(t *testing.T) {
	u := testkit.NewUpstream(t, nil)
	p := paying(t, u, t.TempDir(), "compare", "-")
	p.Stdin = strings.NewReader(bloggers(25))
	out, err := p.CombinedOutput()
	if err != nil {
		t.Fatalf("compare of 25: got %v, want no error:\n%s", err, out)
	}
	testkit.Lacks(t, "the output", string(out), "[y/N]")
	testkit.Equal(t, "the number of requests", u.Total(), 25)
}

// Samples and a missing token cost nothing, so that nothing is asked.
func TestNothingIsAskedWhereNothingIsPaid(t *testing.T) {
	for name, env := range map[string]string{"samples": "PGY_MCP_UPSTREAM=sample", "no token": "PGY_MCP_CACHE_DIR=off"} {
		p := exec.CommandContext(t.Context(), "pgy-mcp", "compare", "-")
		p.Env = append(os.Environ(), env, "JUSTONEAPI_TOKEN=", "TERM=xterm")
		p.Stdin = strings.NewReader(bloggers(25))
		screen, status := atTerminal(t, p, 80, "", "")
		testkit.Lacks(t, "the terminal with "+name, screen, "[y/N]")
		testkit.Equal(t, "the status with "+name, status, 1)
	}
}

// A list that is typed at the terminal is announced, since nothing else would be seen.
func TestATypedListIsAnnounced(t *testing.T) {
	p := exec.CommandContext(t.Context(), "pgy-mcp", "compare", "-upstream", "sample", "-")
	screen, status := atTerminal(t, p, 80, "on an empty line ends it.\r\n", testkit.DocumentedID+"\n\x04")
	testkit.Equal(t, "the status", status, 0)
	testkit.HasPrefix(t, "the terminal", screen, "Reading the list from the terminal, one a line; Ctrl-D on an empty line ends it.\n")
	testkit.Contains(t, "the terminal", screen, "团子有点咸")
}

// A table fits the terminal, whatever it understands, and brings no escape sequences.
func TestATableFitsTheTerminal(t *testing.T) {
	wide := runewidth.Condition{StrictEmojiNeutral: true}
	found := slices.DeleteFunc(testkit.SampleIDs(t), func(id string) bool { return strings.HasPrefix(id, "5a3e1e0000000000000000e") })
	for _, columns := range []int{40, 80, 132} {
		for _, terminal := range []string{"dumb", "xterm-256color", ""} {
			for _, language := range []string{"en", "zh"} {
				args := append([]string{"compare", "-upstream", "sample", "-lang", language}, found...)
				p := exec.CommandContext(t.Context(), "pgy-mcp", args...)
				p.Env = append(os.Environ(), "TERM="+terminal, "LANG=zh_CN.GBK")
				screen, status := atTerminal(t, p, columns, "", "")
				what := fmt.Sprintf("the terminal of %d columns, TERM=%s, -lang %s", columns, terminal, language)
				testkit.Equal(t, "the status at "+what, status, 0)
				testkit.Lacks(t, what, screen, "\x1b")
				if terminal == "dumb" {
					testkit.Lacks(t, what, screen, "\r")
				}
				for _, line := range strings.Split(screen, "\n") {
					line = line[strings.LastIndexByte(line, '\r')+1:]
					if w := wide.StringWidth(line); w > columns {
						t.Errorf("%s: a line has %d columns, want %d at most: %q", what, w, columns, line)
					}
				}
			}
		}
	}
}

// A failure that the table tells is not told again below it, where both are read at the
// terminal. What stands in a file, or on stderr alone, is told there.
func TestAFailureIsToldOnceAtATerminal(t *testing.T) {
	const unknown, few = "5a3e1e0000000000000000e1", "5a3e1e000000000000000007"
	for _, c := range []struct {
		name string
		args []string
		told string
	}{
		{"a row", []string{"compare", testkit.DocumentedID, unknown}, "not_found: The upstream has no data for this userId"},
		{"every row", []string{"compare", unknown}, "not_found: The upstream has no data for this userId"},
		{"a row that is not cached", []string{"compare", "-cached-only", unknown}, "not_cached: "},
		{"a note", []string{"review", unknown}, "not_found: The upstream has no data for this note."},
		{"Chinese", []string{"compare", "-lang", "zh", unknown}, "not_found：数据接口没有该博主的数据"},
		{"a profile", []string{"profile", testkit.DocumentedID, unknown}, "not_found: The upstream has no data for this userId"},
		{"a section", []string{"insights", "-sections", "performance,notes", few}, "performance: not_found: "},
		{"a search", []string{"find", "-cached-only", "-topic", "x"}, "not_cached: "},
		{"a history", []string{"history", "4639645438"}, "invalid_argument: "},
	} {
		p := exec.CommandContext(t.Context(), "pgy-mcp", append([]string{c.args[0], "-upstream", "sample", "-log-level", "error"}, c.args[1:]...)...)
		screen, status := atTerminal(t, p, 400, "", "")
		testkit.Equal(t, "the status of "+c.name, status, 1)
		testkit.ContainsOnce(t, "the terminal of "+c.name, screen, c.told)
	}
	p := exec.CommandContext(t.Context(), "pgy-mcp", "compare", "-upstream", "sample", "-log-level", "error", "-o", filepath.Join(t.TempDir(), "x.csv"), unknown)
	screen, _ := atTerminal(t, p, 400, "", "")
	testkit.ContainsOnce(t, "the terminal of a file", screen, "not_found: ")
}
