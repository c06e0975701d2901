package tools

import (
	"bytes"
	"encoding/json"
)

// compact leaves out the members that are null, {} or [], and the objects that
// this empties. List elements stay, and so does the spelling of every value
// that is kept. raw is valid JSON, an object; so is the result.
func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	b.Grow(len(raw))
	if json.Compact(&b, raw) != nil {
		return json.RawMessage("{}") // not JSON: there is nothing to keep
	}
	c := compacter{src: b.Bytes(), dst: make([]byte, 0, b.Len())}
	c.value()
	return c.dst
}

// compacter copies valid JSON without white space from src to dst.
type compacter struct {
	src, dst []byte
}

func (c *compacter) value() {
	switch c.src[0] {
	case '{':
		c.object()
	case '[':
		c.array()
	default:
		c.copy(scalarLen(c.src))
	}
}

func (c *compacter) object() {
	c.copy(1)
	first := true
	for c.src[0] != '}' {
		if c.src[0] == ',' {
			c.src = c.src[1:]
		}
		before := len(c.dst)
		if !first {
			c.dst = append(c.dst, ',')
		}
		c.copy(scalarLen(c.src) + 1) // the key and its colon
		begin := len(c.dst)
		c.value()
		switch string(c.dst[begin:]) {
		case "null", "{}", "[]":
			c.dst = c.dst[:before]
		default:
			first = false
		}
	}
	c.copy(1)
}

func (c *compacter) array() {
	c.copy(1)
	for c.src[0] != ']' {
		if c.src[0] == ',' {
			c.copy(1)
		}
		c.value()
	}
	c.copy(1)
}

func (c *compacter) copy(n int) {
	c.dst = append(c.dst, c.src[:n]...)
	c.src = c.src[n:]
}

// scalarLen is the length of the string, number or word at the start of b.
func scalarLen(b []byte) int {
	if b[0] != '"' {
		n := bytes.IndexAny(b, ",]}")
		if n < 0 {
			return len(b)
		}
		return n
	}
	for i := 1; ; i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}
