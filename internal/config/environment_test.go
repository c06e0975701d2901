package config

import (
	"os"
	"path/filepath"
	"runtime"
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
		t.Fatalf("%q with %v: %v", args, env, err)
	}
	return c
}

// mistake gives the message for settings that must be wrong.
func mistake(t *testing.T, env Environment, args ...string) string {
	t.Helper()
	if _, err := Parse(args, env, strings.NewReader("")); err != nil {
		return err.Error()
	}
	t.Errorf("%q with %v: no error", args, env)
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
		t.Error("PGY_MCP_APP=false leaves the page on")
	}
}

// The value that cannot be read is shown, so that a blank or a quote is seen.
func TestTheValueIsShown(t *testing.T) {
	for _, c := range []struct {
		env  Environment
		args []string
		want string
	}{
		{Environment{"PGY_MCP_RATE": "fast"}, nil, `PGY_MCP_RATE must be a number, not "fast"`},
		{Environment{"PGY_MCP_RATE": "0"}, nil, `PGY_MCP_RATE must be a number above 0, not "0"`},
		{Environment{"PGY_MCP_WAIT": `"50s"`}, nil, `PGY_MCP_WAIT must be a duration such as 90s or 6h, not "\"50s\""`},
		{Environment{"PGY_MCP_APP": "perhaps"}, nil, `PGY_MCP_APP must be true or false, not "perhaps"`},
		{Environment{"PGY_MCP_TRANSPORT": "HTTP"}, nil, `PGY_MCP_TRANSPORT must be one of stdio, http, sse, not "HTTP"`},
		{nil, []string{"-budget", "ten"}, `-budget must be a whole number, not "ten"`},
		{nil, []string{"-timeout", "1s"}, `-timeout must be at least 1m0s, not "1s"`},
		{nil, []string{"compare", "-max-price", "0", blogger}, `-max-price must be a number above 0, in CNY, not "0"`},
		{nil, []string{"compare", "-o", "pdf", blogger}, `-o must be one of table, csv, json, html, not "pdf"`},
		{nil, []string{"insights", "-sections", "costs,love", blogger}, `-sections must be one or some of performance, audience, followers, costs, notes, not "costs,love"`},
		{nil, []string{"insights", "-days", "7", blogger}, `-days must be 30 or 90, not "7"`},
		{nil, []string{"profile", "-lang", "fr", blogger}, `-lang must be one of en, zh, not "fr"`},
		{nil, []string{"-wait", "1s", "x"}, `unexpected argument "x"`},
	} {
		if got := mistake(t, c.env, c.args...); !strings.HasSuffix(got, "\n  "+c.want) {
			t.Errorf("%q with %v: the message is %s, want %s", c.args, c.env, got, c.want)
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
				t.Errorf("%s=%s: the message %s does not name the variable", c.name, value, got)
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s=%s: no %s in the message %s", c.name, value, want, got)
			}
			if strings.Contains(got, "hush") {
				t.Errorf("%s=%s: the value is in the message %s", c.name, value, got)
			}
		}
	}
}

// A token keeps its spelling, without what is round it.
func TestTokens(t *testing.T) {
	for given, want := range map[string]string{
		"abc": "abc", " abc\r\n": "abc", "\ufeffabc": "abc", "\u200babc\u200d\ufeff": "abc", "a$b{c}%d": "a$b{c}%d", "yourself": "yourself", "a b": "a b",
	} {
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte(given), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, env := range []Environment{{apiToken: given}, {apiToken + fileSuffix: file}} {
			if c := parse(t, env); !c.Token.Equal(want) {
				t.Errorf("%q in %v is not the token %q", given, env, want)
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
		{Environment{"PGY_MCP_REDIS": "http://me:hush@localhost"}, nil, "PGY_MCP_REDIS must be a redis:// or rediss:// URL"},
		{Environment{"PGY_MCP_REDIS": "redis://me:hu%sh@localhost"}, nil, "PGY_MCP_REDIS must be"},
		{Environment{"PGY_MCP_REDIS": "hush"}, nil, "PGY_MCP_REDIS must be"},
		{Environment{"PGY_MCP_REDIS": secret, "PGY_MCP_REDIS_FILE": file}, nil, "both set"},
	} {
		got := mistake(t, c.env, c.args...)
		if !strings.Contains(got, c.want) {
			t.Errorf("%q with %v: no %s in %s", c.args, c.env, c.want, got)
		}
		if strings.Contains(got, "hush") || strings.Contains(got, "hu%sh") {
			t.Errorf("%q with %v: the password is in %s", c.args, c.env, got)
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
	if got := env.cacheFolder(runtime.GOOS); !strings.HasPrefix(got, home) || filepath.Base(got) != "pgy-mcp" {
		t.Errorf("the cache folder is %q, want pgy-mcp under %s", got, home)
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
			t.Errorf("%s with %q: %q, want %q", c.system, c.entries, got, c.want)
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
