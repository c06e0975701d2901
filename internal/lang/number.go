package lang

import (
	"strconv"
	"strings"
)

// Number writes all digits of x, with commas between the thousands.
func Number(x float64) string { return Group(strconv.FormatFloat(x, 'f', -1, 64)) }

// Whole writes a whole number, with commas between the thousands.
func Whole(n int64) string { return Group(strconv.FormatInt(n, 10)) }

// Group sets commas between the thousands of a number that is written without an
// exponent.
func Group(decimal string) string {
	sign := ""
	if strings.HasPrefix(decimal, "-") {
		sign, decimal = "-", decimal[1:]
	}
	whole, frac, dotted := strings.Cut(decimal, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + frac
	}
	return sign + whole
}
