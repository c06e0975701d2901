package upstream

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// fmt calls no methods on the unexported fields of other types.
func TestTheTokenIsNotPrintedFromInside(t *testing.T) {
	const secret = "canary/Tok+en=9f8e7d"
	c := NewClient("http://127.0.0.1", NewToken(secret), time.Second)
	holder := struct{ token Token }{NewToken(secret)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%p", "%w"} {
		for _, v := range []any{c, *c, holder, &holder, NewToken(secret)} {
			got := fmt.Sprintf(verb, v)
			for _, part := range []string{"canary", fmt.Sprintf("%x", secret)} {
				if strings.Contains(got, part) {
					t.Errorf("%s of a %T is %s, want no %q in it", verb, v, got, part)
				}
			}
		}
	}
}

// Spellings beyond the plain ones, and the JSON around them stays JSON.
func TestOddSpellingsOfTheToken(t *testing.T) {
	for _, c := range []struct{ secret, in string }{
		{"canary/Tok+en=9f8e7d", `{"p":"C:\\canary/Tok+en=9f8e7d"}`},
		{"canary/Tok+en=9f8e7d", `{"p":"{\"t\":\"\\u0063anary\\/Tok+en=9f8e7d\"}"}`},
		{"ab%41cdef", `{"p":"ab%41cdef ab%2541cdef"}`},
		{"my secret", `{"p":"my+secret my%20secret my secret"}`},
		{"canary/Tok+en=9f8e7d", "{\"p\":\"can\u200bary/\u202eTok+e\U000E0041n=9f\ufe0f8e7d\"}"},
		{"canary/Tok+en=9f8e7d", `{"p":"can\u200Bary/\u202ETok+e\udb40\udc41n=\u0000\n9f\ufeff8e7d"}`},
		{"canary/Tok+en=9f8e7d", `{"p":"` + eachByte(`\u%04x`, eachByte("%%%02x", "canary/Tok+en=9f8e7d")) + `"}`},
		{"canary/Tok+en=9f8e7d", `{"p":"` + eachByte("%%\u200b%02x", "canary/Tok+en=9f8e7d") + `"}`},
		{"canary/Tok+en=9f8e7d", `{"p":"` + eachByte("%%%02x", eachByte("%%%02x", eachByte("%%%02x", "canary/Tok+en=9f8e7d"))) + `"}`},
		{"canary/Tok+en=9f8e7d", "{\"p\":\"can\u2028ary/\u2029Tok+en=9f8e7d\"}"},
		{"canary/Tok+en=9f8e7d", `{"p":"can\u2028ary/Tok\u2029+en=%39\u200Bf8e7d"}`},
		{"canary/Tok+en=9f8e7d", `{"p":"canary/Tok+en=9f8e7d\"canary/Tok+en=9f8e7d\\","\\canary/Tok+en=9f8e7d":1}`},
		{"canary/Tok+en=9f8e7d", `{"p":"can%E2%80%8Bary%2fTok%25C2%25AD+en=%00%0a%7f9f%f3%a0%81%818%EF%BF%BEe7d"}`},
		{"deadbeef66", `{"p":"%de%61dbeef66 %e2%80deadbeef66"}`},
		{`can\ary"9f8`, `{"p":"can\\ary\"9f8 can%5cary%229f8 can\u005cary\u00229f8"}`},
	} {
		got := string(redactor(NewToken(c.secret))([]byte(c.in)))
		if !json.Valid([]byte(got)) {
			t.Errorf("%s becomes %s, want JSON", c.in, got)
		}
		if !strings.Contains(got, redacted) {
			t.Errorf("%s becomes %s, want %q in it", c.in, got, redacted)
		}
		for _, part := range []string{"anary", "cdef", "secret", "9f8", "39", "66"} {
			if strings.Contains(got, part) {
				t.Errorf("%s becomes %s, want no %q in it", c.in, got, part)
			}
		}
	}
}

// eachByte writes each byte of a text by a format.
func eachByte(format, text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}
