package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// digits are above 2^53: only the spelling keeps them.
const digits = "123456789012345678901234"

// asText writes JSON as a JSON string.
func asText(s string) string { return string(must(json.Marshal(s))) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// with gives arguments with the userId and more members.
func with(members string) string { return `{"userId":"` + id + `",` + members + `}` }

func TestProfileArguments(t *testing.T) {
	for in, want := range map[string]ProfileInput{
		`{"userId":"` + id + `"}`:                         {UserID: id, Raw: RawCompact},
		" {\n\"userId\": \"" + id + "\"}\n":               {UserID: id, Raw: RawCompact},
		with(`"raw":"compact","refresh":false`):           {UserID: id, Raw: RawCompact},
		with(`"raw":"full","refresh":true`):               {UserID: id, Raw: RawFull, Refresh: true},
		with(`"raw":"none"`):                              {UserID: id, Raw: RawNone},
		`{"userId":"\u0036` + id[1:] + `"}`:               {UserID: id, Raw: RawCompact},
		`{"userId":"` + profile + id + `"}`:               {UserID: id, Raw: RawCompact},
		`{"userId":` + digits + `}`:                       {UserID: digits, Raw: RawCompact},
		`{"userId" : ` + digits + ` }`:                    {UserID: digits, Raw: RawCompact},
		`{"userId":"x","userId":"` + id + `"}`:            {UserID: id, Raw: RawCompact},
		with(`"raw":"none","raw":"full"`):                 {UserID: id, Raw: RawFull},
		`{"userId":["` + id + `"]}`:                       {UserID: id, Raw: RawCompact},
		`{"userId":[` + digits + `]}`:                     {UserID: digits, Raw: RawCompact},
		`{"userId":[ "` + profile + id + `" ]}`:           {UserID: id, Raw: RawCompact},
		`{"userId":` + asText(`["`+id+`"]`) + `}`:         {UserID: id, Raw: RawCompact},
		`{"userId":` + asText(`"`+id+`"`) + `}`:           {UserID: id, Raw: RawCompact},
		with(`"raw":null,"refresh":null`):                 {UserID: id, Raw: RawCompact},
		with(`"raw":"","refresh":""`):                     {UserID: id, Raw: RawCompact},
		with(`"raw":" ","refresh":"\t"`):                  {UserID: id, Raw: RawCompact},
		with(`"raw":"null","refresh":"null"`):             {UserID: id, Raw: RawCompact},
		with(`"raw":"undefined","refresh":"undefined"`):   {UserID: id, Raw: RawCompact},
		with(`"refresh":"None"`):                          {UserID: id, Raw: RawCompact},
		with(`"refresh":"true"`):                          {UserID: id, Raw: RawCompact, Refresh: true},
		with(`"refresh":"false"`):                         {UserID: id, Raw: RawCompact},
		with(`"refresh":"True"`):                          {UserID: id, Raw: RawCompact, Refresh: true},
		with(`"refresh":" FALSE "`):                       {UserID: id, Raw: RawCompact},
		asText(`{"userId":"` + id + `"}`):                 {UserID: id, Raw: RawCompact},
		asText(" " + with(`"raw":"full"`) + "\n"):         {UserID: id, Raw: RawFull},
		asText(with(`"refresh":"true","toolCallId":"x"`)): {UserID: id, Raw: RawCompact, Refresh: true},
		with(`"toolCallId":"call_1","sessionId":7,"action":null,"chatInput":{"a":[]},"task_progress":"- [x] a"`): {UserID: id, Raw: RawCompact},
	} {
		if got, err := ProfileArguments.Decode(json.RawMessage(in)); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", in, got, err, want)
		}
	}
}

const (
	refusesObject  = "the arguments must be an object with userId, raw, refresh"
	refusesMissing = "userId is missing: give the 24-hex-digit userId"
	refusesRaw     = "raw must be one of compact, full, none"
	refusesName    = ": the arguments are userId, raw, refresh"
)

