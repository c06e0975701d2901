package schema

import "strconv"

// Significant rounds to 4 significant digits, as all published ratios and unit costs are.
func Significant(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // it reads what was just written
	return r
}
