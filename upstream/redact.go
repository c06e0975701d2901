package upstream

import (
	"fmt"
	"regexp"
	"strings"
)

// shortestSecret is the least length that is looked for in answers: cutting
// shorter runs out of an answer would harm its facts, and no real token is one.
const shortestSecret = 6

// redactor gives a function that replaces the token in an upstream's answer, in
// case it echoes the request: plain, percent-encoded or in JSON escapes, once or
// several times over. The function returns its argument where the token is not
// in it.
func redactor(t Token) func(body []byte) []byte {
	secret := t.reveal()
	if len(secret) < shortestSecret {
		return func(body []byte) []byte { return body }
	}
	const percent = `(?:%|\\+u0025)(?:25)*`
	var pattern strings.Builder
	for _, r := range secret {
		plain := regexp.QuoteMeta(string(r))
		spellings := []string{plain, fmt.Sprintf(`\\+u(?i:%04x)`, r)}
		encoded := ""
		for _, b := range []byte(string(r)) {
			encoded += percent + fmt.Sprintf(`(?i:%02x)`, b)
		}
		switch spellings = append(spellings, encoded); r {
		case '/', '"', '\\':
			spellings = append(spellings, `\\+`+plain)
		case ' ': // as in a form
			spellings = append(spellings, `\+`, percent+`2[bB]`)
		}
		pattern.WriteString("(?:" + strings.Join(spellings, "|") + ")")
	}
	echo := regexp.MustCompile(pattern.String())
	return func(body []byte) []byte { return echo.ReplaceAllLiteral(body, []byte(redacted)) }
}
