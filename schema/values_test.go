package schema

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// argument gives arguments with the one member x; "" is none at all.
func argument(value string) *arguments {
	if value == "" {
		return &arguments{}
	}
	return &arguments{members: map[string]json.RawMessage{"x": json.RawMessage(value)}}
}

// read reads the member x of argument(value).
func read[T any](value string, reader func(*arguments) T) (T, error) {
	a := argument(value)
	v := reader(a)
	return v, a.err
}

func list(a *arguments) []json.RawMessage {
	elements, _ := readList(a, "x", "letters")
	return elements
}
func modes(a *arguments) []RawMode { return readEnums(a, "x", RawModes...) }
func days(a *arguments) int        { return readInt(a, "x", 30, 90) }
func cny(a *arguments) float64     { return readCNY(a, "x") }

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
	} {
		a := argument(in)
		elements, given := readList(a, "x", "letters")
		var got []string
		for _, e := range elements {
			got = append(got, string(e))
		}
		if a.err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", in, got, a.err, want)
		}
		if !given {
			t.Errorf("%s: counts as not given, want it given", in)
		}
	}
	for _, in := range nothing {
		a := argument(in)
		if got, given := readList(a, "x", "letters"); given || a.err != nil {
			t.Errorf("%s: %q, given %v, %v; want it not given", in, got, given, a.err)
		}
	}
	for in, want := range map[string]string{`{}`: "an object", `true`: "a boolean", `false`: "a boolean"} {
		got, err := read(in, list)
		if want := "x must be an array of letters, not " + want; err == nil || err.Error() != want {
			t.Errorf("%s: %q, %v; want the error %q", in, got, err, want)
		}
	}
}

func TestReadEnums(t *testing.T) {
	for in, want := range map[string]string{
		`["full","none"]`: "full none", `["none","full"]`: "none full", `"full"`: "full", `"full,none"`: "full none", `"full none"`: "full none", asText(`["full"]`): "full",
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
		`[]`: "x is empty: give 1 to 3 of compact, full, none", `["Full"]`: "each of x must be one of compact, full, none", `[null]`: "each of x must be one of", `["full",1]`: "each of x must be one of",
		`"full;x"`: "each of x must be one of", `{}`: "x must be an array of compact, full, none, not an object", `7`: "each of x must be one of",
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
		if want := "x must be one of 30, 90"; err == nil || err.Error() != want {
			t.Errorf("%s: %d, %v; want the error %q", in, got, err, want)
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
		if want := "x must be a number above 0, in CNY"; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want the error %q", in, err, want)
		}
	}
}
