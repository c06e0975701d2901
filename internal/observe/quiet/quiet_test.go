package quiet_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	_ "github.com/VictoriaMetrics/metrics"

	_ "pgy-mcp/internal/observe/quiet"
)

// The metrics library writes a line while it is initialized where the system has
// no PSI: the logger must be silent before that.
func TestQuietComesFirst(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "-test.run=^$")
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("the program ends with %v, want nil: %s", err, trace)
	}
	quiet := strings.Index(string(trace), "init pgy-mcp/internal/observe/quiet ")
	metrics := strings.Index(string(trace), "init github.com/VictoriaMetrics/metrics ")
	if quiet < 0 || metrics < 0 || quiet > metrics {
		t.Errorf("quiet is initialized at %d and metrics at %d of the trace, want quiet first:\n%s", quiet, metrics, trace)
	}
}
