// Package config reads the command line and the environment into one Config.
package config

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Config is everything that can be set, checked as a whole.
type Config struct {
	Command string   // "serve", "profile", "compare" or "version"
	Users   []string // ids, 24 hex digits; from standard input also what cannot be one
	JSON    bool
	Compare schema.CompareInput
	Output  string // of compare, one of Outputs

	Upstream       string // as given
	BaseURL        string // empty for sample
	Transport      string
	Addr           string
	AllowedHosts   []string
	AllowedOrigins []string
	CacheTTL       time.Duration
	CacheStale     time.Duration
	CacheSize      int
	CacheDir       string // "" is memory alone
	App            bool
	Wait           time.Duration
	Timeout        time.Duration
	Rate           float64
	Budget         int
	LogLevel       slog.Level
	LogFormat      string

	Token     upstream.Token
	AuthToken upstream.Token

	Unknown []string // variables that look like settings and are none
}

var commands = []string{"profile", "compare", "version"}

// Outputs are the forms in which compare prints, the default first.
var Outputs = []string{"table", "csv", "json", "html"}

// Parse reads the command line and the environment; a flag wins over its
// variable. Where a USER is -, it reads stdin to its end. The error names every
// mistake, or is flag.ErrHelp.
func Parse(args []string, env Environment, stdin io.Reader) (Config, error) {
	c := Config{Command: "serve", Unknown: env.unknown()}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		c.Command, args = args[0], args[1:]
		if !slices.Contains(commands, c.Command) {
			return c, fmt.Errorf("pgy-mcp: unknown command %q; the commands are %s, and none to serve (-h says more)", c.Command, strings.Join(commands, ", "))
		}
	}
	var mistakes []error
	given := map[string]bool{}
	fs := flag.NewFlagSet("pgy-mcp", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range settings {
		fs.Func(s.name, s.usage, func(v string) error {
			given[s.name] = true
			if err := s.read(&c, v); err != nil {
				mistakes = append(mistakes, fmt.Errorf("-%s %w", s.name, err))
			}
			return nil
		})
	}
	switch c.Command {
	case "profile":
		fs.BoolVar(&c.JSON, "json", false, "print the structured result, a line for each user")
	case "compare":
		c.Compare.Format, c.Compare.SortBy = schema.Formats[0], schema.SortKeys[0]
		option(fs, "format", schema.Formats, &c.Compare.Format, &mistakes)
		option(fs, "sort", schema.SortKeys, &c.Compare.SortBy, &mistakes)
		c.Output = Outputs[0]
		option(fs, "o", Outputs, &c.Output, &mistakes)
		fs.Func("max-price", "", func(v string) (err error) {
			if c.Compare.MaxPriceCNY, err = schema.CNY(v); err != nil {
				mistakes = append(mistakes, fmt.Errorf("-max-price %w", err))
			}
			return nil
		})
	}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return c, err
	case err != nil:
		mistakes = append(mistakes, err) // what stands behind it means nothing
	default:
		mistakes = append(mistakes, c.readUsers(fs.Args(), stdin)...)
	}
	for _, s := range settings {
		if given[s.name] {
			continue
		}
		source, v := variable(s.name), env[variable(s.name)]
		if v == "" {
			source, v = "-"+s.name, s.value
		}
		if err := s.read(&c, v); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s %w", source, err))
		}
	}
	mistakes = append(mistakes, c.readSecrets(env)...)
	if err := errors.Join(mistakes...); err != nil {
		return c, fmt.Errorf("pgy-mcp: this cannot be run:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	return c, nil
}

// option is a flag of one command that takes one of a few words.
func option[T ~string](fs *flag.FlagSet, name string, words []T, field *T, mistakes *[]error) {
	fs.Func(name, "", func(v string) error {
		if !slices.Contains(words, T(v)) {
			*mistakes = append(*mistakes, fmt.Errorf("-%s must be one of %s", name, schema.List(words)))
		}
		*field = T(v)
		return nil
	})
}

// readUsers takes the arguments after the flags. Ids are read before anything
// is asked, so that a typing error costs nothing.
func (c *Config) readUsers(rest []string, stdin io.Reader) []error {
	if c.Command != "profile" && c.Command != "compare" {
		if len(rest) > 0 {
			return []error{fmt.Errorf("unexpected argument %q", rest[0])}
		}
		return nil
	}
	var mistakes []error
	if len(rest) == 0 {
		mistakes = append(mistakes, fmt.Errorf("%s needs at least one USER, an id or a profile URL", c.Command))
	}
	for _, u := range rest {
		if u == "-" {
			if err := c.readList(stdin); err != nil {
				mistakes = append(mistakes, err)
			}
			continue
		}
		if strings.HasPrefix(u, "-") {
			return append(mistakes, fmt.Errorf("%s stands behind a USER; flags go before: pgy-mcp %s [flags] USER", u, c.Command))
		}
		id, err := schema.UserID(u)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%q: %w", u, err))
			continue
		}
		c.Users = append(c.Users, id)
	}
	for _, u := range c.Users {
		c.Compare.AddUser(u)
	}
	return mistakes
}

// readList takes users from standard input, one a line. A line that cannot be
// an id stays as it is: it is one blogger's failure, as in a call of the tool.
func (c *Config) readList(stdin io.Reader) error {
	before := len(c.Users)
	lines := bufio.NewScanner(stdin)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if id, err := schema.UserID(line); err == nil {
			line = id
		}
		c.Users = append(c.Users, line)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("standard input cannot be read: %w", err)
	}
	if len(c.Users) == before {
		return errors.New("standard input has no USER: give ids or profile URLs, one a line")
	}
	return nil
}

// readSecrets takes the two tokens, each where it is of use.
func (c *Config) readSecrets(env Environment) []error {
	var mistakes []error
	var err error
	if c.Upstream != "sample" && c.Command != "version" {
		if c.Token, err = env.secret(apiToken); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	if c.Command == "serve" && c.Transport != "stdio" {
		c.AuthToken, err = env.secret(authToken)
		switch {
		case err != nil:
			mistakes = append(mistakes, err)
		case c.AuthToken.IsZero() && c.Addr != "" && !loopback(c.Addr):
			mistakes = append(mistakes, fmt.Errorf("-addr %s can be reached from other machines: set %s or %s to the token that callers must show, or listen on 127.0.0.1", c.Addr, authToken, authToken+fileSuffix))
		}
	}
	return mistakes
}

// TokenMissing reports that every look-up will fail for want of a token.
func (c *Config) TokenMissing() bool { return c.Upstream != "sample" && c.Token.IsZero() }

// ClearText reports whether the API token would cross a network unencrypted.
func (c *Config) ClearText() bool {
	u, err := url.Parse(c.BaseURL)
	return err == nil && u.Scheme == "http" && !loopbackName(u.Hostname())
}

// loopback reports whether only this machine can reach a listen address.
func loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err == nil && loopbackName(host)
}

func loopbackName(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
