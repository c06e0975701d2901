package tools

import (
	"bytes"
	"encoding/json"
	"regexp"

	"pgy-mcp/schema"
)

// Object takes a JSON object apart, as schema.Object does.
func Object(raw json.RawMessage) (members map[string]json.RawMessage, ok bool) {
	return schema.Object(raw)
}

// Text reads a JSON string; any other value is "".
func Text(raw json.RawMessage) string { return schema.Text(raw) }

// JSON is v as compact JSON on one line, without HTML escapes. It panics on what
// cannot be marshalled, which is a mistake of ours.
func JSON(v any) []byte {
	b := bytes.NewBuffer(make([]byte, 0, 512))
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("tools: " + err.Error())
	}
	return OneLine(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// lineBreaks are the characters at which some readers break lines, although JSON
// on one line may have them, and how JSON escapes them.
var lineBreaks = []struct{ raw, escaped []byte }{
	{[]byte("\u2028"), []byte(`\u2028`)}, {[]byte("\u2029"), []byte(`\u2029`)}, {[]byte("\u0085"), []byte(`\u0085`)},
}

// OneLine escapes the lineBreaks in valid JSON. They occur only in strings there,
// so no value changes.
func OneLine(b []byte) []byte {
	for _, c := range lineBreaks {
		if bytes.Contains(b, c.raw) {
			b = bytes.ReplaceAll(b, c.raw, c.escaped)
		}
	}
	return b
}

// escapes finds an escaped backslash, behind which no escape begins, two escapes
// that make one character, and an escape of half a character.
var escapes = regexp.MustCompile(`\\(?:\\|u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..)`)

// pairSurrogates writes U+FFFD for each escape of half a character in valid
// JSON, such as an emoji that the upstream cut in two. Strict clients refuse a
// whole message for one such escape, and would do so again for as long as the
// profile is in memory.
func pairSurrogates(b []byte) []byte {
	return escapes.ReplaceAllFunc(b, func(found []byte) []byte {
		if len(found) == len(`\ud83d`) {
			return []byte(`\ufffd`)
		}
		return found
	})
}
