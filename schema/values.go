package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// requiredUserID reads the argument userId.
func requiredUserID(a map[string]json.RawMessage) (string, error) {
	v, ok := a["userId"]
	if !ok {
		return "", errors.New("userId is missing: " + wantID)
	}
	return readUserID(v, "userId")
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
func given(a map[string]json.RawMessage, name string) (v json.RawMessage, ok bool) {
	v, ok = a[name]
	return v, ok && !isNothing(textOf(v))
}

// textOf is the text of a JSON string, trimmed. For any other value it is the
// value's own JSON.
func textOf(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return string(v)
	}
	return strings.TrimSpace(s)
}

// isNothing reports a text that says there is no value.
func isNothing(s string) bool {
	return slices.Contains([]string{"", "null", "undefined", "none", "nil", "nan"}, strings.ToLower(s))
}

// readEnum gives the first of the values where the argument is not given.
func readEnum[T ~string](a map[string]json.RawMessage, name string, values ...T) (T, error) {
	v, ok := a[name]
	if !ok {
		return values[0], nil
	}
	// Where none is a value, "None" is a misspelt none and not an absent argument.
	text := textOf(v)
	meant := slices.ContainsFunc(values, func(value T) bool { return strings.EqualFold(string(value), text) })
	if isNothing(text) && !meant {
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

// readEnums reads a list of some of the values, each kept once. It is nil where
// the argument is not given.
func readEnums[T ~string](a map[string]json.RawMessage, name string, values ...T) ([]T, error) {
	elements, ok, err := readList(a, name, List(values))
	if !ok || err != nil {
		return nil, err
	}
	var out []T
	for _, e := range elements {
		var s T
		if json.Unmarshal(e, &s) != nil || !slices.Contains(values, s) {
			return nil, fmt.Errorf("each of %s must be one of %s", name, List(values))
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s is empty: give 1 to %d of %s", name, len(values), List(values))
	}
	return out, nil
}

// readList gives the elements of an array; ok is false where the argument is
// not given. An array may also come as JSON in a string, or as a text with
// commas or blanks between its elements, or as its only element. The error
// says that it must be an array of what.
func readList(a map[string]json.RawMessage, name, what string) (elements []json.RawMessage, ok bool, err error) {
	v, ok := given(a, name)
	if !ok {
		return nil, false, nil
	}
	if json.Unmarshal(v, &elements) == nil {
		return elements, true, nil
	}
	switch v[0] {
	case '"':
		return splitList(textOf(v)), true, nil
	case '{', 't', 'f':
		return nil, true, fmt.Errorf("%s must be an array of %s, not %s", name, what, typeName(v))
	}
	return []json.RawMessage{v}, true, nil
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

func readBool(a map[string]json.RawMessage, name string) (bool, error) {
	v, ok := given(a, name)
	if !ok {
		return false, nil
	}
	switch strings.ToLower(textOf(v)) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, fmt.Errorf("%s must be true or false, not %s", name, typeName(v))
}

// readInt reads one of a few whole numbers, the first where the argument is not
// given. A number may also come as a string.
func readInt(a map[string]json.RawMessage, name string, values ...int) (int, error) {
	v, ok := given(a, name)
	if !ok {
		return values[0], nil
	}
	f, err := strconv.ParseFloat(textOf(v), 64)
	if i := int(f); err == nil && float64(i) == f && slices.Contains(values, i) {
		return i, nil
	}
	words := make([]string, len(values))
	for i, n := range values {
		words[i] = strconv.Itoa(n)
	}
	return values[0], fmt.Errorf("%s must be one of %s", name, List(words))
}

// readCNY reads an amount of money, a number or a text that CNY can read; 0
// where the argument is not given.
func readCNY(a map[string]json.RawMessage, name string) (float64, error) {
	v, ok := given(a, name)
	if !ok {
		return 0, nil
	}
	amount, err := CNY(textOf(v))
	if err != nil {
		return 0, fmt.Errorf("%s %w", name, err)
	}
	return amount, nil
}
