package schema

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// keyword is a text to search for; it is put on one line.
func keyword() argType[string] {
	return text().checked(func(s *string) *Refusal {
		*s = onOneLine(*s)
		return checkKeyword(*s)
	})
}

// checkKeyword refuses a text that cannot be meant as a paid search.
func checkKeyword(s string) *Refusal {
	switch {
	case strings.ContainsRune(s, utf8.RuneError):
		return refuse(lostCharacter)
	case utf8.RuneCountInString(s) > maxKeyword:
		return refuse(longKeyword, maxKeyword)
	}
	return nil
}

// lostCharacter refuses U+FFFD, which replaces text in another encoding and half an
// emoji.
var lostCharacter = t(
	"holds a character that was lost on the way here (U+FFFD): give the text anew, in UTF-8",
	"含有丢失的字符（U+FFFD）：请以 UTF-8 重新提供")

// onOneLine puts one blank between words and removes control characters and invisible
// ones, except the joiner of emoji.
func onOneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) && r != '\u200d' {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// labels is a list of 1 to maxLabels labels of the platform.
func labels() argType[[]string] {
	return texts(maxLabels).checked(func(labels *[]string) *Refusal {
		for i, label := range *labels {
			label = onOneLine(label)
			switch {
			case strings.ContainsRune(label, utf8.RuneError):
				return refuse(lostCharacter)
			case utf8.RuneCountInString(label) > maxKeyword:
				return refuse(t("has a label of more than %d characters", "含有超过 %d 个字符的标签"), maxKeyword)
			}
			(*labels)[i] = label
		}
		return nil
	})
}

// industry is one of the platform's presets, in any case.
func industry() argType[string] {
	return text().checked(func(s *string) *Refusal {
		values := SearchLabels.industryValues()
		if *s = strings.ToUpper(*s); slices.Contains(values, *s) {
			return nil
		}
		if near := similarLabels(*s, values); near != nil {
			return refuse(t("is none of the platform's presets; the nearest are %s (pgy://search-labels has all)", "不是平台的行业预设；最接近的是 %s（全部见 pgy-mcp find -labels）"), List(near))
		}
		return refuse(t("is none of the platform's presets, such as MOTHER_BABY_SUPPLIES; pgy://search-labels has all", "不是平台的行业预设（如 MOTHER_BABY_SUPPLIES）；全部见 pgy-mcp find -labels"))
	})
}

// How values of filters are sent to the platform; "" is not sent.

func asGiven(s string) string { return s }

func joined[W ~string](words []W) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ",")
}

// categoriesSent joins categories by the labels that the search knows, each once.
func categoriesSent(given []string) string {
	var out []string
	for _, label := range given {
		if known, is := Synonyms[label]; is {
			label = known
		}
		if !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return joined(out)
}

// platformWord translates a value into the platform's.
func platformWord[W ~string](w W) string { return platformWords[string(w)] }

var platformWords = map[string]string{
	"female": "FEMALE", "male": "MALE",
	"mostly_female": "FE_MALE_HIGH", "mostly_male": "MALE_HIGH",
	"under_18": "LT_18", "18_24": "AGE_18_24", "25_34": "AGE_25_34", "35_44": "AGE_35_44", "over_44": "GT_44",
	string(FormatImage): "PHOTO_TEXT", string(FormatVideo): "VIDEO",
}

func ifAbove0(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func ifTrue(b bool) string {
	if !b {
		return ""
	}
	return "true"
}

// openEnd stands for a missing bound of a range.
const openEnd = "-1"

func atLeast(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + "," + openEnd
}

func atMost(x float64) string {
	if x == 0 {
		return ""
	}
	return "0," + strconv.FormatFloat(x, 'f', -1, 64)
}

// priceRange is the range of quotes whose price with the fee is within the limits. It is
// in whole CNY, rounded so that it is never narrower than the limits.
func priceRange(f *Filters, feePercent float64) string {
	if f.MinPriceCNY == 0 && f.MaxPriceCNY == 0 {
		return ""
	}
	least, most := openEnd, openEnd
	if f.MinPriceCNY > 0 {
		quotient, _ := withoutFee(f.MinPriceCNY, feePercent)
		least = quotient.String()
	}
	if f.MaxPriceCNY > 0 {
		quotient, rest := withoutFee(f.MaxPriceCNY, feePercent)
		if rest {
			quotient.Add(quotient, big.NewInt(1))
		}
		most = quotient.String()
	}
	return least + "," + most
}

// withoutFee divides a price by 1 + fee exactly. rest reports whether the result was
// rounded down to whole CNY.
func withoutFee(price, feePercent float64) (whole *big.Int, rest bool) {
	quote := new(big.Rat).Mul(decimal(price), big.NewRat(100, 1))
	quote.Quo(quote, new(big.Rat).Add(decimal(feePercent), big.NewRat(100, 1)))
	whole, remainder := new(big.Int).QuoRem(quote.Num(), quote.Denom(), new(big.Int))
	return whole, remainder.Sign() != 0
}

func decimal(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'f', -1, 64)) // FormatFloat writes a decimal
	return r
}

// UnknownLabel is a label that the platform is not known to have.
type UnknownLabel struct {
	Label      string   `json:"label"`
	Nearest    []string `json:"nearest,omitempty"`
	IsPersona  bool     `json:"-"` // a persona that was given as a category
	IsCategory bool     `json:"-"` // a category that was given as a persona
}

// UnknownLabels returns the categories and personas that the platform is not known to
// have. A search sends them nevertheless.
func (f *Filters) UnknownLabels() []UnknownLabel {
	var out []UnknownLabel
	add := func(given, known []string, mark func(*UnknownLabel)) {
		for _, label := range given {
			if !slices.Contains(known, label) {
				u := UnknownLabel{Label: printable(label, maxKeyword), Nearest: similarLabels(label, known)}
				mark(&u)
				out = append(out, u)
			}
		}
	}
	isSynonym := func(label string) bool { return Synonyms[label] != "" }
	add(slices.DeleteFunc(slices.Clone(f.Categories), isSynonym), SearchLabels.categoryNames(), func(u *UnknownLabel) { u.IsPersona = slices.Contains(SearchLabels.Personas, u.Label) })
	add(f.Personas, SearchLabels.Personas, func(u *UnknownLabel) {
		u.IsCategory = isSynonym(u.Label) || slices.Contains(SearchLabels.categoryNames(), u.Label)
	})
	return out
}

// UnknownPlaces returns the locations that begin with neither a country nor a province,
// and those that name several. A search sends them nevertheless.
func (f *Filters) UnknownPlaces() []string {
	var out []string
	for _, place := range []string{f.Location, f.AudienceLocation} {
		if place != "" && !SearchLabels.isPlace(place) && !slices.Contains(out, place) {
			out = append(out, printable(place, maxKeyword))
		}
	}
	return out
}
