package config

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"pgy-mcp/upstream"
)

// Environment maps names of variables to values.
type Environment map[string]string

// ReadEnvironment reads entries of os.Environ. On Windows names are turned into capitals,
// since their case does not matter there.
func ReadEnvironment(entries []string) Environment { return readEnvironment(entries, runtime.GOOS) }

func readEnvironment(entries []string, system string) Environment {
	env := Environment{}
	for _, e := range entries {
		name, value, _ := strings.Cut(e, "=")
		if system == "windows" {
			name = strings.ToUpper(name)
		}
		env[name] = value
	}
	return env
}

const (
	variablePrefix = "PGY_MCP_"
	apiToken       = "JUSTONEAPI_TOKEN"
	authToken      = variablePrefix + "AUTH_TOKEN"
	redisURL       = variablePrefix + "REDIS"
	fileSuffix     = "_FILE"
)

// variable returns the variable of a setting.
func variable(setting string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// leftOpen matches what hosts write for a setting that is not filled in.
var leftOpen = regexp.MustCompile(`^(?i:null|undefined|nan|\$\{user_config\..*\}|\$\{input:.*\})$`)

// value returns a variable; "" if it is not set or left open.
func (env Environment) value(name string) string {
	v := tidy(env[name])
	if leftOpen.MatchString(v) {
		return ""
	}
	return v
}

// looksLikeOurs reports whether a name may be a misspelt variable of ours.
func looksLikeOurs(name string) bool {
	squeezed := strings.ToUpper(strings.ReplaceAll(name, "_", ""))
	return strings.HasPrefix(squeezed, "JUSTONEAPI") || strings.HasPrefix(squeezed, "PGYMCP")
}

// ofKubernetes matches the variables that Kubernetes sets for a Service named pgy-mcp.
var ofKubernetes = regexp.MustCompile(`^PGY_MCP_(PORT(_.*)?|SERVICE_.*)$`)

// readEnvironment sets each flag that the command line does not give from its variable. It
// collects unknown variables, since a misspelt PGY_MCP_BUDGET would be no budget.
func (p *parser) readEnvironment(fs *flag.FlagSet, given map[string]bool) error {
	var mistakes []error
	known := []string{apiToken, apiToken + fileSuffix, authToken, authToken + fileSuffix, redisURL + fileSuffix}
	new(parser).settingFlags().VisitAll(func(f *flag.Flag) {
		name := variable(f.Name)
		known = append(known, name)
		value := p.env.value(name)
		if value == "" || given[f.Name] {
			return
		}
		if err := fs.Set(f.Name, value); err != nil {
			mistakes = append(mistakes, fmt.Errorf("invalid value %q for %s: %w", value, name, err))
		}
	})
	if !given["redis"] { // again, since the variable may name a file
		url, _, err := p.env.secret(redisURL)
		p.Redis, mistakes = url, append(mistakes, err)
	}
	for name := range p.env {
		if looksLikeOurs(name) && !slices.Contains(known, name) && !ofKubernetes.MatchString(name) {
			p.unknown = append(p.unknown, name)
		}
	}
	slices.Sort(p.unknown)
	return errors.Join(mistakes...)
}

// readTokens reads the tokens that the command needs.
func (p *parser) readTokens() error {
	var api, auth error
	if p.Upstream != upstream.SampleName && p.Command != "version" && p.Command != "healthcheck" {
		p.Token, api = p.env.token(apiToken)
	}
	if p.Command == "serve" && p.Transport != "stdio" {
		p.AuthToken, auth = p.env.token(authToken)
		if host, _, _ := net.SplitHostPort(p.Addr); auth == nil && p.AuthToken.IsZero() && !loopback(host) {
			auth = fmt.Errorf("-addr %s can be reached from other machines: set %s or %[2]s%s to the token that callers must show, or listen on 127.0.0.1", p.Addr, authToken, fileSuffix)
		}
	}
	return errors.Join(api, auth)
}

// noTokens match values that are no token, with what is wrong.
var noTokens = []struct {
	like   *regexp.Regexp
	advice string
}{
	{
		regexp.MustCompile(`^(\$\{.*\}|\$[A-Z_]+|\$(?i:env):.*|%.*%|\{\{.*\}\}|<.*>|…|\.\.\.|(?i:your[ _-].*|changeme|none))$`),
		"holds a placeholder, not a token: put the token in its place",
	},
	{regexp.MustCompile("^(\".*\"|'.*'|`.*`|“.*”)$"), "is in quotation marks; give the token without them"},
	{regexp.MustCompile(`^(?i:Bearer)( |$)`), "begins with Bearer; give the token alone"},
	{regexp.MustCompile(`\p{Cc}`), "holds line breaks or control characters; a token is one line"},
}

// token reads a secret that is a token. It refuses placeholders, since the upstream's error
// would say less.
func (env Environment) token(name string) (upstream.Token, error) {
	value, holder, err := env.secret(name)
	if given := tidy(env[name]); strings.HasPrefix(given, "${input:") {
		value, holder = given, name // the host asked for a token and got none
	}
	for _, wrong := range noTokens {
		if wrong.like.MatchString(value) {
			return upstream.Token{}, fmt.Errorf("%s %s", holder, wrong.advice)
		}
	}
	return upstream.NewToken(value), err
}

// secret reads a token or the URL of a Redis, which may hold a password. It is never a
// flag, since everybody on the machine can read a command line. It is in the variable, or
// in the file that the variable with the suffix _FILE names; holder is what messages call it.
func (env Environment) secret(name string) (value, holder string, err error) {
	value, file := env.value(name), env.value(name+fileSuffix)
	if file == "" {
		return value, name, nil
	}
	if value != "" {
		return "", "", fmt.Errorf("%s and %s are both set; set one", name, name+fileSuffix)
	}
	holder = "the file that " + name + fileSuffix + " names"
	b, err := os.ReadFile(file)
	if err != nil {
		// Without the path, which may be a token by mistake.
		return "", "", fmt.Errorf("%s cannot be read: %w", holder, errors.Unwrap(err))
	}
	if value = tidy(decoded(b)); value == "" {
		return "", "", fmt.Errorf("%s is empty", holder)
	}
	return value, holder, nil
}

// tidy trims white space, byte order marks and zero-width characters, which editors and
// copying leave.
func tidy(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// cacheFolder returns pgy-mcp in the user's cache folder, as os.UserCacheDir finds it; ""
// if the environment does not say.
func (env Environment) cacheFolder(system string) string {
	folder := env["XDG_CACHE_HOME"]
	switch home := env["HOME"]; {
	case system == "windows":
		folder = env["LOCALAPPDATA"]
	case system == "darwin":
		folder = filepath.Join(home, "Library", "Caches")
	case folder == "" && home != "":
		folder = filepath.Join(home, ".cache")
	}
	if folder == "" || system == runtime.GOOS && !filepath.IsAbs(folder) {
		return ""
	}
	return filepath.Join(folder, "pgy-mcp")
}
