package render

import (
	_ "embed" // for comparison.html
	"encoding/json"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

//go:embed comparison.html
var comparisonTemplate string

// ComparisonPage shows one comparison or one search's result: in a host of MCP Apps, which hands it the result,
// or from a file, with the comparison inside.
var ComparisonPage = inSlot(comparisonTemplate, "words", comparisonWords())

// comparisonWords are the columns and sentences of the page, in both languages.
func comparisonWords() []byte {
	type column struct {
		Key    string `json:"key"`
		En     string `json:"en"`
		Zh     string `json:"zh"`
		Unit   string `json:"unit,omitempty"`
		UnitZh string `json:"unitZh,omitempty"`
	}
	var words struct {
		Columns   []column    `json:"columns"`
		Sentences [][2]string `json:"sentences"`
	}
	for _, c := range schema.FoundColumns { // those of a comparison are among them
		if c.Name != "error" {
			words.Columns = append(words.Columns, column{c.Name, c.Header.En, c.Header.Zh, c.Unit.En, c.Unit.Zh})
		}
	}
	add := func(t lang.T) { words.Sentences = append(words.Sentences, [2]string{t.En, t.Zh}) }
	for _, k := range schema.CaveatKinds {
		add(k.Text)
	}
	for _, r := range schema.Reasons {
		add(r.Text)
	}
	for _, key := range schema.SortKeys { // in the sentence of NoRank
		add(schema.ColumnOf(key).Ranking)
	}
	for _, m := range schema.Matches {
		add(schema.MatchWords[m])
	}
	for _, s := range schema.QuoteStatuses {
		add(schema.StatusWords[s])
	}
	for _, f := range schema.Formats {
		add(f.Word())
	}
	add(t("failed", "查询失败"))
	return encode(words)
}

// filePolicy is for a page in a file: it loads nothing, whatever its data says.
const filePolicy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">` + "\n"

// ComparisonFile is the page with a comparison or a search's result inside, as JSON, to
// be kept as a file.
func ComparisonFile(l lang.Language, comparison json.RawMessage) string {
	data := encode(struct {
		Lang       lang.Language   `json:"lang"`
		Comparison json.RawMessage `json:"comparison"`
	}{l, comparison})
	return inSlot(strings.Replace(ComparisonPage, slot("data"), filePolicy+slot("data"), 1), "data", data)
}

func slot(id string) string { return `<script id="` + id + `" type="application/json">` }

// inSlot puts JSON into one of a page's slots.
func inSlot(page, id string, data []byte) string {
	return strings.Replace(page, slot(id), slot(id)+string(data), 1)
}

// encode escapes <, > and & too: "</script>" in a name must not end the data.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("render: " + err.Error())
	}
	return b
}
