package render

import (
	"fmt"
	"strings"
	"unicode"
)

// leastValue is the least room for values beside their labels. Where there is less, a
// value is below its label.
const leastValue = 30

// Aligned puts facts into lines of at most so many columns, where their words
// allow it.
func Aligned(facts []Fact, columns int) string {
	labels := 0
	for _, f := range facts {
		labels = max(labels, display.StringWidth(f.Label))
	}
	below := columns-labels-gap < leastValue
	if below {
		labels = 0
	}
	var b strings.Builder
	for _, f := range facts {
		label := f.Label
		if below {
			b.WriteString(label + "\n")
			label = ""
		}
		for _, line := range wrapped(f.Value, columns-labels-gap, false) {
			fmt.Fprintf(&b, "%s  %s\n", display.FillRight(label, labels), line)
			label = ""
		}
	}
	return b.String()
}

// wrapped breaks s into lines of at most width columns: at blanks and between CJK
// characters, of which a line neither begins with a closing mark nor ends with
// an opening one. What is longer is cut or, so that it can be copied, stays whole.
func wrapped(s string, width int, cut bool) []string {
	width = max(width, 2) // a CJK character
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		blank := " "
		for _, piece := range pieces(word) {
			if line != "" && display.StringWidth(line+blank+piece) <= width {
				line += blank + piece
				blank = ""
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			blank = ""
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

// pieces takes a text without blanks apart where a line may be broken.
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

// isCJK reports a character between which and the next one a line may be broken.
func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= '\u3000' && r <= '\u303f' || r >= '\uff00' && r <= '\uffef'
}
