package schema

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Object takes a JSON object apart, by the exact names of its members: a struct
// would take other capitals too. No value, null and PHP's [] are an empty object;
// ok is false for anything else. It takes half the time of json.Unmarshal.
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
	for rest := toValue(raw[1:]); rest[0] != '}'; rest = toValue(rest) {
		var name, value json.RawMessage
		name, rest = cut(rest)
		value, rest = cut(toValue(rest))
		members[Text(name)] = value
	}
	return members, true
}

const (
	blanks  = " \t\r\n"
	between = blanks + ",:" // names and values
)

func toValue(b []byte) []byte { return bytes.TrimLeft(b, between) }

// cut splits the inside of valid JSON behind the value that it begins with.
func cut(b []byte) (value, rest []byte) {
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

// Text reads a JSON string; any other value is "".
func Text(raw json.RawMessage) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1]) // as it is spelled
	}
	var s string
	_ = json.Unmarshal(raw, &s) // "" of what is no JSON
	return s
}
