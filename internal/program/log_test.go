package program

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// The time that a failed request took has its unit in both formats, as that of a call has.
func TestTheLogOfAFailedRequestHasUnits(t *testing.T) {
	u := httptest.NewServer(http.NotFoundHandler()) // which is not tried again
	defer u.Close()
	for format, want := range map[string]string{"text": ` took=[0-9.]+[mµn]?s\n`, "json": `,"tookMs":[0-9]+}\n`} {
		status, _, stderr := runOnce(t, withToken(), "profile", "-upstream", u.URL, "-cache-dir", "off", "-log-format", format, testkit.DocumentedID)
		testkit.Equal(t, "the exit status", status, 1)
		line := regexp.MustCompile(`(?m)^.*upstream request failed.*\n`).FindString(stderr)
		if !regexp.MustCompile(want).MatchString(line) {
			t.Errorf("in %s: got %q, want %s at its end", format, line, want)
		}
	}
}

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
