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
	var in ProfileInput
	a, err := decodeArguments(raw, "userId", "raw", "refresh")
	if err != nil {
		return in, err
	}
	var errs [3]error
	in.UserID, errs[0] = requiredUserID(a)
	in.Raw, errs[1] = readEnum(a, "raw", RawModes...)
	in.Refresh, errs[2] = readBool(a, "refresh")
	return in, cmp.Or(errs[:]...)
}

// decodeArguments takes an object apart and refuses members that are not
// known. Members that are null count as not given, as models write them so.
func decodeArguments(raw json.RawMessage, known ...string) (map[string]json.RawMessage, error) {
	if raw = bytes.TrimSpace(raw); bytes.HasPrefix(raw, []byte(`"`)) {
		raw = json.RawMessage(Text(raw)) // some clients send JSON in a string
	}
	a, ok := Object(raw)
	if !ok {
		return nil, fmt.Errorf("the arguments must be an object with %s", List(known))
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		isKnown := slices.Contains(known, name)
		if !isKnown && !slices.Contains(setAside, name) {
			return nil, fmt.Errorf("unknown argument %s: the arguments are %s", quoted(name), List(known))
		}
		if !isKnown || string(a[name]) == "null" {
			delete(a, name)
		}
	}
	return a, nil
}

func typeName(v json.RawMessage) string {
	switch v[0] {
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// List puts words into one line.
func List[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

// quoted shows a caller's own word back to it, printable and short.
func quoted(s string) string { return `"` + printable(s, 40) + `"` }

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
