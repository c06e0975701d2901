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
			want := needed && transport != "stdio"
			if refused := err != nil && strings.Contains(err.Error(), "PGY_MCP_AUTH_TOKEN"); refused != want {
				t.Errorf("%s on %s: the error is %v, want one that asks for PGY_MCP_AUTH_TOKEN: %t", transport, addr, err, want)
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
		if got := parse(t, nil, args...).App; got != want {
			t.Errorf("-app=%s: the page is on: %t, want %t", value, got, want)
		}
	}
	if got, want := mistake(t, nil, "-upstream", "sample", "-app=maybe"), "-app: must be true or false"; !strings.Contains(got, want) {
		t.Errorf("-app=maybe: the error is %s, want %q in it", got, want)
	}
}
