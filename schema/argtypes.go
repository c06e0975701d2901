package schema

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// argType is a type of argument: its schema, its default, and how a given value is read.
// A flag's value is read as a JSON string.
type argType[X any] struct {
	property
	missing lang.T   // the refusal when the argument is missing; empty: it is optional
	preset  func() X // nil where the zero X is the default
	read    func(v json.RawMessage, into *X) *Refusal
}

// checked is the type with a check of what was read, which may also tidy it.
func (typ argType[X]) checked(check func(x *X) *Refusal) argType[X] {
	read := typ.read
	typ.read = func(v json.RawMessage, into *X) *Refusal {
		if refusal := read(v, into); refusal != nil {
			return refusal
		}
		return check(into)
	}
	return typ
}

func always[X any](x X) func() X { return func() X { return x } }

// boolean is false by default.
func boolean() argType[bool] {
	return argType[bool]{
		property: property{Type: "boolean", Default: false},
		read: func(v json.RawMessage, into *bool) *Refusal {
			text := strings.ToLower(textOf(v))
			if text != "true" && text != "false" {
				return mustBe(v, t("true or false", " true 或 false"), booleanType)
			}
			*into = text == "true"
			return nil
		},
	}
}

// oneOf is one of the words; the first is the default.
func oneOf[W ~string](words []W) argType[W] {
	return argType[W]{
		property: property{Type: "string", Enum: anys(words), Default: words[0]},
		preset:   always(words[0]),
		read: func(v json.RawMessage, into *W) *Refusal {
			w := W(Text(v))
			if !slices.Contains(words, w) {
				return mustBe(v, among(List(words)))
			}
			*into = w
			return nil
		},
	}
}

// oneOfOrNone is oneOf without a default.
func oneOfOrNone[W ~string](words []W) argType[W] {
	typ := oneOf(words)
	typ.Default, typ.preset = nil, nil
	return typ
}

// someOf is a list of some of the words. The result has each once, in the order of words.
// Nil presets are no default.
func someOf[W ~string](words, presets []W) argType[[]W] {
	typ := argType[[]W]{
		property: property{Type: "array", MinItems: 1, MaxItems: len(words), Items: &property{Type: "string", Enum: anys(words)}},
		read: func(v json.RawMessage, into *[]W) *Refusal {
			elements, refusal := readList(v, List(words), splitWords)
			if refusal != nil {
				return refusal
			}
			if len(elements) == 0 {
				return refuse(t("is empty: give 1 to %d of %s", "为空：请提供 1 至 %d 项，可选 %s"), len(words), List(words))
			}
			var given []W
			for _, e := range elements {
				given = append(given, W(Text(e)))
				if !slices.Contains(words, W(Text(e))) {
					return refuse(t("must be one or some of %s", "必须是 %s 中的一项或几项"), List(words))
				}
			}
			*into = inOrder(words, given)
			return nil
		},
	}
	if presets != nil {
		typ.Default, typ.preset = stringsOf(presets), func() []W { return slices.Clone(presets) }
	}
	return typ
}

// inOrder returns the given words in the order of words.
func inOrder[W ~string](words, given []W) []W {
	return slices.DeleteFunc(slices.Clone(words), func(w W) bool { return !slices.Contains(given, w) })
}

// oneOfNumbers is one of the whole numbers; the first is the default.
func oneOfNumbers(numbers ...int) argType[int] {
	typ := argType[int]{
		property: property{Type: "integer", Default: numbers[0]},
		preset:   always(numbers[0]),
	}
	for _, n := range numbers {
		typ.Enum = append(typ.Enum, n)
	}
	values := List(typ.values())
	typ.read = func(v json.RawMessage, into *int) *Refusal {
		n, ok := wholeNumber(textOf(v))
		if !ok || !slices.Contains(numbers, n) {
			return mustBe(v, among(values), numberType)
		}
		*into = n
		return nil
	}
	return typ
}

// whole is a whole number within bounds; preset 0 is no default.
func whole(least, most, preset int) argType[int] {
	typ := wholeAs(wholeNumber, least, most)
	if preset != 0 {
		typ.Default, typ.preset = preset, always(preset)
	}
	return typ
}

