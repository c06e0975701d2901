package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxCharacters is the most characters that a text from a caller may have.
const MaxCharacters = 2048

// TooLong is the error for a text of more than MaxCharacters; what names it.
func TooLong(what string) error {
	return fmt.Errorf("%s is longer than %d,%03d characters", what, MaxCharacters/1000, MaxCharacters%1000)
}

// setAside are members that workflow tools add to the arguments of every call.
var setAside = []string{"toolCallId", "sessionId", "action", "chatInput", "task_progress"}

// DecodeProfileInput reads the arguments of get_blogger_profile. A nil or
// null raw is no arguments at all. The error is a sentence for the caller.
func DecodeProfileInput(raw json.RawMessage) (ProfileInput, error) {
	a := decodeArguments(raw, "userId", "raw", "refresh")
	in := ProfileInput{UserID: requiredUserID(a), Raw: readEnum(a, "raw", RawModes...), Refresh: readBool(a, "refresh")}
	return in, a.err
}

// arguments are the members of a call's arguments, and the first error in them:
// a sentence for the caller.
type arguments struct {
	members map[string]json.RawMessage
	err     error
}

func (a *arguments) refuse(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, args...)
	}
}

// decodeArguments takes an object apart and refuses members that are not
// known. Members that are null count as not given, as models write them so.
func decodeArguments(raw json.RawMessage, known ...string) *arguments {
	if raw = bytes.TrimSpace(raw); bytes.HasPrefix(raw, []byte(`"`)) {
		raw = json.RawMessage(Text(raw)) // some clients send JSON in a string
	}
	members, ok := Object(raw)
	a := &arguments{members: members}
	if !ok {
		a.refuse("the arguments must be an object with %s", List(known))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, name) && !slices.Contains(setAside, name) {
			a.refuse(`unknown argument "%s": the arguments are %s`, printable(name, 40), List(known))
		}
		if string(members[name]) == "null" {
			delete(members, name)
		}
	}
	return a
}

// typeNames are by the first character of a value; any other is "a number".
var typeNames = map[byte]string{'"': "a string", '{': "an object", '[': "an array", 't': "a boolean", 'f': "a boolean", 'n': "null"}

func typeName(v json.RawMessage) string { return cmp.Or(typeNames[v[0]], "a number") }

// List puts words into one line.
func List[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

// printable is s on one line, without characters that hide or reorder text, and
// at most so many characters long.
func printable(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}
