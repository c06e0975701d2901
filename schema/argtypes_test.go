package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// holder is the input of a tool with the one argument x.
type holder[X any] struct{ x X }

func noCheck[T any](*T, naming) *Refusal { return nil }

func argumentsOf[X any](typ argType[X]) *Arguments[holder[X]] {
	return newArguments(noCheck, arg("x", "x", "X.", typ, func(h *holder[X]) *X { return &h.x }))
}

// read reads the argument x, in JSON; "" is none at all.
func read[X any](value string, k argType[X]) (X, error) {
	arguments := "{}"
	if value != "" {
		arguments = `{"x":` + value + `}`
	}
	h, err := argumentsOf(k).Decode(json.RawMessage(arguments))
	return h.x, err
}

var (
	modes = someOf([]RawMode{"compact", "full", "bare"}, nil)
	days  = oneOfNumbers(30, 90)
	cny   = amount()
)

// nothing is how clients write that an argument has no value.
var nothing = []string{"", `""`, `" "`, `"null"`, `"NULL"`, `"undefined"`, `"None"`}

func TestReadList(t *testing.T) {
	for in, want := range map[string][]string{
		`["a","b"]`:             {`"a"`, `"b"`},
		`[]`:                    nil,
		`[1,null,{}]`:           {"1", "null", "{}"},
		asText(`["a","b"]`):     {`"a"`, `"b"`},
		asText(` [ "a", 12 ] `): {`"a"`, "12"},
		asText(`['a', 'b']`):    {`"a"`, `"b"`},
		asText(`[a,b]`):         {`"a"`, `"b"`},
		`"[]"`:                  nil,
		`"a"`:                   {`"a"`},
		`"a,b"`:                 {`"a"`, `"b"`},
		`"a, b,"`:               {`"a"`, `"b"`},
		`"a b"`:                 {`"a"`, `"b"`},
		`"a\nb\r\n"`:            {`"a"`, `"b"`},
		`"a，b；c、d;e\u3000f"`:    {`"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`},
		`12`:                    {"12"},
		// An array inside the array, also in a string.
		`[["a","b"],"c"]`:                       {`"a"`, `"b"`, `"c"`},
		`[` + asText(`["a","b"]`) + `]`:         {`"a"`, `"b"`},
		`["c",` + asText(` ["a", 1] `) + `]`:    {`"c"`, `"a"`, "1"},
		asText(`["c",` + asText(`["a"]`) + `]`): {`"c"`, `"a"`},
		`["[a"]`:                                {`"[a"`},
	} {
		elements, refusal := readList(json.RawMessage(in), "letters", splitWords)
		var got []string
		for _, e := range elements {
			got = append(got, string(e))
		}
		if refusal != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", in, got, refusal, want)
		}
	}
	for in, want := range map[string]string{`{}`: "an object", `true`: "a boolean", `false`: "a boolean"} {
		got, refusal := readList(json.RawMessage(in), "letters", splitWords)
		if want := "must be an array of letters, not " + want; refusal == nil || refusal.Error() != want {
			t.Errorf("%s: %q, %v; want the error %q", in, got, refusal, want)
		}
	}
}

func TestReadEnums(t *testing.T) {
	for in, want := range map[string]string{
		`["full","bare"]`: "full bare", `["bare","full","bare"]`: "full bare", `"full"`: "full", `"full,bare"`: "full bare", `"full bare"`: "full bare", asText(`["full"]`): "full",
	} {
		if got, err := read(in, modes); err != nil || strings.ReplaceAll(List(got), ",", "") != want {
			t.Errorf("%s: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range nothing {
		if got, err := read(in, modes); err != nil || got != nil {
			t.Errorf("%s: %q, %v; want none", in, got, err)
		}
	}
	for in, want := range map[string]string{
		`[]`: "x is empty: give 1 to 3 of compact, full, bare", `["Full"]`: "x must be one or some of compact, full, bare", `[null]`: "x must be one or some of", `["full",1]`: "x must be one or some of",
		`"full;x"`: "x must be one or some of", `{}`: "x must be an array of compact, full, bare, not an object", `7`: "x must be one or some of",
	} {
		if got, err := read(in, modes); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %q, %v; want an error that begins with %q", in, got, err, want)
		}
	}
}

func TestReadInt(t *testing.T) {
	for in, want := range map[string]int{`30`: 30, `90`: 90, `"90"`: 90, `" 90 "`: 90, `9e1`: 90, `90.0`: 90} {
		if got, err := read(in, days); err != nil || got != want {
			t.Errorf("%s: %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range nothing {
		if got, err := read(in, days); err != nil || got != 30 {
			t.Errorf("%s: %d, %v; want the first, 30", in, got, err)
		}
	}
	for _, in := range []string{`60`, `0`, `-30`, `30.5`, `"30 days"`, `"DAY_30"`, `true`, `[30]`, `{}`, `1e400`, `"0x1e"`, `"NaN0"`} {
		got, err := read(in, days)
		if want := "x must be one of 30, 90"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %d, %v; want an error that begins with %q", in, got, err, want)
		}
	}
}

func TestReadCNY(t *testing.T) {
	for in, want := range map[string]float64{`15000`: 15000, `15000.5`: 15000.5, `1.5e4`: 15000, `"15000"`: 15000, `"15,000"`: 15000, `"1.5万"`: 15000, `"¥15000"`: 15000} {
		got, err := read(in, cny)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range nothing {
		if got, err := read(in, cny); err != nil || got != 0 {
			t.Errorf("%s: %v, %v; want none", in, got, err)
		}
	}
	for _, in := range []string{`0`, `-1`, `"0"`, `"cheap"`, `true`, `[15000]`, `{}`, `1e13`, `1e400`, `"Infinity"`} {
		_, err := read(in, cny)
		if want := "x must be a number above 0, in CNY"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want an error that begins with %q", in, err, want)
		}
	}
}
