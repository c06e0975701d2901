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

// Result is an encoded tools/call result: the members of a JSON object without its braces,
// in parts to be written one after another. Encoding it once is what makes a cached call
// fast.
type Result [][]byte

// Object returns the whole JSON object, in parts. more are further members, each behind a
// comma.
func (r Result) Object(more string) [][]byte {
	return slices.Concat([][]byte{[]byte("{")}, r, [][]byte{[]byte(more + "}")})
}

// result makes the result of a success. The arguments are encoded JSON: the text, in
// parts; the raw data as a second text, or nil; structuredContent, in parts.
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

// encodedProfile is the part of a profile's result that is the same in every call. It is
// immutable.
type encodedProfile struct {
	lines      []render.Line
	text       []byte // JSON string without its closing quote
	raw        []byte // JSON string; nil for none
	structured []byte // JSON object up to the value of meta
}

// encodeProfile encodes a response with the changes since its blogger's history, and with
// more caveats.
func encodeProfile(l lang.Language, p *upstream.Response, mode schema.RawMode, terms condense.Terms, history [][]byte, more ...schema.Caveat) *encodedProfile {
	data := p.Data()
	s, caveats := condense.ProfileSince(data, terms, p.FetchedAt, history)
	raw, ofRaw := rawData(data, mode, condense.ProfileUnfilled)
	s.Caveats = render.Caveats(l, slices.Concat(caveats, ofRaw, more))
	e := &encodedProfile{lines: render.Profile(l, &s)}
	text := JSON(render.Text(l, append(slices.Clip(e.lines), render.RawLine(mode))) + "\n")
	e.text = text[:len(text)-1]
	e.structured = slices.Concat([]byte(`{"summary":`), JSON(s))
	if raw != nil {
		e.raw = JSON(string(raw))
		e.structured = slices.Concat(e.structured, []byte(`,"raw":`), inline(raw))
	}
	e.structured = append(e.structured, `,"meta":`...)
	return e
}

// result adds what differs between calls.
func (e *encodedProfile) result(l lang.Language, m *schema.Meta) Result {
	meta := JSON(render.Text(l, render.ProfileMeta(l, m)))
	return result([][]byte{e.text, meta[1:]}, e.raw, e.structured, JSON(m), []byte("}"))
}

// document returns the structuredContent.
func (e *encodedProfile) document(m *schema.Meta) []byte {
	return slices.Concat(e.structured, JSON(m), []byte("}"))
}

// rawData returns the upstream's data in a mode, with caveats about it; nil is none.
// unfilled are the members that compact leaves out if they are 0.
func rawData(data json.RawMessage, mode schema.RawMode, unfilled map[string]bool) (json.RawMessage, []schema.Caveat) {
	switch mode {
	case schema.RawFull:
		return data, nil
	case schema.RawNone:
		return nil, nil
	}
	compact, cut := condense.Compact(data, unfilled)
	if cut {
		return compact, []schema.Caveat{schema.RawCut.With()}
	}
	return compact, nil
}

// inline makes the upstream's data part of a message: on one line, and without lone
// surrogates.
func inline(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		panic("tools: " + err.Error())
	}
	return OneLine(pairSurrogates(b.Bytes()))
}

const (
	// renderCacheSize is how many encoded profiles are cached, of about 10 KB each.
	renderCacheSize = 256
	// renderCacheLimit is how many bytes a cached one has at most; usual ones have a
	// sixth of it.
	renderCacheLimit = 64 << 10
)

// renderCache caches encoded profiles of one language and one fee. A full cache is
// emptied, since encoding takes less than a millisecond. It may be used concurrently.
type renderCache struct {
	encoded sync.Map // *encodedProfile by renderKey
	size    atomic.Int32
}

type renderKey struct {
	profile *upstream.Response
	mode    schema.RawMode
}

// load returns an encoded profile, or nil.
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