// quantity is a number of followers, reads or engagements, which may be written as
// people write it: 10,000, 1.5万, 3k.
func quantity() argType[int] {
	return wholeAs(func(text string) (int, bool) {
		n, ok := parseSpelled(countPattern, text)
		return int(n), ok && n == math.Trunc(n) && n <= mostCount
	}, 0, mostCount)
}

// wholeAs is a whole number within bounds that parse reads.
func wholeAs(parse func(text string) (int, bool), least, most int) argType[int] {
	return argType[int]{
		property: property{Type: "integer"},
		read: func(v json.RawMessage, into *int) *Refusal {
			n, ok := parse(textOf(v))
			if !ok || n < least || n > most {
				bounds := strconv.Itoa(least) + "–" + strconv.Itoa(most)
				return mustBe(v, t("a whole number, "+bounds, "整数，"+bounds), numberType)
			}
			*into = n
			return nil
		},
	}
}

// wholeNumber reads digits; 200.0 and 2e2 are 200.
func wholeNumber(text string) (int, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 || strings.ContainsAny(text, "xX_") {
		return 0, false
	}
	return int(f), true
}

// amount is a number of CNY above 0, in any spelling that CNY reads.
func amount() argType[float64] {
	return argType[float64]{
		property: property{Type: "number"},
		read: func(v json.RawMessage, into *float64) *Refusal {
			n, ok := parseCNY(textOf(v))
			if !ok {
				return mustBe(v, cnyAbove0, numberType)
			}
			*into = n
			return nil
		},
	}
}

// amounts is a list of numbers of CNY, 0 included.
func amounts(most int) argType[[]float64] {
	return argType[[]float64]{
		property: property{Type: "array", MinItems: 1, MaxItems: most, Items: &property{Type: "number"}},
		read: func(v json.RawMessage, into *[]float64) *Refusal {
			elements, refusal := readList(v, "numbers", splitAtCommas)
			if refusal != nil {
				return refusal
			}
			var out []float64
			for _, e := range elements {
				n, ok := parseCNY(textOf(e))
				if zero, isNumber := wholeNumber(textOf(e)); !ok && (!isNumber || zero != 0) {
					return refuse(t("must be numbers of CNY, 0 where an amount is not known", "必须是以元为单位的数字，金额未知处填 0"))
				}
				out = append(out, n)
			}
			if len(out) == 0 || len(out) > most {
				return refuse(t("must be 1 to %d numbers", "必须是 1 至 %d 个数字"), most)
			}
			*into = out
			return nil
		},
	}
}

// text is a text of up to MaxCharacters; a number is read as its digits.
func text() argType[string] {
	return argType[string]{
		property: property{Type: "string"},
		read: func(v json.RawMessage, into *string) *Refusal {
			s := textOf(v)
			switch {
			case v[0] != '"' && typeOf(v) != numberType:
				return mustBe(v, stringType)
			case utf8.RuneCountInString(s) > MaxCharacters:
				return tooLong
			}
			*into = s
			return nil
		},
	}
}

// texts is a list of 1 to most texts.
func texts(most int) argType[[]string] {
	return argType[[]string]{
		property: property{Type: "array", MinItems: 1, MaxItems: most, Items: &property{Type: "string"}},
		read: func(v json.RawMessage, into *[]string) *Refusal {
			elements, refusal := readList(v, "texts", splitAtCommas)
			if refusal != nil {
				return refusal
			}
			var out []string
			for _, e := range elements {
				var s string
				if refusal := text().read(e, &s); refusal != nil {
					return refusal
				}
				if s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
			if len(out) == 0 || len(out) > most {
				return refuse(t("must be 1 to %d texts", "必须是 1 至 %d 个文本"), most)
			}
			*into = out
			return nil
		},
	}
}

// among completes the sentence "must be …".
func among(values string) lang.T {
	return t("one of "+values, "以下之一："+values)
}

// mustBe refuses a value: it must be what the text says. The sentence names the value's
// type if that is wrong. A string is always right, since all types are read from strings
// too; rightTypes are right besides.
func mustBe(v json.RawMessage, what lang.T, rightTypes ...lang.T) *Refusal {
	is := typeOf(v)
	if is == stringType || slices.Contains(rightTypes, is) {
		return refuse(t("must be %s", "必须是%s"), what)
	}
	return refuse(t("must be %s, not %s", "必须是%s，而不是%s"), what, is)
}
