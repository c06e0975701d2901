package testkit

import (
	"fmt"
	"net/url"
	"strings"
)

// Canary is a token that nothing but a request may have in it. Some of its
// characters are spelt otherwise in addresses and in JSON.
const Canary = "canary-7f3a9c-Tok/en+x"

// Spellings are the ways in which an upstream may echo Canary.
func Spellings() []string {
	var percent, percentLower, escaped strings.Builder
	for _, c := range []byte(Canary) {
		fmt.Fprintf(&percent, "%%%02X", c)
		fmt.Fprintf(&percentLower, "%%%02x", c)
		fmt.Fprintf(&escaped, `\u%04x`, c)
	}
	return []string{Canary, url.QueryEscape(Canary), url.PathEscape(Canary), percent.String(), percentLower.String(), escaped.String(),
		strings.ReplaceAll(Canary, "/", `\/`), url.QueryEscape(url.QueryEscape(Canary))}
}
