package program

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"pgy-mcp/internal/testkit"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// varying is what differs from run to run, or has a test of its own.
var varying = []struct {
	pattern *regexp.Regexp
	word    string
}{
	{regexp.MustCompile(`"version":"[^"]*"`), `"version":"VERSION"`},
	{regexp.MustCompile(`(comparison|blogger)-[0-9a-f]{8}\.html`), `$1-HASH.html`},
	{regexp.MustCompile(`data:image/png;base64,[^"]*`), `ICON`},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`Fetched from TIME to TIME, from`), "Fetched TIME from"}, // a second ended between two look-ups
	{regexp.MustCompile(`"ageSeconds":\d+`), `"ageSeconds":AGE`},
	{regexp.MustCompile(`, \d+ s ago`), ", AGE"},
}

// replay sends one line at a time, so that the order of the answers is exact.
func replay(t *testing.T, client string) string {
	s := start(t, nil, "-upstream", "sample", "-log-level", "error")
	var out strings.Builder
	for line := range strings.Lines(client) {
		s.send(strings.TrimSpace(line))
		for answered := noAnswer(line); !answered; {
			got := s.line()
			out.WriteString(got + "\n")
			answered = !strings.Contains(got, `"method":"notifications/`)
		}
	}
	rest, status := s.end()
	testkit.Equal(t, "stdout after the last answer", strings.Join(rest, "\n"), "")
	testkit.Equal(t, "the exit status", status, 0)
	testkit.Equal(t, "stderr", s.stderr.String(), "")
	return out.String()
}

// noAnswer reports notifications and responses, which get none.
func noAnswer(line string) bool {
	return !strings.HasPrefix(line, "[") && (strings.Contains(line, `"method":"notifications/`) || strings.Contains(line, `"result"`) || strings.Contains(line, `"error"`))
}

// TestTranscripts replays what a client sends, line by line, through the
// program. Each transcript has a file "client" and a file "server".
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("../../testdata/wire/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("the transcripts are %q with the error %v, want some", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(a.Files[0].Data))
			for _, v := range varying {
				got = v.pattern.ReplaceAllString(got, v.word)
			}
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "server", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := ""
			if len(a.Files) == 2 {
				want = string(a.Files[1].Data)
			}
			testkit.EqualText(t, "the server's side (-update rewrites it)", got, want)
		})
	}
}

// Every tool is sent to the model on every request.
func TestTheToolListIsShort(t *testing.T) {
	s := start(t, nil, "-upstream", "sample")
	s.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	line := s.line()
	if n, most := len(line), 48<<10; n >= most {
		t.Errorf("the list has %d bytes, want less than %d: shorten a meaning in schema or a description", n, most)
	}
	var list struct {
		Result struct {
			Tools []struct {
				Name, Description string
				InputSchema       json.RawMessage
			}
		}
	}
	if err := json.Unmarshal([]byte(line), &list); err != nil {
		t.Fatalf("the list is %.300s, want JSON: %v", line, err)
	}
	n := 0
	for _, tool := range list.Result.Tools {
		n += len(`{"name":"","description":"","inputSchema":},`) + len(tool.Name) + len(tool.Description) + len(tool.InputSchema)
		if most := 1 << 10; len(tool.Description) >= most {
			t.Errorf("the description of %s has %d bytes, want less than %d", tool.Name, len(tool.Description), most)
		}
	}
	if most := 12 << 10; n == 0 || n >= most {
		t.Errorf("a model reads %d bytes of the list, want less than %d: shorten a description", n, most)
	}
}
