package schema

import (
	"encoding/json"
	"strconv"
)

// Unrounded is a figure that this program divides, with all its digits: texts round it
// once, and rankings go by it. It is published with 4 significant digits.
type Unrounded float64

// Published is the figure with 4 significant digits.
func (u Unrounded) Published() float64 { return Significant(float64(u)) }

// MarshalJSON implements json.Marshaler.
func (u Unrounded) MarshalJSON() ([]byte, error) { return json.Marshal(u.Published()) }

// Significant rounds to 4 significant digits, as all published ratios and unit costs are.
func Significant(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // it reads what was just written
	return r
}
