// Package testkit has what tests of several packages share. It imports no package of
// this program, so that the tests of every package may use it.
package testkit

import (
	"fmt"
	"strings"
	"testing"
)

// Equal reports an error where got is not want. What names the call and what is
// looked at: "the status of compare -o csv".
func Equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %s, want %s", what, shown(got), shown(want))
	}
}

// shown quotes a text, so that an empty one is seen.
func shown(value any) string {
	if text, is := value.(string); is {
		return fmt.Sprintf("%.300q", text)
	}
	return fmt.Sprintf("%+v", value)
}

// Contains reports an error for each part that is not in text.
func Contains(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: got %.600q, want %q in it", what, text, part)
		}
	}
}

// ContainsOnce reports an error for each part that is not in text exactly once.
func ContainsOnce(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if n := strings.Count(text, part); n != 1 {
			t.Errorf("%s: got %.600q with %q in it %d times, want it once", what, text, part, n)
		}
	}
}

// Lacks reports an error for each part that is in text.
func Lacks(t testing.TB, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if i := strings.Index(text, part); i >= 0 {
			t.Errorf("%s: got …%.600q, want no %q in it", what, text[max(0, i-100):], part)
		}
	}
}

// HasPrefix reports an error where text does not begin with prefix.
func HasPrefix(t testing.TB, what, text, prefix string) {
	t.Helper()
	if !strings.HasPrefix(text, prefix) {
		t.Errorf("%s: got %.300q, want it to begin with %q", what, text, prefix)
	}
}

// EqualText reports an error where two long texts differ, and shows them from the
// first line that does.
func EqualText(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	gots, wants := strings.Split(got, "\n"), strings.Split(want, "\n")
	i := 0
	for i < min(len(gots), len(wants)) && gots[i] == wants[i] {
		i++
	}
	line := func(lines []string) string {
		if i < len(lines) {
			return lines[i]
		}
		return "(the end)"
	}
	t.Errorf("%s differs in line %d\n got %s\nwant %s", what, i+1, line(gots), line(wants))
}
