package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DecodeProfileInput reads the arguments of get_blogger_profile. A nil or
// null raw is no arguments at all. The error is a sentence for the caller.
func DecodeProfileInput(raw json.RawMessage) (ProfileInput, error) {
	in := ProfileInput{Raw: RawCompact}
	a, err := decodeArguments(raw, "userId", "raw", "refresh")
	if err != nil {
		return in, err
	}
	id, given := a["userId"]
	if !given {
		return in, errors.New("userId is missing: " + wantID)
	}
	if in.UserID, err = readUserID(id, "userId"); err != nil {
		return in, err
	}
	if in.Raw, err = readEnum(a, "raw", RawCompact, RawFull, RawNone); err != nil {
		return in, err
	}
	in.Refresh, err = readBool(a, "refresh")
	return in, err
}

// decodeArguments takes an object apart and refuses members that are not
// known. Members that are null count as not given, as models write them so.
func decodeArguments(raw json.RawMessage, known ...string) (map[string]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var a map[string]json.RawMessage
	if err := json.Unmarshal(raw, &a); err != nil {
		return nil, fmt.Errorf("the arguments must be an object with %s", List(known))
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown argument %s: the arguments are %s", quoted(name), List(known))
		}
		if string(a[name]) == "null" {
			delete(a, name)
		}
	}
	return a, nil
}

// readUserID takes a string, or a number as the digits it is spelled with:
// some clients turn an id of digits alone into a number.
func readUserID(v json.RawMessage, name string) (string, error) {
	s := string(v)
	switch v[0] {
	case '"':
		if err := json.Unmarshal(v, &s); err != nil {
			return "", fmt.Errorf("%s cannot be read as a string", name)
		}
	case '{', '[', 't', 'f', 'n':
		return "", fmt.Errorf("%s must be a string, not %s: %s", name, typeName(v), wantID)
	}
	id, err := UserID(s)
	if err != nil && name != "userId" {
		return "", errors.New(name + strings.TrimPrefix(err.Error(), "userId"))
	}
	return id, err
}

// readEnum gives the first of the values where the argument is not given.
func readEnum[T ~string](a map[string]json.RawMessage, name string, values ...T) (T, error) {
	v, given := a[name]
	if !given {
		return values[0], nil
	}
	var s T
	wrong := json.Unmarshal(v, &s) != nil
	if wrong || !slices.Contains(values, s) {
		got := ""
		if wrong {
			got = ", not " + typeName(v)
		}
		return values[0], fmt.Errorf("%s must be one of %s%s", name, List(values), got)
	}
	return s, nil
}

func readBool(a map[string]json.RawMessage, name string) (bool, error) {
	v, given := a[name]
	if !given {
		return false, nil
	}
	var b bool
	if json.Unmarshal(v, &b) != nil {
		return false, fmt.Errorf("%s must be true or false, not %s", name, typeName(v))
	}
	return b, nil
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
func quoted(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return -1
	}, s)
	if r := []rune(s); len(r) > 40 {
		s = string(r[:39]) + "…"
	}
	return `"` + s + `"`
}
