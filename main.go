// Command pgy-mcp is an MCP server that tells AI agents what a Xiaohongshu
// (RedNote) blogger costs and delivers, from Just One API's Pugongying endpoint.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/testdata"
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

func main() {
	// A client that goes away must not kill the server in the middle of a write.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], readEnvironment(os.Environ()), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the whole program; it returns the exit status. Settings come in here
// and nowhere else; everything is wired here once.
func run(ctx context.Context, args []string, env environment, stdin io.Reader, stdout, stderr io.Writer) int {
	cfg, err := configure(args, env)
	switch {
	case errors.Is(err, flag.ErrHelp):
		printUsage(stdout)
		return 0
	case err != nil:
		_, _ = fmt.Fprintln(stderr, err)
		return 2
	case cfg.command == "version":
		printVersion(stdout)
		return 0
	}
	log, endLog := openLog(stderr, cfg)
	defer endLog()
	for _, name := range cfg.unknown {
		log.Warn("this variable is no setting and has no effect; -h lists them", "variable", name)
	}
	if cfg.clearText() {
		log.Warn("the upstream is plain HTTP: the API token crosses the network in clear text", "upstream", cfg.upstream)
	}
	if cfg.command == "serve" && cfg.tokenMissing() {
		log.Warn("there is no API token: calls will answer token_missing; set JUSTONEAPI_TOKEN or JUSTONEAPI_TOKEN_FILE")
	}

	// A profile's way: a source, behind a directory that remembers and shares
	// look-ups, behind the tools that turn it into what a model reads.
	var counts *metrics
	if cfg.transport != "stdio" {
		counts = newMetrics()
	}
	directory := upstream.New(cfg.directory(log, counts.request), newSource(cfg), upstream.NewMemory(cfg.cacheSize, cfg.budget))
	defer directory.Close()
	counts.watch(directory)
	set := tools.New(tools.Settings{
		Lookups: directory,
		Wait:    cfg.wait,
		Log:     log,
		Observe: func(o tools.Outcome) {
			counts.call(o)
			logCall(log, cfg.transport, o)
		},
	})

	switch cfg.command {
	case "profile":
		return printProfiles(ctx, set, cfg, stdout, stderr)
	case "compare":
		return printComparison(ctx, set, cfg, stdout, stderr)
	}
	s := &service{mcp: newMCPServer(set), tools: set, log: log}
	if cfg.transport == "stdio" {
		if isTerminal(stdin) {
			log.Info("waiting for an MCP client on standard input; -h tells what else there is")
		}
		err = serveStdio(ctx, s, stdin, stdout)
	} else {
		err = serveHTTP(ctx, cfg, s, counts.handler(), log)
	}
	if err != nil {
		log.Error("cannot serve", "reason", err)
		return 1
	}
	return 0
}

// newSource is where profiles come from.
func newSource(cfg config) upstream.Fetcher {
	if cfg.upstream == "sample" {
		return upstream.NewSample(testdata.Upstream())
	}
	return upstream.NewClient(cfg.baseURL, cfg.token, cfg.timeout)
}

// newMCPServer declares the tools to the MCP library, which speaks all
// revisions of the protocol. Only what is there is declared.
func newMCPServer(set *tools.Set) *server.MCPServer {
	m := server.NewMCPServer("pgy-mcp", version(),
		server.WithTitle("Xiaohongshu Pgy blogger profiles"),
		server.WithInstructions(tools.Instructions),
		server.WithToolCapabilities(false),
		server.WithResourceCapabilities(false, false),
		server.WithPromptCapabilities(false),
	)
	set.Register(m)
	return m
}
