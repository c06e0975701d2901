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
	for i := range 3 * hotSize {
		p := upstream.NewResponse(fmt.Sprintf("%024x", i), json.RawMessage(`{"name":"x"}`), "", true)
		first := h.render(English, p, schema.RawCompact)
		if again := h.render(English, p, schema.RawCompact); again != first {
			t.Fatal("a profile is rendered twice")
		}
		if len(h.ready) > hotSize {
			t.Fatalf("%d are kept", len(h.ready))
		}
	}
	kept := len(h.ready)
	large := upstream.NewResponse(documented, json.RawMessage(`{"x":"`+strings.Repeat("x", hotLimit)+`"}`), "", true)
	if h.render(English, large, schema.RawFull) == nil || len(h.ready) != kept {
		t.Errorf("a large profile is kept: %d instead of %d", len(h.ready), kept)
	}
}
