package tools

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Result is a finished tools/call result: the members of one JSON object,
// without the braces round them, in the parts that they are put together from.
// Marshalling it again would cost more than all the rest.
type Result [][]byte

// Object is the result as a whole object, in parts; more are the members that
// the protocol's revision adds, each one behind a comma.
func (r Result) Object(more string) [][]byte {
	return slices.Concat([][]byte{[]byte("{")}, r, [][]byte{[]byte(more + "}")})
}

func errorResult(f failure) Result {
	return Result{[]byte(`"content":[`), textBlock(f.Text()), []byte(`],"isError":true`)}
}

func textBlock(text string) []byte {
	return append(append([]byte(`{"type":"text","text":`), JSON(text)...), '}')
}

// rendered is a profile made ready: all that stays the same from call to call
// is encoded once, and what differs goes between. It is never changed.
type rendered struct {
	facts []Fact
	// head is the result up to where the text's last lines go, middle what is
	// between them and structuredContent, and structured that up to meta's value.
	head, middle, structured []byte
}

// render makes a profile ready. The caveats are added to the summary's own.
func render(l Language, p *upstream.Response, mode schema.RawMode, caveats ...string) *rendered {
	data := p.Data()
	s := summarize(l, data)
	s.Caveats = append(s.Caveats, caveats...)
	facts := summaryFacts(l, &s)
	text := JSON(l.Text(append(slices.Clip(facts), rawFact(mode))) + "\n")
	var block, member []byte
	if raw := rawData(data, mode, unfilled); raw != nil {
		block = slices.Concat([]byte(","), textBlock(string(raw)))
		member = slices.Concat([]byte(`,"raw":`), inline(raw))
	}
	return &rendered{
		facts:      facts,
		head:       slices.Concat([]byte(`"content":[{"type":"text","text":`), text[:len(text)-1]),
		middle:     slices.Concat([]byte(`"}`), block, []byte(`],"structuredContent":`)),
		structured: slices.Concat([]byte(`{"summary":`), JSON(s), member, []byte(`,"meta":`)),
	}
}

// rawData is the upstream's data as the mode wants it; nil for none. zeros are
// for compact.
func rawData(data json.RawMessage, mode schema.RawMode, zeros map[string]bool) json.RawMessage {
	switch mode {
	case schema.RawFull:
		return data
	case schema.RawNone:
		return nil
	}
	return compact(data, zeros)
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

// result puts what differs from call to call between what does not.
func (r *rendered) result(l Language, m *schema.Meta) Result {
	text := JSON(l.Text(metaFacts(l, m)))
	return Result{r.head, text[1 : len(text)-1], r.middle, r.structured, JSON(m), []byte("}")}
}

// document is structuredContent alone.
func (r *rendered) document(m *schema.Meta) []byte {
	return slices.Concat(r.structured, JSON(m), []byte("}"))
}

const (
	// hotSize bounds the profiles that are kept rendered: about 10 KB each.
	hotSize = 256
	// hotLimit is the most bytes of one that is kept; the usual ones have a
	// sixth of it.
	hotLimit = 64 << 10
)

// hot keeps the profiles that are asked for again and again rendered, all in one
// language. When it is full it starts over: rendering takes a fraction of a
// millisecond.
type hot struct {
	ready sync.Map // *rendered by hotKey
	size  atomic.Int32
}

type hotKey struct {
	profile *upstream.Response
	mode    schema.RawMode
}

func (h *hot) render(l Language, p *upstream.Response, mode schema.RawMode) *rendered {
	key := hotKey{p, mode}
	if r, ok := h.ready.Load(key); ok {
		return r.(*rendered)
	}
	r := render(l, p, mode)
	if len(r.head)+len(r.middle)+len(r.structured) <= hotLimit {
		if h.size.Add(1) > hotSize {
			h.ready.Clear()
			h.size.Store(1)
		}
		h.ready.Store(key, r)
	}
	return r
}
