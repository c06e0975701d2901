package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// MaxCharacters is how many characters a text from a caller may have at most.
const MaxCharacters = 2048

var tooLong = refuse(t("is longer than 2,048 characters", "超过 2,048 个字符"))

// TooLong is the *Refusal of a text of more than MaxCharacters; what is the argument.
func TooLong(what string) error { return tooLong.about(what) }

// isGiven reports whether an optional argument has a value. Clients that have none send
// an empty text, or null as their programming language prints it. But where enum has the
// word none, "None" is a value.
func isGiven(v json.RawMessage, enum []any) bool {
	text := textOf(v)
	return !isNothing(text) || slices.ContainsFunc(enum, func(e any) bool { return text != "" && strings.EqualFold(fmt.Sprint(e), text) })
}

// textOf returns the trimmed text of a JSON string, and the JSON of any other value.
func textOf(v json.RawMessage) string {
	if bytes.HasPrefix(v, []byte(`"`)) {
		return strings.TrimSpace(Text(v))
	}
	return string(v)
}

// isNothing reports whether s is empty, or null as a programming language prints it.
func isNothing(s string) bool {
	return slices.Contains([]string{"", "null", "undefined", "none", "nil", "nan"}, strings.ToLower(s))
}

// readList returns the elements of an array. It also accepts an array as JSON in a
// string, a text that split cuts into elements, and a single element without an array.
// Inner arrays are flattened. The refusal calls the elements what.
func readList(v json.RawMessage, what string, split func(string) []string) ([]json.RawMessage, *Refusal) {
	var elements []json.RawMessage
	if json.Unmarshal(v, &elements) == nil {
		return flat(elements), nil
	}
	switch typeOf(v) {
	case stringType:
		return splitList(textOf(v), split), nil
	case objectType, booleanType:
		return nil, refuse(t("must be an array of %s, not %s", "必须是数组（%s），而不是%s"), what, typeOf(v))
	}
	return []json.RawMessage{v}, nil
}

// flat replaces inner arrays, also those written in a string, by their elements.
func flat(elements []json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	for _, e := range elements {
		var inner []json.RawMessage
		if json.Unmarshal([]byte(textOf(e)), &inner) == nil && inner != nil {
			out = append(out, inner...)
		} else {
			out = append(out, e)
		}
	}
	return out
}

// splitList reads a list that was written as one text: as JSON, or as split cuts it.
func splitList(text string, split func(string) []string) []json.RawMessage {
	var elements []json.RawMessage
	if json.Unmarshal([]byte(text), &elements) == nil {
		return flat(elements)
	}
	for _, part := range split(text) {
		elements = append(elements, quoted(part))
	}
	return elements
}

// splitWords splits a text at blanks and commas of any script, and trims quotes and
// brackets from each word.
func splitWords(text string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(fold(text), isSeparator) {
		if word := strings.TrimFunc(part, isAround); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// splitAtCommas splits a list whose elements may contain blanks.
func splitAtCommas(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，;；、\n", r) })
}

// The types of JSON.
var (
	stringType  = t("a string", "字符串")
	objectType  = t("an object", "对象")
	arrayType   = t("an array", "数组")
	booleanType = t("a boolean", "布尔值")
	nullType    = t("null", " null")
	numberType  = t("a number", "数字")
)

func typeOf(v json.RawMessage) lang.T {
	switch v[0] {
	case '"':
		return stringType
	case '{':
		return objectType
	case '[':
		return arrayType
	case 't', 'f':
		return booleanType
	case 'n':
		return nullType
	}
	return numberType
}

// List joins names with ", ".
func List[T ~string](names []T) string { return strings.Join(stringsOf(names), ", ") }

func stringsOf[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// printable returns s on one line, without characters that hide or reorder text, cut to
// most characters.
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
