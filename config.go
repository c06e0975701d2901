package main

import (
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

	"golang.org/x/time/rate"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// config is everything that can be set, checked as a whole.
type config struct {
	command string   // "serve", "profile", "compare" or "version"
	users   []string // ids, 24 hex digits
	json    bool
	compare schema.CompareInput

	upstream       string // as given
	baseURL        string // empty for sample
	transport      string
	addr           string
	allowedHosts   []string
	allowedOrigins []string
	cacheTTL       time.Duration
	cacheStale     time.Duration
	cacheSize      int
	wait           time.Duration
	timeout        time.Duration
	rate           float64
	budget         int
	logLevel       slog.Level
	logFormat      string

	token     upstream.Token
	authToken upstream.Token

	unknown []string // variables that look like settings and are none
}

var commands = []string{"profile", "compare", "version"}

// configure reads the command line and the environment; a flag wins over its
// variable. The error names every mistake, or is flag.ErrHelp.
func configure(args []string, env environment) (config, error) {
	c := config{command: "serve", unknown: env.unknown()}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		c.command, args = args[0], args[1:]
		if !slices.Contains(commands, c.command) {
			return c, fmt.Errorf("pgy-mcp: unknown command %q; the commands are %s, and none to serve (-h says more)", c.command, strings.Join(commands, ", "))
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
	switch c.command {
	case "profile":
		fs.BoolVar(&c.json, "json", false, "print the structured result, a line for each user")
	case "compare":
		c.compare.Format, c.compare.SortBy = schema.Formats[0], schema.SortKeys[0]
		option(fs, "format", schema.Formats, &c.compare.Format, &mistakes)
		option(fs, "sort", schema.SortKeys, &c.compare.SortBy, &mistakes)
	}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return c, err
	case err != nil:
		mistakes = append(mistakes, err) // what stands behind it means nothing
	default:
		mistakes = append(mistakes, c.readUsers(fs.Args())...)
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

// readUsers takes what stands behind the flags. Ids are read before anything
// is asked, so that a slip of the pen costs nothing.
func (c *config) readUsers(rest []string) []error {
	if c.command != "profile" && c.command != "compare" {
		if len(rest) > 0 {
			return []error{fmt.Errorf("nothing may stand behind the flags here: %q", rest[0])}
		}
		return nil
	}
	var mistakes []error
	if len(rest) == 0 {
		mistakes = append(mistakes, fmt.Errorf("%s needs at least one USER, an id or a profile URL", c.command))
	}
	for _, u := range rest {
		if strings.HasPrefix(u, "-") {
			return append(mistakes, fmt.Errorf("%s stands behind a USER; flags go before: pgy-mcp %s [flags] USER", u, c.command))
		}
		id, err := schema.UserID(u)
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%q: %w", u, err))
			continue
		}
		c.users = append(c.users, id)
	}
	if c.command == "compare" && len(mistakes) == 0 {
		var err error
		if c.compare.UserIDs, err = schema.FoldUserIDs(c.users); err != nil {
			mistakes = append(mistakes, fmt.Errorf("the list of USERs %w", err))
		}
	}
	return mistakes
}

// readSecrets takes the two tokens, each where it is of use.
func (c *config) readSecrets(env environment) []error {
	var mistakes []error
	var err error
	if c.upstream != "sample" && c.command != "version" {
		if c.token, err = env.secret(apiToken); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	if c.command == "serve" && c.transport != "stdio" {
		c.authToken, err = env.secret(authToken)
		switch {
		case err != nil:
			mistakes = append(mistakes, err)
		case c.authToken.IsZero() && c.addr != "" && !loopback(c.addr):
			mistakes = append(mistakes, fmt.Errorf("-addr %s can be reached from other machines: set %s or %s to the token that callers must show, or listen on 127.0.0.1", c.addr, authToken, authToken+fileSuffix))
		}
	}
	return mistakes
}

// tokenMissing reports that every look-up will fail for want of a token.
func (c *config) tokenMissing() bool { return c.upstream != "sample" && c.token.IsZero() }

func (c *config) directory(log *slog.Logger, observe func(string, time.Duration)) upstream.Settings {
	s := upstream.Settings{
		Source:  c.upstream,
		TTL:     c.cacheTTL,
		Stale:   c.cacheStale,
		Timeout: c.timeout,
		Rate:    rate.Limit(c.rate),
		Log:     log,
		Observe: observe,
	}
	if c.upstream == "sample" {
		s.Rate = rate.Inf // there is nobody to spare
	}
	return s
}

// clearText reports whether the API token would cross a network unencrypted.
func (c *config) clearText() bool {
	u, err := url.Parse(c.baseURL)
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
