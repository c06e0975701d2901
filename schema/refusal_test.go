package schema

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
)

var (
	verb = regexp.MustCompile(`%[a-z]`)
	han  = regexp.MustCompile(`\p{Han}`)
)

// Each sentence about an id has Chinese with the same verbs in the same order.
func TestRefusalsInChinese(t *testing.T) {
	for _, faults := range []map[idFault]lang.T{userIDFaults, noteIDFaults} {
		for _, text := range faults {
			if !han.MatchString(text.Zh) {
				t.Errorf("%q has the Chinese %q, want some", text.En, text.Zh)
			}
			if got, want := fmt.Sprint(verb.FindAllString(text.Zh, -1)), fmt.Sprint(verb.FindAllString(text.En, -1)); got != want {
				t.Errorf("the Chinese of %q has the verbs %s, want %s", text.En, got, want)
			}
		}
	}
	_, err := UserID(id[:23])
	refusal := new(Refusal)
	if !errors.As(err, &refusal) {
		t.Fatalf("UserID(%q): the error is %v, want a *Refusal", id[:23], err)
	}
	if got, want := refusal.In(lang.Chinese), "userId 有 23 位十六进制字符，而 userId 应为 24 位"; !strings.HasPrefix(got, want) {
		t.Errorf("UserID(%q) in Chinese: %q, want it to begin with %q", id[:23], got, want)
	}
}
