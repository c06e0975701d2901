package program

import (
	"fmt"
	"strings"
	"testing"
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
	return fmt.Sprint(value)
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

// hasNot wants no such parts in a text.
func hasNot(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if i := strings.Index(text, part); i >= 0 {
			t.Errorf("%s is …%.600q, want no %q in it", what, text[max(0, i-100):], part)
		}
	}
}
