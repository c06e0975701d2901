package schema

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// Filters narrow a search.
type Filters struct {
	Categories             []string
	Personas               []string
	Location               string
	AudienceLocation       string
	Gender                 Gender
	AudienceGender         AudienceGender
	AudienceAge            AudienceAge
	ChildStages            []ChildStage
	MinFollowers           int
	MaxFollowers           int
	Format                 Format // "" sends no format; rows then show video quotes
	MinPriceCNY            float64
	MaxPriceCNY            float64
	MinReadMedian          int
	MinEngagementMedian    int
	MinSponsoredReadMedian int
	MaxCPM                 float64
	MaxCNYPerEngagement    float64
	MaxCNYPerRead          float64
	MinReplyPercent        int
	Industry               string
	ExcludeLowActive       bool
	Growing                bool
}

// Values of filters, as callers give them; platformWords has the platform's.
type (
	// Gender is a blogger's.
	Gender string
	// AudienceGender is the gender of most followers.
	AudienceGender string
	// AudienceAge is a group of followers' ages.
	AudienceAge string
	// ChildStage is an age of followers' children.
	ChildStage string
)

// ShownFormat is the format of the quotes that the rows show and the price limits mean.
func (f *Filters) ShownFormat() Format { return cmp.Or(f.Format, FormatVideo) }

// filter is an argument that narrows a search, and the parameter that is sent for it.
type filter struct {
	argument[FindInput]
	description lang.T // for models and -h, and for a list in Chinese
	// parameters is the parameter's name in the platform's search. If there are two, the
	// first is for image notes and the second for video notes.
	parameters []string
	// value is the parameter's value; "" is not sent. feePercent is the platform's fee.
	value func(f *Filters, feePercent float64) string
}

// newFilter makes a filter. send writes the value of the parameters.
func newFilter[X any](name, flag string, description lang.T, typ argType[X], member func(*Filters) *X, send func(X) string, parameters ...string) filter {
	return filter{
		argument:    arg(name, flag, description.En, typ, func(in *FindInput) *X { return member(&in.Filters) }),
		description: description,
		parameters:  parameters,
		value:       func(f *Filters, _ float64) string { return send(*member(f)) },
	}
}

// priceFilter makes a filter of one limit of the price; both limits are one parameter.
func priceFilter(name, flag string, description lang.T, member func(*Filters) *float64) filter {
	f := newFilter(name, flag, description, amount(), member, nil, "notePrice", "videoPrice")
	f.value = priceRange
	return f
}

// parameter is the parameter's name for a format.
func (f *filter) parameter(format Format) string {
	if format == FormatImage {
		return f.parameters[0]
	}
	return f.parameters[len(f.parameters)-1]
}

const (
	maxLabels = 20  // of one filter
	mostCount = 1e9 // followers, reads, engagements
)

