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
		if len(lines) != 1+maxLogLines+1 {
			t.Fatalf("%d lines", len(lines))
		}
		if !strings.Contains(lines[0], "line 0") || !strings.Contains(lines[1], fmt.Sprintf("level=%s", slog.LevelWarn)) || !strings.HasSuffix(lines[1], fmt.Sprintf("lines=%d", over)) ||
			!strings.HasSuffix(lines[len(lines)-1], fmt.Sprintf(`"line %d"`, maxLogLines)) {
			t.Errorf("%q, %q … %q", lines[0], lines[1], lines[len(lines)-1])
		}
	})
}
