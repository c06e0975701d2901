// Package program wires the parts of the program together and runs it.
package program

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/internal/cli"
	"pgy-mcp/internal/config"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/observe"
	"pgy-mcp/internal/serve"
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
	"pgy-mcp/upstream/redis"
)

// Run runs the program until it is done or ctx ends, and returns its exit status: 0 is success, 1
// failure, 2 wrong settings. env has entries as in os.Environ; samples are the recorded
// answers of -upstream sample.
func Run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer, samples fs.FS) int {
	refuse := func(err error) int {
		_, _ = fmt.Fprintf(stderr, "pgy-mcp: invalid configuration:\n  %s\n", strings.ReplaceAll(err.Error(), "\n", "\n  "))
		return 2
	}
	environment := config.ReadEnvironment(env)
	cfg, err := config.Parse(args, environment, cli.Announced(stdin, stderr))
	switch {
	case errors.Is(err, flag.ErrHelp):
		config.Usage(stdout, cfg.Command)
		return 0
	case err != nil:
		return refuse(err)
	case cfg.Command == "version":
		return cli.Version(stdout, stderr, version(), serve.Revisions(), cfg.CacheDir)
	case cfg.Command == "healthcheck":
		return cli.Healthcheck(ctx, cfg, stderr)
	}
	store, err := newStore(cfg)
	if err != nil {
		return refuse(err)
	}
	if c, ok := store.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	console := cli.NewConsole(stderr, environment["TERM"])
	log, endLog := observe.OpenLog(console, cfg)
	defer endLog()
	for _, warning := range cfg.Warnings() {
		log.Warn(warning)
	}
	counts := observe.NewMetrics(version())
	lookups := newLookups(cfg, store, samples, log, counts)
	defer lookups.Close()
	counts.Watch(lookups)
	set := tools.New(tools.Settings{
		Lookups:    lookups,
		Wait:       cfg.Wait,
		Log:        log,
		App:        cfg.App,
		FeePercent: cfg.FeePercent,
		Language:   lang.Language(cfg.Language),
		Account:    cfg.Transport == "stdio",
		Observe: func(o tools.Outcome) {
			counts.Call(o)
			observe.LogCall(log, cfg.Transport, o)
		},
	})
	if cfg.Command != "serve" {
		return runCommand(ctx, lookups, func(ctx context.Context) int { return cli.Print(ctx, set, cfg, stdin, stdout, console) })
	}
	if err := serveMCP(ctx, cfg, set, counts, log, stdin, stdout); err != nil {
		log.Error("cannot serve", "reason", err)
		return 1
	}
	return 0
}

const (
	// interruptGrace is how long an interrupted command waits for sent requests.
	interruptGrace = time.Second
	// saveGrace is how long a command waits until its answers are saved.
	saveGrace = 2 * time.Second
)

// runCommand runs a command. When ctx ends, no more requests are sent; answers that come
// within interruptGrace are still printed and saved.
func runCommand(ctx context.Context, lookups *upstream.Lookups, command func(context.Context) int) (status int) {
	drain := func(limit time.Duration) {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		lookups.Drain(ctx)
	}
	interrupted, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()
	context.AfterFunc(ctx, func() {
		drain(interruptGrace)
		interrupt()
	})
	status = command(interrupted)
	if ctx.Err() == nil {
		drain(saveGrace)
	}
	return status
}

// serveMCP serves MCP over the configured transport until ctx or the client ends it.
func serveMCP(ctx context.Context, cfg config.Config, set *tools.Set, counts *observe.Metrics, log *slog.Logger, stdin io.Reader, stdout io.Writer) error {
	server := serve.New(set, version(), log)
	if cfg.Transport == "stdio" {
		if cli.IsTerminal(stdin) {
			log.Info("waiting for an MCP client on standard input; -h shows the commands")
		}
		return server.Stdio(ctx, stdin, stdout)
	}
	web := serve.HTTPSettings{
		Addr:           cfg.Addr,
		SSE:            cfg.Transport == "sse",
		AllowedHosts:   cfg.AllowedHosts,
		AllowedOrigins: cfg.AllowedOrigins,
		Metrics:        counts.Handler(),
		Log:            log,
	}
	if !cfg.AuthToken.IsZero() {
		web.Authorized = cfg.AuthToken.Equal
	}
	return server.HTTP(ctx, web)
}

// newLookups makes the look-ups: from Just One API, or from the samples, which are never
// stored.
func newLookups(cfg config.Config, store upstream.Store, samples fs.FS, log *slog.Logger, counts *observe.Metrics) *upstream.Lookups {
	settings := upstream.Settings{
		Source:   cfg.Upstream,
		Upstream: cfg.BaseURL,
		TTL:      cfg.CacheTTL,
		Stale:    cfg.CacheStale,
		Timeout:  cfg.Timeout,
		Rate:     rate.Limit(cfg.Rate),
		Log:      log,
		Observe:  counts.Upstream(),
		History:  tools.HistoryLine,
	}
	memory := upstream.NewMemory(cfg.CacheSize, cfg.Budget)
	if cfg.Upstream == upstream.SampleName {
		settings.Rate = rate.Inf
		return upstream.New(settings, upstream.NewSample(samples), memory, nil)
	}
	return upstream.New(settings, upstream.NewClient(cfg.BaseURL, cfg.Token, cfg.Timeout), memory, store)
}

// newStore opens the store of paid answers; nil if none is configured.
func newStore(cfg config.Config) (upstream.Store, error) {
	switch {
	case cfg.Redis != "":
		return redis.Open(cfg.Redis, redis.Options{Source: cfg.BaseURL, Budget: cfg.Budget, Rate: cfg.Rate})
	case cfg.CacheDir != "":
		return disk.Open(cfg.CacheDir, disk.Options{Source: cfg.BaseURL, Size: cfg.CacheSize, Budget: cfg.Budget}), nil
	}
	return nil, nil
}

// release is set by the linker for a release: -ldflags "-X pgy-mcp/internal/program.release=1.2.3".
var release string

// version returns the release, or the module's version that "go install" records.
func version() string {
	if release != "" {
		return release
	}
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return strings.TrimPrefix(b.Main.Version, "v")
	}
	return "(devel)"
}
