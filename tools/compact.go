package tools

import (
	"bytes"
	"encoding/json"
	"strings"

	"pgy-mcp/schema"
)

// unfilled are the members of the upstream's data in which 0 means that the
// platform did not fill them. Nobody should read such a 0 as a figure.
var unfilled = func() map[string]bool {
	m := map[string]bool{}
	for _, key := range schema.Unfilled {
		m[key] = true
	}
	for _, metric := range schema.Metrics {
		m[metric.Upstream] = true
	}
	return m
}()

// compact leaves out the members that are null, {} or [], the objects that this
// empties, and the members of the outermost object that are named in zeros and
// 0. List elements stay, and so does the spelling of every value that is kept.
// raw is valid JSON, an object; so is the result.
func compact(raw json.RawMessage, zeros map[string]bool) json.RawMessage {
	var b bytes.Buffer
	b.Grow(len(raw))
	if json.Compact(&b, raw) != nil {
		return json.RawMessage("{}") // not JSON: there is nothing to keep
	}
	c := compacter{src: b.Bytes(), dst: make([]byte, 0, b.Len())}
	if c.src[0] == '{' {
		c.object(zeros)
	} else {
		c.value()
	}
	return c.dst
}

// compacter copies valid JSON without white space from src to dst.
type compacter struct {
	src, dst []byte
}

func (c *compacter) value() {
	switch c.src[0] {
	case '{':
		c.object(nil)
	case '[':
		c.array()
	default:
		c.copy(scalarLen(c.src))
	}
}

// object copies an object; a member named in zeros is left out where it is 0.
func (c *compacter) object(zeros map[string]bool) {
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
		n := scalarLen(c.src)
		key := c.src[1 : n-1]
		c.copy(n + 1) // the key and its colon
		begin := len(c.dst)
		c.value()
		if v := c.dst[begin:]; isNothing(v) || zeros[string(key)] && isZero(v) {
			c.dst = c.dst[:before]
		} else {
			first = false
		}
	}
	c.copy(1)
}

func isNothing(v []byte) bool {
	switch string(v) {
	case "null", "{}", "[]":
		return true
	}
	return false
}

// isZero reports a number, bare or in a string, that is 0 however it is
// spelled: 0, -0.00, "0.0", 0e5. 1e-400 is spelled as another number.
func isZero(v []byte) bool {
	s, ok := fields{"": v}.literal("")
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	return ok && strings.Trim(mantissa, "-.0") == ""
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
