package schema

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

func TestDecodeProfileInput(t *testing.T) {
	digits := "123456789012345678901234" // above 2^53: only the spelling keeps it
	want := func(id string, raw RawMode, refresh bool) ProfileInput {
		return ProfileInput{UserID: id, Raw: raw, Refresh: refresh}
	}
	for _, c := range []struct {
		in   string
		want ProfileInput
	}{
		{`{"userId":"` + id + `"}`, want(id, RawCompact, false)},
		{" {\n\"userId\": \"" + id + "\"}\n", want(id, RawCompact, false)},
		{`{"userId":"` + id + `","raw":"compact","refresh":false}`, want(id, RawCompact, false)},
		{`{"userId":"` + id + `","raw":"full","refresh":true}`, want(id, RawFull, true)},
		{`{"userId":"` + id + `","raw":"none"}`, want(id, RawNone, false)},
		{`{"userId":"` + id + `","raw":null,"refresh":null}`, want(id, RawCompact, false)},
		{`{"userId":"\u0036` + id[1:] + `"}`, want(id, RawCompact, false)},
		{`{"userId":"https://www.xiaohongshu.com/user/profile/` + id + `"}`, want(id, RawCompact, false)},
		{`{"userId":` + digits + `}`, want(digits, RawCompact, false)},
		{`{"userId" : ` + digits + ` }`, want(digits, RawCompact, false)},
	} {
		if got, err := DecodeProfileInput(json.RawMessage(c.in)); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.in, got, err, c.want)
		}
	}
}

func TestDecodeProfileInputRefusals(t *testing.T) {
	const object = "must be an object with userId, raw, refresh"
	with := func(member string) string { return `{"userId":"` + id + `",` + member + `}` }
	for _, c := range []struct{ in, want string }{
		{``, "userId is missing"},
		{`  `, "userId is missing"},
		{`null`, "userId is missing"},
		{`{}`, "userId is missing"},
		{`{"userId":null}`, "userId is missing"},
		{`{"userId":""}`, "userId is empty"},
		{`[]`, "userId is missing"},
		{`["` + id + `"]`, object},
		{`[{}]`, object},
		{`"` + id + `"`, object},
		{`7`, object},
		{`true`, object},
		{`{"userId":`, object},
		{with(`"foo":1`), `unknown argument "foo": the arguments are userId, raw, refresh`},
		{with(`"foo":null`), `unknown argument "foo"`},
		{with(`"":1`), `unknown argument ""`},
		// Near names are named back, not guessed at; case counts.
		{`{"userid":"` + id + `"}`, `unknown argument "userid": the arguments are userId`},
		{`{"user_id":"` + id + `"}`, `unknown argument "user_id": the arguments are userId`},
		{`{"UserId":"` + id + `"}`, `unknown argument "UserId": the arguments are userId`},
		{`{"userIds":["` + id + `"]}`, `unknown argument "userIds": the arguments are userId`},
		{with(`"Raw":"full"`), `unknown argument "Raw"`},
		{`{"userId":{}}`, "userId must be a string, not an object"},
		{`{"userId":[]}`, "userId is empty"},
		{`{"userId":["` + id + `","` + id + `"]}`, "userId must be one id, not an array of 2"},
		{`{"userId":[["` + id + `"]]}`, "userId must be a string, not an array"},
		{`{"userId":[null]}`, "userId must be a string, not null"},
		{`{"userId":true}`, "userId must be a string, not a boolean"},
		{`{"userId":false}`, "userId must be a string, not a boolean"},
		{`{"userId":4639645438}`, "小红书号 (redId)"},
		{`{"userId":1e5}`, "userId "},
		{`{"userId":-1}`, "userId "},
		{`{"userId":0}`, "userId "},
		{`{"userId":12345678901234567890123}`, "23 hex digits"},
		{with(`"raw":"everything"`), "raw must be one of compact, full, none"},
		{with(`"raw":"Full"`), "raw must be one of compact, full, none"},
		{with(`"raw":"None"`), "raw must be one of compact, full, none"},
		{with(`"raw":true`), "raw must be one of compact, full, none, not a boolean"},
		{with(`"raw":1`), "raw must be one of compact, full, none, not a number"},
		{with(`"raw":{}`), "raw must be one of compact, full, none, not an object"},
		{with(`"raw":["full"]`), "raw must be one of compact, full, none, not an array"},
		{with(`"raw":"` + strings.Repeat("f", 10000) + `"`), "raw must be one of compact, full, none"},
		{with(`"refresh":"yes"`), "refresh must be true or false, not a string"},
		{with(`"refresh":1`), "refresh must be true or false, not a number"},
		{with(`"refresh":-1`), "refresh must be true or false, not a number"},
		{with(`"refresh":{}`), "refresh must be true or false, not an object"},
		{with(`"refresh":[]`), "refresh must be true or false, not an array"},
		{`{"userId":"` + strings.Repeat("6", 10000) + `"}`, "longer than 2,048 characters"},
		{`{"userId":` + strings.Repeat("6", 10000) + `}`, "longer than 2,048 characters"},
	} {
		_, err := DecodeProfileInput(json.RawMessage(c.in))
		if err == nil {
			t.Errorf("%.80s: accepted", c.in)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v; want %q in it", c.in, err, c.want)
		}
		checkSentence(t, c.in, err)
	}
}

// The name of an unknown argument is a caller's own text, shown back.
func TestHostileArgumentNames(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("a", 10000),
		strings.Repeat("团", 10000),
		strings.Repeat("\U0001F600", 10000),
		"a\nKind: b\r\x00\x1b[2J",
		"a\u2028b\u2029c\u0085d",
		"\u202eevil\u2066\u200b\u200e",
		"\U000E0041\U000E0042\U000E007F",
		`quote" and \ backslash`,
		"\xff\xfe\xfd",
	} {
		quotedName, err := json.Marshal(name)
		if err != nil {
			t.Fatal(err)
		}
		in := fmt.Sprintf(`{"userId":%q,%s:1}`, id, quotedName)
		_, err = DecodeProfileInput(json.RawMessage(in))
		if err == nil {
			t.Errorf("%.40q is accepted", name)
			continue
		}
		if !strings.Contains(err.Error(), "the arguments are userId, raw, refresh") {
			t.Errorf("%.40q: %v; the valid names are not named", name, err)
		}
		checkSentence(t, name, err)
	}
}

// checkSentence holds an error to what a model is shown: short, on one line,
// and without characters that hide or reorder text.
func checkSentence(t *testing.T, in string, err error) {
	t.Helper()
	s := err.Error()
	if len(s) == 0 || len(s) >= 600 {
		t.Errorf("%.80q: the error has %d bytes", in, len(s))
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			t.Errorf("%.80q: %q in %q", in, r, s)
		}
	}
}
