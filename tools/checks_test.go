package tools

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// same wants two values to be equal.
func same[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %s, want %s", what, shown(got), shown(want))
	}
}

// shown quotes a text, so that an empty one is seen.
func shown(value any) string {
	if text, is := value.(string); is {
		return fmt.Sprintf("%.300q", text)
	}
	return fmt.Sprintf("%+v", value)
}

// has wants parts in a text, shown where one is missing.
func has(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s is %.600q, want %q in it", what, text, part)
		}
	}
}

// hasOnce wants parts in a text, each of them once.
func hasOnce(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if n := strings.Count(text, part); n != 1 {
			t.Errorf("%s is %.600q with %q in it %d times, want it once", what, text, part, n)
		}
	}
}

// hasNot wants no such parts in a text.
func hasNot(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if i := strings.Index(text, part); i >= 0 {
			t.Errorf("%s is …%.600q, want no %q in it", what, text[max(0, i-100):], part)
		}
	}
}

// hasIf wants a part in a text where want is true, and elsewhere not.
func hasIf(t testing.TB, want bool, what, text, part string) {
	t.Helper()
	if want {
		has(t, what, text, part)
	} else {
		hasNot(t, what, text, part)
	}
}

// begins wants a text to begin so.
func begins(t testing.TB, what, text, want string) {
	t.Helper()
	if !strings.HasPrefix(text, want) {
		t.Errorf("%s is %.300q, want it to begin with %q", what, text, want)
	}
}

// sameText wants two long texts to be equal, shown from where they part.
func sameText(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	i = max(0, i-50)
	for i > 0 && !utf8.RuneStart(got[i]) {
		i--
	}
	t.Errorf("%s has …%.300q, want …%.300q", what, got[i:], want[i:])
}

// checkNothingHidden wants no character that hides or reorders text, no control and no
// line break.
func checkNothingHidden(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("the text is %.200q, want UTF-8", s)
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
			t.Errorf("there is %U at %d of %.300q, want nothing that hides or reorders", c, i, s)
		}
	}
}

// checkText holds a text to a golden file as it is.
func checkText(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatalf("writing %s ends with %v, want it written", file, err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading %s ends with %v, want it read", file, err)
	}
	sameText(t, file+" has changed (look at it, then run the test with -update): it", text, string(want))
}
