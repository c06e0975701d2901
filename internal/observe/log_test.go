package observe

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"pgy-mcp/internal/config"
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
