package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// The cache of encoded profiles is bounded in number and in size.
func TestRenderCacheIsBounded(t *testing.T) {
	var c renderCache
	kept := func() (n int) {
		c.encoded.Range(func(_, _ any) bool { n++; return true })
		return n
	}
	for i := range 3 * renderCacheSize {
		p := upstream.NewResponse(fmt.Sprintf("%024x", i), json.RawMessage(`{"name":"x"}`), "", true)
		first := encodeProfile(lang.English, p, schema.RawCompact, condense.Terms{}, nil)
		c.store(p, schema.RawCompact, first)
		if again := c.load(p, schema.RawCompact); again != first {
			t.Fatalf("profile %d is not kept, want it kept", i)
		}
		if n := kept(); n > renderCacheSize {
			t.Fatalf("%d are kept, want %d at most", n, renderCacheSize)
		}
	}
	before := kept()
	if before == 0 {
		t.Error("none is kept, want the latest")
	}
	large := upstream.NewResponse(documented, json.RawMessage(`{"x":"`+strings.Repeat("x", renderCacheLimit)+`"}`), "", true)
	c.store(large, schema.RawFull, encodeProfile(lang.English, large, schema.RawFull, condense.Terms{}, nil))
	if n := kept(); n != before {
		t.Errorf("%d are kept after a large profile, want %d as before", n, before)
	}
}

// What the upstream sends may be pretty-printed: raw full is still byte for
// byte, and the structured copy is on one line, as stdio frames by lines.
func TestRawModes(t *testing.T) {
	const data = "{\r\n  \"userId\" : \"" + documented + "\",\n\t\"big\": 9007199254740993, \"html\": \"<a&b>\", \"esc\": \"\\u4e2d\\/\",\n  \"none\": null,\n  \"list\": [ ],  \"half\": 1.50 }"
	const oneLine = `{"userId":"` + documented + `","big":9007199254740993,"html":"<a&b>","esc":"\u4e2d\/","none":null,"list":[],"half":1.50}`
	const compacted = `{"userId":"` + documented + `","big":9007199254740993,"html":"<a&b>","esc":"\u4e2d\/","half":1.50}`
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: fetcher(func(_ context.Context, id string) (*upstream.Response, error) {
			return billedProfile(id, data), nil
		})})
		defer close()
		for _, c := range []struct{ mode, text, structured string }{
			{"compact", compacted, compacted},
			{"full", data, oneLine},
			{"none", "", ""},
		} {
			result := b.call(t, t.Context(), `{"userId":"`+documented+`","raw":"`+c.mode+`"}`)
			a := read(t, result)
			text := ""
			if len(a.Content) == 2 {
				text = a.Content[1].Text
			}
			if n := len(a.Content); n > 2 {
				t.Errorf("%s: %d blocks, want 2 at most", c.mode, n)
			}
			testkit.Equal(t, c.mode+": the second block", text, c.text)
			testkit.Equal(t, c.mode+": the structured raw data", string(a.Structured.Raw), c.structured)
			testkit.Equal(t, c.mode+": rawMode", a.Structured.Meta.RawMode, c.mode)
			testkit.Lacks(t, c.mode+": the result", string(result), "\r", "\n", `\u003c`)
		}
	})
}

// What clients parse as part of the message is whole; what they get as text is
// as it came.
func TestAHalfCharacterInAProfile(t *testing.T) {
	const data = `{"userId":"659902c1000000002200361b","name":"bad \ud83d end"}`
	var got struct {
		Content           []struct{ Text string }
		StructuredContent struct{ Raw json.RawMessage }
	}
	r := encodeProfile(lang.English, upstream.NewResponse(documented, json.RawMessage(data), "", true), schema.RawFull, condense.Terms{}, nil).result(lang.English, &schema.Meta{})
	if err := json.Unmarshal(bytes.Join(r.Object(""), nil), &got); err != nil {
		t.Fatalf("the result is no JSON: %v, want JSON", err)
	}
	testkit.Equal(t, "the structured raw data", string(got.StructuredContent.Raw), `{"userId":"659902c1000000002200361b","name":"bad \ufffd end"}`)
	if len(got.Content) != 2 {
		t.Fatalf("the result has %d blocks, want 2: %.300q", len(got.Content), got.Content)
	}
	testkit.Equal(t, "the raw data in text", got.Content[1].Text, data)
}
