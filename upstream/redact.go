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
// several times over, with hidden characters between or not. The function returns
// its argument where the token is not in it.
func redactor(t Token) func(body []byte) []byte {
	secret := t.reveal()
	if len(secret) < shortestSecret {
		return func(body []byte) []byte { return body }
	}
	reads := decoder(secret + `%\u/"0123456789abcdefABCDEF`)
	spellings := [][]byte{[]byte(secret)}
	if inForm := strings.ReplaceAll(secret, " ", "+"); inForm != secret {
		spellings = append(spellings, []byte(inForm))
	}
	return func(body []byte) []byte {
		l := layer{text: body}
		if len(l.find(reads, spellings)) == 0 {
			return body
		}
		// Once more, and keep the places: most answers need none.
		l = layer{text: body, from: make([]int, len(body)+1)}
		for i := range l.from {
			l.from[i] = i
		}
		var out []byte
		kept := 0
		for _, s := range merged(l.find(reads, spellings)) {
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

// find gives the places of the secret's spellings in the answer, in this layer and in
// those under it. Where places are not kept, it gives one empty span for each.
func (l layer) find(reads decoder, spellings [][]byte) []span {
	found := l.in(spellings, nil)
	l.text = slices.Clone(l.text)
	for range mostLayers {
		unescaped := l.decode(reads.escape)
		found = l.in(spellings, found)
		decoded := l.decode(reads.percent)
		found = l.in(spellings, found)
		if !unescaped && !decoded {
			break
		}
	}
	return found
}

// in appends the places where a spelling stands in this layer.
func (l layer) in(spellings [][]byte, found []span) []span {
	for _, s := range spellings {
		for at := 0; ; at += len(s) {
			i := bytes.Index(l.text[at:], s)
			if i < 0 {
				break
			}
			at += i
			if l.from == nil {
				return append(found, span{})
			}
			found = append(found, span{l.from[at], l.from[at+len(s)]})
		}
	}
	return found
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

// decoder has the characters that the secret and its encodings consist of. Others stay
// encoded: what stands before the secret must not take its first characters with it,
// as in %2canary.
type decoder string

// escape reads a character, as itself or in an escape of JSON. A hidden one stands for
// nothing.
func (d decoder) escape(text, into []byte) (length int, decoded []byte) {
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
			if e, n := escaped(text); isHidden(e) || strings.ContainsRune(string(d), e) {
				r, length = e, n
			}
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

// percent reads a byte, as itself or percent-encoded. A hidden character whose bytes are
// percent-encoded stands for nothing.
func (d decoder) percent(text, into []byte) (length int, decoded []byte) {
	var char [utf8.UTFMax]byte
	for n := range char {
		b, ok := encodedByte(text[min(3*n, len(text)):])
		if !ok {
			break
		}
		if n == 0 && strings.IndexByte(string(d), b) >= 0 {
			return 3, append(into, b)
		}
		char[n] = b
		if r, size := utf8.DecodeRune(char[:n+1]); size == n+1 && isHidden(r) {
			return 3 * size, into
		}
	}
	return 1, append(into, text[0])
}

// encodedByte reads a percent-encoded byte such as %63.
func encodedByte(text []byte) (b byte, ok bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[1:3]), 16, 8)
	return byte(n), err == nil
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
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.from < last.to {
			last.to = max(last.to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}
