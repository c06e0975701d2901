package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	empty := filepath.Join(dir, "empty")
	lines := filepath.Join(dir, "lines")
	for name, text := range map[string]string{file: "a-secret-from-a-file\n", empty: " \n", lines: "hush\nhush\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		env  map[string]string
		args []string
		want []string // in the message; none means that the settings are fine
	}{
		{"defaults", nil, nil, nil},
		{"a variable", map[string]string{"PGY_MCP_CACHE_TTL": "soon"}, nil, []string{"PGY_MCP_CACHE_TTL must be a duration"}},
		{"a flag wins", map[string]string{"PGY_MCP_CACHE_TTL": "soon"}, []string{"-cache-ttl", "1h"}, nil},
		{"all mistakes at once", nil, []string{"-transport", "pigeon", "-wait", "0s", "-timeout", "59s", "-rate", "0", "-budget", "-1", "-cache-size", "0", "-log-level", "loud", "-log-format", "xml", "-addr", "nowhere", "-upstream", "ftp://x"},
			[]string{"-transport", "-wait", "-timeout must be at least 1m0s", "-rate", "-budget", "-cache-size", "-log-level", "-log-format", "-addr", "-upstream"}},
		{"an unknown flag", nil, []string{"-speed", "9"}, []string{"-speed"}},
		{"an unknown command", nil, []string{"dance"}, []string{`"dance"`, "profile, compare, version"}},
		{"a word too many", nil, []string{"-wait", "1s", "x"}, []string{`"x"`}},
		{"a user in the URL", nil, []string{"-upstream", "https://me:hush@example.com"}, []string{"-upstream", "JUSTONEAPI_TOKEN"}},
		{"a query in the URL", nil, []string{"-upstream", "https://example.com?token=hush"}, []string{"-upstream"}},
		{"a token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": file}, nil, nil},
		{"an empty token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": empty}, nil, []string{"JUSTONEAPI_TOKEN_FILE", "empty"}},
		{"no token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": dir + "/none"}, nil, []string{"JUSTONEAPI_TOKEN_FILE"}},
		{"two tokens", map[string]string{"JUSTONEAPI_TOKEN_FILE": file, "JUSTONEAPI_TOKEN": "hush"}, nil, []string{"both set"}},
		{"the sample needs no token", map[string]string{"JUSTONEAPI_TOKEN_FILE": dir + "/none"}, []string{"-upstream", "sample"}, nil},
		{"off loopback", nil, []string{"-transport", "http", "-addr", "0.0.0.0:0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"every address", nil, []string{"-transport", "sse", "-addr", ":0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"a name that begins like loopback", nil, []string{"-transport", "http", "-addr", "127.0.0.1.example.com:0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"off loopback with a token", map[string]string{"PGY_MCP_AUTH_TOKEN": "hush"}, []string{"-transport", "http", "-addr", "0.0.0.0:0"}, nil},
		{"IPv6 loopback", nil, []string{"-transport", "http", "-addr", "[::1]:0"}, nil},
		{"an origin with a path", nil, []string{"-allowed-origins", "https://a.example/x"}, []string{"-allowed-origins"}},
		{"nobody", nil, []string{"profile"}, []string{"at least one USER"}},
		{"users that are none", nil, []string{"profile", "4639645438", "x y"}, []string{"小红书号", `"x y"`}},
		{"a flag behind a user", nil, []string{"compare", documentedID, "-upstream", "sample"}, []string{"-upstream stands behind a USER; flags go before: pgy-mcp compare [flags] USER"}},
		{"a host with a scheme", nil, []string{"-allowed-hosts", "https://pgy.example.com"}, []string{"-allowed-hosts must be names", "without https://"}},
		{"for ever", nil, []string{"-cache-ttl", "2562047h", "-cache-stale", "-1s"}, []string{"-cache-ttl must be at most 87600h", "-cache-stale must be at least 0s"}},
		{"any host", map[string]string{"PGY_MCP_ALLOWED_HOSTS": "a.example,*"}, nil, []string{"PGY_MCP_ALLOWED_HOSTS must be names"}},
		{"a token file of two lines", map[string]string{"JUSTONEAPI_TOKEN_FILE": lines}, nil, []string{"the file that JUSTONEAPI_TOKEN_FILE names holds line breaks"}},
		{"a wrong sort key", nil, []string{"compare", "-sort", "beauty", "-format", "audio", documentedID}, []string{"-sort", "-format"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := configure(c.args, c.env)
			if (err != nil) != (c.want != nil) {
				t.Fatalf("error %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("no %q in %v", want, err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

func TestDefaultsAndFlags(t *testing.T) {
	c, err := configure([]string{"-upstream", "https://example.com/base/", "-allowed-hosts", "a.example, b.example"},
		environment{"PGY_MCP_WAIT": "7s", "JUSTONEAPI_TOKEN": " x \n"})
	if err != nil {
		t.Fatal(err)
	}
	if c.baseURL != "https://example.com/base" || c.wait.String() != "7s" || c.cacheTTL.String() != "6h0m0s" || c.cacheStale.String() != "24h0m0s" || c.cacheSize != 10000 ||
		c.timeout.String() != "2m0s" || c.rate != 5 || c.budget != 0 || c.addr != "127.0.0.1:8080" || len(c.allowedHosts) != 2 || !c.token.Equal("x") {
		t.Errorf("%+v", c)
	}
}

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

// One mistake is told once, without what only follows from it.
func TestOneMistakeIsToldOnce(t *testing.T) {
	for _, args := range [][]string{
		{"-transport", "http", "-addr", "127.0.0.1:99999"},
		{"profile", documentedID, "-upstream", "sample"},
		{"profile", "-format", "image", documentedID},
	} {
		_, err := configure(args, nil)
		if err == nil || strings.Count(err.Error(), "\n") != 1 {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// A misspelt variable has no effect; that must not go unnoticed.
func TestMisspeltVariables(t *testing.T) {
	env := map[string]string{"PGY_MCP_BUGET": "3", "PGY_MCP_BUDGET": "3", "PGY_MCP_AUTH_TOKEN_FILE": "", "PGY": "x", "JUSTONEAPI_TOKEN": "x"}
	_, _, errs := runOnce(t, env, "profile", "-upstream", "sample", documentedID)
	if !strings.Contains(errs, "variable=PGY_MCP_BUGET") || strings.Count(errs, "variable=") != 1 {
		t.Errorf("stderr %s", errs)
	}
}
