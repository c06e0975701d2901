package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
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
}

var commands = []string{"profile", "compare", "version"}

// configure reads the command line and the environment; a flag wins over its
// variable. The error names every mistake, or is flag.ErrHelp.
func configure(args []string, getenv func(string) string) (config, error) {
	c := config{command: "serve"}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		c.command, args = args[0], args[1:]
		if !slices.Contains(commands, c.command) {
			return c, fmt.Errorf("pgy-mcp: unknown command %q; the commands are %s, and none to serve", c.command, strings.Join(commands, ", "))
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
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return c, err
		}
		mistakes = append(mistakes, err)
	}
	for _, s := range settings {
		if given[s.name] {
			continue
		}
		variable := "PGY_MCP_" + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
		source, v := variable, getenv(variable)
		if v == "" {
			source, v = "-"+s.name, s.value
		}
		if err := s.read(&c, v); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s %w", source, err))
		}
	}
	mistakes = append(mistakes, c.readUsers(fs.Args())...)
	mistakes = append(mistakes, c.readSecrets(getenv)...)
	if err := errors.Join(mistakes...); err != nil {
		return c, fmt.Errorf("pgy-mcp: this cannot be run:\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
	}
	return c, nil
}

// option is a flag of one command that takes one of a few words.
func option[T ~string](fs *flag.FlagSet, name string, words []T, field *T, mistakes *[]error) {
	fs.Func(name, "", func(v string) error {
		if !slices.Contains(words, T(v)) {
			*mistakes = append(*mistakes, fmt.Errorf("-%s must be one of %s", name, strings.Trim(fmt.Sprint(words), "[]")))
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
		id, err := schema.UserID(u)
		switch {
		case strings.HasPrefix(u, "-"):
			mistakes = append(mistakes, fmt.Errorf("%s stands behind a USER; flags go before", u))
		case err != nil:
			mistakes = append(mistakes, fmt.Errorf("%q: %w", u, err))
		default:
			c.users = append(c.users, id)
		}
	}
	if c.command == "compare" {
		c.compare.UserIDs = fold(c.users)
		if len(c.compare.UserIDs) > schema.MaxCompared {
			mistakes = append(mistakes, fmt.Errorf("compare takes at most %d USERs", schema.MaxCompared))
		}
	}
	return mistakes
}

// fold leaves out what came before.
func fold(ids []string) []string {
	var out []string
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// readSecrets takes the two tokens, which are never flags: a command line can
// be read by everybody on the machine.
func (c *config) readSecrets(getenv func(string) string) []error {
	var mistakes []error
	var err error
	if c.upstream != "sample" && c.command != "version" {
		if c.token, err = secret("JUSTONEAPI_TOKEN", getenv); err != nil {
			mistakes = append(mistakes, err)
		}
	}
	if c.command == "serve" && c.transport != "stdio" {
		c.authToken, err = secret("PGY_MCP_AUTH_TOKEN", getenv)
		switch {
		case err != nil:
			mistakes = append(mistakes, err)
		case c.authToken.IsZero() && !loopback(c.addr):
			mistakes = append(mistakes, fmt.Errorf("-addr %s can be reached from other machines: set PGY_MCP_AUTH_TOKEN or PGY_MCP_AUTH_TOKEN_FILE to the token that callers must show, or listen on 127.0.0.1", c.addr))
		}
	}
	return mistakes
}

// tokenMissing reports that every look-up will fail for want of a token.
func (c *config) tokenMissing() bool { return c.upstream != "sample" && c.token.IsZero() }

func secret(name string, getenv func(string) string) (upstream.Token, error) {
	value, file := getenv(name), getenv(name+"_FILE")
	if file != "" {
		if value != "" {
			return upstream.Token{}, fmt.Errorf("%s and %s_FILE are both set; set one", name, name)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			// Without the path: a token may have been put in its place.
			return upstream.Token{}, fmt.Errorf("%s_FILE cannot be read: %w", name, errors.Unwrap(err))
		}
		if value = strings.TrimSpace(string(b)); value == "" {
			return upstream.Token{}, fmt.Errorf("%s_FILE: %s is empty", name, file)
		}
	}
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return upstream.Token{}, fmt.Errorf("%s holds line breaks or control characters", name)
	}
	return upstream.NewToken(value), nil
}

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

func printUsage(w io.Writer) {
	_, _ = fmt.Fprint(w, `pgy-mcp tells AI agents what a Xiaohongshu blogger costs and delivers (an MCP server).

  pgy-mcp [flags]                   serve MCP
  pgy-mcp profile [flags] USER...   look bloggers up and print them; -json for JSON
  pgy-mcp compare [flags] USER...   rank them in a table; -format video|image,
                                    -sort cnyPerEngagement|priceCny|followers|...
  pgy-mcp version

Flags, each one also an environment variable (-cache-ttl is PGY_MCP_CACHE_TTL):

`)
	for _, s := range settings {
		usage := s.usage
		if s.value != "" {
			usage += " (" + s.value + ")"
		}
		_, _ = fmt.Fprintf(w, "  -%-16s %s\n", s.name, usage)
	}
	_, _ = fmt.Fprint(w, `
Secrets, from the environment only: JUSTONEAPI_TOKEN or JUSTONEAPI_TOKEN_FILE,
PGY_MCP_AUTH_TOKEN or PGY_MCP_AUTH_TOKEN_FILE.
`)
}
