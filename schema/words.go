package schema

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	markdownLink = regexp.MustCompile(`\[[^\[\]]*\]\(\s*([^()\s]*)[^()]*\)`)
	scheme       = regexp.MustCompile(`(?i)https?://`)
	wideColon    = regexp.MustCompile(`：([^/／]|$)`)
)

// wordsOf splits a text that was pasted, typed or copied from a sheet: at blanks, commas,
// semicolons and quotes of any script, and where Chinese, Japanese or Korean text begins
// or ends. It folds each word and trims brackets and punctuation. A web address stays one
// word; a Markdown link becomes its address.
func wordsOf(s string) []string {
	s = wideColon.ReplaceAllString(s, " $1") // a full-width https：// keeps its colon
	s = markdownLink.ReplaceAllString(fold(s), " $1 ")
	var out []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return isSeparator(r) || isQuote(r) }) {
		for _, piece := range cutAtAddresses(part) {
			for i, w := range cutAtCJK(piece) {
				w = strings.TrimFunc(w, isAround)
				if i > 0 && strings.HasPrefix(w, "/") {
					continue // the rest of an address that has CJK in its path
				}
				if w != "" && w != "/" {
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// fold turns full-width characters into ASCII and removes invisible ones.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
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

func isQuote(r rune) bool {
	return strings.ContainsRune("\"'`<>“”‘’„‟«»‹›「」『』《》〝〞", r)
}

// isCJK reports whether r is Chinese, Japanese or Korean, punctuation included.
func isCJK(r rune) bool {
	if r < 0x1100 { // the usual case, quickly
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) || r >= '、' && r <= '〿'
}

// isAround reports whether r is trimmed from a word. A slash is not: an address may begin
// or end with one.
func isAround(r rune) bool {
	return r != '/' && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

// cutAtAddresses cuts s before each web address, but not inside another address:
// https://example.com/?u=https://… is one.
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

// endsAddress reports whether the last character of s cannot stand between an address
// and another one inside it.
func endsAddress(s string) bool {
	last := s[len(s)-1]
	return last >= 0x80 || strings.IndexByte(`()[]{}`, last) >= 0
}

// cutAtCJK cuts s where Chinese, Japanese or Korean text begins and ends, but not inside
// the host of an address: https://小红书.example is one host.
func cutAtCJK(s string) []string {
	host := 0
	if at := scheme.FindStringIndex(s); at != nil && at[0] == 0 {
		host = at[1]
		if end := strings.IndexAny(s[host:], "/?#"); end >= 0 {
			host += end
		} else {
			host = len(s)
		}
	}
	var out []string
	begin, inCJK := 0, false
	for i, r := range s {
		if i >= host && isCJK(r) != inCJK {
			out, begin, inCJK = append(out, s[begin:i]), i, !inCJK
		}
	}
	return append(out, s[begin:])
}
