package schema

import (
	"cmp"
	_ "embed" // for labels.json
	"encoding/json"
	"slices"
	"strings"
	"unicode"
)

// SearchLabels are the labels that the platform's search is known to take.
var SearchLabels = readLabels()

// LabelSet holds the values of a search's filters, in the platform's words.
type LabelSet struct {
	Categories  []CategoryLabel `json:"categories"`
	Personas    []string        `json:"personas"`
	Locations   []string        `json:"locations"` // countries, and "中国" with a province
	ChildStages []ChildStage    `json:"childStages"`
	Industries  []IndustryLabel `json:"industries"`
}

// CategoryLabel is a first-level category with its second-level ones.
type CategoryLabel struct {
	Label  string   `json:"label"`
	Within []string `json:"within"`
}

// IndustryLabel is a preset of the filter by industry.
type IndustryLabel struct {
	Value   string `json:"value"`
	Meaning string `json:"meaning"` // in English
}

//go:embed labels.json
var labelFile []byte

func readLabels() LabelSet {
	var l LabelSet
	if err := json.Unmarshal(labelFile, &l); err != nil {
		panic("schema: labels.json: " + err.Error())
	}
	return l
}

func (l *LabelSet) firstCategories() []string {
	out := make([]string, len(l.Categories))
	for i, c := range l.Categories {
		out[i] = c.Label
	}
	return out
}

// categoryNames are the labels of both levels, the first level first.
func (l *LabelSet) categoryNames() []string {
	out := l.firstCategories()
	for _, c := range l.Categories {
		out = append(out, c.Within...)
	}
	return out
}

func (l *LabelSet) industryValues() []string {
	out := make([]string, len(l.Industries))
	for i, industry := range l.Industries {
		out[i] = industry.Value
	}
	return out
}

// Synonyms maps names of categories on the platform's page to the labels that its search
// takes.
var Synonyms = map[string]string{
	"出行旅游": "出行",
	"移动数码": "数码",
	"减脂塑形": "健身减肥",
	"科技":   "科技数码",
	"母婴育儿": "母婴",
}

const china = "中国"

// isPlace reports whether a text is one place: it begins with a country, with a province of
// China, or with 中国 and a province.
func (l *LabelSet) isPlace(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || SeveralPlaces(text) {
		return false
	}
	if words[0] == china && len(words) > 1 {
		return slices.Contains(l.Locations, china+" "+words[1])
	}
	return l.isLocation(words[0])
}

// isLocation reports whether a word is a country or a province of China.
func (l *LabelSet) isLocation(word string) bool {
	return slices.Contains(l.Locations, word) || slices.Contains(l.Locations, china+" "+word)
}

// SeveralPlaces reports whether a text names two provinces or countries at least, where
// the platform takes one.
func SeveralPlaces(text string) bool {
	var first string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；/", r) }) {
		switch {
		case word == china || !SearchLabels.isLocation(word):
		case first == "":
			first = word
		case word != first:
			return true
		}
	}
	return false
}

// citiesOf lists the large cities of each province, which people give without the
// province.
var citiesOf = map[string]string{
	"广东": "广州 深圳 佛山 东莞 珠海 惠州 中山 汕头",
	"浙江": "杭州 宁波 温州 嘉兴 金华 绍兴 台州",
	"江苏": "南京 苏州 无锡 常州 南通 徐州 扬州",
	"四川": "成都 绵阳", "湖北": "武汉 宜昌", "湖南": "长沙 株洲", "陕西": "西安 咸阳",
	"山东": "济南 青岛 烟台 潍坊", "福建": "福州 厦门 泉州", "河南": "郑州 洛阳", "安徽": "合肥 芜湖",
	"辽宁": "沈阳 大连", "黑龙江": "哈尔滨", "吉林": "长春", "河北": "石家庄 唐山 保定", "山西": "太原",
	"江西": "南昌", "云南": "昆明 大理", "贵州": "贵阳", "广西": "南宁 桂林", "海南": "海口 三亚",
	"甘肃": "兰州", "宁夏": "银川", "青海": "西宁", "新疆": "乌鲁木齐", "西藏": "拉萨", "内蒙古": "呼和浩特 包头",
}

// ProvinceOf returns province and city if place is a large city without its province;
// otherwise both are "".
func ProvinceOf(place string) (province, city string) {
	words := strings.Fields(strings.TrimPrefix(place, china+" "))
	if len(words) != 1 {
		return "", ""
	}
	city = strings.TrimSuffix(words[0], "市")
	for province, cities := range citiesOf {
		if slices.Contains(strings.Fields(cities), city) {
			return province, city
		}
	}
	return "", ""
}

// maxNearest is how many similar labels are named for an unknown one.
const maxNearest = 3

// similarLabels returns the known labels that are most alike to an unknown one, the best
// first. A label must share half of the pieces.
func similarLabels(unknown string, known []string) []string {
	type candidate struct {
		label string
		alike float64
	}
	var found []candidate
	for _, k := range known {
		if alike := likeness(unknown, k); alike >= 0.5 {
			found = append(found, candidate{k, alike})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.alike, a.alike) })
	var out []string
	for _, c := range found[:min(len(found), maxNearest)] {
		out = append(out, c.label)
	}
	return out
}

// likeness is the share of common pieces, 0 to 1.
func likeness(a, b string) float64 {
	x, y := pieces(a), pieces(b)
	left, shared := slices.Clone(y), 0
	for _, piece := range x {
		if i := slices.Index(left, piece); i >= 0 {
			left, shared = slices.Delete(left, i, i+1), shared+1
		}
	}
	return 2 * float64(shared) / float64(len(x)+len(y))
}

// pieces splits a text in Latin letters into words, and any other into characters.
func pieces(s string) []string {
	if s = strings.ToLower(s); strings.Trim(s, alphanumeric+"_-& ") == "" {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("_-& ", r) })
	}
	return strings.Split(s, "")
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
	categories, personas := SearchLabels.categoryNames(), SearchLabels.Personas
	var out []UnknownLabel
	for _, label := range f.Categories {
		if Synonyms[label] == "" && !slices.Contains(categories, label) {
			u := unknownLabel(label, categories)
			u.IsPersona = slices.Contains(personas, u.Label)
			out = append(out, u)
		}
	}
	for _, label := range f.Personas {
		if !slices.Contains(personas, label) {
			u := unknownLabel(label, personas)
			u.IsCategory = Synonyms[u.Label] != "" || slices.Contains(categories, u.Label)
			out = append(out, u)
		}
	}
	return out
}

func unknownLabel(label string, known []string) UnknownLabel {
	return UnknownLabel{Label: printable(label, maxKeyword), Nearest: similarLabels(label, known)}
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
