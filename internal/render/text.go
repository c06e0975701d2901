// Package render turns results into text: lines and Markdown for models, tables for
// terminals, CSV, workbooks and HTML pages, each in a language. Its functions do not change
// their arguments and may be called concurrently.
package render

import (
	"math"
	"strconv"
	"strings"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// t is one text in both languages.
func t(en, zh string) lang.T { return lang.T{En: en, Zh: zh} }

// Line is one line of a text, "label: value".
type Line struct{ Label, Value string }

func lineOf(l lang.Language, label lang.T, value string) Line { return Line{l.Say(label), value} }

// Text joins lines with newlines.
func Text(l lang.Language, lines []Line) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line.Label)
		b.WriteString(l.Say(lang.Colon))
		b.WriteString(line.Value)
	}
	return b.String()
}

// Caveats returns the sentences of caveats.
func Caveats(l lang.Language, caveats []schema.Caveat) []string {
	out := make([]string, len(caveats))
	for i, c := range caveats {
		out[i] = l.Say(c.Kind.Text, c.Args...)
	}
	return out
}

// Reasons joins reasons to one text; "" is none.
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
	return lang.Whole(*n) + unit
}

// Figure writes a figure for a reader, rounded as its quantity says.
func Figure(l lang.Language, q schema.Quantity, x float64) string {
	switch q {
	case schema.UnitCost:
		return digits(x)
	case schema.Ratio:
		return digits(x*100) + l.Say(percent)
	case schema.Percentage:
		return shortDigits(x) + l.Say(percent)
	case schema.Money:
		return lang.Number(x)
	}
	return shortDigits(x)
}

var percent = t(" %", "%")

// digits writes two decimals from 1 up and three significant digits below.
func digits(x float64) string {
	if math.Abs(x) >= 1 || x == 0 {
		return lang.Group(strconv.FormatFloat(x, 'f', 2, 64))
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', 2, 64), "e")
	rounded, _ := strconv.ParseFloat(mantissa+"e"+exponent, 64) // FormatFloat wrote both parts
	power, _ := strconv.Atoi(exponent)
	return strconv.FormatFloat(rounded, 'f', 2-power, 64)
}

// shortDigits writes no more decimals than digits, and none that are 0 at the end.
func shortDigits(x float64) string {
	text := digits(x)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Age writes an age in seconds, minutes or hours.
func Age(l lang.Language, seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d < 2*time.Minute:
		return l.Say(t("%d s ago", "%d 秒前"), int(seconds))
	case d < 2*time.Hour:
		return l.Say(t("%d min ago", "%d 分钟前"), int(d/time.Minute))
	}
	return l.Say(t("%d h ago", "%d 小时前"), int(d/time.Hour))
}
