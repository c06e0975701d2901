package schema

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	markdownLink = regexp.MustCompile(`\[[^\[\]]*\]\(\s*([^()\s]*)[^()]*\)`)
	scheme       = regexp.MustCompile(`(?i)https?://`)
)

// wordsOf takes a text that was pasted or typed apart at blanks, commas and
// semicolons of any script. Each word is in plain characters, without the
// quotes, brackets and punctuation around it; a Markdown link is the address
// in it, and a web address is a word of its own also where it follows a text
// without a blank.
func wordsOf(s string) []string {
	s = fold(s)
	s = markdownLink.ReplaceAllString(s, " $1 ")
	var out []string
	for part := range strings.FieldsFuncSeq(s, isSeparator) {
		for _, w := range cutAtAddresses(part) {
			if w = strings.TrimFunc(w, isAround); w != "" && w != "/" {
				out = append(out, w)
			}
		}
	}
	return out
}

// fold writes a text in plain characters: full-width forms as ASCII, and
// nothing that cannot be seen.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～': // the full-width forms of ! to ~
			return r - '！' + '!'
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			// Zero-width characters, marks of direction, byte order marks.
			return -1
		}
		return r
	}, s)
}

func isSeparator(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;、|", r)
}

// isAround reports what stands around a word. A slash does not: an address may
// begin or end with it.
func isAround(r rune) bool {
	return r != '/' && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

// cutAtAddresses cuts s where a web address begins, but not within another one:
// the address in https://example.com/?u=https://… is a part of the first.
func cutAtAddresses(s string) []string {
	var out []string
	begin := 0
	for _, at := range scheme.FindAllStringIndex(s, -1) {
		before := s[begin:at[0]]
		if !strings.ContainsAny(before, "/?#") || endsAddress(before) {
			out = append(out, before)
			begin = at[0]
		}
	}
	return append(out, s[begin:])
}

// endsAddress reports a last character that no web address ends with and goes
// on with another.
func endsAddress(s string) bool {
	last := s[len(s)-1]
	return last >= 0x80 || strings.IndexByte(`"'<>()[]{}`, last) >= 0
}
