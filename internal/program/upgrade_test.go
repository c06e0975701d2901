package program

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
)

// olderSource is where the answers of testdata/cache-v1 came from. Nothing answers there.
const olderSource = "http://upstream.example"

// olderFolder copies a cache folder as the first version of its format left it: two
// profiles, a blogger that was not found, two sections of insights, five requests. The
// times become those of now.
func olderFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(testkit.Root(), "testdata", "cache-v1"))); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	at := regexp.MustCompile(`"at":"[^"]*"`)
	for _, file := range filesIn(t, dir) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(filepath.Base(file), "requests-") {
			lines := strings.Count(string(b), "\n")
			b = nil
			for i := range lines {
				b = fmt.Appendf(b, "%019d\n", now.Add(time.Duration(i-lines)*time.Minute).UnixNano())
			}
		} else {
			head, data, _ := strings.Cut(string(b), "\n")
			b = []byte(at.ReplaceAllString(head, `"at":"`+now.Add(-30*time.Minute).UTC().Format(time.RFC3339Nano)+`"`) + "\n" + data)
		}
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Answers that an older version paid for are served, its requests count in the budget,
// and its files stay as they are: going back loses none of them.
func TestAnOlderVersionsFolder(t *testing.T) {
	dir := olderFolder(t)
	before := map[string]string{}
	for _, file := range filesIn(t, dir) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before[file] = string(b)
	}
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"profile -cached-only " + testkit.DocumentedID, 0, "Video quote: open; 18,000 CNY; 24.13 CNY per engagement"},
		{"profile -cached-only 5a3e1e000000000000000004", 0, "This call: from memory, not billed"},
		{"insights -cached-only -sections audience,costs 5a3e1e000000000000000004", 0, "This call: 2 cached, 0 billed, 0 failed"},
		{"profile 5a3e1e0000000000000000ff", 1, "not_found"},
		{"profile -budget 5 5a3e1e000000000000000001", 1, "budget_exhausted"},
	} {
		command, rest, _ := strings.Cut(c.args, " ")
		args := append([]string{command, "-upstream", olderSource, "-cache-dir", dir}, strings.Fields(rest)...)
		status, stdout, stderr := runOnce(t, withToken(), args...)
		testkit.Equal(t, "the status of "+c.args, status, c.status)
		testkit.Contains(t, c.args, stdout+stderr, c.want)
	}
	for file, want := range before {
		got, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("an older version's file: got %v, want it there", err)
		} else if string(got) != want {
			t.Errorf("an older version's file %s has changed, want it as it was", filepath.Base(file))
		}
	}
}
