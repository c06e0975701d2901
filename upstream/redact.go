package upstream

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// shortestSecret is the least length that is looked for in answers: cutting
	// shorter runs out of a profile would harm its facts, and no real token is
	// one.
	shortestSecret = 6

	// mostLayers is how many times over an echo may be encoded.
	mostLayers = 3
)

// redact replaces the token in an upstream's answer, in case it echoes the
// request: plain, percent-encoded or in JSON escapes, up to three times over,
// and also with characters between its own that whoever shows text takes out.
// Escapes are replaced as a whole, so that JSON stays JSON. The answer comes
// back as it is where the token is not in it.
func (t Token) redact(body []byte) []byte {
	secret := t.reveal()
	if len(secret) < shortestSecret {
		return body
	}
	// What holds percent signs of its own is decoded along with the rest.
	secrets := []string{secret}
	for layers := range mostLayers {
		secrets = append(secrets, decoded(secret, layers+1))
	}
	secrets = slices.DeleteFunc(slices.Compact(secrets), func(s string) bool { return len(s) < shortestSecret })
	starts := `%\`
	for _, s := range secrets {
		starts += s[:1]
	}
	var out []byte
	done := 0
	for i := 0; i < len(body); {
		n := 0
		if strings.IndexByte(starts, body[i]) >= 0 {
			for _, s := range secrets {
				n = max(n, spelled(body[i:], s))
			}
		}
		if n == 0 {
			if i++; bytes.HasPrefix(body[i-1:], []byte(`\\`)) {
				i++ // the second backslash of a pair begins no escape
			}
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

// spelled gives the length of a spelling of the secret at the start of b, or 0.
func spelled(b []byte, secret string) int {
	for layers := range mostLayers + 1 {
		n, rest := 0, secret
		for rest != "" {
			s, width := layer(b[n:], layers)
			switch {
			case width > 0 && strings.HasPrefix(rest, s):
				rest = rest[len(s):]
			case s == "+" && rest[0] == ' ': // as in a form
				rest = rest[1:]
			case n == 0 || !removable(s):
				width = 0
			}
			if width == 0 {
				break
			}
			n += width
		}
		if rest == "" {
			return n
		}
	}
	return 0
}

// removable reports characters that no token has and that may be taken out
// before a text is shown: controls, and with the zero-width and the reordering
// ones all that is not ASCII.
func removable(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (r < ' ' || r >= 0x7f)
}

// decoded takes so many layers of encoding off a text.
func decoded(text string, layers int) string {
	var out strings.Builder
	for b := []byte(text); len(b) > 0; {
		s, n := layer(b, layers)
		out.WriteString(s)
		b = b[n:]
	}
	return out.String()
}

// layer reads one character of b through so many layers of encoding, each one
// JSON escapes or percent-encoding. The width is how many bytes it takes; 0 at
// the end of b.
func layer(b []byte, layers int) (s string, width int) {
	if len(b) == 0 {
		return "", 0
	}
	if layers == 0 {
		_, width = utf8.DecodeRune(b) // 1 where it is none
		return string(b[:width]), width
	}
	s, width = layer(b, layers-1)
	switch s {
	case "%":
		if v, n, ok := hex(b[width:], 2, layers-1); ok {
			return string([]byte{byte(v)}), width + n
		}
	case `\`:
		next, n := layer(b[width:], layers-1)
		if next != "u" {
			return next, width + n
		}
		if v, digits, ok := hex(b[width+n:], 4, layers-1); ok {
			return string(utf8.AppendRune(nil, v)), width + n + digits
		}
	}
	return s, width
}

// hex reads so many hex digits through layers of encoding. It stops at the
// first character that is none: most percent signs begin no escape.
func hex(b []byte, digits, layers int) (v rune, width int, ok bool) {
	for range digits {
		s, n := layer(b[width:], layers)
		if len(s) != 1 {
			return 0, 0, false
		}
		switch c := s[0]; {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | rune(c-'A'+10)
		default:
			return 0, 0, false
		}
		width += n
	}
	return v, width, true
}
