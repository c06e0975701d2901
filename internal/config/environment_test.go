package config

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/upstream"
)

const blogger = "659902c1000000002200361b"

// parse reads settings that must be right.
func parse(t *testing.T, env Environment, args ...string) Config {
	t.Helper()
	c, err := Parse(args, env, strings.NewReader(""))
	if err != nil {
		t.Fatalf("%q with %v: the error is %v, want none", args, env, err)
	}
	return c
}

// mistake gives the message for settings that must be wrong.
func mistake(t *testing.T, env Environment, args ...string) string {
	t.Helper()
	if _, err := Parse(args, env, strings.NewReader("")); err != nil {
		return err.Error()
	}
	t.Errorf("%q with %v: no error, want one", args, env)
	return ""
}

// What editors and shells put round a value is none of it.
func TestValuesAreTrimmed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"PGY_MCP_RATE", "7\r"}, {"PGY_MCP_RATE", " 7 "}, {"PGY_MCP_RATE", "\ufeff7"}, {"PGY_MCP_RATE", "7\u200b\n"},
	} {
		if got := parse(t, Environment{c.name: c.value}).Rate; got != 7 {
			t.Errorf("%s=%q: the rate is %v, want 7", c.name, c.value, got)
		}
	}
	if got := parse(t, Environment{"PGY_MCP_UPSTREAM": "sample\r\n"}).Upstream; got != upstream.SampleName {
		t.Errorf("the upstream is %q, want sample", got)
	}
	if got := parse(t, Environment{"PGY_MCP_APP": "false "}).App; got {
		t.Error("the page is on with PGY_MCP_APP=false, want it off")
	}
}

// The value that cannot be read is shown, so that a blank or a quote is seen.
func TestTheValueIsShown(t *testing.T) {
	for _, c := range []struct {
		env  Environment
		args []string
		want string
	}{
		{Environment{"PGY_MCP_RATE": "fast"}, nil, `"fast" for PGY_MCP_RATE: must be a number above 0, at most 1000000`},
		{Environment{"PGY_MCP_RATE": "0"}, nil, `"0" for PGY_MCP_RATE: must be a number above 0, at most 1000000`},
		{Environment{"PGY_MCP_WAIT": `"50s"`}, nil, `"\"50s\"" for PGY_MCP_WAIT: must be a duration such as 90s or 6h, at least 1ns, at most 87600h`},
		{Environment{"PGY_MCP_APP": "perhaps"}, nil, `"perhaps" for PGY_MCP_APP: must be true or false`},
		{Environment{"PGY_MCP_TRANSPORT": "HTTP"}, nil, `"HTTP" for PGY_MCP_TRANSPORT: must be one of stdio, http, sse`},
		{Environment{"PGY_MCP_UPSTREAM": "prod"}, nil, `"prod" for PGY_MCP_UPSTREAM: must be prod-global, prod-cn, sample, or an http:// or https:// base URL`},
		{nil, []string{"-upstream", "prod"}, `"prod" for -upstream: must be prod-global, prod-cn, sample, or an http:// or https:// base URL`},
		{nil, []string{"-budget", "ten"}, `"ten" for flag -budget: must be a whole number, 0 or more`},
		{nil, []string{"-timeout", "1s"}, `"1s" for flag -timeout: must be a duration such as 90s or 6h, at least 1m0s, at most 87600h`},
		{nil, []string{"-addr", "host"}, `"host" for flag -addr: must be host:port with a port from 0 to 65535, such as 127.0.0.1:8080`},
		{nil, []string{"compare", "-max-price", "0", blogger}, `"0" for flag -max-price: must be a number above 0, in CNY`},
		{nil, []string{"compare", "-o", "pdf", blogger}, `"pdf" for flag -o: must be one of table, csv, json, html, or a file whose name ends in .csv, .json, .html, .xlsx`},
		{nil, []string{"insights", "-sections", "costs,love", blogger}, `"costs,love" for flag -sections: must be one or some of performance, audience, followers, costs, notes`},
		{nil, []string{"insights", "-sections", ",", blogger}, `"," for flag -sections: is empty: give 1 to 5 of performance, audience, followers, costs, notes`},
		{nil, []string{"insights", "-days", "7", blogger}, `"7" for flag -days: must be one of 30, 90`},
		{nil, []string{"profile", "-lang", "fr", blogger}, `"fr" for flag -lang: must be one of en, zh`},
	} {
		if got := mistake(t, c.env, c.args...); got != "invalid value "+c.want {
			t.Errorf("%q with %v: the error is %s, want invalid value %s", c.args, c.env, got, c.want)
		}
	}
}

