package main

import (
	"strings"
	"testing"
)

func TestMistakesEndWithTwo(t *testing.T) {
	status, out, errs := runOnce(t, nil, "-wait", "never")
	same(t, "the status of a mistake", status, 2)
	same(t, "stdout of a mistake", out, "")
	has(t, "stderr of a mistake", errs, "-wait")
	for _, word := range []string{"-h", "--help", "help"} {
		status, out, errs = runOnce(t, nil, word)
		same(t, "the status of "+word, status, 0)
		has(t, "stdout of "+word, out, "-cache-ttl", "insights", "healthcheck")
		same(t, "stderr of "+word, errs, "")
	}
	for _, word := range []string{"version", "--version"} {
		status, out, _ = runOnce(t, nil, word)
		same(t, "the status of "+word, status, 0)
		same(t, "the lines of "+word, strings.Count(out, "\n"), 6)
		has(t, "stdout of "+word, out, "2026-07-28", "cache   ")
	}
}

func TestClearTextIsWarnedOfOnce(t *testing.T) {
	for upstream, warnings := range map[string]int{"prod-cn": 1, "http://example.com": 1, "http://127.0.0.1:1": 0, "prod-global": 0, "sample": 0} {
		status, _, errs := runOnce(t, nil, "-upstream", upstream)
		same(t, "the status with "+upstream, status, 0)
		same(t, "the number of warnings with "+upstream, strings.Count(errs, "clear text"), warnings)
	}
}

// A misspelt variable has no effect; that must not go unnoticed.
func TestMisspeltVariables(t *testing.T) {
	env := map[string]string{"PGY_MCP_BUGET": "3", "PGY_MCP_BUDGET": "3", "PGY_MCP_AUTH_TOKEN_FILE": "", "PGY": "x", "JUSTONEAPI_TOKEN": "x"}
	_, _, errs := runOnce(t, env, "profile", "-upstream", "sample", documentedID)
	has(t, "stderr", errs, "unknown variable PGY_MCP_BUGET, ignored (-h lists the settings)")
	same(t, "the number of warnings", strings.Count(errs, "unknown variable "), 1)
}

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
				what := " with " + name + "=" + value
				same(t, "the status"+what, status, 2)
				same(t, "stdout"+what, out, "")
				if !strings.Contains(errs, c.want+": must be ") && !strings.Contains(errs, c.want+" must be ") {
					t.Errorf("stderr%s is %q, want what %s must be", what, errs, c.want)
				}
				hasNot(t, "stderr"+what, errs, "hush")
			}
		}
	}
}
