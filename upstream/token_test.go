package upstream_test

import (
	"testing"

	"pgy-mcp/upstream"
)

// A caller shows the token to be let in; no token configured lets nobody in.
func TestTokenEqual(t *testing.T) {
	for _, c := range []struct {
		token, shown string
		want         bool
	}{
		{canary, canary, true},
		{canary, canary + "x", false},
		{canary, canary[1:], false},
		{canary, "", false},
		{"", "", false},
		{"", "REDACTED", false},
	} {
		if got := upstream.NewToken(c.token).Equal(c.shown); got != c.want {
			t.Errorf("the token %q equals %q: %v, want %v", c.token, c.shown, got, c.want)
		}
	}
}
