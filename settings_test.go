package main

import (
	"strings"
	"testing"
)

func TestMistakesEndWithTwo(t *testing.T) {
	if status, out, errs := runOnce(t, nil, "-wait", "never"); status != 2 || out != "" || !strings.Contains(errs, "-wait") {
		t.Errorf("%d %q %q", status, out, errs)
	}
	if status, out, errs := runOnce(t, nil, "-h"); status != 0 || !strings.Contains(out, "-cache-ttl") || errs != "" {
		t.Errorf("%d %q %q", status, out, errs)
	}
	if status, out, _ := runOnce(t, nil, "version"); status != 0 || strings.Count(out, "\n") != 4 || !strings.Contains(out, "2026-07-28") {
		t.Errorf("%d %q", status, out)
	}
}

func TestClearTextIsWarnedOfOnce(t *testing.T) {
	for upstream, warnings := range map[string]int{"prod-cn": 1, "http://example.com": 1, "http://127.0.0.1:1": 0, "prod-global": 0, "sample": 0} {
		status, _, errs := runOnce(t, nil, "-upstream", upstream)
		if status != 0 || strings.Count(errs, "clear text") != warnings {
			t.Errorf("%s: status %d, %s", upstream, status, errs)
		}
	}
}

// A misspelt variable has no effect; that must not go unnoticed.
func TestMisspeltVariables(t *testing.T) {
	env := map[string]string{"PGY_MCP_BUGET": "3", "PGY_MCP_BUDGET": "3", "PGY_MCP_AUTH_TOKEN_FILE": "", "PGY": "x", "JUSTONEAPI_TOKEN": "x"}
	_, _, errs := runOnce(t, env, "profile", "-upstream", "sample", documentedID)
	if !strings.Contains(errs, "the variable PGY_MCP_BUGET is no setting") || strings.Count(errs, "the variable ") != 1 {
		t.Errorf("stderr %s", errs)
	}
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
		"rate":            {"0", "-1", "NaN", "Inf", "fast"},
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
				{nil, []string{"-" + name + "=" + value}, "-" + name + " "},
				{map[string]string{variable: value}, nil, variable + " "},
			} {
				status, out, errs := runOnce(t, c.env, c.args...)
				if status != 2 || out != "" || !strings.Contains(errs, c.want) || strings.Contains(errs, "hush") {
					t.Errorf("%s=%s: status %d, stdout %q, stderr %q", name, value, status, out, errs)
				}
			}
		}
	}
}
