package config

import (
	"encoding/binary"
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
		{nil, []string{"insights", "-sections", "costs,love", blogger}, `"costs,love" for flag -sections: must be one or some of performance, audience, followers, costs, notes, trend, growth, availability`},
		{nil, []string{"insights", "-sections", ",", blogger}, `"," for flag -sections: is empty: give 1 to 8 of performance, audience, followers, costs, notes, trend, growth, availability`},
		{nil, []string{"insights", "-days", "7", blogger}, `"7" for flag -days: must be one of 30, 90`},
		{nil, []string{"profile", "-lang", "fr", blogger}, `"fr" for flag -lang: must be one of en, zh`},
	} {
		if got := mistake(t, c.env, c.args...); got != "invalid value "+c.want {
			t.Errorf("%q with %v: the error is %s, want invalid value %s", c.args, c.env, got, c.want)
		}
	}
}

// A plain placeholder for a token is refused before it is sent anywhere, and not shown.
func TestPlaceholders(t *testing.T) {
	for value, want := range map[string]string{
		"${JUSTONEAPI_TOKEN}": "placeholder", "${input:hush}": "placeholder", "$JUSTONEAPI_TOKEN": "placeholder", "%JUSTONEAPI_TOKEN%": "placeholder", "$env:JUSTONEAPI_TOKEN": "placeholder",
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

// PowerShell's > writes UTF-16.
func TestATokenFileInUTF16(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(inUTF16(binary.LittleEndian, "abc\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := parse(t, Environment{apiToken + fileSuffix: file}); !c.Token.Equal("abc") {
		t.Error("abc in UTF-16 is another token, want abc")
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
		{[]string{"-cache-dir", "~"}, env, home},
		{[]string{"-cache-dir", home + "/a ~b$/c$"}, env, home + "/a ~b$/c$"},
		{nil, Environment{"HOME": home, "LOCALAPPDATA": home, "PGY_MCP_CACHE_DIR": "${user_config.cache_dir}"}, env.cacheFolder(runtime.GOOS)},
		{[]string{"-cache-dir", home + "/kept"}, env, home + "/kept"},
		{[]string{"-redis", "redis://localhost"}, env, ""},
		{[]string{"-redis", "redis://localhost", "-cache-dir", home + "/kept"}, env, ""},
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
	for _, ours := range []string{"JUSTONEAPI_TOKEN", "JUSTONEAPI_TOKEN_FILE"} {
		env[ours] = ""
	}
	want := []string{"JUSTONEAPI_KEY", "JUST_ONE_API_TOKEN", "PGYMCP_RATE", "PGY_MCP_AUTH", "PGY_MCP_BUGET", "PGY_MCP_WAIT_FILE", "justoneapi_token"}
	for _, name := range want {
		env[name] = "hush"
	}
	for _, kubernetes := range []string{"PGY_MCP_PORT", "PGY_MCP_PORT_8080_TCP", "PGY_MCP_PORT_8080_TCP_ADDR", "PGY_MCP_SERVICE_HOST", "PGY_MCP_SERVICE_PORT", "PGY_MCP_SERVICE_PORT_HTTP"} {
		env[kubernetes] = "x"
	}
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

// What hosts write for a setting that was left open is no setting.
func TestSettingsLeftOpen(t *testing.T) {
	for _, open := range []string{"", " ", "null", "undefined", "NaN", "${user_config.rate}", "${input:rate}", "null\r\n"} {
		env := Environment{"PGY_MCP_RATE": open, "PGY_MCP_BUDGET": open, "PGY_MCP_WAIT": open, "PGY_MCP_APP": open, "PGY_MCP_TRANSPORT": open, "PGY_MCP_UPSTREAM": open,
			"PGY_MCP_ADDR": open, "PGY_MCP_ALLOWED_HOSTS": open, "PGY_MCP_ALLOWED_ORIGINS": open, "PGY_MCP_CACHE_DIR": open, "PGY_MCP_REDIS": open, "PGY_MCP_REDIS_FILE": open,
			"JUSTONEAPI_TOKEN_FILE": open, "PGY_MCP_AUTH_TOKEN_FILE": open}
		c := parse(t, env)
		if c.Rate != 5 || c.Upstream != "prod-global" || c.Transport != "stdio" || !c.App || c.Redis != "" || c.AllowedHosts != nil {
			t.Errorf("all settings are %q: they are %+v, want the defaults", open, c)
		}
	}
	for _, open := range []string{"null", "undefined", "NaN", "${user_config.token}"} {
		if c := parse(t, Environment{apiToken: open}); !c.Token.IsZero() {
			t.Errorf("%s=%s is a token, want none", apiToken, open)
		}
	}
}

func TestFoldersThatAreNone(t *testing.T) {
	for _, dir := range []string{"$HOME/x", "${HOME}/x", "/tmp/$USER", "$(pwd)", "%LOCALAPPDATA%/x", "~me/x", "~me", `"/tmp/x"`, "'/tmp/x'", "none", "None", "null", "false", ""} {
		got := mistake(t, Environment{"HOME": t.TempDir()}, "-cache-dir", dir)
		if want := "for flag -cache-dir: must be auto, off, or a path"; !strings.Contains(got, want) {
			t.Errorf("-cache-dir %q: the error is %s, want %q in it", dir, got, want)
		}
	}
	for _, dir := range []string{"~/x", "~"} {
		if got, want := mistake(t, nil, "-cache-dir", dir), "-cache-dir "+dir+" needs HOME"; !strings.Contains(got, want) {
			t.Errorf("without HOME: the error is %s, want %q in it", got, want)
		}
	}
}

// Hosts and origins that no browser sends are refused: nobody would be let in.
func TestHostsAndOriginsThatMatchNothing(t *testing.T) {
	for _, c := range []struct {
		flag        string
		right, none []string
	}{
		{"-allowed-hosts",
			[]string{"pgy.example.com", "pgy.example.com:8443", "localhost", "10.0.0.7:8080", "[::1]", "[::1]:8080", "a.example,b.example c.example", "my_host"},
			[]string{"*", "*.example.com", "a.example;b.example", "https://a.example", "a.example/", "a.example:443", "a.example:80", "a.example:", "a.example:99999", "me@a.example", "小红书.example", "::1"}},
		{"-allowed-origins",
			[]string{"https://a.example", "http://a.example:8080", "HTTPS://A.Example", "https://a.example,https://b.example", "http://[::1]:3000", "chrome-extension://abcdef", "https://a.example:8443"},
			[]string{"*", "https://*", "https://*.example.com", "https://a.example;https://b.example", "a.example", "https://a.example/", "https://a.example:443", "http://a.example:80", "https://me@a.example", "https://a.example?x", "null", "://a.example", "https://"}},
	} {
		for _, value := range c.right {
			parse(t, nil, c.flag, value)
		}
		for _, value := range c.none {
			if got, want := mistake(t, nil, c.flag, value), "for flag "+c.flag+": must be "; !strings.Contains(got, want) {
				t.Errorf("%s %q: the error is %s, want %q in it", c.flag, value, got, want)
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	home := t.TempDir()
	env := func(more ...string) Environment {
		e := Environment{"HOME": home, "LOCALAPPDATA": home, apiToken: "x", authToken: "x"}
		for _, name := range more {
			delete(e, name)
		}
		return e
	}
	const noFolder, loopbackOnly = "found no cache folder", "only loopback names are served"
	for _, c := range []struct {
		env  Environment
		args []string
		want string // "" for none
	}{
		{env(), nil, ""},
		{env("HOME", "LOCALAPPDATA"), nil, noFolder},
		{Environment{apiToken: "x", "XDG_CACHE_HOME": "relative"}, nil, noFolder},
		{env("HOME", "LOCALAPPDATA"), []string{"profile", blogger}, noFolder},
		{env("HOME", "LOCALAPPDATA"), []string{"-cache-dir", "off"}, ""},
		{env("HOME", "LOCALAPPDATA"), []string{"-redis", "redis://localhost"}, ""},
		{env("HOME", "LOCALAPPDATA"), []string{"-upstream", "sample"}, ""},
		{env(), []string{"-transport", "http", "-addr", "0.0.0.0:8080"}, loopbackOnly},
		{env(), []string{"-transport", "sse", "-addr", "10.0.0.7:8080"}, loopbackOnly},
		{env(), []string{"-transport", "http", "-addr", "0.0.0.0:8080", "-allowed-hosts", "a.example"}, ""},
		{env(), []string{"-transport", "http", "-addr", "127.0.0.1:8080"}, ""},
		{env(), []string{"-addr", "0.0.0.0:8080"}, ""},
		{Environment{"HOME": home, "LOCALAPPDATA": home, apiToken: "x", "JUSTONEAPI_KEY": "x"}, nil, "unknown variable JUSTONEAPI_KEY, ignored (-h lists the settings)"},
	} {
		c2 := parse(t, c.env, c.args...)
		got := c2.Warnings()
		isWanted := c.want == "" && len(got) == 0 || c.want != "" && len(got) == 1 && strings.Contains(got[0], c.want)
		if !isWanted {
			t.Errorf("%q with %v: the warnings are %q, want %q alone", c.args, c.env, got, c.want)
		}
	}
}