// What is plainly no token is refused before it is sent anywhere, and not shown.
func TestPlaceholders(t *testing.T) {
	for value, want := range map[string]string{
		"${JUSTONEAPI_TOKEN}": "placeholder", "${input:token}": "placeholder", "${user_config.hush}": "placeholder", "$JUSTONEAPI_TOKEN": "placeholder", "%JUSTONEAPI_TOKEN%": "placeholder",
		"{{ token }}": "placeholder", "<hush>": "placeholder", "your token": "placeholder", "Your-Token-Here": "placeholder", "YOUR_API_TOKEN": "placeholder", "…": "placeholder", "...": "placeholder",
		`"hush"`: "quotation marks", "'hush'": "quotation marks", "“hush”": "quotation marks", "Bearer hush": "begins with Bearer", "bearer hush": "begins with Bearer",
		"hush\nhush": "line breaks",
	} {
		for _, c := range []struct {
			name string
			args []string
			env  Environment
		}{
			{apiToken, nil, nil},
			{authToken, []string{"-transport", "http", "-upstream", "sample"}, nil},
		} {
			got := mistake(t, Environment{c.name: value}, c.args...)
			if !strings.Contains(got, c.name+" ") {
				t.Errorf("%s=%s: the error is %s, want the variable's name in it", c.name, value, got)
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s=%s: the error is %s, want %q in it", c.name, value, got, want)
			}
			if strings.Contains(got, "hush") {
				t.Errorf("%s=%s: the error is %s, want no value in it", c.name, value, got)
			}
		}
	}
}

// A token keeps its spelling, without what is round it.
func TestTokens(t *testing.T) {
	for given, want := range map[string]string{
		"abc": "abc", " abc\r\n": "abc", "\ufeffabc": "abc", "\u200babc\u200d\ufeff": "abc", "a$b{c}%d": "a$b{c}%d", "yourself": "yourself", "bearerhush": "bearerhush", "a b": "a b",
	} {
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte(given), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, env := range []Environment{{apiToken: given}, {apiToken + fileSuffix: file}} {
			if c := parse(t, env); !c.Token.Equal(want) {
				t.Errorf("%q with %v is another token, want %q", given, env, want)
			}
		}
	}
}

// A password of Redis is a secret: no flag, and in no message.
func TestRedis(t *testing.T) {
	file := filepath.Join(t.TempDir(), "redis")
	const secret = "rediss://me:hush@redis.example:6380/1"
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		env  Environment
		args []string
		want string
	}{
		{nil, []string{"-redis", "redis://localhost"}, "redis://localhost"},
		{nil, []string{"-redis", "rediss://me@redis.example"}, "rediss://me@redis.example"},
		{Environment{"PGY_MCP_REDIS": secret + "\r"}, nil, secret},
		{Environment{"PGY_MCP_REDIS_FILE": file}, nil, secret},
		{Environment{"PGY_MCP_REDIS": secret}, []string{"-redis", "redis://localhost"}, "redis://localhost"},
	} {
		got := parse(t, c.env, c.args...)
		if got.Redis != c.want {
			t.Errorf("%q with %v: Redis is %s, want %s", c.args, c.env, got.Redis, c.want)
		}
		if got.CacheDir != "" {
			t.Errorf("%q with %v: the folder is %s beside Redis, want none", c.args, c.env, got.CacheDir)
		}
		if len(got.unknown) != 0 {
			t.Errorf("%q with %v: %q are unknown, want none", c.args, c.env, got.unknown)
		}
	}
	for _, c := range []struct {
		env  Environment
		args []string
		want string
	}{
		{nil, []string{"-redis", secret}, "-redis must be without a password"},
		{nil, []string{"-redis", "redis://:hush@localhost"}, "PGY_MCP_REDIS_FILE"},
		{Environment{"PGY_MCP_REDIS": secret, "PGY_MCP_REDIS_FILE": file}, nil, "both set"},
	} {
		got := mistake(t, c.env, c.args...)
		if !strings.Contains(got, c.want) {
			t.Errorf("%q with %v: the error is %s, want %q in it", c.args, c.env, got, c.want)
		}
		for _, password := range []string{"hush", "hu%sh"} {
			if strings.Contains(got, password) {
				t.Errorf("%q with %v: the error is %s, want no %q in it", c.args, c.env, got, password)
			}
		}
	}
}

