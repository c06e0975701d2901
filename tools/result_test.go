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
			t.Fatalf("profile %d is rendered to %p, then to %p, want it rendered once", i, first, again)
		}
		if len(h.ready) > hotSize {
			t.Fatalf("%d profiles are kept, want %d at most", len(h.ready), hotSize)
		}
	}
	kept := len(h.ready)
	large := upstream.NewResponse(documented, json.RawMessage(`{"x":"`+strings.Repeat("x", hotLimit)+`"}`), "", true)
	if h.render(English, large, schema.RawFull) == nil {
		t.Error("a large profile is rendered to nil, want a result")
	}
	if len(h.ready) != kept {
		t.Errorf("with a large profile %d are kept, want %d as before", len(h.ready), kept)
	}
}
