package schema

import (
	"regexp"
	"strconv"
	"strings"

	"pgy-mcp/internal/lang"
)

// maxCNY keeps amounts in what a budget or a price can be.
const maxCNY = 1e12

var cnyAbove0 = lang.T{En: "a number above 0, in CNY", Zh: "大于 0 的数字，单位为元"}

// cnyAmount is digits, maybe in groups of three, with a multiple after them and a
// currency on either side. 5w is 5万 in what Chinese marketers write.
var cnyAmount = regexp.MustCompile(`^` + currency + `([0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|\+?[0-9]*\.?[0-9]+\.?(?:e\+?[0-9]+)?) ?([万萬w千k]?)` + currency + `$`)

const currency = ` ?(?:cn¥|¥|rmb|cny|人民币|元整?|块)? ?`

var multiples = map[string]string{"万": "e4", "萬": "e4", "w": "e4", "千": "e3", "k": "e3"}

// CNY reads an amount of yuan as people write it: 50000, 50,000, ¥50000, 5万,
// 50000元. The error is a *Refusal of the named argument.
func CNY(name, s string) (float64, error) {
	n, ok := parseCNY(s)
	if !ok {
		return 0, refuse(lang.T{En: "must be %s", Zh: "必须是%s"}, cnyAbove0).of(name)
	}
	return n, nil
}

func parseCNY(s string) (n float64, ok bool) {
	s = strings.Join(strings.Fields(strings.ToLower(fold(s))), " ")
	m := cnyAmount.FindStringSubmatch(strings.ReplaceAll(s, "￥", "¥"))
	if m == nil {
		return 0, false
	}
	digits := strings.NewReplacer(",", "", " ", "").Replace(m[1]) + multiples[m[2]]
	// A multiple after an exponent makes two of them, which is no number.
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !(n > 0) || n > maxCNY {
		return 0, false
	}
	return n, true
}
