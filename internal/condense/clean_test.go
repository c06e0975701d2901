package condense

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

const england = "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"

func TestClean(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"plain text", "团子有点咸 – a b", "团子有点咸 – a b"},
		{"nothing", "", ""},
		{"blanks around", "  a  ", "a"},
		{"full-width blanks", "\u3000a\u3000b\u3000", "a\u3000b"},
		{"line breaks", "a\nb\r\nc\rd\u0085e\u2028f\u2029g\th", "a b c d e f g h"},
		{"only line breaks", "\n\r\u2028", ""},
		{"controls", "a\x00b\x07c\x1b[31md\x7fe\u009bf", "abc[31mdef"},
		{"vertical tab and form feed", "a\vb\fc", "abc"},
		{"bidi overrides", "a\u202eb\u202dc\u202ad\u202be\u202cf", "abcdef"},
		{"bidi isolates", "a\u2066b\u2067c\u2068d\u2069e", "abcde"},
		{"bidi marks", "a\u200eb\u200fc\u061cd", "abcd"},
		{"tags", "a\U000E0001\U000E0049\U000E0067\U000E006Eb\U000E007F", "ab"},
		{"tags behind a black flag", "\U0001F3F4\U000E0069\U000E0067\U000E006E\U000E006F\U000E0072\U000E0065\U000E007F!", "\U0001F3F4!"},
		{"a region that is no flag", "\U0001F3F4\U000E0067\U000E0062\U000E0078\U000E0078\U000E0078\U000E007F", "\U0001F3F4"},
		{"a flag without its end", "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067", "\U0001F3F4"},
		{"tags behind a whole flag", england + "\U000E0069\U000E0067\U000E007F", england},
		{"zero-width", "a\u200bb\u200cc\u200dd\ufeffe\u2060f", "abcdef"},
		{"soft hyphen", "a\u00adb", "ab"},
		{"invisible operators", "a\u2061b\u2062c\u2063d\u2064e", "abcde"},
		{"fillers", "a\u3164b\u115fc\u1160d\uffa0e\u034ff\u17b4g\u180eh", "abcdefgh"},
		{"interlinear annotation", "a\ufff9b\ufffac\ufffbd", "abcd"},
		{"private use", "a\ue000b\U000F0000c", "abc"},
		{"variation selectors behind letters", "a\ufe0fb\ufe0ec\ufe00d\ufe01e中\ufe0f", "abcde中"},
		{"more variation selectors", "a\U000E0100b\U000E01EFc❤\U000E0100", "abc❤"},
		{"a string of selectors", "❤\ufe0f\ufe0f\ufe0e\ufe0f", "❤\ufe0f"},
		{"a joiner in front, behind, alone", "\u200d❤\u200d a \u200d", "❤ a"},
		{"a joiner beside a letter", "a\u200d❤ ❤\u200db", "a❤ ❤b"},
		{"two joiners", "👩\u200d\u200d👧", "👩\u200d👧"},

		{"emoji: family", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"},
		{"emoji: rainbow flag", "🏳️‍🌈", "🏳️‍🌈"},
		{"emoji: pirate flag", "🏴‍☠️", "🏴‍☠️"},
		{"emoji: keycaps", "1️⃣#️⃣*️⃣", "1️⃣#️⃣*️⃣"},
		{"emoji: skin tone", "👍🏽👩🏽‍🚀", "👍🏽👩🏽‍🚀"},
		{"emoji: heart", "❤️❤️‍🔥", "❤️❤️‍🔥"},
		{"emoji: England", "a" + england + "b", "a" + england + "b"},
		{"emoji: China", "🇨🇳", "🇨🇳"},
		{"emoji: doctor", "👨‍⚕️", "👨‍⚕️"},
		{"emoji: text style", "☎\ufe0e", "☎\ufe0e"},
		{"emoji: eye in a bubble", "👁️‍🗨️", "👁️‍🗨️"},
		{"emoji: signs", "©️®️™️ℹ️〰️㊗️㊙️", "©️®️™️ℹ️〰️㊗️㊙️"},
		{"everything at once", "样例\u202e：文字\u202c 👩‍👧‍👦🏳️‍🌈\u200b1️⃣\u2066x\u2069\U000E0041\U000E0042\nsecond line\u0007", "样例：文字 👩‍👧‍👦🏳️‍🌈1️⃣x second line"},
	} {
		got := clean(c.in)
		if got != c.want {
			t.Errorf("%s: clean(%+q)\n got %+q\nwant %+q", c.what, c.in, got, c.want)
		}
		if again := clean(got); again != got {
			t.Errorf("%s: clean(%+q) got %+q, want %+q: it is clean", c.what, got, again, got)
		}
		checkShown(t, got)
	}
}

