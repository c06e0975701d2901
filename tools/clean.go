package tools

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
)

// maxValue is the most characters of one upstream value that a summary shows.
const maxValue = 200

// clean makes upstream text safe to show: one line, without characters that
// hide, reorder or smuggle text, and at most maxValue characters long. Emoji
// keep the joiners, selectors and tags that they are made of.
func clean(s string) string {
	in := []rune(s)
	var out []rune
	for i := 0; i < len(in); i++ {
		r := in[i]
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			out = append(out, ' ')
		case r == '\u200d': // zero-width joiner
			if len(out) > 0 && joins(out[len(out)-1]) && i+1 < len(in) && pictograph(in[i+1]) {
				out = append(out, r)
			}
		case r == '\ufe0e' || r == '\ufe0f': // variation selectors: text or emoji style
			if len(out) > 0 && (pictograph(out[len(out)-1]) || keycap(out[len(out)-1])) {
				out = append(out, r)
			}
		case r == '\U0001F3F4': // black flag, base of the three subdivision flags
			out = append(out, r)
			if n := flagTags(in[i+1 : min(i+1+longestFlag, len(in))]); n > 0 {
				out = append(out, in[i+1:i+1+n]...)
				i += n
			}
		case !hidden(r):
			out = append(out, r)
		}
	}
	s = strings.Join(strings.FieldsFunc(string(out), func(r rune) bool { return r == ' ' }), " ")
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
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		return true
	case r >= 0xE0000 && r <= 0xE0FFF, r >= 0xFE00 && r <= 0xFE0F:
		return true
	case r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u17b4' || r == '\u17b5' || r == '\u3164' || r == '\uffa0':
		return true
	case r >= '\u180b' && r <= '\u180f', r == '\u2065', r >= '\ufff0' && r <= '\ufff8', r == '\ufffe', r == '\uffff':
		return true
	}
	return false
}

// pictograph reports characters that emoji are made of.
func pictograph(r rune) bool {
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2190 && r <= 0x2BFF, r >= 0x203C && r <= 0x2049:
		return true
	}
	return r == '©' || r == '®' || r == '™' || r == 'ℹ' || r == '〰' || r == '〽' || r == '㊗' || r == '㊙'
}

// joins reports what may stand before a joiner: a pictograph, with its style
// or skin tone (which is among the pictographs).
func joins(r rune) bool { return pictograph(r) || r == '\ufe0f' }

func keycap(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

// longestFlag is how many tags a flag has: five letters or digits and the end.
const longestFlag = 6

// flagTags gives the length of the tag sequence that makes a black flag the
// flag of England, Scotland or Wales; other tags carry hidden text.
func flagTags(r []rune) int {
	for _, region := range []string{"gbeng", "gbsct", "gbwls"} {
		tags := make([]rune, 0, len(region)+1)
		for _, c := range region {
			tags = append(tags, 0xE0000+c)
		}
		tags = append(tags, 0xE007F)
		if strings.HasPrefix(string(r), string(tags)) {
			return len(tags)
		}
	}
	return 0
}

// pairSurrogates writes U+FFFD over each escape of half a character in valid
// JSON, such as an emoji that the upstream cut in two. The text stays as long
// as it was. Strict clients refuse a whole message for one such escape, and
// would do so again for as long as the profile is in memory.
func pairSurrogates(b []byte) {
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\\')
		if n < 0 {
			return
		}
		i += n
		switch first := surrogate(b[i:]); {
		case first == 0:
			i += len(`\"`) // of any other escape that much is not followed by a backslash
		case first < 0xDC00 && surrogate(b[i+len(`\ud83d`):]) >= 0xDC00:
			i += len(`\ud83d\ude00`)
		default:
			i += copy(b[i:], `\ufffd`)
		}
	}
}

// surrogate reads the escape of a surrogate at the start of b; 0 if there is none.
func surrogate(b []byte) rune {
	if len(b) < len(`\ud83d`) || b[0] != '\\' || b[1] != 'u' {
		return 0
	}
	v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil || v < 0xD800 || v > 0xDFFF {
		return 0
	}
	return rune(v)
}
