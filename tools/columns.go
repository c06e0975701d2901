package tools

import (
	"slices"

	"github.com/mattn/go-runewidth"

	"pgy-mcp/schema"
)

// column is one member of a comparison's rows as a reader sees it. Text, CSV
// and page take their columns from the one list.
type column struct {
	name   string // in JSON and CSV
	header string // in tables; a column without one is in CSV alone
	// ranking says in a sentence what rows are ranked by; "" where they cannot be.
	ranking string
	// figure gives a number, or ok false where it is unknown; nil for words.
	figure func(*schema.Row) (v float64, ok bool)
	// word gives a text, "" where it is unknown; nil for figures.
	word func(*schema.Row) string
	// drop says in which order columns go where a terminal is too narrow: 1
	// first; 0 stays. No two that go have the same.
	drop int
}

// columns are in the order in which they are shown.
var columns = []column{
	{name: "rank", header: "#", figure: known(func(r *schema.Row) *int { return r.Rank })},
	{name: "name", header: "Name", word: func(r *schema.Row) string { return r.Name }},
	{name: "userId", header: "User ID", word: func(r *schema.Row) string { return r.UserID }, drop: 1},
	{name: "status", header: "Quote", word: func(r *schema.Row) string { return string(r.Status) }},
	sortable(schema.ByPriceCNY, "Price CNY", "price", 0, func(r *schema.Row) *float64 { return r.PriceCNY }),
	sortable(schema.ByCNYPerEngagement, "CNY/engagement", "CNY per engagement", 15, func(r *schema.Row) *float64 { return r.CNYPerEngagement }),
	sortable(schema.ByCNYPerRead, "CNY/read", "CNY per read", 11, func(r *schema.Row) *float64 { return r.CNYPerRead }),
	sortable(schema.ByCNYPerThousandFollowers, "CNY/1,000 followers", "CNY per 1,000 followers", 10, func(r *schema.Row) *float64 { return r.CNYPerThousandFollowers }),
	sortable(schema.ByFollowers, "Followers", "followers", 14, func(r *schema.Row) *int64 { return r.Followers }),
	sortable(schema.ByReadMedian, "Read median", "read median", 13, func(r *schema.Row) *int64 { return r.ReadMedian }),
	sortable(schema.ByEngagementMedian, "Engagement median", "engagement median", 12, func(r *schema.Row) *int64 { return r.EngagementMedian }),
	sortable(schema.ByEngagementToReadRatio, "Engagement/read", "engagement/read ratio", 9, func(r *schema.Row) *float64 { return r.EngagementToReadRatio }),
	sortable(schema.ByPlatformCPM, "Platform CPM", "the platform's CPM", 7, func(r *schema.Row) *float64 { return r.PlatformCPM }),
	sortable(schema.ByPlatformCNYPerEngagement, "Platform CNY/engagement", "the platform's CNY per engagement", 6, func(r *schema.Row) *float64 { return r.PlatformCNYPerEngagement }),
	sortable(schema.ByPlatformCNYPerRead, "Platform CNY/read", "the platform's CNY per read", 5, func(r *schema.Row) *float64 { return r.PlatformCNYPerRead }),
	{name: "sponsoredReadMedian30d", header: "Sponsored read median", figure: known(func(r *schema.Row) *float64 { return r.SponsoredReadMedian30d }), drop: 4},
	{name: "mcn", header: "Agency", word: func(r *schema.Row) string { return r.MCN }, drop: 8},
	{name: "category", header: "Category", word: func(r *schema.Row) string { return r.Category }, drop: 3},
	{name: "location", header: "Location", word: func(r *schema.Row) string { return r.Location }, drop: 2},
	{name: "notBookable", header: "Not bookable", word: func(r *schema.Row) string { return r.NotBookable }},
	{name: "error", word: func(r *schema.Row) string { return r.Error }},
}

// sortable is the column of a sort key.
func sortable[T int64 | float64](key schema.SortKey, header, ranking string, drop int, member func(*schema.Row) *T) column {
	return column{name: string(key), header: header, ranking: ranking, figure: known(member), drop: drop}
}

// known reads a member that is nil where it is unknown.
func known[T int | int64 | float64](member func(*schema.Row) *T) func(*schema.Row) (float64, bool) {
	return func(r *schema.Row) (float64, bool) {
		p := member(r)
		if p == nil {
			return 0, false
		}
		return float64(*p), true
	}
}

// columnOf is the column of a sort key.
func columnOf(key schema.SortKey) *column {
	return &columns[slices.IndexFunc(columns, func(c column) bool { return c.name == string(key) })]
}

// unknown is the cell of a value that is not known.
const unknown = "-"

// cell is the column's text for a reader in the language, unescaped and uncut;
// "" where it is unknown.
func (c *column) cell(l Language, r *schema.Row) string {
	if c.figure != nil {
		if v, ok := c.figure(r); ok {
			return number(v)
		}
		return ""
	}
	switch s := c.word(r); {
	case c.name != "status":
		return s
	case r.Error != "":
		return l.say("failed")
	default:
		return l.say(s)
	}
}

// shownColumns are those that a table of the rows has: name and userId always,
// any other where at least one row has something to say in it.
func shownColumns(l Language, rows []schema.Row) []*tableColumn {
	var out []*tableColumn
	for i := range columns {
		c := &columns[i]
		if c.header == "" {
			continue
		}
		shown := newTableColumn(l.say(c.header), c.figure != nil, len(rows), func(row int) string { return fitCell(c.cell(l, &rows[row])) })
		shown.column = c
		if c.name == "name" || c.name == "userId" || !shown.isEmpty() {
			out = append(out, shown)
		}
	}
	return out
}

// display measures text in columns: a CJK character has two, whatever the
// locale of the process is.
var display = &runewidth.Condition{StrictEmojiNeutral: true}
