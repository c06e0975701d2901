package schema

import (
	"regexp"
	"strconv"
	"strings"
)

// maxCNY is more than any budget or price.
const maxCNY = 1e12

var cnyAbove0 = t("a number above 0, in CNY", "大于 0 的数字，单位为元")

// spelledNumber is digits, maybe in groups of three, with a multiple after them. 5w is 5万
// in what Chinese marketers write.
const spelledNumber = `([0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|\+?[0-9]*\.?[0-9]+\.?(?:e\+?[0-9]+)?) ?([万萬w千k]?)`

const currency = ` ?(?:cn¥|¥|rmb|cny|人民币|元整?|块)? ?`

var (
	countPattern = regexp.MustCompile(`^` + spelledNumber + `$`)
	cnyPattern   = regexp.MustCompile(`^` + currency + spelledNumber + currency + `$`)
)

var multiples = map[string]string{"万": "e4", "萬": "e4", "w": "e4", "千": "e3", "k": "e3"}

// CNY reads an amount above 0 as people write it: 50000, 50,000, ¥50000, 5万,
// 50000元. The error is a *Refusal of the named argument.
func CNY(name, s string) (float64, error) {
	n, ok := parseCNY(s)
	if !ok {
		return 0, refuse(t("must be %s", "必须是%s"), cnyAbove0).about(name)
	}
	return n, nil
}

func parseCNY(s string) (n float64, ok bool) {
	n, ok = parseSpelled(cnyPattern, s)
	return n, ok && n > 0 && n <= maxCNY
}

// parseSpelled reads a number from a text that matches a pattern with a spelledNumber.
func parseSpelled(pattern *regexp.Regexp, s string) (n float64, ok bool) {
	s = strings.Join(strings.Fields(strings.ToLower(fold(s))), " ")
	m := pattern.FindStringSubmatch(strings.ReplaceAll(s, "￥", "¥"))
	if m == nil {
		return 0, false
	}
	digits := strings.NewReplacer(",", "", " ", "").Replace(m[1]) + multiples[m[2]]
	// ParseFloat refuses the two exponents of 1e3万.
	n, err := strconv.ParseFloat(digits, 64)
	return n, err == nil
}
