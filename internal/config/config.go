// Package config reads the command line and the environment into one Config.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"runtime"
	"slices"
	"strconv"
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
	Language string // "en" or "zh"
	Output   string // of compare: "table", "csv", "json" or "html"
	Compare  schema.CompareInput
	Insights schema.InsightsInput

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
	LogLevel       slog.Level
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
// variable. The USER - reads a list from stdin. The error names every
// mistake, or is flag.ErrHelp.
func Parse(args []string, env Environment, stdin io.Reader) (Config, error) {
	p := parser{Config: Config{Command: "serve"}, env: env, settings: map[string]*setting{}}
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
			return p.Config, fmt.Errorf("pgy-mcp: %q is a USER; to look it up: pgy-mcp profile USER", p.Command)
		}
		return p.Config, fmt.Errorf("pgy-mcp: unknown command %q; the commands are %s, and none to serve (-h says more)", p.Command, strings.Join(commands, ", "))
	}
	fs := p.flags()
	p.options(fs)
	fs.VisitAll(func(f *flag.Flag) {
		p.settings[f.Name] = &setting{Value: f.Value, name: f.Name, p: &p}
		f.Value = p.settings[f.Name]
	})
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return p.Config, err
	case err != nil:
		p.mistakes = append(p.mistakes, err) // what comes after it means nothing
	default:
		p.readUsers(fs.Args(), stdin)
	}
	p.readEnvironment()
	p.validate()
	p.readSecrets()
	if err := errors.Join(p.mistakes...); err != nil {
		return p.Config, fmt.Errorf("pgy-mcp: this cannot be run:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	return p.Config, nil
}

// parser is a Config in the making.
type parser struct {
	Config
	level    string
	env      Environment
	settings map[string]*setting
	mistakes []error
}

func (p *parser) mistake(format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Errorf(format, args...))
}

// wrong notes a mistake in a setting, once. A secret's value is not shown.
func (p *parser) wrong(name, want string, secret bool) {
	s := p.settings[name]
	switch {
	case s.wrong:
	case secret:
		p.mistake("%s must be %s", s.source, want)
	default:
		p.mistake("%s must be %s, not %q", s.source, want, s.given)
	}
	s.wrong = true
}

// check holds a setting to what it must be.
func (p *parser) check(name string, right bool, want string) {
	if !right {
		p.wrong(name, want, false)
	}
}

const (
	// longest keeps sums of durations from overflowing.
	longest = 10 * 365 * 24 * time.Hour
	// leastTimeout is what the endpoint's page asks for: a request that is given
	// up earlier may be charged all the same.
	leastTimeout = time.Minute
)

func (p *parser) checkDuration(name string, d, least time.Duration) {
	want := "at least " + least.String()
	if least == time.Nanosecond {
		want = "longer than 0s"
	}
	p.check(name, d >= least, want)
	p.check(name, d <= longest, fmt.Sprintf("at most %.0fh, ten years", longest.Hours()))
}

// validate holds the settings to what they must be, and derives what follows.
func (p *parser) validate() {
	_ = p.LogLevel.UnmarshalText([]byte(p.level)) // it is one of the words
	p.readUpstream()
	_, port, err := net.SplitHostPort(p.Addr)
	p.check("addr", err == nil, "host:port, such as 127.0.0.1:8080")
	n, err := strconv.Atoi(port)
	p.check("addr", err == nil && n >= 0 && n <= 65535, "host:port with a port from 0 to 65535")
	p.check("allowed-hosts", !slices.ContainsFunc(p.AllowedHosts, func(h string) bool { return strings.ContainsAny(h, "/@*") }),
		"names as a Host header has them, such as pgy.example.com or pgy.example.com:8443, without https://")
	for i, o := range p.AllowedOrigins {
		p.AllowedOrigins[i] = strings.ToLower(o)
		u, err := url.Parse(o)
		p.check("allowed-origins", err == nil && u.Scheme != "" && u.Host != "" && u.Path == "", "origins: scheme://host, with a port if it is not the scheme's own")
	}
	p.checkDuration("cache-ttl", p.CacheTTL, time.Nanosecond)
	p.checkDuration("cache-stale", p.CacheStale, 0)
	p.checkDuration("wait", p.Wait, time.Nanosecond)
	p.checkDuration("timeout", p.Timeout, leastTimeout)
	p.check("cache-size", p.CacheSize >= 1, "a whole number, 1 or more")
	p.check("budget", p.Budget >= 0, "a whole number, 0 or more")
	p.check("rate", p.Rate > 0 && p.Rate <= 1e6, "a number above 0")
	if p.Command == "insights" {
		p.check("days", slices.Contains(schema.Windows, p.Insights.Days), "30 or 90")
		unknown := func(s schema.Section) bool { return !slices.Contains(schema.Sections, s) }
		p.check("sections", len(p.Insights.Sections) > 0 && !slices.ContainsFunc(p.Insights.Sections, unknown),
			"one or some of "+schema.List(schema.Sections))
	}
	p.readMemory()
}

// readUpstream takes a name or a base URL. What may hold a password is not shown.
func (p *parser) readUpstream() {
	named := map[string]string{"prod-global": upstream.Global, "prod-cn": upstream.China, upstream.SampleName: ""}
	if baseURL, ok := named[p.Upstream]; ok {
		p.BaseURL = baseURL
		return
	}
	u, err := url.Parse(p.Upstream)
	switch {
	case strings.ContainsAny(p.Upstream, "@?#"):
		p.wrong("upstream", "a base URL without user, query or fragment; the API token goes into "+apiToken, true)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		p.wrong("upstream", "prod-global, prod-cn, sample, or an http:// or https:// base URL", false)
	}
	p.BaseURL = strings.TrimRight(p.Upstream, "/")
}

// readMemory decides where paid answers outlive the process.
func (p *parser) readMemory() {
	if p.Redis != "" {
		u, err := url.Parse(p.Redis)
		if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Host == "" {
			p.wrong("redis", "a redis:// or rediss:// URL", true)
		} else if _, secret := u.User.Password(); secret && strings.HasPrefix(p.settings["redis"].source, "-") {
			p.wrong("redis", "without a password, since everybody on the machine can read a command line; set "+variable("redis")+" or "+variable("redis")+fileSuffix, true)
		}
	}
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
		out = append(out, "the variable "+name+" is no setting and has no effect; -h lists them")
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
