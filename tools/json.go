package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf8"

	"pgy-mcp/schema"
)

// Object is schema.Object, for packages that do not import schema.
func Object(raw json.RawMessage) (members map[string]json.RawMessage, ok bool) {
	return schema.Object(raw)
}

// Text is schema.Text, for packages that do not import schema.
func Text(raw json.RawMessage) string { return schema.Text(raw) }

// JSON marshals v on one line, without HTML escapes. It panics if v cannot be marshalled.
func JSON(v any) []byte {
	b := bytes.NewBuffer(make([]byte, 0, 512))
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("tools: " + err.Error())
	}
	return OneLine(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// awkward are characters that are valid in JSON but mislead some readers: U+2028 and
// U+2029 break lines, U+0080 to U+009F break lines or control a terminal.
var awkward = regexp.MustCompile("[\u0080-\u009f\u2028\u2029]")

// OneLine escapes the awkward characters in valid JSON. No value changes, since only
// strings have them.
func OneLine(b []byte) []byte {
	if bytes.IndexByte(b, 0xc2) < 0 && !bytes.Contains(b, []byte("\xe2\x80")) {
		return b
	}
	return awkward.ReplaceAllFunc(b, func(c []byte) []byte {
		r, _ := utf8.DecodeRune(c)
		return fmt.Appendf(nil, `\u%04x`, r)
	})
}

// escapes matches an escaped backslash, a pair of surrogates, and a lone surrogate.
var escapes = regexp.MustCompile(`\\(?:\\|u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..)`)

// pairSurrogates replaces each escaped lone surrogate in valid JSON by U+FFFD. The upstream
// sometimes cuts an emoji in two, and strict clients refuse the whole message for that.
func pairSurrogates(b []byte) []byte {
	return escapes.ReplaceAllFunc(b, func(found []byte) []byte {
		if len(found) == len(`\ud83d`) {
			return []byte(`\ufffd`)
		}
		return found
	})
}
