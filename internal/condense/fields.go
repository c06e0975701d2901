// Package condense turns the upstream's fields into published figures: summaries, rows,
// sections of insights, plans and lines of a history. Caveats and reasons are values:
// package render puts them into a language. The functions may be called concurrently;
// those that change an argument say so.
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

// fields are the members of an object of the upstream, by their exact keys: some differ
// only in case. A member that cannot be read counts as not given.
type fields map[string]json.RawMessage

// parseFields returns nil if data is not an object.
func parseFields(data json.RawMessage) fields {
	f, _ := schema.Object(data)
	return f
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// literal returns the spelling of a member's number, also of one in a string; false if the
// member is no number.
func (f fields) literal(key string) (string, bool) {
	s := strings.TrimSpace(cmp.Or(schema.Text(f[key]), string(f[key])))
	return s, jsonNumber.MatchString(s)
}

// Numbers outside these bounds are not figures of a blogger.
const (
	leastNumber = 1e-9
	mostNumber  = 1e15
)

// number reads 13000, 13000.0 or "0.31"; "", "-", "暂无" and null are none.
func (f fields) number(key string) (float64, bool) {
	n, ok := f.unbounded(key)
	return n, ok && math.Abs(n) <= mostNumber
}

// unbounded is number without an upper bound; the result may be infinite.
func (f fields) unbounded(key string) (float64, bool) {
	s, ok := f.literal(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, (err == nil || math.IsInf(n, 0)) && (n == 0 || math.Abs(n) >= leastNumber)
}

// integer reads a whole number exactly, and rounds a fraction to the nearest one.
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

// positive returns the first of the members that is above 0, rounded, or nil: in these
// members 0 means "not filled".
func (f fields) positive(keys ...string) *int64 {
	n, _ := f.wholeAndExact(keys...)
	return n
}

// wholeAndExact is positive together with the exact value, for calculations: a median of
// 2.5 must not be divided by as 3. exact is 0 if there is none.
func (f fields) wholeAndExact(keys ...string) (whole *int64, exact float64) {
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

// boolean reads true and 1, false and 0, also in a string; nil is unknown.
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

// text returns a string unchanged, and a number as its digits; "" is neither.
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

// cleanText is text made safe to show.
func (f fields) cleanText(key string) string { return clean(f.text(key)) }

// split reads a string of words that blanks separate.
func (f fields) split(key string) []string {
	var out []string
	for word := range strings.FieldsSeq(f.text(key)) {
		if word = clean(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// day returns the day, YYYY-MM-DD, with which a date or a time begins; "" is none.
func (f fields) day(key string) string {
	if t, ok := dayOf(f.text(key)); ok {
		return t.Format(time.DateOnly)
	}
	return ""
}

// list reads a list of strings and skips other elements.
func (f fields) list(key string) []string {
	var out []string
	for _, e := range f.elements(key) {
		if s := e.cleanText(""); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// objects reads a list of objects and skips other elements.
func (f fields) objects(key string) []fields {
	var out []fields
	for _, e := range f.elements(key) {
		if o := e.object(""); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// elements reads a list. Each element is under the key "" of its fields.
func (f fields) elements(key string) []fields {
	var list []json.RawMessage
	_ = json.Unmarshal(f[key], &list) // no list has no elements
	out := make([]fields, len(list))
	for i, e := range list {
		out[i] = fields{"": e}
	}
	return out
}

// object reads a member that is an object.
func (f fields) object(key string) fields { return parseFields(f[key]) }

// counted reads a whole number in which 0 means 0; nil is unknown.
func (f fields) counted(key string) *int64 {
	if n, ok := f.integer(key); ok && n >= 0 {
		return &n
	}
	return nil
}
