package config

import (
	"errors"
	"flag"
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

// Environment is the process's, by name.
type Environment map[string]string

// ReadEnvironment takes the entries as os.Environ gives them. On Windows, where
// LocalAppData and LOCALAPPDATA are one variable, names are read in capitals.
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
	fileSuffix     = "_FILE"
)

// variable is the name of a setting in the environment.
func variable(setting string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// readEnvironment takes the settings that no flag has given, and notes the
// variables that look like settings and are none: a misspelt budget is no budget.
func (p *parser) readEnvironment() {
	known := []string{authToken, authToken + fileSuffix, variable("redis") + fileSuffix}
	new(parser).flags().VisitAll(func(f *flag.Flag) {
		name := variable(f.Name)
		known = append(known, name)
		s := p.settings[f.Name]
		if s.source != "" {
			return
		}
		value := tidy(p.env[name])
		if f.Name == "redis" {
			value = p.secret(name)
		}
		if value != "" {
			s.source = name
			_ = s.Set(value)
		}
	})
	for name := range p.env {
		if strings.HasPrefix(name, variablePrefix) && !slices.Contains(known, name) {
			p.unknown = append(p.unknown, name)
		}
	}
	slices.Sort(p.unknown)
}

// readSecrets takes the two tokens, each where it is of use.
func (p *parser) readSecrets() {
	if p.Upstream != upstream.SampleName && p.Command != "version" && p.Command != "healthcheck" {
		p.Token = upstream.NewToken(p.token(apiToken))
	}
	if p.Command != "serve" || p.Transport == "stdio" {
		return
	}
	before := len(p.mistakes)
	p.AuthToken = upstream.NewToken(p.token(authToken))
	host, _, err := net.SplitHostPort(p.Addr)
	if len(p.mistakes) == before && p.AuthToken.IsZero() && err == nil && !loopback(host) {
		p.mistake("-addr %s can be reached from other machines: set %s or %s to the token that callers must show, or listen on 127.0.0.1", p.Addr, authToken, authToken+fileSuffix)
	}
}

var (
	placeholder = regexp.MustCompile(`^(\$\{.*\}|\$[A-Z_]+|%.*%|\{\{.*\}\}|<.*>|…|\.\.\.|(?i:your[ _-].*|changeme|null|undefined|none))$`)
	inQuotes    = regexp.MustCompile("^(\".*\"|'.*'|`.*`|“.*”)$")
)

// token reads a secret that is a token. A value that is plainly no token is
// refused here: the upstream's error would say less.
func (p *parser) token(name string) string {
	value := p.secret(name)
	scheme, _, _ := strings.Cut(value, " ")
	mistake := ""
	switch {
	case placeholder.MatchString(value):
		mistake = "holds a placeholder, not a token: put the token in its place"
	case inQuotes.MatchString(value):
		mistake = "is in quotation marks; give the token without them"
	case strings.EqualFold(scheme, "Bearer"):
		mistake = "begins with Bearer; give the token alone"
	case strings.ContainsFunc(value, unicode.IsControl):
		mistake = "holds line breaks or control characters; a token is one line"
	default:
		return value
	}
	p.mistake("%s %s", p.env.holder(name), mistake)
	return ""
}

// secret reads what is never a flag: a command line can be read by everybody on
// the machine. It is in the variable, or in the file that the variable with the
// suffix _FILE names.
func (p *parser) secret(name string) string {
	value, file := tidy(p.env[name]), tidy(p.env[name+fileSuffix])
	if file == "" {
		return value
	}
	b, err := os.ReadFile(file)
	text := tidy(string(b))
	switch {
	case value != "":
		p.mistake("%s and %s are both set; set one", name, name+fileSuffix)
	case err != nil:
		// Without the path: a token may have been put in its place.
		p.mistake("%s cannot be read: %w", p.env.holder(name), errors.Unwrap(err))
	case text == "":
		p.mistake("%s is empty", p.env.holder(name))
	default:
		return text
	}
	return ""
}

// tidy trims what editors and copying leave around a value: white space, byte
// order marks, zero-width characters.
func tidy(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}

// holder says where a secret is.
func (env Environment) holder(name string) string {
	if env[name+fileSuffix] != "" {
		return "the file that " + name + fileSuffix + " names"
	}
	return name
}

// cacheFolder is pgy-mcp in the user's cache folder, where os.UserCacheDir has
// it; "" where the environment does not say.
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
