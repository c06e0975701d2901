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
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "pgy-mcp: healthcheck:", err)
		return 1
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", http.NoBody)
	if err == nil {
		var resp *http.Response
		if resp, err = http.DefaultClient.Do(r); err == nil {
			defer resp.Body.Close()
			var body []byte
			if body, err = io.ReadAll(io.LimitReader(resp.Body, 100)); err == nil && resp.StatusCode == http.StatusOK && string(body) == "ok" {
				return 0
			}
			err = fmt.Errorf("what listens there answers HTTP %d, not ok", resp.StatusCode)
		}
	}
	_, _ = fmt.Fprintln(stderr, "pgy-mcp: healthcheck:", err)
	return 1
}
