package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// What is kept rendered is bounded in number and in size.
func TestHotIsBounded(t *testing.T) {
	var h hot
	kept := func() (n int) {
		h.ready.Range(func(_, _ any) bool { n++; return true })
		return n
	}
	for i := range 3 * hotSize {
		p := upstream.NewResponse(fmt.Sprintf("%024x", i), json.RawMessage(`{"name":"x"}`), "", true)
		first := h.render(English, p, schema.RawCompact)
		if again := h.render(English, p, schema.RawCompact); again != first {
			t.Fatalf("profile %d is rendered twice, want once", i)
		}
		if n := kept(); n > hotSize {
			t.Fatalf("%d are kept, want %d at most", n, hotSize)
		}
	}
	before := kept()
	if before == 0 {
		t.Error("none is kept, want the latest")
	}
	large := upstream.NewResponse(documented, json.RawMessage(`{"x":"`+strings.Repeat("x", hotLimit)+`"}`), "", true)
	h.render(English, large, schema.RawFull)
	if n := kept(); n != before {
		t.Errorf("%d are kept after a large profile, want %d as before", n, before)
	}
}
