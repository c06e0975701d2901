package tools

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// fields are the members of the upstream's data object, by their exact keys:
// several differ only in case. A member that cannot be read counts as not
// given; it never fails the profile.
type fields map[string]json.RawMessage

func parseFields(data json.RawMessage) fields {
	var f fields
	// What is no object has no members.
	_ = json.Unmarshal(data, &f)
	return f
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// literal gives a member's number as it is spelled, bare or in a string.
func (f fields) literal(key string) (string, bool) {
	v := f[key]
	s := string(v)
	if len(v) > 0 && v[0] == '"' && json.Unmarshal(v, &s) != nil {
		return "", false
	}
	s = strings.TrimSpace(s)
	return s, jsonNumber.MatchString(s)
}

// What is beyond these is no figure of a blogger, and would be hundreds of
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

func (f fields) boolean(key string) *bool {
	var b *bool
	if json.Unmarshal(f[key], &b) != nil {
		return nil
	}
	return b
}

// text reads a string, made safe to show; "" where there is none.
func (f fields) text(key string) string {
	var s string
	if json.Unmarshal(f[key], &s) != nil {
		return ""
	}
	return clean(s)
}

// words is text, in which "-" and "暂无" mean that there is none.
func (f fields) words(key string) string {
	s := f.text(key)
	if notGiven(s) {
		return ""
	}
	return s
}

// notGiven reports the upstream's words for nothing.
func notGiven(s string) bool { return s == "-" || s == "暂无" }

// split reads several words in one string, separated by blanks.
func (f fields) split(key string) []string {
	var s string
	if f.words(key) == "" || json.Unmarshal(f[key], &s) != nil {
		return nil
	}
	var out []string
	for word := range strings.FieldsSeq(s) {
		if word = clean(word); word != "" && !notGiven(word) {
			out = append(out, word)
		}
	}
	return out
}

// list reads a list of strings, leaving out what is none.
func (f fields) list(key string) []string {
	var elements []json.RawMessage
	if json.Unmarshal(f[key], &elements) != nil {
		return nil
	}
	var out []string
	for _, e := range elements {
		if s := (fields{"": e}).words(""); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// object reads a member that is an object.
func (f fields) object(key string) fields {
	if !bytes.HasPrefix(f[key], []byte("{")) {
		return nil
	}
	return parseFields(f[key])
}
