package config

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgy-mcp/schema"
)

// leastTimeout is the least that the API's documentation asks for: a request that is
// abandoned earlier may still be charged.
const leastTimeout = time.Minute

// settingFlags returns the flags of the settings, each of which is a variable too.
func (p *parser) settingFlags() *flag.FlagSet {
	fs := flag.NewFlagSet("pgy-mcp", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&p.Upstream, "upstream", "prod-global", "where profiles come from: prod-global, prod-cn, sample, or an http(s):// base URL")
	enumFlag(fs, &p.Transport, "transport", "(Streamable HTTP at /mcp; HTTP+SSE at /sse and /message)", "stdio", "http", "sse")
	addFlag(fs, &p.Addr, "addr", "127.0.0.1:8080", "listen address of http and sse; port 0 picks a free one", address)
	addFlag(fs, &p.AllowedHosts, "allowed-hosts", "", "accepted Host headers, comma-separated; empty: loopback names", hosts)
	addFlag(fs, &p.AllowedOrigins, "allowed-origins", "", "accepted browser Origins, comma-separated; empty: none", origins)
	addFlag(fs, &p.CacheTTL, "cache-ttl", "6h", "how long an answer is fresh", duration(1))
	addFlag(fs, &p.CacheStale, "cache-stale", "24h", "how much longer an answer may be served, marked stale, while the upstream is failing", duration(0))
	addFlag(fs, &p.CacheSize, "cache-size", "10000", "most answers kept, in memory and on disk each", whole(1))
	addFlag(fs, &p.CacheDir, "cache-dir", "auto", "folder in which paid answers outlive the process: auto (in the user's cache folder), off, or a path", folder)
	fs.StringVar(&p.Redis, "redis", "", "redis:// or rediss:// URL of a Redis or Valkey that replicas share; empty: none")
	addFlag(fs, &p.App, "app", "true", "offer the comparison's interactive page to hosts that show MCP Apps", boolean)
	addFlag(fs, &p.Wait, "wait", "50s", "how long a tool call waits before it answers pending; the paid look-up goes on", duration(1))
	addFlag(fs, &p.Timeout, "timeout", "2m", "limit of one upstream request, 60s at least", duration(leastTimeout))
	addFlag(fs, &p.Rate, "rate", "5", "upstream requests a second", number)
	addFlag(fs, &p.Budget, "budget", "0", "most upstream requests in 24 hours; 0 is no limit", whole(0))
	addFlag(fs, &p.FeePercent, "fee-percent", "0", "what the platform adds to a quote; above 0, prices with the fee are shown, and price limits and budgets in CNY include it", percent)
	enumFlag(fs, &p.LogLevel, "log-level", "", "info", "debug", "warn", "error")
	enumFlag(fs, &p.LogFormat, "log-format", "", "text", "json")
	return fs
}

// commandFlags adds the flags of one command: a tool's arguments, and those of the output,
// the language and the question before paying.
func (p *parser) commandFlags(fs *flag.FlagSet) {
	const jsonUsage = "print the structured result, a line for each user"
	switch p.Command {
	case "profile":
		schema.ProfileArguments.Flags(fs, &p.Profile)
		addFlag(fs, &p.JSON, "json", "false", jsonUsage, boolean)
	case "compare":
		schema.CompareArguments.Flags(fs, &p.Compare)
	case "insights":
		schema.InsightsArguments.Flags(fs, &p.Insights)
		addFlag(fs, &p.JSON, "json", "false", jsonUsage, boolean)
	case "find":
		schema.FindArguments.Flags(fs, &p.Find)
		addFlag(fs, &p.Labels, "labels", "false", "print what the filters take, and search for nothing", boolean)
	case "review":
		schema.ReviewArguments.Flags(fs, &p.Review)
	case "account":
		addFlag(fs, &p.JSON, "json", "false", "print it as JSON", boolean)
	}
	if all := formats[p.Command]; all != nil {
		usage := schema.List(printedFormats(p.Command)) + ", printed; or a file whose name ends in " + schema.List(endings(p.Command))
		addFlag(fs, &p.Output, "o", all[0], usage, readOutput(p.Command))
	}
	if slices.Contains(withOperands, p.Command) && p.Command != "history" {
		addFlag(fs, &p.Yes, "yes", "false", "make more than 20 paid requests without asking", boolean)
	}
	if p.Command == "account" || slices.Contains(withOperands, p.Command) {
		enumFlag(fs, &p.Language, "lang", "for labels and sentences", "en", "zh")
	}
}

// checkCommandFlags checks the flags of the command that depend on each other.
func (p *parser) checkCommandFlags() error {
	return errors.Join(
		schema.ProfileArguments.CheckFlags(&p.Profile),
		schema.CompareArguments.CheckFlags(&p.Compare),
		schema.InsightsArguments.CheckFlags(&p.Insights),
		schema.ReviewArguments.CheckFlags(&p.Review),
	)
}

