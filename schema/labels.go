package schema

import (
	"cmp"
	_ "embed" // for labels.json
	"encoding/json"
	"slices"
	"strings"
)

// Labels are the words that the platform's search takes.
var Labels = readLabels()

// LabelSet is what a search can be narrowed down by, in the platform's words.
type LabelSet struct {
	Categories  []CategoryLabel `json:"categories"`
	Personas    []string        `json:"personas"`
	Locations   []string        `json:"locations"` // countries, and "中国" with a province
	ChildStages []ChildStage    `json:"childStages"`
	Industries  []IndustryLabel `json:"industries"`
}

// CategoryLabel is a category of the first level and those of the second in it.
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

// Synonyms are names of categories on the platform's own page, and the labels that its
// search takes for them.
var Synonyms = map[string]string{
	"出行旅游": "出行",
	"移动数码": "数码",
	"减脂塑形": "健身减肥",
	"科技":   "科技数码",
	"母婴育儿": "母婴",
}

const home = "中国"

// isPlace reports a text that begins with a country, or with a province of China, with
// or without the country before it.
func (l *LabelSet) isPlace(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return false
	}
	if words[0] == home && len(words) > 1 {
		return slices.Contains(l.Locations, home+" "+words[1])
	}
	return slices.Contains(l.Locations, words[0]) || slices.Contains(l.Locations, home+" "+words[0])
}

// maxNearest is how many known labels are named beside an unknown one.
const maxNearest = 3

// nearest gives the known labels that share the most characters with an unknown one,
// the best first; a label with fewer than half of them in common is none.
func nearest(unknown string, known []string) []string {
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

// likeness is 1 for texts of the same pieces and 0 for texts that share none.
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

// pieces are the words of a text in Latin letters, and the characters of any other.
func pieces(s string) []string {
	if s = strings.ToLower(s); strings.Trim(s, alphanumeric+"_-& ") == "" {
		return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("_-& ", r) })
	}
	return strings.Split(s, "")
}
