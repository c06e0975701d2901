package condense

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue is the most characters of one upstream value that a summary shows.
const maxValue = 200

// clean makes upstream text safe to show: one line, without characters that
// hide, reorder or smuggle text, and at most maxValue characters long. Emoji
// keep the joiners, selectors and tags that they are made of.
func clean(s string) string {
	var out strings.Builder
	var last rune // that was kept
	flagEnd := 0
	for i, r := range s {
		keep := !hidden(r)
		switch {
		case i < flagEnd:
			keep = true
		case r == '\t' || r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			r, keep = ' ', true
		case r == '\u200d': // zero-width joiner
			next, _ := utf8.DecodeRuneInString(s[i+len("\u200d"):])
			keep = (pictograph(last) || last == '\ufe0f') && pictograph(next)
		case r == '\ufe0e' || r == '\ufe0f': // variation selectors: text or emoji style
			keep = pictograph(last) || strings.ContainsRune("0123456789#*", last) // keycaps
		case r == '\U0001F3F4': // black flag, base of the three subdivision flags
			tags := i + len("\U0001F3F4")
			flagEnd = tags + flagTags(s[tags:])
		}
		if keep {
			out.WriteRune(r)
			last = r
		}
	}
	s = strings.Join(strings.FieldsFunc(out.String(), func(r rune) bool { return r == ' ' }), " ")
	return cut(strings.TrimSpace(s), maxValue)
}

// cut shortens s to so many characters, never in the middle of a joined emoji
// or of a flag.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	r = r[:most-1]
	for len(r) > 0 && unfinished(r) {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// unfinished reports a last character that may belong to a sequence which the
// cut has ended.
func unfinished(r []rune) bool {
	last := r[len(r)-1]
	return last == '\u200d' || last >= 0xE0000 && last <= 0xE0FFF || len(r) > 1 && r[len(r)-2] == '\u200d'
}

// hidden reports characters that show nothing by themselves or change how
// others show: controls, formats (bidi overrides, zero-width), tags, variation
// selectors and fillers.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		r == '\ufffe' || r == '\uffff'
}

// pictograph reports characters that emoji are made of, skin tones among them.
func pictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF || r >= 0x203C && r <= 0x2049 || strings.ContainsRune("©®™ℹ〰〽㊗㊙", r)
}

// flagTags gives the length of the tag sequence that makes a black flag the
// flag of England, Scotland or Wales; other tags carry hidden text.
func flagTags(s string) int {
	for _, region := range []string{"gbeng", "gbsct", "gbwls"} {
		tags := strings.Map(func(r rune) rune { return 0xE0000 + r }, region) + "\U000E007F"
		if strings.HasPrefix(s, tags) {
			return len(tags)
		}
	}
	return 0
}
