// Package render says figures as text: Markdown for models, tables for terminals, CSV,
// and the pages. Its functions change nothing that they are given and may be called
// concurrently.
package render

import (
	"strconv"
	"strings"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// t is one text in both languages.
func t(en, zh string) lang.T { return lang.T{En: en, Zh: zh} }

// Fact is one line of a text.
type Fact struct{ Label, Value string }

func fact(l lang.Language, label lang.T, value string) Fact { return Fact{l.Say(label), value} }

// Text joins facts to lines, "label: value".
func Text(l lang.Language, facts []Fact) string {
	var b strings.Builder
	for i, f := range facts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Label)
		b.WriteString(l.Say(lang.Colon))
		b.WriteString(f.Value)
	}
	return b.String()
}

// Caveats says caveats in the language.
func Caveats(l lang.Language, caveats []schema.Caveat) []string {
	out := make([]string, len(caveats))
	for i, c := range caveats {
		out[i] = l.Say(c.Kind.Text, c.Args...)
	}
	return out
}

// Reasons joins the reasons why a quote cannot be booked; "" for none.
func Reasons(l lang.Language, reasons []schema.Reason) string {
	out := make([]string, len(reasons))
	for i, r := range reasons {
		out[i] = l.Say(r.Text)
	}
	return l.List(out)
}

func count(n *int64, unit string) string {
	if n == nil {
		return ""
	}
	return group(strconv.FormatInt(*n, 10)) + unit
}

func fraction(x *float64, unit string) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + unit
}

// Number writes all digits of x, grouped by thousands.
func Number(x float64) string { return group(strconv.FormatFloat(x, 'f', -1, 64)) }

// group sets commas between the thousands of a decimal number.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + frac
	}
	return sign + whole
}

// Age says how old an answer is in the one unit that reads best.
func Age(l lang.Language, seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d < 2*time.Minute:
		return l.Say(t("%d s ago", "%d 秒前"), seconds)
	case d < 2*time.Hour:
		return l.Say(t("%d min ago", "%d 分钟前"), int64(d/time.Minute))
	}
	return l.Say(t("%d h ago", "%d 小时前"), int64(d/time.Hour))
}
