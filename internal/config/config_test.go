package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// settingCase is settings and what the message about them says.
type settingCase struct {
	name string
	env  map[string]string
	args []string
	want []string // in the message; none means that the settings are fine
}

func (c settingCase) run(t *testing.T) {
	_, err := Parse(c.args, c.env, strings.NewReader(""))
	if c.want == nil {
		if err != nil {
			t.Errorf("the error is %v, want none", err)
		}
		return
	}
	if err == nil {
		t.Fatalf("no error, want one with %q", c.want)
	}
	for _, want := range c.want {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), "hush") {
		t.Errorf("the error is %v, want no secret in it", err)
	}
}

func TestTokenFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "token")
	empty := filepath.Join(dir, "empty")
	lines := filepath.Join(dir, "lines")
	for name, text := range map[string]string{file: "a-secret-from-a-file\n", empty: " \n", lines: "hush\nhush\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []settingCase{
		{"a token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": file}, nil, nil},
		{"an empty token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": empty}, nil, []string{"JUSTONEAPI_TOKEN_FILE", "empty"}},
		{"no token file", map[string]string{"JUSTONEAPI_TOKEN_FILE": dir + "/hush"}, nil, []string{"the file that JUSTONEAPI_TOKEN_FILE names cannot be read: "}},
		{"two tokens", map[string]string{"JUSTONEAPI_TOKEN_FILE": file, "JUSTONEAPI_TOKEN": "hush"}, nil, []string{"both set"}},
		{"the sample needs no token", map[string]string{"JUSTONEAPI_TOKEN_FILE": dir + "/none"}, []string{"-upstream", "sample"}, nil},
		{"a token file of two lines", map[string]string{"JUSTONEAPI_TOKEN_FILE": lines}, nil, []string{"the file that JUSTONEAPI_TOKEN_FILE names holds line breaks"}},
	} {
		t.Run(c.name, c.run)
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []settingCase{
		{"defaults", nil, nil, nil},
		{"a variable", map[string]string{"PGY_MCP_CACHE_TTL": "soon"}, nil, []string{`invalid value "soon" for PGY_MCP_CACHE_TTL: must be a duration`}},
		{"a flag wins", map[string]string{"PGY_MCP_CACHE_TTL": "soon"}, []string{"-cache-ttl", "1h"}, nil},
		{"an unknown flag", nil, []string{"-speed", "9"}, []string{"-speed"}},
		{"an unknown command", nil, []string{"dance"}, []string{`"dance"`, "profile, compare, insights, find, review, history, account, healthcheck, version"}},
		{"a command behind a flag", nil, []string{"-wait", "1s", "profile", "x"}, []string{"the command comes first: pgy-mcp profile"}},
		{"a USER without a command", nil, []string{blogger}, []string{"pgy-mcp profile USER"}},
		{"a word too many", nil, []string{"-wait", "1s", "x"}, []string{`unexpected argument "x"`}},
		{"a value after a blank", nil, []string{"find", "-growing", "false"}, []string{"-growing takes its value after an equals sign: -growing=false"}},
		{"a value after a blank, for users", nil, []string{"compare", "-cached-only", "true", blogger}, []string{"-cached-only=true"}},
		{"a value after an equals sign", nil, []string{"find", "-growing=true"}, nil},
		{"a name like a value", nil, []string{"find", "true"}, nil},
		{"a name like a value after a flag with one", nil, []string{"find", "-location", "广东", "true"}, nil},
		{"a name like a value after an equals sign", nil, []string{"find", "-growing=true", "false"}, nil},
		{"a user in the URL", nil, []string{"-upstream", "https://me:hush@example.com"}, []string{"-upstream", "JUSTONEAPI_TOKEN"}},
		{"a query in the URL", nil, []string{"-upstream", "https://example.com?token=hush"}, []string{"-upstream"}},
		{"off loopback", nil, []string{"-transport", "http", "-addr", "0.0.0.0:0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"every address", nil, []string{"-transport", "sse", "-addr", ":0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"a name that begins like loopback", nil, []string{"-transport", "http", "-addr", "127.0.0.1.example.com:0"}, []string{"PGY_MCP_AUTH_TOKEN"}},
		{"off loopback with a token", map[string]string{"PGY_MCP_AUTH_TOKEN": "hush"}, []string{"-transport", "http", "-addr", "0.0.0.0:0"}, nil},
		{"IPv6 loopback", nil, []string{"-transport", "http", "-addr", "[::1]:0"}, nil},
		{"an origin with a path", nil, []string{"-allowed-origins", "https://a.example/x"}, []string{"-allowed-origins"}},
		{"nobody", nil, []string{"profile"}, []string{"at least one USER"}},
		{"a user that is none", nil, []string{"profile", blogger, "4639645438"}, nil},
		{"a user of two words", nil, []string{"profile", "x y"}, nil},
		{"a misspelt flag", nil, []string{"-buget", "9"}, []string{"unknown flag -buget; did you mean -budget?"}},
		{"a misspelt flag of a command", nil, []string{"compare", "-formt", "image", blogger}, []string{"unknown flag -formt; did you mean -format?"}},
		{"a flag behind a long dash", nil, []string{"profile", "–lang", "zh", blogger}, []string{"–lang begins with a dash that is no hyphen: write -lang"}},
		{"a flag behind a long dash after a USER", nil, []string{"compare", blogger, "—format=image"}, []string{"—format=image begins with a dash that is no hyphen: write -format=image"}},
		{"a flag of find behind a minus sign", nil, []string{"find", "-topic", "x", "−page", "2"}, []string{"−page begins with a dash that is no hyphen: write -page"}},
		{"a flag of review behind two", nil, []string{"review", "－－lang", "zh", blogger}, []string{"－－lang begins with a dash that is no hyphen: write -lang"}},
		{"a flag of the server behind a long dash", nil, []string{"–transport", "http"}, []string{"–transport begins with a dash that is no hyphen: write -transport"}},
		{"a name behind a long dash", nil, []string{"find", "—小熊—"}, nil},
		{"a value behind a colon, as in PowerShell", nil, []string{"compare", "-format:image", blogger}, []string{"unknown flag -format:image; did you mean -format?"}},
		{"a short flag and its value behind a colon", nil, []string{"compare", "-o:list.csv", blogger}, []string{"unknown flag -o:list.csv; did you mean -o?"}},
		{"a misspelt version", nil, []string{"-Version"}, []string{"unknown flag -Version; did you mean -version?"}},
		{"a misspelt command", nil, []string{"profle", blogger}, []string{`unknown command "profle"; did you mean profile?`}},
		{"a command in capitals", nil, []string{"Compare", blogger}, []string{`unknown command "Compare"; did you mean compare?`}},
		{"an unknown flag has no nearest", nil, []string{"-speed", "9"}, []string{"unknown flag -speed; -h lists the flags"}},
		{"a whole number of a host", map[string]string{"PGY_MCP_CACHE_SIZE": "200.0", "PGY_MCP_BUDGET": "10.00"}, nil, nil},
		{"no whole number", map[string]string{"PGY_MCP_CACHE_SIZE": "200.5"}, nil, []string{`invalid value "200.5" for PGY_MCP_CACHE_SIZE: must be a whole number`}},
		{"a flag after a user", nil, []string{"compare", "659902c1000000002200361b", "-upstream", "sample"}, []string{"-upstream comes after a USER; flags go before: pgy-mcp compare [flags] USER"}},
		{"no users in a list", nil, []string{"profile", "-"}, []string{"standard input has no USER"}},
		{"a price that is none", nil, []string{"compare", "-max-price", "0", "659902c1000000002200361b"}, []string{"-max-price: must be a number above 0, in CNY"}},
		{"a price in words", nil, []string{"compare", "-max-price", "cheap", "659902c1000000002200361b"}, []string{"-max-price: must be a number above 0, in CNY"}},
		{"a wrong form", nil, []string{"compare", "-o", "xlsx", "659902c1000000002200361b"}, []string{"-o: must be a file name for this format, such as bloggers.xlsx"}},
		{"a host with a scheme", nil, []string{"-allowed-hosts", "https://pgy.example.com"}, []string{"-allowed-hosts: must be names", "without https://"}},
		{"for ever", nil, []string{"-cache-ttl", "2562047h"}, []string{"-cache-ttl: must be", "at most 87600h"}},
		{"less than nothing", nil, []string{"-cache-stale", "-1s"}, []string{"-cache-stale: must be", "at least 0s"}},
		{"any host", map[string]string{"PGY_MCP_ALLOWED_HOSTS": "a.example,*"}, nil, []string{"PGY_MCP_ALLOWED_HOSTS: must be names"}},
		{"a wrong sort key", nil, []string{"compare", "-sort", "beauty", "659902c1000000002200361b"}, []string{"-sort: must be one of cnyPerEngagement"}},
		{"a wrong format", nil, []string{"compare", "-format", "audio", "659902c1000000002200361b"}, []string{"-format: must be one of"}},
	} {
		t.Run(c.name, c.run)
	}
}

// Browsers write an origin in lower case.
func TestOriginsAreInLowerCase(t *testing.T) {
	got := parse(t, nil, "-allowed-origins", "https://A.Example,http://b.example:8080").AllowedOrigins
	if want := []string{"https://a.example", "http://b.example:8080"}; !slices.Equal(got, want) {
		t.Errorf("the origins are %q, want %q", got, want)
	}
}

func TestDefaultsAndFlags(t *testing.T) {
	c, err := Parse([]string{"-upstream", "https://example.com/base/", "-allowed-hosts", "a.example, b.example"},
		Environment{"PGY_MCP_WAIT": "7s", "JUSTONEAPI_TOKEN": " x \n"}, nil)
	if err != nil {
		t.Fatalf("the error is %v, want none", err)
	}
	for name, v := range map[string]struct{ got, want any }{
		"BaseURL": {c.BaseURL, "https://example.com/base"}, "Wait": {c.Wait, 7 * time.Second}, "CacheTTL": {c.CacheTTL, 6 * time.Hour}, "CacheStale": {c.CacheStale, 24 * time.Hour},
		"CacheSize": {c.CacheSize, 10000}, "Timeout": {c.Timeout, 2 * time.Minute}, "Rate": {c.Rate, 5.0}, "Budget": {c.Budget, 0}, "Addr": {c.Addr, "127.0.0.1:8080"},
		"the number of AllowedHosts": {len(c.AllowedHosts), 2}, "App": {c.App, true}, "whether the token is x": {c.Token.Equal("x"), true},
	} {
		if v.got != v.want {
			t.Errorf("%s is %v, want %v", name, v.got, v.want)
		}
	}
}

// All mistakes are told at once, a line each: of flags, users, variables and
// tokens.
func TestEveryMistakeIsTold(t *testing.T) {
	for _, c := range []struct {
		env  Environment
		args []string
		want []string // how the lines begin
	}{
		{nil, []string{"-transport", "pigeon", "-wait", "0s", "-rate=0", "-app=maybe", "-upstream", "ftp://x", "-redis", "redis://:hush@localhost"},
			[]string{`invalid value "pigeon" for flag -transport: `, `invalid value "0s" for flag -wait: `, `invalid value "0" for flag -rate: `,
				`invalid boolean value "maybe" for -app: `, "-redis must be without a password", `invalid value "ftp://x" for -upstream: `}},
		{Environment{"PGY_MCP_WAIT": "soon", "PGY_MCP_RATE": "fast", "JUSTONEAPI_TOKEN": "your token"}, []string{"profile", "x y", blogger, "-", "4639645438"},
			[]string{"standard input has no USER", `invalid value "fast" for PGY_MCP_RATE: `, `invalid value "soon" for PGY_MCP_WAIT: `,
				"JUSTONEAPI_TOKEN holds a placeholder"}},
		{Environment{"JUSTONEAPI_TOKEN": "Bearer x", "PGY_MCP_AUTH_TOKEN": "'x'", "PGY_MCP_REDIS": "x", "PGY_MCP_REDIS_FILE": "x"}, []string{"-transport", "http", "-addr", ":80", "y"},
			[]string{`unexpected argument "y"`, "PGY_MCP_REDIS and PGY_MCP_REDIS_FILE are both set", "JUSTONEAPI_TOKEN begins with Bearer", "PGY_MCP_AUTH_TOKEN is in quotation marks"}},
	} {
		got := strings.Split(mistake(t, c.env, c.args...), "\n")
		if len(got) != len(c.want) {
			t.Errorf("%q with %v: the mistakes are %q, want %d", c.args, c.env, got, len(c.want))
			continue
		}
		for i, want := range c.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%q with %v: mistake %d is %q, want it to begin with %q", c.args, c.env, i, got[i], want)
			}
		}
	}
}

// One mistake is told once, without what only follows from it.
func TestOneMistakeIsToldOnce(t *testing.T) {
	for _, args := range [][]string{
		{"-transport", "http", "-addr", "127.0.0.1:99999"},
		{"-transport", "http", "-addr", "nowhere"},
		{"-speed", "9"},
		{"---x"}, {"-=3"}, {"--=", "-wait", "soon"},
		{"profile", blogger, "-upstream", "sample"},
		{"profile", "-format", "image", blogger},
		{"compare", "-sort", "beauty", "x y"}, {"-cache-dir", "$HOME/x"}, {"dance"},
	} {
		if got := mistake(t, nil, args...); strings.Contains(got, "\n") {
			t.Errorf("%q: the mistakes are %q, want one", args, got)
		}
	}
}
