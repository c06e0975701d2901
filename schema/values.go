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

// MaxCharacters is the most characters that a text from a caller may have.
const MaxCharacters = 2048

var tooLong = refuse(lang.T{En: "is longer than 2,048 characters", Zh: "超过 2,048 个字符"})

// TooLong is the error for a text of more than MaxCharacters; what names it.
func TooLong(what string) error { return tooLong.of(what) }

// setAside are members that workflow tools add to the arguments of every call.
var setAside = []string{"toolCallId", "sessionId", "action", "chatInput", "task_progress"}

// isGiven reports whether an optional argument has a value: clients without one
// send an empty text or the word for nothing in their own language. A text that may
// be meant as one of the argument's words is a value: "None" as a misspelt none.
func isGiven(v json.RawMessage, words []any) bool {
	text := textOf(v)
	return !isNothing(text) || slices.ContainsFunc(words, func(w any) bool { return text != "" && strings.EqualFold(fmt.Sprint(w), text) })
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

// readList gives the elements of an array. An array may also come as JSON in a
// string, as a text that split takes apart, or as its only element; an array inside
// it counts as its elements. The refusal says that it must be an array of what.
func readList(v json.RawMessage, what string, split func(string) []string) ([]json.RawMessage, *Refusal) {
	var elements []json.RawMessage
	if json.Unmarshal(v, &elements) == nil {
		return flat(elements), nil
	}
	switch typeOf(v) {
	case stringType:
		return splitList(textOf(v), split), nil
	case objectType, booleanType:
		return nil, refuse(lang.T{En: "must be an array of %s, not %s", Zh: "必须是数组（%s），而不是%s"}, what, typeOf(v))
	}
	return []json.RawMessage{v}, nil
}

// flat puts the elements of inner arrays, also of those in a string, in their place.
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

// splitList takes a list apart that was written as a text.
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

// splitWords parts words at blanks and commas of any script. A word is without the
// quotes and brackets around it.
func splitWords(text string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(fold(text), isSeparator) {
		if word := strings.TrimFunc(part, isAround); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// splitAtCommas parts texts that may have blanks in them.
func splitAtCommas(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，;；、\n", r) })
}

// The types of JSON.
var (
	stringType  = lang.T{En: "a string", Zh: "字符串"}
	objectType  = lang.T{En: "an object", Zh: "对象"}
	arrayType   = lang.T{En: "an array", Zh: "数组"}
	booleanType = lang.T{En: "a boolean", Zh: "布尔值"}
	nullType    = lang.T{En: "null", Zh: " null"}
	numberType  = lang.T{En: "a number", Zh: "数字"}
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

// List puts words into one line.
func List[T ~string](names []T) string {
	s := make([]string, len(names))
	for i, n := range names {
		s[i] = string(n)
	}
	return strings.Join(s, ", ")
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
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