func TestCacheDir(t *testing.T) {
	home := t.TempDir()
	env := Environment{"HOME": home, "LOCALAPPDATA": home}
	for _, c := range []struct {
		args []string
		env  Environment
		want string
	}{
		{nil, env, env.cacheFolder(runtime.GOOS)},
		{[]string{"-cache-dir", "off"}, env, ""},
		{[]string{"-cache-dir", "~/kept"}, env, home + "/kept"},
		{[]string{"-cache-dir", home + "/kept"}, env, home + "/kept"},
		{[]string{"-redis", "redis://localhost"}, env, ""},
		{[]string{"-redis", "redis://localhost", "-cache-dir", home + "/kept"}, env, home + "/kept"},
		{[]string{"-upstream", "sample"}, env, ""},
		{nil, nil, ""},
		{nil, Environment{"XDG_CACHE_HOME": "not/absolute"}, ""},
	} {
		if got := parse(t, c.env, c.args...).CacheDir; got != c.want {
			t.Errorf("%q with %v: the folder is %q, want %q", c.args, c.env, got, c.want)
		}
	}
	got := env.cacheFolder(runtime.GOOS)
	if !strings.HasPrefix(got, home) {
		t.Errorf("the cache folder is %q, want it under %s", got, home)
	}
	if name := filepath.Base(got); name != "pgy-mcp" {
		t.Errorf("the cache folder's name is %q, want pgy-mcp", name)
	}
}

// The cache folder is where each system has it.
func TestCacheFolderBySystem(t *testing.T) {
	for _, c := range []struct {
		system  string
		entries []string
		want    string
	}{
		{"linux", []string{"HOME=/home/a"}, "/home/a/.cache/pgy-mcp"},
		{"linux", []string{"HOME=/home/a", "XDG_CACHE_HOME=/var/cache/a"}, "/var/cache/a/pgy-mcp"},
		{"linux", nil, ""},
		{"darwin", []string{"HOME=/Users/a"}, "/Users/a/Library/Caches/pgy-mcp"},
		{"windows", []string{`LocalAppData=/c/a`}, "/c/a/pgy-mcp"},
		{"windows", []string{`LOCALAPPDATA=/c/a`}, "/c/a/pgy-mcp"},
		{"windows", []string{"HOME=/home/a"}, ""},
	} {
		got := readEnvironment(c.entries, c.system).cacheFolder(c.system)
		if got != filepath.FromSlash(c.want) {
			t.Errorf("%s with %q: the folder is %q, want %q", c.system, c.entries, got, c.want)
		}
	}
}

// Variables that are no setting are told in the same order each time.
func TestUnknownVariables(t *testing.T) {
	env := Environment{"PGY_MCP_BUGET": "1", "PGY_MCP_AUTH": "x", "PGY_MCP_WAIT_FILE": "x", "PGY_MCP_RATE": "1", "PGY_MCP_REDIS_FILE": "", "PGY_MCP_AUTH_TOKEN": "x", "PGY": "x"}
	want := []string{"PGY_MCP_AUTH", "PGY_MCP_BUGET", "PGY_MCP_WAIT_FILE"}
	for range 10 {
		if got := parse(t, env).unknown; !slices.Equal(got, want) {
			t.Fatalf("%q are unknown, want %q", got, want)
		}
	}
}

// On Windows a variable's capitals do not matter.
func TestVariablesOnWindows(t *testing.T) {
	entries := []string{"pgy_mcp_Wait=7s"}
	if got := readEnvironment(entries, "windows")["PGY_MCP_WAIT"]; got != "7s" {
		t.Errorf("on windows it reads %q, want 7s", got)
	}
	if got, ok := readEnvironment(entries, "linux")["PGY_MCP_WAIT"]; ok {
		t.Errorf("on linux it reads %q, want nothing", got)
	}
}
