package condense

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue is how many characters of an upstream value are shown.
const maxValue = 200

// clean makes upstream text safe to show: on one line, without characters that hide,
// reorder or smuggle text, and cut to maxValue characters. Emoji stay whole. The platform
// writes - and 暂无 for none: they become "".
func clean(s string) string {
	var out strings.Builder
	var last rune // the last one that was kept
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
	s = strings.TrimSpace(strings.Join(strings.FieldsFunc(out.String(), func(r rune) bool { return r == ' ' }), " "))
	if s == "-" || s == "暂无" {
		return ""
	}
	return cut(s, maxValue)
}

// cut shortens s to most characters, never inside a joined emoji or a flag.
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

// unfinished reports whether r may end inside a sequence of characters.
func unfinished(r []rune) bool {
	last := r[len(r)-1]
	return last == '\u200d' || last >= 0xE0000 && last <= 0xE0FFF || len(r) > 1 && r[len(r)-2] == '\u200d'
}

// hidden reports whether r is invisible or changes how others look: controls, formats
// (bidi overrides, zero-width), tags, variation selectors and fillers.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		r == '\ufffe' || r == '\uffff'
}

// pictograph reports whether emoji are made of r; skin tones count.
func pictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF || r >= 0x203C && r <= 0x2049 || strings.ContainsRune("©®™ℹ〰〽㊗㊙", r)
}

// flagTags returns the length of the tags that make a black flag the flag of England,
// Scotland or Wales. Other tags carry hidden text.
func flagTags(s string) int {
	for _, region := range []string{"gbeng", "gbsct", "gbwls"} {
		tags := strings.Map(func(r rune) rune { return 0xE0000 + r }, region) + "\U000E007F"
		if strings.HasPrefix(s, tags) {
			return len(tags)
		}
	}
	return 0
}
