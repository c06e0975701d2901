package cli

import (
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

// A line of the log takes the place of the line of progress.
func TestConsole(t *testing.T) {
	const clear = "\r      \r"
	var out strings.Builder
	c := &Console{out: &out, terminal: true}
	_, _ = c.Write([]byte("before\n"))
	c.progress(0, 2, "0 of 2")
	c.progress(1, 2, "1 of 2")
	_, _ = c.Write([]byte("a warning\n"))
	_, _ = c.Write([]byte("another\n"))
	c.progress(1.5, 2, "1 of 2")
	c.progress(2, 2, "2 of 2")
	_, _ = c.Write([]byte("after\n"))
	want := "before\n" + "0 of 2" + clear + "1 of 2" + clear + "a warning\nanother\n" + "1 of 2" + clear + "after\n"
	if got := out.String(); got != want {
		t.Errorf("the terminal got %q, want %q", got, want)
	}
}

// Each command that looks bloggers up tells how far that is.
func TestPrintShowsProgress(t *testing.T) {
	const id = "5a3e1e000000000000000004"
	settings := upstream.Settings{Rate: rate.Inf, Timeout: time.Minute, Log: slog.New(slog.DiscardHandler)}
	lookups := upstream.New(settings, upstream.NewSample(testkit.Samples()), upstream.NewMemory(10, 0), nil)
	defer lookups.Close()
	set := tools.New(tools.Settings{Lookups: lookups, Log: settings.Log, Language: "en"})
	for _, cfg := range []config.Config{
		{Command: "profile", Users: []string{id}},
		{Command: "insights", Users: []string{id}, Insights: schema.InsightsInput{Scope: "daily", Format: "all", Days: 30}},
		{Command: "compare", Compare: schema.CompareInput{UserIDs: []string{id}, Format: schema.FormatImage, SortBy: schema.ByFollowers}},
	} {
		var out, screen strings.Builder
		if status := Print(t.Context(), set, cfg, strings.NewReader(""), &out, &Console{out: &screen, terminal: true}); status != 0 {
			t.Errorf("%s: status %d, want 0", cfg.Command, status)
		}
		if got := screen.String(); !strings.HasSuffix(got, " \r") {
			t.Errorf("%s: the terminal got %q, want a line of progress that is gone at the end", cfg.Command, got)
		}
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	var out strings.Builder
	NewConsole(&out, "xterm").progress(0, 2, "0 of 2")
	(&Console{out: &out, terminal: true, dumb: true}).progress(0, 2, "0 of 2")
	if got := out.String(); got != "" {
		t.Errorf("a file and a dumb terminal got %q, want nothing", got)
	}
}

// What -o takes of a command and what the command can write are the same formats.
func TestFormsAreTheFormats(t *testing.T) {
	for command, r := range map[string]result{"compare": comparison("en", new(schema.Comparison), 0), "insights": pages("en", nil)} {
		if got, want := slices.Sorted(maps.Keys(r.renderers)), slices.Sorted(slices.Values(config.Formats(command))); !slices.Equal(got, want) {
			t.Errorf("%s writes %q, want %q", command, got, want)
		}
	}
}

// A result that was paid for and that its file does not take is printed, and the file
// that was there stays.
func TestAFileThatTakesNothing(t *testing.T) {
	c := &schema.Comparison{Rows: []schema.Row{{UserID: "5a3e1e000000000000000001", Name: "甲"}}, Meta: schema.ComparisonMeta{SortBy: schema.ByPriceCNY}}
	folder := filepath.Join(t.TempDir(), "gone")
	for format, want := range map[string]string{"csv": "\ufeffrank,", "xlsx": "\ufeffrank,", "json": `{"rows":`, "html": "<!doctype html>"} {
		var out, screen strings.Builder
		err := deliver("en", comparison("en", c, 0), format, filepath.Join(folder, "list."+format), "", &out, &Console{out: &screen})
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s into a folder that is gone: got %v, want an error that says so", format, err)
		}
		if want := "list." + format + ": "; err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s into a folder that is gone: got %v, want %q in it", format, err, want)
		}
		if got := out.String(); !strings.HasPrefix(got, want) || !strings.Contains(got, "甲") {
			t.Errorf("%s into a folder that is gone: got %.100q printed, want the result, beginning with %q", format, got, want)
		}
		if got := screen.String(); got != "" {
			t.Errorf("%s into a folder that is gone: got %q on stderr, want no word of a file", format, got)
		}
	}
}

func TestWriteFile(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "名单 😀.csv")
	if err := os.WriteFile(name, []byte("a longer text before"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(name, "after"); err != nil {
		t.Fatalf("writeFile over a file: got %v, want no error", err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's mode: got %v (%v), want it as before, 0640", info, err)
	}
	if b, err := os.ReadFile(name); err != nil || string(b) != "after" {
		t.Errorf("the file: got %q (%v), want %q", b, err, "after")
	}
	if err := os.Mkdir(filepath.Join(folder, "folder.csv"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(filepath.Join(folder, "folder.csv"), ""); err == nil {
		t.Error("writeFile over a folder: got no error, want one")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 2 {
		t.Errorf("the folder: got %v (%v), want the file and the folder alone", entries, err)
	}
}
