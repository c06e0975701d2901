package condense

import (
	"bytes"
	"encoding/json"
	"strings"

	"pgy-mcp/schema"
)

// ProfileUnfilled are the members of a profile's data in which 0 means "not filled".
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

// maxLevels is how many levels of nesting Compact keeps. A parser that reads no more than
// 128 levels can thus read a message that the data is part of.
const maxLevels = 100

// Compact removes the members that are null, {} or [], also those that become {} when their own members go,
// and the members of the outermost object that are 0 and in zeros. List elements and the
// spelling of values stay. An object or list that is nested deeper than maxLevels becomes
// a null that stays, and cut is true. If raw is not JSON, the result is {}.
func Compact(raw json.RawMessage, zeros map[string]bool) (compact json.RawMessage, cut bool) {
	if !json.Valid(raw) {
		return json.RawMessage("{}"), false
	}
	c := compacter{src: raw, tokens: json.NewDecoder(bytes.NewReader(raw)), dst: make([]byte, 0, len(raw))}
	c.tokens.UseNumber() // a float64 would lose digits
	c.value(zeros)
	return c.dst, c.cut
}

// compacter copies valid JSON from src to dst.
type compacter struct {
	src    []byte
	tokens *json.Decoder // of src
	dst    []byte
	levels int  // of objects and lists that are open
	cut    bool // an object or list was deeper than maxLevels
}

// value copies a value, and reports whether it is nested deeper than maxLevels. If it is an
// object, members in zeros that are 0 are left out.
func (c *compacter) value(zeros map[string]bool) (below bool) {
	begin := len(c.dst)
	token := c.token()
	if _, opens := token.(json.Delim); opens {
		if c.levels == maxLevels {
			c.skip()
			c.dst, c.cut = append(c.dst[:begin], "null"...), true
			return true
		}
		c.levels++
		defer func() { c.levels-- }()
	}
	switch token {
	case json.Delim('{'):
		for begin := len(c.dst); c.tokens.More(); {
			before := len(c.dst)
			if before > begin {
				c.dst = append(c.dst, ',')
			}
			key, _ := c.token().(string)
			c.dst = append(c.dst, ':')
			value := len(c.dst)
			below := c.value(nil)
			switch v := c.dst[value:]; {
			case below:
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
	return false
}

// skip reads the rest of an object or list without copying it.
func (c *compacter) skip() {
	for open := 1; open > 0; {
		switch t, _ := c.tokens.Token(); t { // src is valid
		case json.Delim('{'), json.Delim('['):
			open++
		case json.Delim('}'), json.Delim(']'):
			open--
		}
	}
}

// token copies the next bracket, name or scalar, spelled as in src.
func (c *compacter) token() json.Token {
	begin := c.tokens.InputOffset()
	t, _ := c.tokens.Token() // src is valid
	c.dst = append(c.dst, bytes.TrimLeft(c.src[begin:c.tokens.InputOffset()], ",: \t\r\n")...)
	return t
}

// isZero reports whether v is 0 in any spelling, also in a string: 0, -0.00, "0.0", 0e5.
// 1e-400 is not.
func isZero(v []byte) bool {
	s, ok := fields{"": v}.literal("")
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	return ok && strings.Trim(mantissa, "-.0") == ""
}
