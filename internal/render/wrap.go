package render

import (
	"fmt"
	"strings"
	"unicode"
)

// leastValue is how wide values beside their labels are at least. In less room, each value
// goes below its label.
const leastValue = 30

// Aligned renders lines with their values in one column, wrapped to a number of columns of
// a terminal. A longer word is not broken.
func Aligned(lines []Line, columns int) string {
	labels := 0
	for _, line := range lines {
		labels = max(labels, display.StringWidth(line.Label))
	}
	below := columns-labels-gap < leastValue
	if below {
		labels = 0
	}
	var b strings.Builder
	for _, line := range lines {
		label := line.Label
		if below {
			b.WriteString(label + "\n")
			label = ""
		}
		for _, part := range wrapped(line.Value, columns-labels-gap, false) {
			fmt.Fprintf(&b, "%s  %s\n", display.FillRight(label, labels), part)
			label = ""
		}
	}
	return b.String()
}

// wrapped breaks s into lines of at most width columns, at blanks and between CJK
// characters. No line begins with a closing mark or ends with an opening one. A longer
// word is broken if cut, and otherwise stays whole so that it can be copied.
func wrapped(s string, width int, cut bool) []string {
	width = max(width, 2) // a CJK character
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		separator := " "
		for _, piece := range pieces(word) {
			if line != "" && display.StringWidth(line+separator+piece) <= width {
				line += separator + piece
				separator = ""
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			separator = ""
			for cut && display.StringWidth(piece) > width {
				head := display.Truncate(piece, width, "")
				lines = append(lines, head)
				piece = piece[len(head):]
			}
			line = piece
		}
	}
	return append(lines, line)
}

const (
	closing = "，。、；：！？）》」』】”’…％%"
	opening = "（《「『【“‘"
)

// pieces splits a word where a line may be broken.
func pieces(word string) []string {
	var out []string
	begin, before := 0, rune(0)
	for i, r := range word {
		breakable := isCJK(before) || isCJK(r)
		if i > 0 && breakable && !strings.ContainsRune(opening, before) && !strings.ContainsRune(closing, r) && !unicode.In(r, unicode.M, unicode.Cf) {
			out = append(out, word[begin:i])
			begin = i
		}
		before = r
	}
	return append(out, word[begin:])
}

// isCJK reports whether a line may be broken beside r.
func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= '\u3000' && r <= '\u303f' || r >= '\uff00' && r <= '\uffef'
}
