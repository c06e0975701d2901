package upstream

import (
	"fmt"
	"regexp"
	"strings"
)

// shortestSecret is the least length that is looked for in answers: cutting
// shorter runs out of an answer would harm its facts, and no real token is one.
const shortestSecret = 6

// hidden matches characters that a reader does not see, and that are removed before
// text is shown: controls, formats, tags, variation selectors and fillers, as
// themselves or as escapes.
const hidden = `(?:[\p{Cc}\p{Cf}\p{Co}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{3164}\x{FE00}-\x{FE0F}\x{FFA0}\x{FFFE}\x{FFFF}\x{E0000}-\x{E0FFF}]` +
	`|\\+[bfnrt]|\\+u(?i:00[01][0-9a-f]|007f|00[89][0-9a-f]|00ad|034f|061c|115f|1160|17b[45]|180[b-f]|200[b-f]|202[a-e]|206[0-9a-f]|3164|e[0-9a-f]{3}|f[0-8][0-9a-f]{2}|fe0[0-9a-f]|feff|ffa0|fff[0-9a-f]|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2}))*`

// redactor gives a function that replaces the token in an upstream's answer, in
// case it echoes the request: plain, percent-encoded or in JSON escapes, once or
// several times over, with hidden characters between or not. The function returns
// its argument where the token is not in it.
func redactor(t Token) func(body []byte) []byte {
	secret := t.reveal()
	if len(secret) < shortestSecret {
		return func(body []byte) []byte { return body }
	}
	const percent = `(?:%|\\+u0025)(?:25)*`
	var pattern strings.Builder
	for i, r := range secret {
		if i > 0 {
			pattern.WriteString(hidden)
		}
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
