package tools

import "bytes"

// OneLine escapes, in JSON on one line, the characters at which some readers
// break lines all the same: U+2028, U+2029 and U+0085. JSON has them in strings
// alone, so that no value changes.
func OneLine(b []byte) []byte {
	for raw, escaped := range map[string]string{"\u2028": `\u2028`, "\u2029": `\u2029`, "\u0085": `\u0085`} {
		if bytes.Contains(b, []byte(raw)) {
			b = bytes.ReplaceAll(b, []byte(raw), []byte(escaped))
		}
	}
	return b
}
