package tools

import (
	"fmt"
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
