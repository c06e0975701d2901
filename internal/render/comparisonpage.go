package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// ComparisonPage shows one comparison in a host of MCP Apps, which hands it the result.
var ComparisonPage = newPage("comparison", comparisonPageWords(), "scatter.js", "comparison.js", "choice.js", "comparison-text.js")

// ComparisonFile is the page with a comparison inside, to be kept as a file.
func ComparisonFile(l lang.Language, c *schema.Comparison) string {
	var b strings.Builder
	plainHeading(&b, "h1", l.Say(quotesOf[c.Meta.Format]))
	columns, first := uncutColumns(l, schema.Columns, c.Rows)
	plainTables(&b, columns, first)
	plainList(&b, comparisonNotes(l, c, dash))
	return fileOf(ComparisonPage.HTML(), l, c, b.String())
}

// FoundFile is the page with a search inside, to be kept as a file.
func FoundFile(l lang.Language, f *schema.Found) string {
	var b strings.Builder
	plainHeading(&b, "h1", l.Say(quotesOf[f.Meta.Format]))
	columns, first := uncutColumns(l, schema.FoundColumns, f.Rows)
	plainTables(&b, columns, first)
	plainList(&b, foundNotes(l, f, dash))
	return fileOf(ComparisonPage.HTML(), l, f, b.String())
}

// uncutColumns are all columns that have a value, with whole texts. The first ones number
// and name the rows.
func uncutColumns[R any](l lang.Language, columns []schema.Column[R], rows []R) (out []*tableColumn, first int) {
	var rest []*tableColumn
	for i := range columns {
		c := &columns[i]
		shown := newTableColumn(l.Say(c.Header), c.Figure != nil, len(rows), func(row int) string { return cell(l, c, &rows[row]) })
		switch {
		case c.Name == "name":
			out = append(out, shown)
		case shown.isEmpty():
		case c.Name == "rank":
			out = append([]*tableColumn{shown}, out...)
		default:
			rest = append(rest, shown)
		}
	}
	return append(out, rest...), len(out)
}

// pageColumn is a column of the rows for the page's script.
type pageColumn struct {
	Key     string `json:"key"`
	Title   pair   `json:"title"`
	Unit    *pair  `json:"unit,omitempty"`
	Ranking *pair  `json:"ranking,omitempty"`
	// Divides says what a ranked cost divides by, where that is no usual median.
	Divides  *pair  `json:"divides,omitempty"`
	Quantity string `json:"quantity,omitempty"` // "" for words
	None     bool   `json:"none,omitempty"`
	Detail   bool   `json:"detail,omitempty"`
	Drop     int    `json:"drop,omitempty"`
}

// quantities are the names by which the scripts write figures.
var quantities = map[schema.Quantity]string{
	schema.Counted: "count", schema.Money: "money", schema.UnitCost: "cost", schema.Ratio: "ratio", schema.Percentage: "percent",
}

func pageColumns[R any](columns []schema.Column[R]) []pageColumn {
	optional := func(t lang.T) *pair {
		if t.En == "" {
			return nil
		}
		p := pairOf(t)
		return &p
	}
	var out []pageColumn
	for _, c := range columns {
		p := pageColumn{Key: c.Name, Title: pairOf(c.Header), Unit: optional(c.Unit), Ranking: optional(c.Ranking), Divides: optional(otherMedian[schema.SortKey(c.Name)]), None: c.EmptyMeansNone, Detail: c.Detail, Drop: c.Drop}
		if c.Figure != nil {
			p.Quantity = quantities[c.Quantity]
		}
		out = append(out, p)
	}
	return out
}

// comparisonPageWords are the columns, sentences and texts of the page in both languages.
func comparisonPageWords() any {
	sentences := sentencesOf(schema.Formats, true)
	for _, k := range schema.CaveatKinds {
		if k.Flag.En != "" {
			sentences = append(sentences, pairOf(k.Flag))
		}
	}
	for _, r := range schema.Reasons {
		sentences = append(sentences, pairOf(r.Text))
	}
	for _, key := range schema.SortKeys { // in the sentence of NoRank
		sentences = append(sentences, pairOf(schema.ColumnOf(key).Ranking))
	}
	for _, s := range schema.QuoteStatuses {
		sentences = append(sentences, pairOf(schema.StatusWords[s]))
	}
	for _, h := range schema.Healths {
		sentences = append(sentences, pairOf(schema.HealthWords[h]))
	}
	texts := pairsOf(comparisonTexts)
	for key, text := range sharedTexts {
		texts[key] = pairOf(text)
	}
	for key, text := range map[string]lang.T{
		"unanswered": unansweredLine, "failed": failedLine, "caveat": caveatLine, "plan": planLine, "countsLine": countsLine,
		"fetched": fetchedLine, "fetchedBetween": fetchedBetweenLine, "limit": ofAtMost, "quotesAre": unitsAre, "feeIs": feeAdds, "costsAreOf": costsAreOf,
	} {
		texts[key] = pairOf(text)
	}
	return struct {
		Columns       []pageColumn           `json:"columns"`
		Quotes        map[schema.Format]pair `json:"quotes"`
		WithoutAnswer []string               `json:"withoutAnswer"` // the statuses of rows without an answer, in English
		Sentences     []pair                 `json:"sentences"`
		Texts         map[string]pair        `json:"texts"`
	}{pageColumns(schema.FoundColumns), pairsOf(quotesOf), withoutAnswer(), sentences, texts}
}

func withoutAnswer() []string {
	i := slices.IndexFunc(schema.Columns, func(c schema.Column[schema.Row]) bool { return c.Name == "status" })
	var out []string
	for _, r := range []schema.Row{{Error: "x"}, {Pending: true}, {NotCached: true}} {
		out = append(out, schema.Columns[i].TextIn(lang.English, &r))
	}
	return out
}

// sentencesOf are those that results of several tools hold: caveats and the formats.
func sentencesOf(formats []schema.Format, tables bool) []pair {
	var out []pair
	for _, k := range schema.CaveatKinds {
		if tables || !k.OfTables {
			out = append(out, pairOf(k.Text))
		}
	}
	for _, f := range formats {
		out = append(out, pairOf(f.Word()))
	}
	return out
}