// filters lists all filters, in the order of the published schema.
var filters = []filter{
	newFilter("categories", "category", t("内容类目, any of: "+List(SearchLabels.firstCategories())+"; or finer ones instead, such as 早教, 面部保养, 美食探店 (pgy://search-labels).", "内容类目，任一即可。"),
		labels(), func(f *Filters) *[]string { return &f.Categories }, categoriesSent, "contentTag"),
	newFilter("personas", "persona", t("The blogger's 人设, any of: 妈妈, 孕妈, 爸爸, 萌娃, 情侣, 铲屎官 … (pgy://search-labels).", "人设，任一即可。"),
		labels(), func(f *Filters) *[]string { return &f.Personas }, joined[string], "personalTags"),
	newFilter("location", "location", t("Of the blogger, one a call: province (广东, 上海), with its city (广东 深圳), or country (日本).", "博主所在地：一个省份（广东、上海），可加城市（广东 深圳），或国家（日本）。"),
		keyword(), func(f *Filters) *string { return &f.Location }, asGiven, "location"),
	newFilter("audienceLocation", "audience-location", t("Of the followers, as location.", "粉丝所在地，写法与博主所在地相同。"),
		keyword(), func(f *Filters) *string { return &f.AudienceLocation }, asGiven, "fansLocation"),
	newFilter("gender", "gender", t("The blogger's.", "博主性别：female、male。"),
		oneOfOrNone([]Gender{"female", "male"}), func(f *Filters) *Gender { return &f.Gender }, platformWord[Gender], "gender"),
	newFilter("audienceGender", "audience-gender", t("The followers'.", "粉丝性别：mostly_female、mostly_male。"),
		oneOfOrNone([]AudienceGender{"mostly_female", "mostly_male"}), func(f *Filters) *AudienceGender { return &f.AudienceGender }, platformWord[AudienceGender], "fansGender"),
	newFilter("audienceAge", "audience-age", t("The followers'.", "粉丝年龄：under_18、18_24、25_34、35_44、over_44。"),
		oneOfOrNone([]AudienceAge{"under_18", "18_24", "25_34", "35_44", "over_44"}), func(f *Filters) *AudienceAge { return &f.AudienceAge }, platformWord[AudienceAge], "fansAge"),
	newFilter("childStages", "child-stage", t("Of the followers' children, pregnancy too.", "粉丝的孩子阶段，含孕期。"),
		someOf(SearchLabels.ChildStages, nil), func(f *Filters) *[]ChildStage { return &f.ChildStages }, joined[ChildStage], "fansChildAgeInfo"),
	newFilter("minFollowers", "min-followers", t("Least followers.", "粉丝数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinFollowers }, ifAbove0, "fansNumberLower"),
	newFilter("maxFollowers", "max-followers", t("Most followers.", "粉丝数上限。"),
		quantity(), func(f *Filters) *int { return &f.MaxFollowers }, ifAbove0, "fansNumberUpper"),
	newFilter("format", "format", t("Notes wanted; prices and costs are of it, of video where not given.", "笔记形式：video、image；报价和成本以此为准，不填按视频。"),
		oneOfOrNone(Formats), func(f *Filters) *Format { return &f.Format }, platformWord[Format], "noteType"),
	priceFilter("minPriceCny", "min-price", t("Least CNY for one note.", "单篇报价下限（元）。"), func(f *Filters) *float64 { return &f.MinPriceCNY }),
	priceFilter("maxPriceCny", "max-price", t("Most CNY for one note, without the fee unless the operator set one.", "单篇报价上限（元）。"), func(f *Filters) *float64 { return &f.MaxPriceCNY }),
	newFilter("minReadMedian", "min-reads", t("Least median reads, daily notes.", "日常笔记阅读中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinReadMedian }, atLeast, "readMidNor30"),
	newFilter("minEngagementMedian", "min-engagements", t("Least median engagements, daily notes.", "日常笔记互动中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinEngagementMedian }, atLeast, "interMidNor30"),
	newFilter("minSponsoredReadMedian", "min-sponsored-reads", t("Least median reads, sponsored notes.", "合作笔记阅读中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinSponsoredReadMedian }, atLeast, "readMidCoop30"),
	newFilter("maxCpmCny", "max-cpm", t("Most CNY per 1,000 impressions, estimated.", "预估 CPM（千次曝光成本）上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCPM }, atMost, "estimatePictureCpm", "estimateVideoCpm"),
	newFilter("maxCnyPerEngagement", "max-cny-per-engagement", t("Most CNY per engagement (CPE), estimated.", "预估 CPE（互动单价）上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCNYPerEngagement }, atMost, "estimatePictureEngageCost", "estimateVideoEngageCost"),
	newFilter("maxCnyPerRead", "max-cny-per-read", t("Most CNY per read, estimated.", "预估阅读单价上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCNYPerRead }, atMost, "estimatePicReadPrice", "estimateVideoReadPrice"),
	newFilter("minReplyPercent", "min-reply", t("Least percent of invitations answered within 48 h, 0–100.", "48h邀约回复率下限（%，0–100）。"),
		whole(0, 100, 0), func(f *Filters) *int { return &f.MinReplyPercent }, atLeast, "inviteReply48hNumRatio"),
	newFilter("industry", "industry", t("Preset for a brand's industry, rarely needed: MOTHER_BABY_SUPPLIES … (pgy://search-labels).", "品牌行业预设，很少用到，如 MOTHER_BABY_SUPPLIES。"),
		industry(), func(f *Filters) *string { return &f.Industry }, asGiven, "industry"),
	newFilter("excludeLowActive", "exclude-low-active", t("Without bloggers marked as low-active.", "排除低活博主。"),
		boolean(), func(f *Filters) *bool { return &f.ExcludeLowActive }, ifTrue, "excludeLowActive"),
	newFilter("growing", "growing", t("Only with growing followers.", "只要粉丝在增长的。"),
		boolean(), func(f *Filters) *bool { return &f.Growing }, ifTrue, "fansNumUp"),
}

// FilterDoc is a filter as documents list it.
type FilterDoc struct {
	Name        string
	Flag        string   // without the dash
	Parameters  []string // of the platform's search; for image notes first where there are two
	Description lang.T
}

// FilterDocs lists all filters.
func FilterDocs() []FilterDoc {
	out := make([]FilterDoc, len(filters))
	for i, f := range filters {
		out[i] = FilterDoc{f.name, f.flag, f.parameters, f.description}
	}
	return out
}

func filterArguments() []argument[FindInput] {
	out := make([]argument[FindInput], len(filters))
	for i, f := range filters {
		out[i] = f.argument
	}
	return out
}

// How values of filters are sent to the platform; "" is not sent.

func asGiven(s string) string { return s }

func joined[W ~string](words []W) string { return strings.Join(stringsOf(words), ",") }

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
	quote := new(big.Rat).Mul(Decimal(price), big.NewRat(100, 1))
	quote.Quo(quote, new(big.Rat).Add(Decimal(feePercent), big.NewRat(100, 1)))
	whole, remainder := new(big.Int).QuoRem(quote.Num(), quote.Denom(), new(big.Int))
	return whole, remainder.Sign() != 0
}

// Decimal returns the number that x is written as, exactly.
func Decimal(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'f', -1, 64)) // FormatFloat writes a decimal
	return r
}

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