// refusedArguments are arguments that are refused, and how the error begins.
var refusedArguments = map[string]string{
	``: refusesMissing, `  `: refusesMissing, `null`: refusesMissing, `{}`: refusesMissing, `[]`: refusesMissing, `[ ]`: refusesMissing, `""`: refusesMissing, `" "`: refusesMissing, `"{}"`: refusesMissing, `"[]"`: refusesMissing, `"null"`: refusesMissing,
	`{"userId":null}`:                refusesMissing,
	with(`"userId":null`):            refusesMissing, // the last one counts
	`{"sessionId":"` + id + `"}`:     refusesMissing,
	`{"userId":""}`:                  "userId is empty",
	`{"userId":[]}`:                  "userId is empty",
	`{"userId":"null"}`:              "userId is missing, the text only says null or the like",
	`{"userId":"undefined"}`:         "userId is missing, the text only says null or the like",
	`{"userId":["None"]}`:            "userId is missing, the text only says null or the like",
	`["` + id + `"]`:                 refusesObject,
	`[{}]`:                           refusesObject,
	`[null]`:                         refusesObject,
	`"` + id + `"`:                   refusesObject,
	asText(asText(with(`"raw":""`))): refusesObject,
	asText(`["` + id + `"]`):         refusesObject,
	`7`:                              refusesObject,
	`true`:                           refusesObject,
	`{"userId":`:                     refusesObject,
	`"{\"userId\":"`:                 refusesObject,
	with(`"foo":1`):                  `unknown argument "foo"` + refusesName,
	with(`"foo":null`):               `unknown argument "foo"` + refusesName,
	with(`"foo":""`):                 `unknown argument "foo"` + refusesName,
	with(`"":1`):                     `unknown argument ""` + refusesName,
	asText(with(`"foo":1`)):          `unknown argument "foo"` + refusesName,
	// Near names are named back, not guessed at; case counts.
	`{"userid":"` + id + `"}`:    `unknown argument "userid"` + refusesName,
	`{"user_id":"` + id + `"}`:   `unknown argument "user_id"` + refusesName,
	`{"UserId":"` + id + `"}`:    `unknown argument "UserId"` + refusesName,
	`{"userIds":["` + id + `"]}`: `unknown argument "userIds"` + refusesName,
	with(`"Raw":"full"`):         `unknown argument "Raw"` + refusesName,
	with(`"toolcallid":1`):       `unknown argument "toolcallid"` + refusesName,
	with(`"session_id":1`):       `unknown argument "session_id"` + refusesName,
	with(`"taskProgress":1`):     `unknown argument "taskProgress"` + refusesName,

	`{"userId":{}}`:                          "userId must be a string, not an object",
	`{"userId":true}`:                        "userId must be a string, not a boolean",
	`{"userId":false}`:                       "userId must be a string, not a boolean",
	`{"userId":["` + id + `","` + id + `"]}`: "userId must be one id, not an array of 2",
	`{"userId":[["` + id + `"]]}`:            "userId must be a string, not an array",
	`{"userId":[null]}`:                      "userId must be a string, not null",
	`{"userId":` + asText(`["`+id+`","`+otherID+`"]`) + `}`: "userId has more than one blogger's id in it",
	`{"userId":4639645438}`:                                 "userId looks like a 小红书号 (redId)",
	`{"userId":1e5}`:                                        "userId looks like a 小红书号 (redId)",
	`{"userId":-1}`:                                         "userId must be a string, not a number",
	`{"userId":-` + digits + `}`:                            "userId must be a string, not a number",
	`{"userId":0}`:                                          "userId is neither 24 hex digits nor a profile URL",
	`{"userId":` + digits[:23] + `}`:                        "userId has 23 hex digits",
	`{"userId":"` + strings.Repeat("6", 10000) + `"}`:       "userId is longer than 2,048 characters",
	`{"userId":` + strings.Repeat("6", 10000) + `}`:         "userId is longer than 2,048 characters",

	with(`"raw":"everything"`): refusesRaw, with(`"raw":"Full"`): refusesRaw, with(`"raw":"full,none"`): refusesRaw,
	with(`"raw":"None"`): refusesRaw, // which may be meant as none or as nothing
	with(`"raw":"NONE"`): refusesRaw,
	with(`"raw":"` + strings.Repeat("f", 10000) + `"`): refusesRaw,
	with(`"raw":true`):      refusesRaw + ", not a boolean",
	with(`"raw":1`):         refusesRaw + ", not a number",
	with(`"raw":{}`):        refusesRaw + ", not an object",
	with(`"raw":[]`):        refusesRaw + ", not an array",
	with(`"raw":["full"]`):  refusesRaw + ", not an array",
	with(`"refresh":"yes"`): "refresh must be true or false",
	with(`"refresh":"1"`):   "refresh must be true or false",
	with(`"refresh":1`):     "refresh must be true or false, not a number",
	with(`"refresh":0`):     "refresh must be true or false, not a number",
	with(`"refresh":{}`):    "refresh must be true or false, not an object",
	with(`"refresh":[]`):    "refresh must be true or false, not an array",
}

