package cli

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthLimit is how long a server may take to say how it is.
const healthLimit = 5 * time.Second

// Healthcheck is the command "healthcheck": it asks the server that listens on
// addr, from the same machine, and gives 0 where that is well. Containers
// without a shell use it.
func Healthcheck(ctx context.Context, addr string, stderr io.Writer) int {
	if err := askHealth(ctx, addr); err != nil {
		_, _ = fmt.Fprintln(stderr, "pgy-mcp: healthcheck:", err)
		return 1
	}
	return 0
}

func askHealth(ctx context.Context, addr string) error {
	host, port, _ := net.SplitHostPort(addr) // the settings were checked
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 100))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || string(body) != "ok" {
		return fmt.Errorf("what listens there answers HTTP %d, not ok", resp.StatusCode)
	}
	return nil
}
