package program

import (
	"io"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// A client that never reads stderr gets its answers all the same, and the
// program ends.
func TestAnUnreadLogStopsNothing(t *testing.T) {
	const calls = 3000
	unread, stderr := io.Pipe()
	defer unread.Close()
	var in strings.Builder
	for i := range calls {
		in.WriteString(testkit.Call(i, testkit.DocumentedID) + "\n")
	}
	var out strings.Builder
	status := make(chan int)
	go func() {
		status <- run(t.Context(), []string{"-upstream", "sample"}, nil, strings.NewReader(in.String()), &out, stderr)
	}()
	testkit.Equal(t, "the exit status", <-status, 0)
	testkit.Equal(t, "answers on stdout", strings.Count(out.String(), `,"result":{"content"`), calls)
}
