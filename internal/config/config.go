// Package config reads the command line and the environment into one Config.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Config holds all settings and the arguments of one command, checked together.
type Config struct {
	Command string   // "serve", "profile", "compare", "insights", "find", "review", "history", "account", "healthcheck" or "version"
	Users   []string // ids, and texts without an id as they were given

	JSON     bool
	Language string              // "en" or "zh"
	Output   Output              // used by commands that have Formats
	Yes      bool                // pay without asking
	Profile  schema.ProfileInput // without the UserID
	Compare  schema.CompareInput
	Insights schema.InsightsInput // without the UserID
	Find     schema.FindInput
	Labels   bool // find prints what its filters take, and searches for nothing
	Review   schema.ReviewInput

	Upstream       string // as given
	BaseURL        string // "" is the samples
	Transport      string
	Addr           string
	AllowedHosts   []string
	AllowedOrigins []string
	CacheTTL       time.Duration
	CacheStale     time.Duration
	CacheSize      int
	CacheDir       string // "" is no folder
	Redis          string // may hold a password; "" is none
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

	unknown  []string // variables with our prefix that are no setting
	warnings []string // what else the operator should know
}

var (
	commands     = []string{"profile", "compare", "insights", "find", "review", "history", "account", "healthcheck", "version"}
	withUsers    = []string{"profile", "compare", "insights", "history"} // whose operands are USERs
	withOperands = append(slices.Clone(withUsers), "find", "review")
)

// Parse reads the command line and the environment; a flag overrides its variable. The
// operand - reads a list from stdin. The error has a line for each mistake, or is
// flag.ErrHelp.
func Parse(args []string, env Environment, stdin io.Reader) (Config, error) {
	p := parser{Config: Config{Command: "serve"}, env: env}
	if len(args) > 0 {
		switch first := args[0]; {
		case first == "help":
			return p.Config, flag.ErrHelp
		case first == "-version", first == "--version":
			p.Command, args = "version", args[1:]
		case !strings.HasPrefix(first, "-") && !afterLongDash.MatchString(first):
			p.Command, args = first, args[1:]
		}
	}
	if p.Command != "serve" && !slices.Contains(commands, p.Command) {
		if _, err := schema.UserID(p.Command); err == nil {
			return p.Config, fmt.Errorf("%q is a USER; to look it up: pgy-mcp profile USER", p.Command)
		}
		return p.Config, fmt.Errorf("unknown command %q;%s the commands are %s; without a command pgy-mcp serves MCP (-h says more)", p.Command, didYouMean("", p.Command, commands), strings.Join(commands, ", "))
	}
	err := p.read(args, stdin)
	return p.Config, err
}

// parser builds a Config.
type parser struct {
	Config
	env Environment
}

// read reads the arguments after the command, and the environment.
func (p *parser) read(args []string, stdin io.Reader) error {
	fs := p.settingFlags()
	p.commandFlags(fs)
	var mistakes []error
	// Parsing goes on after a wrong flag, but not if it makes no progress, as with ---x.
	left := len(args) + 1
	for err := fs.Parse(args); err != nil && fs.NArg() < left; err = fs.Parse(fs.Args()) {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		left = fs.NArg()
		if name, isUnknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); isUnknown {
			word, _, _ := strings.Cut(name, ":") // as values are given to PowerShell's commands: -flag:value
			err = fmt.Errorf("unknown flag -%s;%s -h lists the flags", name, didYouMean("-", word, p.flagNames(fs)))
		}
		mistakes = append(mistakes, err)
	}
	if err := errors.Join(valueApart(fs, args), longDash(fs)); err != nil {
		mistakes = append(mistakes, err)
	}
	if u, err := url.Parse(p.Redis); err == nil {
		if _, secret := u.User.Password(); secret {
			mistakes = append(mistakes, fmt.Errorf("-redis must be without a password, since everybody on the machine can read a command line; set %s or %[1]s%s", redisURL, fileSuffix))
		}
	}
	if mistakes == nil { // otherwise operands may be values of an unknown flag
		mistakes = append(mistakes, p.checkCommandFlags(), p.readOperands(fs.Args(), stdin))
	}
	given := setFlags(fs)
	mistakes = append(mistakes, p.readEnvironment(fs, given), p.readUpstream(given["upstream"]), p.readTokens())
	mistakes = append(mistakes, p.readStore(), p.checkFile())
	if given["o"] {
		mistakes = append(mistakes, p.checkJSON())
	}
	if set := setFlags(fs); p.Command == "healthcheck" && set["addr"] && !set["transport"] {
		p.Transport = "http" // an address names a server that listens
	}
	return errors.Join(mistakes...)
}

