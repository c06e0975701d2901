package schema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Object returns the members of a JSON object by their exact names (a struct's tags
// ignore case). An empty raw, null and PHP's [] are an empty object; for anything else
// that is no object, ok is false. It takes half the time of json.Unmarshal.
func Object(raw json.RawMessage) (members map[string]json.RawMessage, ok bool) {
	raw = bytes.Trim(raw, blanks)
	if len(raw) == 0 {
		return nil, true
	}
	if !json.Valid(raw) {
		return nil, false
	}
	if raw[0] != '{' {
		isEmpty := string(raw) == "null" || raw[0] == '[' && len(bytes.Trim(raw[1:len(raw)-1], blanks)) == 0
		return nil, isEmpty
	}
	members = map[string]json.RawMessage{}
	for rest := skipSeparators(raw[1:]); rest[0] != '}'; rest = skipSeparators(rest) {
		var name, value json.RawMessage
		name, rest = splitValue(rest)
		value, rest = splitValue(skipSeparators(rest))
		members[Text(name)] = value
	}
	return members, true
}

const (
	blanks  = " \t\r\n"
	between = blanks + ",:" // names and values
)

func skipSeparators(b []byte) []byte { return bytes.TrimLeft(b, between) }

// splitValue returns the value at the beginning of b, and the rest. b is the inside of
// valid JSON.
func splitValue(b []byte) (value, rest []byte) {
	depth, quoted := 0, false
	for i := 0; ; i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == '}' || c == ']' || strings.IndexByte(between, c) >= 0):
			return b[:i:i], b[i:]
		case c == '}' || c == ']':
			depth--
		}
	}
}

// Text returns the text of a JSON string, and "" for any other value.
func Text(raw json.RawMessage) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1]) // nothing is escaped
	}
	var s string
	_ = json.Unmarshal(raw, &s) // "" if it is not valid
	return s
}

// object is a JSON object to be written, whose members stay in the order of set.
type object struct {
	names  []string
	values []any
}

func (o *object) set(name string, value any) {
	o.names = append(o.names, name)
	o.values = append(o.values, value)
}

func (o *object) setIf(given bool, name string, value any) {
	if given {
		o.set(name, value)
	}
}

// within returns the object at a dotted path, and adds it if it is missing.
func (o *object) within(path string) *object {
	if path == "" {
		return o
	}
	name, rest, _ := strings.Cut(path, ".")
	i := slices.Index(o.names, name)
	if i < 0 {
		i = len(o.names)
		o.set(name, &object{})
	}
	return o.values[i].(*object).within(rest)
}

// MarshalJSON implements json.Marshaler, without HTML escapes.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(name) + ":") // all names are ASCII letters
		if err := e.Encode(o.values[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
