package config

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
	"time"

	"pgy-mcp/schema"
)

// flags are the settings, which are variables too.
func (p *parser) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("pgy-mcp", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&p.Upstream, "upstream", "prod-global", "where profiles come from: prod-global, prod-cn, sample, or an http(s):// base URL")
	word(fs, &p.Transport, "transport", "(Streamable HTTP at /mcp; HTTP+SSE at /sse and /message)", "stdio", "http", "sse")
	fs.StringVar(&p.Addr, "addr", "127.0.0.1:8080", "listen address of http and sse; port 0 picks a free one")
	fs.Func("allowed-hosts", "Host headers accepted, comma-separated; loopback names where empty", list(&p.AllowedHosts))
	fs.Func("allowed-origins", "browser Origins accepted, comma-separated; none where empty", list(&p.AllowedOrigins))
	fs.DurationVar(&p.CacheTTL, "cache-ttl", 6*time.Hour, "how long an answer is fresh")
	fs.DurationVar(&p.CacheStale, "cache-stale", 24*time.Hour, "how much longer an answer may be served, marked stale, while the upstream is failing")
	fs.IntVar(&p.CacheSize, "cache-size", 10000, "most answers kept, in memory and on disk each")
	fs.StringVar(&p.CacheDir, "cache-dir", "auto", "folder in which paid answers outlive the process: auto (in the user's cache folder), off, or a path")
	fs.StringVar(&p.Redis, "redis", "", "redis:// or rediss:// URL of a Redis or Valkey that replicas share; none where empty")
	fs.BoolVar(&p.App, "app", true, "offer the comparison's interactive page to hosts that show MCP Apps")
	fs.DurationVar(&p.Wait, "wait", 50*time.Second, "how long a tool call waits before it answers pending; the paid look-up goes on")
	fs.DurationVar(&p.Timeout, "timeout", 2*time.Minute, "limit of one upstream request, 60s at least")
	fs.Float64Var(&p.Rate, "rate", 5, "upstream requests a second")
	fs.IntVar(&p.Budget, "budget", 0, "most upstream requests in 24 hours; 0 is no limit")
	word(fs, &p.level, "log-level", "", "info", "debug", "warn", "error")
	word(fs, &p.LogFormat, "log-format", "", "text", "json")
	return fs
}

// options are the flags of one command.
func (p *parser) options(fs *flag.FlagSet) {
	const jsonUsage = "print the structured result, a line for each user"
	switch p.Command {
	case "profile":
		fs.BoolVar(&p.JSON, "json", false, jsonUsage)
	case "compare":
		word(fs, &p.Compare.Format, "format", "", schema.Formats...)
		word(fs, &p.Compare.SortBy, "sort", "", schema.SortKeys...)
		word(fs, &p.Output, "o", "(a form, printed on stdout)", "table", "csv", "json", "html")
		fs.Func("max-price", "price limit in CNY: dearer ones come after those who can be booked", func(s string) (err error) {
			if p.Compare.MaxPriceCNY, err = schema.CNY(s); err != nil {
				return errors.New(strings.TrimPrefix(err.Error(), "must be "))
			}
			return nil
		})
	case "insights":
		p.Insights.Sections, p.Insights.Raw = schema.DefaultSections, schema.RawNone
		fs.Func("sections", schema.List(schema.Sections)+"; comma-separated, the first two by default", list(&p.Insights.Sections))
		word(fs, &p.Insights.Scope, "scope", "", schema.Scopes...)
		word(fs, &p.Insights.Format, "format", "", schema.NoteFormats...)
		fs.IntVar(&p.Insights.Days, "days", schema.Windows[0], "30 or 90")
		fs.BoolVar(&p.JSON, "json", false, jsonUsage)
	}
	if slices.Contains(withUsers, p.Command) {
		word(fs, &p.Language, "lang", "for labels and sentences", "en", "zh")
	}
}

// word defines a flag that takes one of a few words; the first is the default.
func word[T ~string](fs *flag.FlagSet, field *T, name, usage string, of ...T) {
	*field = of[0]
	fs.Func(name, strings.TrimSpace(schema.List(of)+" "+usage), func(s string) error {
		if !slices.Contains(of, T(s)) {
			return errors.New("one of " + schema.List(of))
		}
		*field = T(s)
		return nil
	})
	fs.Lookup(name).DefValue = string(of[0])
}

func list[T ~string](field *[]T) func(string) error {
	return func(s string) error {
		*field = nil
		for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
			*field = append(*field, T(word))
		}
		return nil
	}
}

// setting is a flag's value that notes a mistake and lets the parsing go on, so
// that all mistakes are told at once.
type setting struct {
	flag.Value
	name          string
	p             *parser
	source, given string // source is the flag or the variable; "" for the default
	wrong         bool
}

// Set implements flag.Value.
func (s *setting) Set(value string) error {
	if s.source == "" {
		s.source = "-" + s.name
	}
	s.given = value
	if err := s.Value.Set(value); err != nil {
		s.p.wrong(s.name, s.want(err), false)
	}
	return nil
}

// IsBoolFlag is for the flag package.
func (s *setting) IsBoolFlag() bool {
	b, ok := s.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// want says what the value must be, as the end of a sentence. Our own flags'
// errors say it; those of the flag package's types do not.
func (s *setting) want(err error) string {
	standard, ok := s.Value.(flag.Getter)
	if !ok {
		return err.Error()
	}
	switch standard.Get().(type) {
	case time.Duration:
		return "a duration such as 90s or 6h"
	case bool:
		return "true or false"
	case int:
		return "a whole number"
	}
	return "a number"
}
