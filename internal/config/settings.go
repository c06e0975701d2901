package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgy-mcp/upstream"
)

// leastTimeout is what the endpoint's page asks for, lest a request that is
// given up is charged all the same.
const leastTimeout = time.Minute

// mostDuration keeps sums of durations from overflowing: a cache that is to
// keep for ever would keep nothing.
const mostDuration = 10 * 365 * 24 * time.Hour

// setting is one flag, which is an Environment variable too.
type setting struct {
	name, value, usage string
	read               func(c *Config, s string) error
}

var settings = []setting{
	{"upstream", "prod-global", "where profiles come from: prod-global, prod-cn, sample, or an http(s):// base URL", readUpstream},
	{"transport", "stdio", "stdio, http (Streamable HTTP at /mcp) or sse (HTTP+SSE at /sse and /message)",
		choice(func(c *Config) *string { return &c.Transport }, "stdio", "http", "sse")},
	{"addr", "127.0.0.1:8080", "listen address of http and sse; port 0 picks a free one", readAddr},
	{"allowed-hosts", "", "Host headers accepted, comma-separated; loopback names where empty", readHosts},
	{"allowed-origins", "", "browser Origins accepted, comma-separated; none where empty", readOrigins},
	{"cache-ttl", "6h", "how long a profile is fresh",
		duration(func(c *Config) *time.Duration { return &c.CacheTTL }, time.Nanosecond)},
	{"cache-stale", "24h", "how much longer it may be served, marked stale, while the upstream is failing",
		duration(func(c *Config) *time.Duration { return &c.CacheStale }, 0)},
	{"cache-size", "10000", "most profiles kept in memory", whole(func(c *Config) *int { return &c.CacheSize }, 1)},
	{"cache-dir", "auto", "folder in which paid answers outlive the process: auto is pgy-mcp in the user's cache folder, off is memory alone, else a path",
		func(c *Config, s string) error { c.CacheDir = s; return nil }},
	{"app", "true", "offer the comparison's interactive page to hosts that show MCP Apps", readApp},
	{"wait", "50s", "how long a tool call waits before it answers pending; the paid look-up goes on",
		duration(func(c *Config) *time.Duration { return &c.Wait }, time.Nanosecond)},
	{"timeout", "120s", "limit of one upstream request, 60s at least",
		duration(func(c *Config) *time.Duration { return &c.Timeout }, leastTimeout)},
	{"rate", "5", "upstream requests a second", readRate},
	{"budget", "0", "most upstream requests in 24 hours; 0 is no limit", whole(func(c *Config) *int { return &c.Budget }, 0)},
	{"log-level", "info", "debug, info, warn or error", readLogLevel},
	{"log-format", "text", "text or json", choice(func(c *Config) *string { return &c.LogFormat }, "text", "json")},
}

func readUpstream(c *Config, s string) error {
	c.Upstream, c.BaseURL = s, ""
	switch s {
	case "prod-global":
		c.BaseURL = upstream.Global
	case "prod-cn":
		c.BaseURL = upstream.China
	case "sample":
	default:
		u, err := url.Parse(s)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return errors.New("must be prod-global, prod-cn, sample, or an http:// or https:// base URL")
		}
		if u.User != nil || strings.ContainsAny(s, "?#") {
			return errors.New("must be a base URL without user, query or fragment; the API token goes into JUSTONEAPI_TOKEN")
		}
		c.BaseURL = strings.TrimRight(s, "/")
	}
	return nil
}

func readApp(c *Config, s string) error {
	var err error
	if c.App, err = strconv.ParseBool(s); err != nil {
		return errors.New("must be true or false")
	}
	return nil
}

func readAddr(c *Config, s string) error {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return errors.New("must be host:port, such as 127.0.0.1:8080")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return errors.New("must have a port from 0 to 65535")
	}
	c.Addr = s
	return nil
}

func readHosts(c *Config, s string) error {
	c.AllowedHosts = splitList(s)
	if slices.ContainsFunc(c.AllowedHosts, func(h string) bool { return strings.ContainsAny(h, "/@*") }) {
		return errors.New("must be names as they stand in a Host header, such as pgy.example.com or pgy.example.com:8443, without https://")
	}
	return nil
}

func readOrigins(c *Config, s string) error {
	c.AllowedOrigins = splitList(strings.ToLower(s))
	for _, o := range c.AllowedOrigins {
		u, err := url.Parse(o)
		if err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" {
			return errors.New("must be origins: scheme://host, with a port if it is not the scheme's own")
		}
	}
	return nil
}

func readRate(c *Config, s string) error {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) || f > 1e6 {
		return errors.New("must be a number above 0")
	}
	c.Rate = f
	return nil
}

func readLogLevel(c *Config, s string) error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s) || c.LogLevel.UnmarshalText([]byte(s)) != nil {
		return errors.New("must be debug, info, warn or error")
	}
	return nil
}

func choice(field func(*Config) *string, values ...string) func(*Config, string) error {
	return func(c *Config, s string) error {
		if !slices.Contains(values, s) {
			return errors.New("must be one of " + strings.Join(values, ", "))
		}
		*field(c) = s
		return nil
	}
}

func duration(field func(*Config) *time.Duration, least time.Duration) func(*Config, string) error {
	return func(c *Config, s string) error {
		d, err := time.ParseDuration(s)
		if err != nil {
			return errors.New("must be a duration such as 90s or 6h")
		}
		switch {
		case d < least && least == time.Nanosecond:
			return errors.New("must be longer than 0s")
		case d < least:
			return fmt.Errorf("must be at least %s", least)
		case d > mostDuration:
			return errors.New("must be at most 87600h, ten years")
		}
		*field(c) = d
		return nil
	}
}

func whole(field func(*Config) *int, least int) func(*Config, string) error {
	return func(c *Config, s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < least {
			return fmt.Errorf("must be a whole number, %d or more", least)
		}
		*field(c) = n
		return nil
	}
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
