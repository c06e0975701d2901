package upstream

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// shortestSecret is the least length that is looked for in answers: cutting
	// shorter runs out of an answer would harm its facts, and no real token is one.
	shortestSecret = 6
	// mostEncodings is how many percent-encodings within each other are read where
	// each encodes the digits of the one before.
	mostEncodings = 3
)

// redactor gives a function that replaces the token in an upstream's answer, in
// case it echoes the request: plain, percent-encoded or in JSON escapes, once or
// several times over, one within the other, with hidden characters between or not.
// The function returns its argument where the token is not in it.
func redactor(t Token) func(body []byte) []byte {
	secret := []rune(t.reveal())
	if len(t.reveal()) < shortestSecret {
		return func(body []byte) []byte { return body }
	}
	begins := `\%` + string(secret[0])
	return func(body []byte) []byte {
		var out []byte
		kept := 0 // up to where the answer is in out
		for at := 0; ; at++ {
			i := bytes.IndexAny(body[at:], begins)
			if i < 0 {
				break
			}
			at += i
			if end, ok := (echo{body}).matches(at, secret); ok {
				out = append(append(out, body[kept:at]...), redacted...)
				kept, at = end, end-1
			}
		}
		if kept == 0 {
			return body
		}
		return append(out, body[kept:]...)
	}
}

// echo is an answer that may hold the token. Its methods give the places behind what
// they find, of which there is more than one where an encoding can be read in more
// than one way: %2541 as %41 and as A.
type echo struct{ body []byte }

// matches reports whether the secret begins at a place, and where it ends.
func (e echo) matches(at int, secret []rune) (end int, ok bool) {
	if len(secret) == 0 {
		return at, true
	}
	for _, next := range e.character(at, secret[0], mostEncodings) {
		if len(secret) > 1 {
			next = e.skipHidden(next)
		}
		if end, ok = e.matches(next, secret[1:]); ok {
			return end, true
		}
	}
	if secret[0] == '\\' { // it may stand before a hidden escape, which skipHidden read with it
		return e.matches(at, secret[1:])
	}
	return 0, false
}

// character finds a character as itself, in an escape of JSON, and percent-encoded.
func (e echo) character(at int, r rune, encodings int) []int {
	var ends []int
	if found, n := utf8.DecodeRune(e.body[at:]); n > 0 && (found == r || r == ' ' && found == '+') {
		ends = append(ends, at+n)
	}
	if found, end := e.escape(at); end > at && found == r {
		ends = append(ends, end)
	}
	ends = append(ends, e.percent(at, string(r), encodings)...)
	if r == ' ' { // as in a form
		ends = append(ends, e.percent(at, "+", encodings)...)
	}
	return ends
}

// percent finds bytes that are percent-encoded, one after another. Where the percent
// signs are encoded themselves, the digits may be too.
func (e echo) percent(at int, encoded string, encodings int) []int {
	if encodings == 0 || at == len(e.body) || e.body[at] != '%' && e.body[at] != '\\' {
		return nil
	}
	ends := []int{at}
	for i := range len(encoded) {
		var next []int
		for _, at := range ends {
			at = e.skipHidden(at)
			next = append(next, e.digits(e.signs(at), encoded[i], 0)...)
			next = append(next, e.digits(e.percent(at, "%", encodings-1), encoded[i], encodings-1)...)
		}
		ends = next
	}
	return ends
}

// signs finds a percent sign, encoded any number of times as %2525….
func (e echo) signs(at int) []int {
	var all []int
	for ends := e.character(at, '%', 0); len(ends) > 0; ends = e.digits(ends, '%', 0) {
		all = append(all, ends...)
	}
	return all
}

// digits finds the two hex digits of a byte behind places.
func (e echo) digits(places []int, b byte, encodings int) []int {
	const lower, upper = "0123456789abcdef", "0123456789ABCDEF"
	for _, half := range []byte{b >> 4, b & 0xf} {
		var next []int
		for _, at := range places {
			at = e.skipHidden(at)
			next = append(next, e.character(at, rune(lower[half]), encodings)...)
			if half > 9 {
				next = append(next, e.character(at, rune(upper[half]), encodings)...)
			}
		}
		places = next
	}
	return places
}

// escape reads an escape of JSON, also of JSON in a string of JSON, where backslashes
// are doubled; end is at where there is none.
func (e echo) escape(at int) (r rune, end int) {
	text := bytes.TrimLeft(e.body[at:], `\`)
	end = len(e.body) - len(text)
	if end == at {
		return 0, at
	}
	if len(text) > 0 {
		switch text[0] {
		case '/', '"':
			return rune(text[0]), end + 1
		case 'b', 'f', 'n', 'r', 't':
			return '\n', end + 1 // or another control character
		}
	}
	unit, ok := codeUnit(text)
	if !ok {
		return '\\', end
	}
	end += len("u0000")
	if !utf16.IsSurrogate(unit) {
		return unit, end
	}
	rest := bytes.TrimLeft(text[len("u0000"):], `\`)
	low, _ := codeUnit(rest)
	if r = utf16.DecodeRune(unit, low); r == utf8.RuneError {
		return halfPair, end
	}
	return r, len(e.body) - len(rest) + len("u0000")
}

// halfPair stands for half a surrogate pair, which no reader sees.
const halfPair = '\ufffe'

// codeUnit reads what follows the backslash of an escape such as \u0063.
func codeUnit(text []byte) (unit rune, ok bool) {
	if len(text) < len("u0000") || text[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[1:5]), 16, 16)
	return rune(n), err == nil
}

// skipHidden gives the place behind hidden characters, as themselves or in escapes.
func (e echo) skipHidden(at int) int {
	for {
		r, n := utf8.DecodeRune(e.body[at:])
		end := at + n
		if r == '\\' {
			r, end = e.escape(at)
		}
		if n == 0 || !isHidden(r) {
			return at
		}
		at = end
	}
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
