package tools

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Result is a finished tools/call result: the members of one JSON object, without the
// braces round them, in parts that are written one after another. Marshalling it again
// would cost more than all the rest of a cached call.
type Result [][]byte

// Object is the result as a whole object, in parts; more are the members that
// the protocol's revision adds, each one behind a comma.
func (r Result) Object(more string) [][]byte {
	return slices.Concat([][]byte{[]byte("{")}, r, [][]byte{[]byte(more + "}")})
}

// result puts a success together. Each argument is encoded JSON: the text, in parts;
// the raw data as a second text, nil for none; structuredContent, in parts.
func result(text [][]byte, raw []byte, structured ...[]byte) Result {
	r := append(Result{[]byte(`"content":[{"type":"text","text":`)}, text...)
	if raw != nil {
		r = append(r, []byte(`},{"type":"text","text":`), raw)
	}
	r = append(r, []byte(`}],"structuredContent":`))
	return append(r, structured...)
}

func errorResult(f failure) Result {
	return Result{[]byte(`"content":[{"type":"text","text":`), JSON(f.Text()), []byte(`}],"isError":true`)}
}

// encodedProfile is a profile encoded as far as it stays the same from call to call. It
// is never changed.
type encodedProfile struct {
	facts      []render.Line
	text       []byte // JSON string without its closing quote
	raw        []byte // JSON string; nil for none
	structured []byte // JSON object up to the value of meta
}

// encodeProfile encodes a response, beside the lines of its blogger's history. The
// caveats are added to the summary's own.
func encodeProfile(l lang.Language, p *upstream.Response, mode schema.RawMode, terms condense.Terms, history [][]byte, more ...schema.Caveat) *encodedProfile {
	data := p.Data()
	s, caveats := condense.ProfileSince(data, terms, p.FetchedAt, history)
	s.Caveats = render.Caveats(l, append(caveats, more...))
	e := &encodedProfile{facts: render.Profile(l, &s)}
	text := JSON(render.Text(l, append(slices.Clip(e.facts), render.RawLine(mode))) + "\n")
	e.text = text[:len(text)-1]
	e.structured = slices.Concat([]byte(`{"summary":`), JSON(s))
	if raw := rawData(data, mode, condense.ProfileUnfilled); raw != nil {
		e.raw = JSON(string(raw))
		e.structured = slices.Concat(e.structured, []byte(`,"raw":`), inline(raw))
	}
	e.structured = append(e.structured, `,"meta":`...)
	return e
}

// result adds what differs from call to call.
func (e *encodedProfile) result(l lang.Language, m *schema.Meta) Result {
	meta := JSON(render.Text(l, render.ProfileMeta(l, m)))
	return result([][]byte{e.text, meta[1:]}, e.raw, e.structured, JSON(m), []byte("}"))
}

// document is structuredContent alone.
func (e *encodedProfile) document(m *schema.Meta) []byte {
	return slices.Concat(e.structured, JSON(m), []byte("}"))
}

// rawData is the upstream's data as the mode wants it; nil for none. unfilled names
// the members that compact leaves out where they are 0.
func rawData(data json.RawMessage, mode schema.RawMode, unfilled map[string]bool) json.RawMessage {
	switch mode {
	case schema.RawFull:
		return data
	case schema.RawNone:
		return nil
	}
	return condense.Compact(data, unfilled)
}

// inline is the upstream's data as a part of a message: on one line, which is a
// message's frame on stdio, and with whole characters.
func inline(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		panic("tools: " + err.Error())
	}
	return OneLine(pairSurrogates(b.Bytes()))
}

const (
	// renderCacheSize bounds the profiles that are kept encoded: about 10 KB each.
	renderCacheSize = 256
	// renderCacheLimit is the most bytes of one that is kept; the usual ones have a
	// sixth of it.
	renderCacheLimit = 64 << 10
)

// renderCache keeps profiles that are asked for again and again encoded, all in one
// language and for the same terms. A full cache is emptied: encoding takes a fraction of a millisecond.
type renderCache struct {
	encoded sync.Map // *encodedProfile by renderKey
	size    atomic.Int32
}

type renderKey struct {
	profile *upstream.Response
	mode    schema.RawMode
}

// load gives an encoded profile; nil where it is not there.
func (c *renderCache) load(p *upstream.Response, mode schema.RawMode) *encodedProfile {
	e, _ := c.encoded.Load(renderKey{p, mode})
	encoded, _ := e.(*encodedProfile)
	return encoded
}

func (c *renderCache) store(p *upstream.Response, mode schema.RawMode, e *encodedProfile) {
	if len(e.text)+len(e.raw)+len(e.structured) > renderCacheLimit {
		return
	}
	if c.size.Add(1) > renderCacheSize {
		c.encoded.Clear()
		c.size.Store(1)
	}
	c.encoded.Store(renderKey{p, mode}, e)
}
