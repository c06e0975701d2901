package program

import (
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// Every setting that can be wrong is named, by the flag or the variable that
// holds it, and ends the program with 2 before anything is served.
func TestEveryWrongSettingIsNamed(t *testing.T) {
	for name, values := range map[string][]string{
		"upstream":        {"prod", "ftp://example.com", "https://", "https://me:hush@example.com", "https://example.com/?token=hush", "https://example.com/#hush"},
		"transport":       {"pigeon", "HTTP"},
		"addr":            {"nowhere", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http"},
		"allowed-origins": {"example.com", "https://example.com/path"},
		"cache-ttl":       {"0", "-1h", "6"},
		"cache-stale":     {"-1s", "1 day"},
		"cache-size":      {"0", "-1", "1.5", "many"},
		"wait":            {"0s", "-1s", "50"},
		"timeout":         {"59s", "59.999s", "-60s", "120"},
		"rate":            {"0", "-1", "Inf", "fast"},
		"budget":          {"-1", "1.5"},
		"fee-percent":     {"-1", "101", "ten"},
		"log-level":       {"loud", "INFO", "info+1"},
		"log-format":      {"xml"},
	} {
		variable := "PGY_MCP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		for _, value := range values {
			for _, c := range []struct {
				env  map[string]string
				args []string
				want string
			}{
				{nil, []string{"-" + name + "=" + value}, "-" + name},
				{map[string]string{variable: value}, nil, variable},
			} {
				status, out, errs := runOnce(t, c.env, c.args...)
				what := fmt.Sprintf(" of %q with %q", c.args, c.env)
				testkit.Equal(t, "the status"+what, status, 2)
				testkit.Equal(t, "stdout"+what, out, "")
				if !strings.Contains(errs, c.want+": must be ") && !strings.Contains(errs, c.want+" must be ") {
					t.Errorf("stderr%s: got %q, want what %s must be", what, errs, c.want)
				}
				testkit.Lacks(t, "stderr"+what, errs, "hush")
			}
		}
	}
}
