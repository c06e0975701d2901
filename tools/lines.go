package tools

import (
	"bytes"
	"encoding/json"

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
