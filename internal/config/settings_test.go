package config

import (
	"strings"
	"testing"
)

// What other machines can reach asks for a token; stdio listens nowhere.
func TestWhereAnAuthTokenIsNeeded(t *testing.T) {
	for addr, needed := range map[string]bool{
		"0.0.0.0:0": true, ":0": true, "[::]:0": true, "192.168.1.2:80": true, "example.com:80": true,
		"127.0.0.1:0": false, "127.9.9.9:0": false, "[::1]:0": false, "localhost:0": false,
	} {
		for _, transport := range []string{"http", "sse", "stdio"} {
			_, err := Parse([]string{"-upstream", "sample", "-transport", transport, "-addr", addr}, nil, nil)
			if refused := err != nil && strings.Contains(err.Error(), "PGY_MCP_AUTH_TOKEN"); refused != (needed && transport != "stdio") {
				t.Errorf("%s on %s: %v", transport, addr, err)
			}
		}
	}
}

func TestAppIsOnUnlessTurnedOff(t *testing.T) {
	for value, want := range map[string]bool{"": true, "true": true, "false": false} {
		args := []string{"-upstream", "sample"}
		if value != "" {
			args = append(args, "-app="+value)
		}
		if c, err := Parse(args, nil, nil); err != nil || c.App != want {
			t.Errorf("-app=%s: got %t, %v, want %t", value, c.App, err, want)
		}
	}
	if _, err := Parse([]string{"-upstream", "sample", "-app=maybe"}, nil, nil); err == nil || !strings.Contains(err.Error(), "-app: must be true or false") {
		t.Errorf("-app=maybe: got %v, want a word on what it must be", err)
	}
}