func TestProfileArgumentsRefusals(t *testing.T) {
	for in, want := range refusedArguments {
		got, err := ProfileArguments.Decode(json.RawMessage(in))
		if err == nil {
			t.Errorf("%.80s: %+v, want it refused: %s", in, got, want)
			continue
		}
		if !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.80s: %v; want an error that begins with %q", in, err, want)
		}
		checkSentence(t, in, err)
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
		in := fmt.Sprintf(`{"userId":%q,%s:1}`, id, asText(name))
		_, err := ProfileArguments.Decode(json.RawMessage(in))
		if err == nil {
			t.Errorf("%.40q is accepted, want it refused", name)
			continue
		}
		if want := "the arguments are userId, raw, refresh"; !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v; want %q in it", name, err, want)
		}
		checkSentence(t, name, err)
	}
}

// checkSentence holds an error to what a model is shown: short, on one line,
// and without characters that hide or reorder text.
func checkSentence(t *testing.T, in string, err error) {
	t.Helper()
	const most = 600
	s := err.Error()
	if s == "" {
		t.Errorf("%.80q: the error is empty, want a sentence", in)
	}
	if len(s) >= most {
		t.Errorf("%.80q: the error has %d bytes, want fewer than %d", in, len(s), most)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			t.Errorf("%.80q: the error has %q in %q, want printable characters", in, r, s)
		}
	}
}

func FuzzProfileArguments(f *testing.F) {
	for _, s := range []string{
		``, `null`, `{}`, `[]`, `{"userId":"` + id + `"}`, `{"userId":4639645438,"raw":"full"}`, `{"userId":null,"refresh":null}`,
		with(`"x":1`), with(`"raw":{},"refresh":[]`), `{"\u202e":"\ud800"}`, `{"userId":-}`, "{\"\xff\":1}", `{"userId":1e2222222222222222222222}`,
		with(`"raw":"","refresh":"True"`), asText(with(`"action":""`)), `{"userId":["` + id + `"]}`, `{"userId":[]}`, `{"userId":[[]]}`, `"\""`, `""`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := ProfileArguments.Decode(json.RawMessage(b))
		if err != nil {
			checkSentence(t, string(b), err)
			return
		}
		if !published24.MatchString(in.UserID) {
			t.Errorf("%q: userId %q, want 24 hex digits", b, in.UserID)
		}
		if !slices.Contains(rawModes, in.Raw) {
			t.Errorf("%q: raw %q, want one of %q", b, in.Raw, rawModes)
		}
		if !json.Valid(b) || b[0] != '{' {
			return
		}
		if again, err := ProfileArguments.Decode(json.RawMessage(asText(string(b)))); err != nil || again != in {
			t.Errorf("%q as a string: %+v, %v; want %+v", b, again, err, in)
		}
	})
}