// afterLongDash matches a flag whose hyphens a word processor or a chat turned into
// dashes.
var afterLongDash = regexp.MustCompile(`^[\x{2010}-\x{2015}\x{2212}\x{FE63}\x{FF0D}]+([a-z-]+)(=.*)?$`)

// longDash refuses a flag that begins with such a dash. Without this check the flag would be
// read as a USER, or as the name that a paid search looks for.
func longDash(fs *flag.FlagSet) error {
	for _, argument := range fs.Args() {
		if m := afterLongDash.FindStringSubmatch(argument); m != nil && fs.Lookup(m[1]) != nil {
			return fmt.Errorf("%s begins with a dash that is no hyphen: write -%s", argument, m[1]+m[2])
		}
	}
	return nil
}

// valueApart refuses true or false as the first operand right after a flag. That flag is
// boolean, since any other flag takes the word as its value. As an operand the word would
// be a USER or a name of a paid search.
func valueApart(fs *flag.FlagSet, args []string) error {
	i := len(args) - fs.NArg() - 1
	if word := fs.Arg(0); i < 0 || word != "true" && word != "false" || !strings.HasPrefix(args[i], "-") {
		return nil
	}
	name := strings.TrimLeft(args[i], "-")
	if fs.Lookup(name) == nil {
		return nil
	}
	return fmt.Errorf("-%s takes its value after an equals sign: -%[1]s=%s", name, fs.Arg(0))
}

// setFlags returns the names of the flags that were set.
func setFlags(fs *flag.FlagSet) map[string]bool {
	set := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { set[f.Name] = true })
	return set
}

// didYouMean suggests the nearest known word; "" if none is near.
func didYouMean(prefix, misspelt string, known []string) string {
	word := nearest(misspelt, known)
	if word == "" {
		return ""
	}
	return " did you mean " + prefix + word + "?"
}

// flagNames returns the flags of the command, and -version if there is no command.
func (p *parser) flagNames(fs *flag.FlagSet) []string {
	var names []string
	if p.Command == "serve" {
		names = append(names, "version")
	}
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}

// readUpstream reads a name or a base URL. The flag's own parse function cannot check it,
// since the flag package would print a password in the value.
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

// readStore decides between folder, Redis and none. If both are given, Redis is used. The
// flag's own check has refused values that cannot be a folder.
func (p *parser) readStore() error {
	switch dir := p.CacheDir; {
	case p.Upstream == upstream.SampleName:
		p.CacheDir, p.Redis = "", ""
	case dir == "off", p.Redis != "":
		p.CacheDir = ""
	case dir == "auto":
		p.CacheDir = p.env.cacheFolder(runtime.GOOS)
		if p.CacheDir == "" {
			p.warnings = append(p.warnings, "pgy-mcp found no cache folder, since HOME (LOCALAPPDATA on Windows) or XDG_CACHE_HOME is missing or relative: paid answers are lost when this process ends; set -cache-dir to a path, or to off")
		}
	case dir == "~" || strings.HasPrefix(dir, "~/"): // no shell expands it in a client's file of settings
		home := p.env["HOME"]
		if home == "" {
			return fmt.Errorf("-cache-dir %s needs HOME, which is not set: give the whole path", dir)
		}
		p.CacheDir = home + dir[1:]
	}
	return nil
}

// Warnings returns what the operator should know at the start.
func (c *Config) Warnings() []string {
	var out []string
	for _, name := range c.unknown {
		out = append(out, "unknown variable "+name+", ignored (-h lists the settings)")
	}
	out = append(out, c.warnings...)
	if u, err := url.Parse(c.BaseURL); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		out = append(out, "the upstream "+c.Upstream+" is plain HTTP: the API token crosses the network in clear text")
	}
	if c.Command != "serve" {
		return out
	}
	if c.Upstream != upstream.SampleName && c.Token.IsZero() {
		out = append(out, fmt.Sprintf("there is no API token: calls will answer token_missing; set %s or %s", apiToken, apiToken+fileSuffix))
	}
	if host, _, _ := net.SplitHostPort(c.Addr); c.Transport != "stdio" && !loopback(host) && len(c.AllowedHosts) == 0 {
		out = append(out, "-addr "+c.Addr+" can be reached from other machines, but only loopback names are served: set -allowed-hosts to the names that callers use")
	}
	return out
}

// loopback reports whether only this machine can reach a host.
func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
