package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// requiredUserID reads the argument userId.
func requiredUserID(a *arguments) string {
	v, ok := a.members["userId"]
	if !ok {
		a.refuse("userId is missing: " + wantID)
		return ""
	}
	id, err := readUserID(v, "userId")
	if err != nil {
		a.refuse("%w", err)
	}
	return id
}

// readUserID takes a string, or a number as the digits it is spelled with:
// some clients turn an id of digits alone into a number. For userId itself an
// array of one is read as its element.
func readUserID(v json.RawMessage, name string) (string, error) {
	if name == "userId" && (v[0] == '[' || v[0] == 'n') {
		var elements []json.RawMessage
		_ = json.Unmarshal(v, &elements) // null is like an empty array
		switch len(elements) {
		case 0:
			return "", errors.New("userId is empty: " + wantID)
		case 1:
			v = elements[0]
		default:
			return "", fmt.Errorf("userId must be one id, not an array of %d: %s", len(elements), wantID)
		}
	}
	s := string(v)
	switch v[0] {
	case '"':
		s = Text(v)
	case '{', '[', 't', 'f', 'n', '-':
		return "", fmt.Errorf("%s must be a string, not %s: %s", name, typeName(v), wantID)
	}
	id, err := UserID(s)
	if err != nil && name != "userId" {
		return "", errors.New(name + strings.TrimPrefix(err.Error(), "userId"))
	}
	return id, err
}

// given reports whether an optional argument has a value: clients without one
// send an empty text or the word for nothing in their own language.
func given(a *arguments, name string) (v json.RawMessage, ok bool) {
	v = a.members[name]
	return v, !isNothing(textOf(v))
}

// textOf is the text of a JSON string, trimmed. For any other value it is the
// value's own JSON.
func textOf(v json.RawMessage) string {
	if bytes.HasPrefix(v, []byte(`"`)) {
		return strings.TrimSpace(Text(v))
	}
	return string(v)
}

// isNothing reports a text that says there is no value.
func isNothing(s string) bool {
	return slices.Contains([]string{"", "null", "undefined", "none", "nil", "nan"}, strings.ToLower(s))
}

// readEnum gives the first of the values where the argument is not given.
func readEnum[T ~string](a *arguments, name string, values ...T) T {
	v := a.members[name]
	if s := T(Text(v)); slices.Contains(values, s) {
		return s
	}
	// Where none is a value, "None" is a misspelt none and not an absent argument.
	text := textOf(v)
	meant := slices.ContainsFunc(values, func(value T) bool { return strings.EqualFold(string(value), text) })
	switch {
	case isNothing(text) && !meant:
	case v[0] == '"':
		a.refuse("%s must be one of %s", name, List(values))
	default:
		a.refuse("%s must be one of %s, not %s", name, List(values), typeName(v))
	}
	return values[0]
}

// readEnums reads a list of some of the values. It is nil where the argument is
// not given.
func readEnums[T ~string](a *arguments, name string, values ...T) []T {
	elements, ok := readList(a, name, List(values))
	if ok && len(elements) == 0 {
		a.refuse("%s is empty: give 1 to %d of %s", name, len(values), List(values))
	}
	var out []T
	for _, e := range elements {
		s := T(Text(e))
		if !slices.Contains(values, s) {
			a.refuse("each of %s must be one of %s", name, List(values))
		}
		out = append(out, s)
	}
	return out
}

// readList gives the elements of an array; ok is false where the argument is
// not given. An array may also come as JSON in a string, or as a text with
// commas or blanks between its elements, or as its only element. The error
// says that it must be an array of what.
func readList(a *arguments, name, what string) (elements []json.RawMessage, ok bool) {
	v, ok := given(a, name)
	if !ok || json.Unmarshal(v, &elements) == nil {
		return elements, ok
	}
	switch v[0] {
	case '"':
		return splitList(textOf(v)), true
	case '{', 't', 'f':
		a.refuse("%s must be an array of %s, not %s", name, what, typeName(v))
	}
	return []json.RawMessage{v}, true
}

// splitList takes a list written as text apart.
func splitList(text string) []json.RawMessage {
	var elements []json.RawMessage
	if json.Unmarshal([]byte(text), &elements) == nil {
		return elements
	}
	for _, part := range wordsOf(text) {
		quoted, err := json.Marshal(part)
		if err == nil { // a string always can be
			elements = append(elements, quoted)
		}
	}
	return elements
}

func readBool(a *arguments, name string) bool {
	v, ok := given(a, name)
	text := strings.ToLower(textOf(v))
	if ok && text != "true" && text != "false" {
		a.refuse("%s must be true or false, not %s", name, typeName(v))
	}
	return text == "true"
}

// readInt reads one of a few whole numbers, the first where the argument is not
// given. A number may also come as a string.
func readInt(a *arguments, name string, values ...int) int {
	v, ok := given(a, name)
	if !ok {
		return values[0]
	}
	f, err := strconv.ParseFloat(textOf(v), 64)
	words := make([]string, len(values))
	for i, n := range values {
		if err == nil && float64(n) == f {
			return n
		}
		words[i] = strconv.Itoa(n)
	}
	a.refuse("%s must be one of %s", name, List(words))
	return values[0]
}

// readCNY reads an amount of money, a number or a text that CNY can read; 0
// where the argument is not given.
func readCNY(a *arguments, name string) float64 {
	v, ok := given(a, name)
	if !ok {
		return 0
	}
	amount, err := CNY(textOf(v))
	if err != nil {
		a.refuse("%s %w", name, err)
	}
	return amount
}
