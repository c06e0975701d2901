// Package condense makes the published figures of the upstream's fields: summaries,
// rows of a comparison and sections of insights. It gives caveats as values and knows
// no language. Its functions change nothing that they are given and may be called
// concurrently.
package condense

import (
	"cmp"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pgy-mcp/schema"
)

// fields are the members of the upstream's data object, by their exact keys:
// several differ only in case. A member that cannot be read counts as not
// given; it never fails the profile.
type fields map[string]json.RawMessage

// parseFields gives nil for what is no object.
func parseFields(data json.RawMessage) fields {
	f, _ := schema.Object(data)
	return f
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// literal gives a member's number as it is spelled, bare or in a string.
func (f fields) literal(key string) (string, bool) {
	s := strings.TrimSpace(cmp.Or(schema.Text(f[key]), string(f[key])))
	return s, jsonNumber.MatchString(s)
}

// A number beyond these is no figure of a blogger, and would be hundreds of
// digits in the text.
const (
	leastNumber = 1e-9
	mostNumber  = 1e15
)

// number reads 13000, 13000.0 or "0.31"; "", "-", "暂无" and null are none.
func (f fields) number(key string) (float64, bool) {
	n, ok := f.amount(key)
	return n, ok && math.Abs(n) <= mostNumber
}

// amount is a number without an upper bound, for what is only compared with
// one; beyond all bounds it is infinite.
func (f fields) amount(key string) (float64, bool) {
	s, ok := f.literal(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, (err == nil || math.IsInf(n, 0)) && (n == 0 || math.Abs(n) >= leastNumber)
}

// integer reads a whole number exactly; a fraction is rounded to the nearest.
func (f fields) integer(key string) (int64, bool) {
	s, ok := f.literal(key)
	if !ok {
		return 0, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(n) >= 1<<53 {
		return 0, false
	}
	return int64(math.Round(n)), true
}

// positive gives the first of the members that is above 0, or nil: 0 in a
// metric means that it was not filled.
func (f fields) positive(keys ...string) *int64 {
	n, _ := f.figure(keys...)
	return n
}

// figure is positive with the figure as it was before it became a whole number,
// to calculate with: medians of even counts end in .5, and half an engagement
// more or less is much where there are two. It is 0 where there is none.
func (f fields) figure(keys ...string) (whole *int64, exact float64) {
	for _, key := range keys {
		if n, ok := f.integer(key); ok && n > 0 {
			exact = float64(n)
			if x, ok := f.number(key); ok {
				exact = x
			}
			return &n, exact
		}
	}
	return nil, 0
}

// boolean reads true and false, also as a word and as 1 and 0, in a string or not.
func (f fields) boolean(key string) *bool {
	spelled := strings.ToLower(strings.TrimSpace(cmp.Or(schema.Text(f[key]), string(f[key]))))
	n, isNumber := f.number(key)
	yes := spelled == "true" || isNumber && n == 1
	if !yes && spelled != "false" && !(isNumber && n == 0) {
		return nil
	}
	return &yes
}

// displayed reads a whole number above 0, also as the platform displays it:
// "80.0w" and "80.0万" are 800,000.
func (f fields) displayed(key string) *int64 {
	if n := f.positive(key); n != nil {
		return n
	}
	text := strings.ToLower(strings.TrimSpace(schema.Text(f[key])))
	for suffix, unit := range map[string]float64{"w": 1e4, "万": 1e4, "亿": 1e8} {
		head, has := strings.CutSuffix(text, suffix)
		x, ok := fields{"": json.RawMessage(head)}.number("")
		if x *= unit; has && ok && x <= mostNumber {
			if n := int64(math.Round(x)); n > 0 {
				return &n
			}
		}
	}
	return nil
}

// text reads a string as it is; a number is its digits. It is "" where there is neither.
func (f fields) text(key string) string {
	if !jsonNumber.Match(f[key]) {
		return schema.Text(f[key])
	}
	number := string(f[key])
	if whole, fraction, _ := strings.Cut(number, "."); strings.Trim(fraction, "0") == "" {
		return whole
	}
	return number
}

// words is text made safe to show.
func (f fields) words(key string) string { return tidied(f.text(key)) }

// tidied cleans a text; the upstream's words for nothing become "".
func tidied(s string) string {
	if s = clean(s); s == "-" || s == "暂无" {
		return ""
	}
	return s
}

// split reads several words in one string, separated by blanks.
func (f fields) split(key string) []string {
	var out []string
	for word := range strings.FieldsSeq(f.text(key)) {
		if word = tidied(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// day reads the day, YYYY-MM-DD, that a date or a time begins with; "" where there is none.
func (f fields) day(key string) string {
	if t, ok := dayOf(f.text(key)); ok {
		return t.Format(time.DateOnly)
	}
	return ""
}

// list reads a list of strings, leaving out what is none.
func (f fields) list(key string) []string {
	var out []string
	for _, e := range f.elements(key) {
		if s := e.words(""); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// objects reads a list of objects, leaving out what is none.
func (f fields) objects(key string) []fields {
	var out []fields
	for _, e := range f.elements(key) {
		if o := e.object(""); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// elements reads a list; each element is a member without a name.
func (f fields) elements(key string) []fields {
	var list []json.RawMessage
	_ = json.Unmarshal(f[key], &list) // what is no list has no elements
	out := make([]fields, len(list))
	for i, e := range list {
		out[i] = fields{"": e}
	}
	return out
}

// object reads a member that is an object.
func (f fields) object(key string) fields { return parseFields(f[key]) }

// counted reads a whole number of which 0 is a fact.
func (f fields) counted(key string) *int64 {
	if n, ok := f.integer(key); ok && n >= 0 {
		return &n
	}
	return nil
}