// The cost of a text grows with its length alone: at each flag, clean looks at only a
// few of the characters that follow.
func TestCleanOfManyFlags(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := clean(strings.Repeat("\U0001F3F4", 20_000))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
		t.Errorf("clean of 80 kB of flags: got %d bytes of allocations, want %d at most", n, 64<<20)
	}
	if want := "\U0001F3F4"; !strings.HasPrefix(got, want) {
		t.Errorf("clean of 80 kB of flags: got %.80q, want it to begin with %q", got, want)
	}
}

func TestCleanOfInvalidUTF8(t *testing.T) {
	for _, in := range []string{"a\xffb", "\xe4\xb8", "\xed\xa0\x80", "\xf8\x88\x80\x80\x80", strings.Repeat("\xff", 500)} {
		got := clean(in)
		if !utf8.ValidString(got) {
			t.Errorf("clean(%.20q): got %.40q, want UTF-8", in, got)
		}
		if n := utf8.RuneCountInString(got); n > 200 {
			t.Errorf("clean(%.20q): got %.40q of %d characters, want 200 at most", in, got, n)
		}
	}
}

func TestCleanCutsAt200Characters(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"199", strings.Repeat("长", 199), strings.Repeat("长", 199)},
		{"200", strings.Repeat("长", 200), strings.Repeat("长", 200)},
		{"201", strings.Repeat("长", 201), strings.Repeat("长", 199) + "…"},
		{"many", strings.Repeat("a", 10000), strings.Repeat("a", 199) + "…"},
		{"removed characters do not count", strings.Repeat("a\u200b", 200), strings.Repeat("a", 200)},
		// The man of the cut-off family stands alone: no joiner dangles.
		{"a joined emoji at the cut", strings.Repeat("a", 197) + "👨‍👩‍👧‍👦b", strings.Repeat("a", 197) + "👨…"},
	} {
		got := clean(c.in)
		if got != c.want {
			t.Errorf("%s: clean(%.20q…): got %+q, want %+q", c.what, c.in, got, c.want)
		}
		checkShown(t, got)
	}
	for n := range 12 { // wherever the cut falls into the sequence
		checkShown(t, clean(strings.Repeat("a", 190+n)+"👩🏽‍🚀🏳️‍🌈👨‍👩‍👧‍👦"+strings.Repeat("b", 20)))
	}
}

// checkShown looks at one shown value in another way than clean does: nothing that
// hides or reorders, no joiner or tag outside the sequences that need it, and at most
// 200 characters.
func checkShown(t *testing.T, s string) {
	t.Helper()
	if n := utf8.RuneCountInString(s); n > 200 {
		t.Errorf("a shown value: got %.80q of %d characters, want 200 at most", s, n)
	}
	checkNothingHidden(t, s)
}

func checkNothingHidden(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("a shown value: got %.200q, want UTF-8", s)
	}
	for _, flag := range []string{"gbeng", "gbsct", "gbwls"} {
		tags := "\U0001F3F4"
		for _, c := range flag {
			tags += string(0xE0000 + c)
		}
		s = strings.ReplaceAll(s, tags+"\U000E007F", "")
	}
	r := []rune(s)
	for i, c := range r {
		bad := false
		switch {
		case c < 0x20, c >= 0x7f && c <= 0x9f, c == 0x2028, c == 0x2029: // controls and line breaks
			bad = true
		case c == 0xad, c == 0x61c, c >= 0x200b && c <= 0x200f && c != 0x200d, c >= 0x202a && c <= 0x202e, c >= 0x2060 && c <= 0x206f && c != 0x2065, c == 0xfeff:
			bad = true
		case c >= 0xE0000 && c <= 0xE0FFF: // tags and the second block of selectors
			bad = true
		case c == 0x200d: // ASCII and CJK are in no joined emoji
			bad = i == 0 || i == len(r)-1 || r[i-1] < 0xa9 || r[i+1] < 0xa9 || r[i+1] == '…' || r[i-1] >= 0x3400 && r[i-1] <= 0x9fff
		case c == 0xfe0e, c == 0xfe0f:
			bad = i == 0 || r[i-1] >= 'A' && r[i-1] <= 'z' || r[i-1] == c || r[i-1] == ' '
		}
		if bad {
			t.Errorf("a shown value: got %.300q with %U at %d, want nothing that hides or reorders", s, c, i)
		}
	}
}
