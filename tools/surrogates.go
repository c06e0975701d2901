package tools

import (
	"bytes"
	"strconv"
)

// pairSurrogates writes U+FFFD over each escape of half a character in valid
// JSON, such as an emoji that the upstream cut in two. The text stays as long
// as it was. Strict clients refuse a whole message for one such escape, and
// would do so again for as long as the profile is in memory.
func pairSurrogates(b []byte) {
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\\')
		if n < 0 {
			return
		}
		i += n
		switch first := surrogate(b[i:]); {
		case first == 0:
			i += len(`\"`) // of any other escape that much has no backslash behind it
		case first < 0xDC00 && surrogate(b[i+len(`\ud83d`):]) >= 0xDC00:
			i += len(`\ud83d\ude00`)
		default:
			i += copy(b[i:], `\ufffd`)
		}
	}
}

// surrogate reads the escape of a surrogate at the start of b; 0 if there is none.
func surrogate(b []byte) rune {
	if len(b) < len(`\ud83d`) || b[0] != '\\' || b[1] != 'u' {
		return 0
	}
	v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil || v < 0xD800 || v > 0xDFFF {
		return 0
	}
	return rune(v)
}
