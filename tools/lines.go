package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf8"

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

// awkward are the characters that some readers trip over, although JSON on one line may
// hold them: U+2028 and U+2029 break lines for some, and U+0080 to U+009F do that or
// steer a terminal.
var awkward = regexp.MustCompile("[\u0080-\u009f\u2028\u2029]")

// OneLine escapes the awkward characters in valid JSON. They occur only in strings
// there, so no value changes.
func OneLine(b []byte) []byte {
	// A byte that begins each of them is quickly looked for.
	if bytes.IndexByte(b, 0xc2) < 0 && !bytes.Contains(b, []byte("\xe2\x80")) {
		return b
	}
	return awkward.ReplaceAllFunc(b, func(c []byte) []byte {
		r, _ := utf8.DecodeRune(c)
		return fmt.Appendf(nil, `\u%04x`, r)
	})
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
