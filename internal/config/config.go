// Package config reads the command line and the environment into one Config.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Config is everything that can be set, checked as a whole.
type Config struct {
	Command string   // "serve", "profile", "compare", "insights", "healthcheck" or "version"
	Users   []string // ids, 24 hex digits; from stdin also what cannot be one

	JSON     bool
	Language string              // "en" or "zh"
	Output   Output              // of commands that have Formats
	Yes      bool                // pay without asking
	Profile  schema.ProfileInput // but for the UserID
	Compare  schema.CompareInput
	Insights schema.InsightsInput // but for the UserID

	Upstream       string // as given
	BaseURL        string // empty for the samples
	Transport      string
	Addr           string
	AllowedHosts   []string
	AllowedOrigins []string
	CacheTTL       time.Duration
	CacheStale     time.Duration
	CacheSize      int
	CacheDir       string // empty where memory ends with the process
	Redis          string // may hold a password; empty for none
	App            bool
	Wait           time.Duration
	Timeout        time.Duration
	Rate           float64
	Budget         int
	FeePercent     float64
	LogLevel       string // "info", "debug", "warn" or "error"
	LogFormat      string

	Token     upstream.Token
	AuthToken upstream.Token

	unknown []string // variables that look like settings and are none
}

var (
	commands  = []string{"profile", "compare", "insights", "healthcheck", "version"}
	withUsers = []string{"profile", "compare", "insights"}
)

// Parse reads the command line and the environment; a flag wins over its
// variable. The USER - reads a list from stdin. The error names every mistake, a
// line each, or is flag.ErrHelp.
func Parse(args []string, env Environment, stdin io.Reader) (Config, error) {
	p := parser{Config: Config{Command: "serve"}, env: env}
	if len(args) > 0 {
		switch first := args[0]; {
		case first == "help":
			return p.Config, flag.ErrHelp
		case first == "-version", first == "--version":
			p.Command, args = "version", args[1:]
		case !strings.HasPrefix(first, "-"):
			p.Command, args = first, args[1:]
		}
	}
	if p.Command != "serve" && !slices.Contains(commands, p.Command) {
		if _, err := schema.UserID(p.Command); err == nil {
			return p.Config, fmt.Errorf("%q is a USER; to look it up: pgy-mcp profile USER", p.Command)
		}
		return p.Config, fmt.Errorf("unknown command %q; the commands are %s, and none to serve (-h says more)", p.Command, strings.Join(commands, ", "))
	}
	err := p.read(args, stdin)
	return p.Config, err
}

// parser is a Config in the making.
type parser struct {
	Config
	env Environment
}

// read takes what comes after the command, and the environment.
func (p *parser) read(args []string, stdin io.Reader) error {
	fs := p.flags()
	p.options(fs)
	var mistakes []error
	// It goes on behind a flag that is wrong, but not behind one that it cannot take
	// apart, such as ---x.
	left := len(args) + 1
	for err := fs.Parse(args); err != nil && fs.NArg() < left; err = fs.Parse(fs.Args()) {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		left = fs.NArg()
		mistakes = append(mistakes, err)
	}
	if u, err := url.Parse(p.Redis); err == nil {
		if _, secret := u.User.Password(); secret {
			mistakes = append(mistakes, fmt.Errorf("-redis must be without a password, since everybody on the machine can read a command line; set %s or %[1]s%s", redisURL, fileSuffix))
		}
	}
	if mistakes == nil { // else what is left may belong to an unknown flag
		mistakes = append(mistakes, p.checkOptions(), p.readUsers(fs.Args(), stdin))
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	mistakes = append(mistakes, p.readEnvironment(fs, given), p.readUpstream(given["upstream"]), p.readTokens(), p.checkFile())
	p.readMemory()
	if p.Command == "healthcheck" && p.isSet("addr", given) && !p.isSet("transport", given) {
		p.Transport = "http" // an address names a server that listens
	}
	return errors.Join(mistakes...)
}

// isSet reports whether a flag or its variable sets name.
func (p *parser) isSet(name string, given map[string]bool) bool {
	return given[name] || tidy(p.env[variable(name)]) != ""
}

// readUpstream takes a name or a base URL. It is not the flag's own check, since the
// flag package would show a password in the value.
func (p *parser) readUpstream(isFlag bool) error {
	source := variable("upstream")
	if isFlag {
		source = "-upstream"
	}
	named := map[string]string{"prod-global": upstream.Global, "prod-cn": upstream.China, upstream.SampleName: ""}
	if baseURL, ok := named[p.Upstream]; ok {
		p.BaseURL = baseURL
		return nil
	}
	u, err := url.Parse(p.Upstream)
	switch {
	case strings.ContainsAny(p.Upstream, "@?#"):
		return fmt.Errorf("%s must be a base URL without user, query or fragment; the API token goes into %s", source, apiToken)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("invalid value %q for %s: must be prod-global, prod-cn, sample, or an http:// or https:// base URL", p.Upstream, source)
	}
	p.BaseURL = strings.TrimRight(p.Upstream, "/")
	return nil
}

// readMemory decides where paid answers outlive the process.
func (p *parser) readMemory() {
	switch {
	case p.Upstream == upstream.SampleName:
		p.CacheDir, p.Redis = "", ""
	case p.CacheDir == "off", p.CacheDir == "auto" && p.Redis != "":
		p.CacheDir = ""
	case p.CacheDir == "auto":
		p.CacheDir = p.env.cacheFolder(runtime.GOOS)
	case strings.HasPrefix(p.CacheDir, "~/"): // no shell has read it where a client's file has it
		p.CacheDir = p.env["HOME"] + p.CacheDir[1:]
	}
}

// Warnings are for the operator to read at the start.
func (c *Config) Warnings() []string {
	var out []string
	for _, name := range c.unknown {
		out = append(out, "unknown variable "+name+", ignored (-h lists the settings)")
	}
	if u, err := url.Parse(c.BaseURL); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		out = append(out, "the upstream "+c.Upstream+" is plain HTTP: the API token crosses the network in clear text")
	}
	if c.Command == "serve" && c.Upstream != upstream.SampleName && c.Token.IsZero() {
		out = append(out, fmt.Sprintf("there is no API token: calls will answer token_missing; set %s or %s", apiToken, apiToken+fileSuffix))
	}
	return out
}

// loopback reports a host that only this machine can reach.
func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
