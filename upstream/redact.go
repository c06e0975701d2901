package upstream

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// shortestSecret is the least length that is looked for in answers: cutting
	// shorter runs out of an answer would harm its facts, and no real token is one.
	shortestSecret = 6
	// mostLayers is how many encodings within each other are looked into. Each takes
	// a pass over the answer.
	mostLayers = 8
)

// redactor gives a function that replaces the token in an upstream's answer, in
// case it echoes the request: plain, percent-encoded or in JSON escapes, once or
// several times over, with hidden characters between or not.
func redactor(t Token) func(body []byte) []byte {
	secret := t.reveal()
	if len(secret) < shortestSecret {
		return func(body []byte) []byte { return body }
	}
	secrets := []string{secret}
	if inForm := strings.ReplaceAll(secret, " ", "+"); inForm != secret {
		secrets = append(secrets, inForm)
	}
	return func(body []byte) []byte {
		if !(layer{text: body}).hold(secrets) {
			return body
		}
		from := make([]int, len(body)+1)
		for i := range from {
			from[i] = i
		}
		var out []byte
		kept := 0
		for _, s := range merged((layer{body, from}).find(body, secrets)) {
			out = append(append(out, body[kept:s.from]...), redacted...)
			kept = s.to
		}
		return append(out, body[kept:]...)
	}
}

// layer is an answer with some of its encodings read. from has for each byte of text,
// and for its end, the place in the answer; nil where the places are not kept.
type layer struct {
	text []byte
	from []int
}

// span is a part of an answer.
type span struct{ from, to int }

// mostEaten is how many of the secret's first characters may be read as the end of an
// encoding that stands before it: \u00 reads two, \u four.
const mostEaten = 4

// hold reports whether the answer may hold a secret. It keeps no places: most answers
// hold none.
func (l layer) hold(secrets []string) bool {
	found := false
	l.each(func(l layer) {
		for _, s := range secrets {
			found = found || bytes.Contains(l.text, []byte(s[mostEaten:]))
		}
	})
	return found
}

// find returns the places of the secrets in the answer, which is body. The first
// characters of a secret may stand in body as themselves.
func (l layer) find(body []byte, secrets []string) (found []span) {
	l.each(func(l layer) {
		for _, s := range secrets {
			for eaten := range mostEaten + 1 {
				rest := []byte(s[eaten:])
				for at := 0; ; at += len(rest) {
					i := bytes.Index(l.text[at:], rest)
					if i < 0 {
						break
					}
					at += i
					if from := l.from[at]; bytes.HasSuffix(body[:from], []byte(s[:eaten])) {
						found = append(found, span{from - eaten, l.from[at+len(rest)]})
					}
				}
			}
		}
	})
	return found
}

// each calls see with the answer and with each layer under it.
func (l layer) each(see func(layer)) {
	see(l)
	l.text = slices.Clone(l.text)
	for range mostLayers {
		unescaped := l.decode(unescape)
		see(l)
		decoded := l.decode(percentDecode)
		see(l)
		if !unescaped && !decoded {
			return
		}
	}
}

// decode reads one encoding throughout, in place, and reports whether anything was
// encoded. read takes the unit at the beginning of a text: it gives the unit's length
// and what it stands for, which is never longer.
func (l *layer) decode(read func(text, into []byte) (length int, decoded []byte)) (changed bool) {
	var unit [utf8.UTFMax]byte
	n := 0
	for at := 0; at < len(l.text); {
		length, decoded := read(l.text[at:], unit[:0])
		changed = changed || length != len(decoded)
		for i := range decoded {
			l.text[n] = decoded[i]
			if l.from != nil {
				l.from[n] = l.from[at]
			}
			n++
		}
		at += length
	}
	if l.from != nil {
		l.from[n] = l.from[len(l.text)]
		l.from = l.from[:n+1]
	}
	l.text = l.text[:n]
	return changed
}

// unescape reads a character, as itself or in an escape of JSON. A hidden one stands
// for nothing.
func unescape(text, into []byte) (length int, decoded []byte) {
	r, length := utf8.DecodeRune(text)
	if r == utf8.RuneError {
		return 1, append(into, text[0])
	}
	if r == '\\' && len(text) > 1 {
		switch text[1] {
		case '/', '"', '\\':
			return 2, append(into, text[1])
		case 'b', 'f', 'n', 'r', 't':
			return 2, into
		case 'u':
			r, length = escaped(text)
		}
	}
	if isHidden(r) {
		return length, into
	}
	return length, utf8.AppendRune(into, r)
}

// escaped reads \u0063 or, for a surrogate pair, \ud83d\ude00.
func escaped(text []byte) (r rune, length int) {
	first, ok := codeUnit(text)
	if !ok {
		return rune(text[0]), 1
	}
	const length1 = len(`\u0000`)
	if !utf16.IsSurrogate(first) {
		return first, length1
	}
	second, _ := codeUnit(text[length1:])
	if r = utf16.DecodeRune(first, second); r != utf8.RuneError {
		return r, 2 * length1
	}
	return halfPair, length1
}

// halfPair stands for half a surrogate pair, which no reader sees.
const halfPair = '\ufffe'

// codeUnit reads an escape such as \u0063.
func codeUnit(text []byte) (unit rune, ok bool) {
	if len(text) < len(`\u0000`) || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// percentDecode reads a byte, as itself or percent-encoded.
func percentDecode(text, into []byte) (length int, decoded []byte) {
	if text[0] == '%' && len(text) > 2 {
		if b, err := strconv.ParseUint(string(text[1:3]), 16, 8); err == nil {
			return 3, append(into, byte(b))
		}
	}
	return 1, append(into, text[0])
}

// isHidden reports a character that a reader does not see, and that is removed before
// text is shown: controls, formats, tags, variation selectors, fillers, separators of
// lines.
func isHidden(r rune) bool {
	if r < utf8.RuneSelf {
		return unicode.IsControl(r)
	}
	return r >= 0xE0000 && r <= 0xE0FFF || r == 0xFFFE || r == 0xFFFF ||
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// merged sorts spans and joins those that overlap.
func merged(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from < out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}
