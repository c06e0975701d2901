// Command bundle writes and tries the manifest of a Claude Desktop bundle:
//
//	bundle manifest -template FILE -version V -platforms darwin,win32,linux SERVER > manifest.json
//	bundle try MANIFEST < CONFIG
//
// bundle manifest completes a template with the tools and prompts that the server
// lists. bundle try starts a server as a client starts the one of an unpacked
// bundle, by the configuration {"command", "args", "env"} on stdin. It fails unless
// the server lists the tools and prompts of the manifest and looks a recorded
// sample up.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: bundle manifest [flags] SERVER, or bundle try MANIFEST")

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) < 2 {
		return errUsage
	}
	switch args[0] {
	case "manifest":
		return writeManifest(ctx, args[1:], stdout)
	case "try":
		return try(ctx, args[1], stdin, stdout)
	}
	return errUsage
}

func writeManifest(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("manifest", flag.ContinueOnError)
	template := flags.String("template", "", "the manifest without version, tools and prompts")
	version := flags.String("version", "", "the bundle's version")
	platforms := flags.String("platforms", "darwin,win32,linux", "what the bundle runs on, by Node's names")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errUsage
	}
	b, err := os.ReadFile(*template)
	if err != nil {
		return err
	}
	offer, _, err := askServer(ctx, config{Command: flags.Arg(0)})
	if err != nil {
		return err
	}
	m, err := fill(b, *version, strings.Split(*platforms, ","), offer)
	if err != nil {
		return err
	}
	_, err = stdout.Write(m)
	return err
}

// try starts the server of an unpacked bundle as its client would.
func try(ctx context.Context, manifest string, stdin io.Reader, stdout io.Writer) error {
	var c config
	if err := json.NewDecoder(stdin).Decode(&c); err != nil {
		return fmt.Errorf("the configuration on stdin: %w", err)
	}
	b, err := os.ReadFile(manifest)
	if err != nil {
		return err
	}
	var promised offer
	if err := json.Unmarshal(b, &promised); err != nil {
		return fmt.Errorf("%s: %w", manifest, err)
	}
	offered, sample, err := askServer(ctx, c)
	if err != nil {
		return err
	}
	if err := same(promised, offered); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%d tools and %d prompts, as the manifest says; the sample: %s\n", len(offered.Tools), len(offered.Prompts), sample)
	return err
}
