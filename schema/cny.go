package schema

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// maxCNY keeps amounts in what a budget or a price can be.
const maxCNY = 1e12

var errCNY = errors.New("must be a number above 0, in CNY")

// amount is digits, maybe in groups of three, with a multiple after them and a
// currency on either side. 5w is 5万 in what Chinese marketers write.
var amount = regexp.MustCompile(`^` + currency + `([0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|\+?[0-9]*\.?[0-9]+\.?(?:e\+?[0-9]+)?) ?([万萬w千k]?)` + currency + `$`)

const currency = ` ?(?:cn¥|¥|rmb|cny|人民币|元整?|块)? ?`

var multiples = map[string]string{"万": "e4", "萬": "e4", "w": "e4", "千": "e3", "k": "e3"}

// CNY reads an amount of yuan as people write it: 50000, 50,000, ¥50000, 5万,
// 50000元. The error says what it must be, without the name of what it is.
func CNY(s string) (float64, error) {
	s = strings.Join(strings.Fields(strings.ToLower(fold(s))), " ")
	m := amount.FindStringSubmatch(strings.ReplaceAll(s, "￥", "¥"))
	if m == nil {
		return 0, errCNY
	}
	digits := strings.NewReplacer(",", "", " ", "").Replace(m[1]) + multiples[m[2]]
	// A multiple after an exponent makes two of them, which is no number.
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(n > 0) || n > maxCNY {
		return 0, errCNY
	}
	return n, nil
}
