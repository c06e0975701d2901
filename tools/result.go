package tools

import (
	"bytes"
	"encoding/json"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Result is a finished tools/call result: one JSON object, on one line. It
// travels in CallToolResult.StructuredContent, and the transports write it as
// the whole result: marshalling it again would cost more than all the rest.
type Result []byte

func errorResult(f failure) Result {
	b := append([]byte(`{"content":[`), textBlock(f.Text())...)
	return append(b, `],"isError":true}`...)
}

func textBlock(text string) []byte {
	return append(append([]byte(`{"type":"text","text":`), marshal(text)...), '}')
}

// marshal is compact JSON without HTML escapes. It panics on what cannot be
// marshalled, which is a mistake in this package.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("tools: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// rendered is a profile made ready: all that stays the same from call to call
// is encoded once, what differs is spliced in.
type rendered struct {
	facts      []Fact
	mode       schema.RawMode
	content    []byte // the result up to where the text's last lines go
	raw        []byte // the second text block with its comma; empty without one
	structured []byte // structuredContent up to meta's value
}

// render makes a profile ready. The caveats are added to the summary's own.
func render(p *upstream.Profile, mode schema.RawMode, caveats ...string) *rendered {
	s := Summarize(p.Data)
	s.Caveats = append(s.Caveats, caveats...)
	r := &rendered{facts: Facts(&s), mode: mode}
	text := marshal(Text(r.facts) + "\n")
	r.content = append([]byte(`{"content":[{"type":"text","text":`), text[:len(text)-1]...)
	r.structured = append([]byte(`{"summary":`), marshal(s)...)
	if raw := rawData(p.Data, mode); raw != nil {
		r.raw = append([]byte{','}, textBlock(string(raw))...)
		// One line is a message's frame on stdio: no line breaks between tokens.
		r.structured = append(r.structured, `,"raw":`...)
		b := bytes.NewBuffer(r.structured)
		if err := json.Compact(b, raw); err != nil {
			panic("tools: " + err.Error())
		}
		r.structured = b.Bytes()
	}
	r.structured = append(r.structured, `,"meta":`...)
	return r
}

// rawData is the upstream's data as the mode wants it; nil for none.
func rawData(data json.RawMessage, mode schema.RawMode) json.RawMessage {
	switch mode {
	case schema.RawFull:
		return data
	case schema.RawNone:
		return nil
	}
	return compact(data)
}

// result splices what differs from call to call.
func (r *rendered) result(m *schema.Meta) Result {
	text := marshal(Text(metaFacts(m)))
	b := make([]byte, 0, len(r.content)+len(text)+len(r.raw)+len(r.structured)+400)
	b = append(b, r.content...)
	b = append(b, text[1:]...)
	b = append(b, '}')
	b = append(b, r.raw...)
	b = append(b, `],"structuredContent":`...)
	b = append(b, r.structured...)
	b = append(b, marshal(m)...)
	return append(b, "}}"...)
}
