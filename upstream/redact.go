package upstream

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// shortestSecret is the least length that is looked for in answers: cutting
// shorter runs out of a profile would harm its facts, and no real token is one.
const shortestSecret = 6

// redact replaces the token in an upstream's answer, in case it echoes the
// request: plain, percent-encoded (once or several times over) or in JSON
// escapes, in any mix. The answer comes back as it is where the token is not
// in it.
func (t Token) redact(body []byte) []byte {
	if len(t.secret) < shortestSecret {
		return body
	}
	if !bytes.ContainsAny(body, `%\`) && !bytes.Contains(body, []byte(t.secret)) {
		return body
	}
	var out []byte
	done := 0
	for i := 0; i < len(body); {
		n := t.matchAt(body[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(append(out, body[done:i]...), redacted...)
		i += n
		done = i
	}
	if done == 0 {
		return body
	}
	return append(out, body[done:]...)
}

// matchAt gives the length of the token's spelling at the start of b, or 0.
func (t Token) matchAt(b []byte) int {
	n, rest := 0, t.secret
	for rest != "" {
		s, width := decodeChar(b[n:])
		if width == 0 || len(s) > len(rest) || rest[:len(s)] != s {
			return 0
		}
		rest = rest[len(s):]
		n += width
	}
	return n
}

// decodeChar reads one character of b through JSON escapes, then through
// percent-encoding as often as it was applied.
func decodeChar(b []byte) (s string, width int) {
	s, width = decodeJSON(b)
	for s == "%" {
		digits, n := "", width
		for range 2 {
			d, w := decodeJSON(b[n:])
			digits += d
			n += w
		}
		v, err := strconv.ParseUint(digits, 16, 8)
		if err != nil || len(digits) != 2 {
			return s, width
		}
		s, width = string([]byte{byte(v)}), n
	}
	return s, width
}

// decodeJSON reads one byte of b, or one escape of a JSON string.
func decodeJSON(b []byte) (s string, width int) {
	switch {
	case len(b) == 0:
		return "", 0
	case b[0] != '\\' || len(b) < 2:
		return string(b[:1]), 1
	case b[1] != 'u':
		return string(b[1:2]), 2
	case len(b) >= 6:
		if v, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil {
			return string(utf8.AppendRune(nil, rune(v))), 6
		}
	}
	return string(b[:1]), 1
}
