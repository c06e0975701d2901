package condense

import (
	"bytes"
	"encoding/json"
	"strings"

	"pgy-mcp/schema"
)

// ProfileUnfilled are the members of a profile's data in which 0 means that the
// platform did not fill them. Nobody should read such a 0 as a figure.
var ProfileUnfilled = func() map[string]bool {
	m := map[string]bool{}
	for _, key := range schema.Unfilled {
		m[key] = true
	}
	for _, metric := range schema.Metrics {
		m[metric.Upstream] = true
	}
	return m
}()

// Compact leaves out the members that are null, {} or [], the objects that this
// empties, and the members of the outermost object that are 0 and named in zeros.
// List elements stay, and so does the spelling of every value that is kept. The
// result of raw that is no JSON is {}.
func Compact(raw json.RawMessage, zeros map[string]bool) json.RawMessage {
	if !json.Valid(raw) {
		return json.RawMessage("{}") // there is nothing to keep
	}
	c := compacter{src: raw, tokens: json.NewDecoder(bytes.NewReader(raw)), dst: make([]byte, 0, len(raw))}
	c.tokens.UseNumber() // a float64 does not hold every one
	c.value(zeros)
	return c.dst
}

// compacter copies valid JSON from src to dst.
type compacter struct {
	src    []byte
	tokens *json.Decoder // of src
	dst    []byte
}

// value copies a value. Where it is an object, a member named in zeros is left
// out if it is 0.
func (c *compacter) value(zeros map[string]bool) {
	switch c.token() {
	case json.Delim('{'):
		for begin := len(c.dst); c.tokens.More(); {
			before := len(c.dst)
			if before > begin {
				c.dst = append(c.dst, ',')
			}
			key, _ := c.token().(string)
			c.dst = append(c.dst, ':')
			value := len(c.dst)
			c.value(nil)
			switch v := c.dst[value:]; {
			case string(v) == "null", string(v) == "{}", string(v) == "[]", zeros[key] && isZero(v):
				c.dst = c.dst[:before]
			}
		}
		c.token()
	case json.Delim('['):
		for begin := len(c.dst); c.tokens.More(); c.value(nil) {
			if len(c.dst) > begin {
				c.dst = append(c.dst, ',')
			}
		}
		c.token()
	}
}

// token copies the next bracket, name or scalar as it is spelled.
func (c *compacter) token() json.Token {
	begin := c.tokens.InputOffset()
	t, _ := c.tokens.Token() // of valid JSON there is one
	c.dst = append(c.dst, bytes.TrimLeft(c.src[begin:c.tokens.InputOffset()], ",: \t\r\n")...)
	return t
}

// isZero reports a number, bare or in a string, that is 0 however it is
// spelled: 0, -0.00, "0.0", 0e5. 1e-400 is spelled as another number.
func isZero(v []byte) bool {
	s, ok := fields{"": v}.literal("")
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	return ok && strings.Trim(mantissa, "-.0") == ""
}
