// Command pgy-mcp is an MCP server that tells AI agents what a Xiaohongshu
// (RedNote) blogger costs and delivers, from Just One API's Pugongying endpoint.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"golang.org/x/time/rate"

	"pgy-mcp/internal/cli"
	"pgy-mcp/internal/config"
	"pgy-mcp/internal/observe"
	"pgy-mcp/internal/serve"
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
	"pgy-mcp/upstream/redis"
)

//go:embed testdata/upstream
var samples embed.FS

func main() {
	// A client that goes away must not kill the server in the middle of a write.
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // before anything is said: a second one ends the program at once
		cancel()
	}()
	status := run(ctx, os.Args[1:], config.ReadEnvironment(os.Environ()), os.Stdin, os.Stdout, os.Stderr)
	os.Exit(status)
}

// run is the whole program; it returns the exit status. Settings come in here
// and nowhere else; everything is wired here once.
func run(ctx context.Context, args []string, env config.Environment, stdin io.Reader, stdout, stderr io.Writer) int {
	refuse := func(err error) int {
		_, _ = fmt.Fprintf(stderr, "pgy-mcp: this cannot be run:\n  %s\n", strings.ReplaceAll(err.Error(), "\n", "\n  "))
		return 2
	}
	cfg, err := config.Parse(args, env, stdin)
	switch {
	case errors.Is(err, flag.ErrHelp):
		config.Usage(stdout, cfg.Command)
		return 0
	case err != nil:
		return refuse(err)
	case cfg.Command == "version":
		return cli.Version(stdout, version(), serve.Revisions(), cfg.CacheDir)
	case cfg.Command == "healthcheck":
		return cli.Healthcheck(ctx, cfg.Addr, stderr)
	}
	store, err := newStore(cfg)
	if err != nil {
		return refuse(err)
	}
	if c, ok := store.(io.Closer); ok {
		defer func() { _ = c.Close() }()
	}
	console := cli.NewConsole(stderr)
	log, endLog := observe.OpenLog(console, cfg)
	defer endLog()
	for _, warning := range cfg.Warnings() {
		log.Warn(warning)
	}
	counts := observe.NewMetrics()
	lookups := newLookups(cfg, store, log, counts)
	defer lookups.Close()
	counts.Watch(lookups)
	set := tools.New(tools.Settings{
		Lookups:  lookups,
		Wait:     cfg.Wait,
		Log:      log,
		App:      cfg.App,
		Language: tools.Language(cfg.Language),
		Observe: func(o tools.Outcome) {
			counts.Call(o)
			observe.LogCall(log, cfg.Transport, o)
		},
	})
	if cfg.Command != "serve" {
		return cli.Print(ctx, set, cfg, stdout, console)
	}
	if err := serveMCP(ctx, cfg, set, counts, log, stdin, stdout); err != nil {
		log.Error("cannot serve", "reason", err)
		return 1
	}
	return 0
}

// serveMCP serves over the transport of the settings until it ends.
func serveMCP(ctx context.Context, cfg config.Config, set *tools.Set, counts *observe.Metrics, log *slog.Logger, stdin io.Reader, stdout io.Writer) error {
	server := serve.New(set, version(), log)
	if cfg.Transport == "stdio" {
		if cli.IsTerminal(stdin) {
			log.Info("waiting for an MCP client on standard input; -h tells what else there is")
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

// newLookups makes the look-ups, from Just One API or from the samples inside the
// binary, which cost nothing and are never stored.
func newLookups(cfg config.Config, store upstream.Store, log *slog.Logger, counts *observe.Metrics) *upstream.Lookups {
	settings := upstream.Settings{
		Source:   cfg.Upstream,
		Upstream: cfg.BaseURL,
		TTL:      cfg.CacheTTL,
		Stale:    cfg.CacheStale,
		Timeout:  cfg.Timeout,
		Rate:     rate.Limit(cfg.Rate),
		Log:      log,
		Observe:  counts.Upstream(),
	}
	memory := upstream.NewMemory(cfg.CacheSize, cfg.Budget)
	if cfg.Upstream == upstream.SampleName {
		dir, err := fs.Sub(samples, "testdata/upstream")
		if err != nil {
			panic(err) // the folder is part of the binary
		}
		settings.Rate = rate.Inf
		return upstream.New(settings, upstream.NewSample(dir), memory, nil)
	}
	return upstream.New(settings, upstream.NewClient(cfg.BaseURL, cfg.Token, cfg.Timeout), memory, store)
}

// newStore opens the memory that outlives the process; nil where there is none.
func newStore(cfg config.Config) (upstream.Store, error) {
	switch {
	case cfg.Redis != "":
		return redis.Open(cfg.Redis, redis.Options{Source: cfg.BaseURL, Budget: cfg.Budget, Rate: cfg.Rate})
	case cfg.CacheDir != "":
		return disk.Open(cfg.CacheDir, disk.Options{Source: cfg.BaseURL, Size: cfg.CacheSize, Budget: cfg.Budget}), nil
	}
	return nil, nil
}

// release is set by the linker for a release: -ldflags "-X main.release=1.2.3".
var release string

// version is the release, else the module's version that "go install" records.
func version() string {
	if release != "" {
		return release
	}
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return strings.TrimPrefix(b.Main.Version, "v")
	}
	return "(devel)"
}
