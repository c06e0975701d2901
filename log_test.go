package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
)

// A client that never reads stderr gets its answers all the same, and the
// program ends.
func TestAnUnreadLogStopsNothing(t *testing.T) {
	const calls = 3 * maxLogLines
	unread, stderr := io.Pipe()
	defer unread.Close()
	var in strings.Builder
	for i := range calls {
		in.WriteString(call(i, documentedID) + "\n")
	}
	var out strings.Builder
	status := make(chan int)
	go func() {
		status <- run(t.Context(), []string{"-upstream", "sample"}, nil, strings.NewReader(in.String()), &out, stderr)
	}()
	if got := <-status; got != 0 || strings.Count(out.String(), `,"result":{"content"`) != calls {
		t.Errorf("status %d, %d answers", got, strings.Count(out.String(), `,"result":{"content"`))
	}
}

func TestDroppedLogLinesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read, stderr := io.Pipe()
		log, end := openLog(stderr, config{command: "serve", logFormat: "text"})
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
