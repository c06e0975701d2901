package observe

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/config"
	"pgy-mcp/tools"
)

func TestDroppedLogLinesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read, stderr := io.Pipe()
		log, end := OpenLog(stderr, config.Config{Command: "serve", LogFormat: "text"})
		log.Info("line 0")
		synctest.Wait() // that line waits for its reader
		const over = 7
		for i := range maxLogLines + over {
			log.Info(fmt.Sprintf("line %d", 1+i))
		}
		got := make(chan string)
		go func() {
			all, _ := io.ReadAll(read)
			got <- string(all)
		}()
		end()
		log.Info("too late")
		_ = stderr.Close()
		lines := strings.Split(strings.TrimSpace(<-got), "\n")
		if want := 1 + maxLogLines + 1; len(lines) != want {
			t.Fatalf("%d lines, want %d", len(lines), want)
		}
		last := len(lines) - 1
		for _, c := range []struct {
			line int
			want string
		}{
			{0, "line 0"},
			{1, fmt.Sprintf("level=%s", slog.LevelWarn)},
			{1, fmt.Sprintf("lines=%d\n", over)},
			{last, fmt.Sprintf("\"line %d\"\n", maxLogLines)},
		} {
			if got := lines[c.line] + "\n"; !strings.Contains(got, c.want) {
				t.Errorf("line %d of the log is %q, want %q in it", c.line, got, c.want)
			}
		}
	})
}

// A client that never reads stderr does not keep the program from ending.
func TestALogThatNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read, stderr := io.Pipe()
		log, end := OpenLog(stderr, config.Config{Command: "serve"})
		log.Info("line 0")
		synctest.Wait() // that line waits for its reader
		for range maxLogLines {
			log.Info("a line")
		}
		begin := time.Now()
		end()
		if took := time.Since(begin); took != flushLimit {
			t.Errorf("the end of the log took %s, want %s", took, flushLimit)
		}
		_ = read.Close()
		end()
	})
}

// JSON has no type for durations: a number names its unit. No key has a blank.
func TestJSONLogNamesUnits(t *testing.T) {
	for format, want := range map[string]string{"json": `"tookMs":3408,`, "text": "took=3.408001087s "} {
		var out strings.Builder
		log, end := OpenLog(&out, config.Config{Command: "profile", LogFormat: format})
		LogCall(log, "stdio", tools.Outcome{Tool: "get_blogger_profile", Kind: "ok", Took: 3408001087})
		end()
		if !strings.Contains(out.String(), want) {
			t.Errorf("the %s log of a call of 3.408 s is %q, want %q in it", format, out.String(), want)
		}
	}
}

func TestFailedLookupsAreNamed(t *testing.T) {
	var out strings.Builder
	log, end := OpenLog(&out, config.Config{Command: "profile", LogFormat: "json"})
	LogCall(log, "http", tools.Outcome{Tool: "get_blogger_insights", Kind: "ok", Failures: []tools.LookupFailure{
		{Subject: "659902c1000000002200361b", Section: "audience", Kind: "not_found", RequestID: "r-1"},
	}})
	end()
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2, of the look-up and of the call: %s", len(lines), out.String())
	}
	for _, want := range []string{`"msg":"look-up failed"`, `"tool":"get_blogger_insights"`, `"outcome":"not_found"`, `"section":"audience"`, `"userId":"659902c1000000002200361b"`, `"requestId":"r-1"`} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("the look-up's line is %s, want %s in it", lines[0], want)
		}
	}
}
