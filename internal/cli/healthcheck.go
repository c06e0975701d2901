package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"pgy-mcp/internal/config"
)

// healthLimit is how long a server may take to answer.
const healthLimit = 5 * time.Second

// Healthcheck is the command "healthcheck". It asks the server of this machine at
// cfg.Addr, and returns the exit status: 0 if the server is healthy or on stdio. Containers without a shell use
// it.
func Healthcheck(ctx context.Context, cfg config.Config, stderr io.Writer) int {
	if cfg.Transport == "stdio" {
		_, _ = fmt.Fprintln(stderr, "pgy-mcp: healthcheck: a server on stdio does not listen, so there is nothing to ask; give -addr for a server that listens")
		return 0
	}
	if err := askHealth(ctx, cfg.Addr); err != nil {
		_, _ = fmt.Fprintln(stderr, "pgy-mcp: healthcheck:", err)
		return 1
	}
	return 0
}

func askHealth(ctx context.Context, addr string) error {
	host, port, _ := net.SplitHostPort(addr) // config has checked it
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err != nil {
		return err
	}
	client := http.Client{Transport: new(http.Transport)} // without a proxy
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 100))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || string(body) != "ok" {
		return fmt.Errorf("the server answers HTTP %d, want 200 and ok", resp.StatusCode)
	}
	return nil
}