// addFlag defines a flag. If preset is empty, the flag has no default.
func addFlag[T any](fs *flag.FlagSet, field *T, name, preset, usage string, read func(string) (T, error)) {
	set := func(s string) error {
		value, err := read(s)
		if err == nil { // otherwise the default stays, so that no other check fails
			*field = value
		}
		return err
	}
	define := fs.Func
	if _, ok := any(field).(*bool); ok {
		define = fs.BoolFunc // -flag alone is true
	}
	define(name, usage, set)
	if preset != "" {
		_ = set(preset)
		fs.Lookup(name).DefValue = preset
	}
}

// enumFlag defines a flag that takes one of the words; the first is the default.
func enumFlag[T ~string](fs *flag.FlagSet, field *T, name, usage string, words ...T) {
	read := checked("one of "+schema.List(words), always(text[T]), func(w T) bool { return slices.Contains(words, w) })
	addFlag(fs, field, name, string(words[0]), strings.TrimSpace(schema.List(words)+" "+usage), read)
}

// checked returns a parse function that also checks the value. wanted completes the error
// "must be …"; the flag package puts flag and value in front.
func checked[T any](wanted string, parse func(string) (T, error), isValid func(T) bool) func(string) (T, error) {
	return func(s string) (T, error) {
		value, err := parse(s)
		if err != nil || !isValid(value) {
			return value, errors.New("must be " + wanted)
		}
		return value, nil
	}
}

func duration(least time.Duration) func(string) (time.Duration, error) {
	const longest = 10 * 365 * 24 * time.Hour // so that sums of durations do not overflow
	wanted := fmt.Sprintf("a duration such as 90s or 6h, at least %s, at most %.0fh", least, longest.Hours())
	return checked(wanted, time.ParseDuration, func(d time.Duration) bool { return d >= least && d <= longest })
}

func whole(least int) func(string) (int, error) {
	wanted := fmt.Sprintf("a whole number, %d or more", least)
	return checked(wanted, integer, func(n int) bool { return n >= least })
}

// The types of flags.
var (
	boolean = checked("true or false", strconv.ParseBool, func(bool) bool { return true })
	number  = checked("a number above 0, at most 1000000", float, func(n float64) bool { return n > 0 && n <= 1e6 })

	percent = checked("a number from 0 to 100", float, func(n float64) bool { return n >= 0 && n <= 100 })

	address = checked("host:port with a port from 0 to 65535, such as 127.0.0.1:8080", always(text[string]), func(s string) bool {
		_, port, err := net.SplitHostPort(s)
		_, wrong := strconv.ParseUint(port, 10, 16)
		return err == nil && wrong == nil
	})
	hosts = checked("names as a Host header has them, such as pgy.example.com or pgy.example.com:8443: without https://, a wildcard, or the default port", always(list[string]), func(hosts []string) bool {
		return !slices.ContainsFunc(hosts, func(h string) bool { return !canBeHost(h) })
	})
	origins = checked("origins as browsers write them, such as https://pgy.example.com: scheme://host, with the port if it is not the scheme's own, without a path or a wildcard", always(lowerList), func(origins []string) bool {
		return !slices.ContainsFunc(origins, func(o string) bool {
			scheme, host, hasScheme := strings.Cut(o, "://")
			return !hasScheme || scheme == "" || !canBeHost(host)
		})
	})
	folder = checked("auto, off, or a path that no shell has to complete: without quotes, $VARIABLE, %VARIABLE% or ~user", always(text[string]), func(dir string) bool {
		return dir != "" && !noFolder.MatchString(dir)
	})
)

// hostPattern matches a name or an address, with or without a port. Its groups are name
// and port.
var hostPattern = regexp.MustCompile(`^([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?$`)

// canBeHost reports whether a Host header or the host of an Origin can be host. Clients
// leave default ports out.
func canBeHost(host string) bool {
	m := hostPattern.FindStringSubmatch(host)
	if m == nil {
		return false
	}
	_, err := strconv.ParseUint(cmp.Or(m[2], "1"), 10, 16)
	return err == nil && m[2] != "80" && m[2] != "443"
}

// noFolder matches what cannot be meant as a folder: what a shell would have replaced,
// quotes, and words for off.
var noFolder = regexp.MustCompile(`\$[A-Za-z_{(]|%[A-Za-z_]+%|^~[^/]|^["'` + "`" + `]|["'` + "`" + `]$|^(?i:none|null|undefined|no|false|disabled)$`)

// always turns a function that cannot fail into a parse function.
func always[T any](read func(string) T) func(string) (T, error) {
	return func(s string) (T, error) { return read(s), nil }
}

func text[T ~string](s string) T { return T(s) }

func float(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// integer reads a whole number. Some hosts write 200 as 200.0.
func integer(s string) (int, error) {
	digits, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(digits)
}

func lowerList(s string) []string { return list[string](strings.ToLower(s)) }

// list splits at commas and blanks.
func list[T ~string](s string) (words []T) {
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		words = append(words, T(word))
	}
	return words
}
