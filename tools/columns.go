package tools

import (
	"github.com/mattn/go-runewidth"

	"pgy-mcp/schema"
)

// column is one member of a comparison's rows as a reader sees it. Text, CSV
// and page take their columns from the one list.
type column struct {
	name   string // in JSON and CSV
	header string // in tables; a column without one is in CSV alone
	// figure gives a number, or ok false where it is unknown; nil for words.
	figure func(*schema.Row) (v float64, ok bool)
	// word gives a text, "" where it is unknown; nil for figures.
	word func(*schema.Row) string
	// drop says in which order columns go where a terminal is too narrow: 1
	// first; 0 stays.
	drop int
}

// columns are in the order in which they are shown.
var columns = []column{
	{name: "rank", header: "#", figure: rankOf},
	{name: "name", header: "Name", word: func(r *schema.Row) string { return r.Name }},
	{name: "userId", header: "User ID", word: func(r *schema.Row) string { return r.UserID }, drop: 1},
	{name: "status", header: "Quote", word: func(r *schema.Row) string { return string(r.Status) }},
	sortable(schema.ByPriceCNY, "Price CNY", 0),
	sortable(schema.ByCNYPerEngagement, "CNY/engagement", 15),
	sortable(schema.ByCNYPerRead, "CNY/read", 11),
	sortable(schema.ByCNYPerThousandFollowers, "CNY/1,000 followers", 10),
	sortable(schema.ByFollowers, "Followers", 14),
	sortable(schema.ByReadMedian, "Read median", 13),
	sortable(schema.ByEngagementMedian, "Engagement median", 12),
	sortable(schema.ByEngagementToReadRatio, "Engagement/read", 9),
	sortable(schema.ByPlatformCPM, "Platform CPM", 7),
	sortable(schema.ByPlatformCNYPerEngagement, "Platform CNY/engagement", 6),
	sortable(schema.ByPlatformCNYPerRead, "Platform CNY/read", 5),
	{name: "sponsoredReadMedian30d", header: "Sponsored read median", figure: sponsoredReadMedian, drop: 4},
	{name: "mcn", header: "Agency", word: func(r *schema.Row) string { return r.MCN }, drop: 8},
	{name: "category", header: "Category", word: func(r *schema.Row) string { return r.Category }, drop: 3},
	{name: "location", header: "Location", word: func(r *schema.Row) string { return r.Location }, drop: 2},
	{name: "notBookable", header: "Not bookable", word: func(r *schema.Row) string { return r.NotBookable }},
	{name: "error", word: func(r *schema.Row) string { return r.Error }},
}

func sortable(key schema.SortKey, header string, drop int) column {
	figure := func(r *schema.Row) (float64, bool) { return r.Value(key) }
	return column{name: string(key), header: header, figure: figure, drop: drop}
}

func rankOf(r *schema.Row) (float64, bool) {
	if r.Rank == nil {
		return 0, false
	}
	return float64(*r.Rank), true
}

func sponsoredReadMedian(r *schema.Row) (float64, bool) {
	if r.SponsoredReadMedian30d == nil {
		return 0, false
	}
	return *r.SponsoredReadMedian30d, true
}

// unknown is the cell of a value that is not known.
const unknown = "-"

// cell is the column's text for a reader in the language: unescaped and uncut.
func (c *column) cell(l Language, r *schema.Row) string {
	if c.figure != nil {
		if v, ok := c.figure(r); ok {
			return number(v)
		}
		return unknown
	}
	s := c.word(r)
	switch {
	case c.name == "status" && r.Error != "":
		return l.say("failed")
	case s == "":
		return unknown
	case c.name == "status":
		return l.say(s)
	}
	return s
}

// shownColumns are those that a table of the rows has: name and userId always,
// any other where at least one row has something to say in it.
func shownColumns(rows []schema.Row) []*column {
	var out []*column
	for i := range columns {
		c := &columns[i]
		if c.header == "" {
			continue
		}
		shown := c.name == "name" || c.name == "userId"
		for j := range rows {
			shown = shown || c.cell(English, &rows[j]) != unknown
		}
		if shown {
			out = append(out, c)
		}
	}
	return out
}

// sortKey says what a comparison is ranked by.
func (l Language) sortKey(key schema.SortKey) string {
	switch key {
	case schema.ByCNYPerEngagement:
		return l.say("CNY per engagement")
	case schema.ByCNYPerRead:
		return l.say("CNY per read")
	case schema.ByCNYPerThousandFollowers:
		return l.say("CNY per 1,000 followers")
	case schema.ByPriceCNY:
		return l.say("price")
	case schema.ByFollowers:
		return l.say("followers")
	case schema.ByReadMedian:
		return l.say("read median")
	case schema.ByEngagementMedian:
		return l.say("engagement median")
	case schema.ByEngagementToReadRatio:
		return l.say("engagement/read ratio")
	case schema.ByPlatformCPM:
		return l.say("the platform's CPM")
	case schema.ByPlatformCNYPerEngagement:
		return l.say("the platform's CNY per engagement")
	case schema.ByPlatformCNYPerRead:
		return l.say("the platform's CNY per read")
	}
	return string(key)
}

// display measures text in columns: a CJK character has two, whatever the
// locale of the process is.
var display = &runewidth.Condition{StrictEmojiNeutral: true}
