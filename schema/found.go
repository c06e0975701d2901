package schema

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
)

// Match says how well a blogger matches the name that was searched for.
type Match string

// The matches, the best first.
const (
	MatchRedID   Match = "redId" // the 小红书号 is the same
	MatchName    Match = "name"  // the name is the same, except for case, blanks and full width
	MatchSimilar Match = "similar"
)

// matches lists the matches, the best first.
var matches = []Match{MatchRedID, MatchName, MatchSimilar}

// matchWords has a word for each match.
var matchWords = map[Match]lang.T{
	MatchRedID:   t("redId", "小红书号一致"),
	MatchName:    t("name", "昵称一致"),
	MatchSimilar: t("similar", "相似"),
}

// MatchOf compares a blogger with the name or 小红书号 that was searched for. An empty
// given is no match, "".
func MatchOf(given, redID, name string) Match {
	bare := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(fold(s)), "")) }
	switch bare(given) {
	case "":
		return ""
	case bare(redID):
		return MatchRedID
	case bare(name):
		return MatchName
	}
	return MatchSimilar
}

// Found is the structured result of find_bloggers.
type Found struct {
	Rows []FoundRow `json:"rows"`
	Plan *Plan      `json:"plan,omitempty"`
	Meta FoundMeta  `json:"meta"`
}

// FoundRow is one blogger of a search.
type FoundRow struct {
	Row
	// Position is the row's number in the platform's order, from 1; absent if the rows are
	// ranked.
	Position     *int     `json:"position,omitempty"`
	Match        Match    `json:"match,omitempty" jsonschema:"enum=redId,enum=name,enum=similar"`
	ReplyPercent *float64 `json:"replyPercent,omitempty"`
}

// FoundMeta says what was searched for, how many were found and what the call cost.
// Cached and Billed count requests.
type FoundMeta struct {
	Format          Format         `json:"format"`
	Filters         SentFilters    `json:"filters"`
	Found           *int64         `json:"found,omitempty"`
	FoundIsCeiling  bool           `json:"foundIsCeiling"`
	Fetched         int            `json:"fetched"`
	Bookable        int            `json:"bookable"`
	WithinPrice     *int           `json:"withinPrice,omitempty"`
	Outside         int            `json:"outside,omitempty"`
	Page            int            `json:"page"`
	NextPage        int            `json:"nextPage,omitempty"`
	UnknownLabels   []UnknownLabel `json:"unknownLabels,omitempty"`
	SortBy          SortKey        `json:"sortBy,omitempty"`
	BudgetCNY       float64        `json:"budgetCny,omitempty"`
	MaxPicks        int            `json:"maxPicks,omitempty"`
	FeePercent      float64        `json:"feePercent,omitempty"`
	Source          string         `json:"source"`
	OldestFetchedAt string         `json:"oldestFetchedAt,omitempty"`
	NewestFetchedAt string         `json:"newestFetchedAt,omitempty"`
	Cached          int            `json:"cached"`
	Billed          int            `json:"billed"`
	Failed          []FailedPage   `json:"failed"`
	CallsLeft       *int           `json:"callsLeft,omitempty"`
	Caveats         []string       `json:"caveats,omitempty"`
}

// SentFilters are the parameters that narrowed a search, by the platform's names.
type SentFilters map[string]string

// FailedPage is a page of a search that did not come.
type FailedPage struct {
	Page  int    `json:"page"`
	Error string `json:"error"`
}

// FoundColumns are the columns of a search's rows: those of a comparison, and position,
// match and replyPercent.
var FoundColumns = func() []Column[FoundRow] {
	var out []Column[FoundRow]
	for _, c := range Columns {
		out = append(out, ofFound(c))
		switch c.Name {
		case "rank":
			out = append(out, Column[FoundRow]{Name: "position", EmptyMeansNone: true, Header: t("Place", "平台排序"), Figure: known(func(r *FoundRow) *int { return r.Position })})
		case "name":
			out = append(out, Column[FoundRow]{Name: "match", EmptyMeansNone: true, Header: t("Match", "匹配"), Text: func(r *FoundRow) string { return string(r.Match) },
				TextIn: func(l lang.Language, r *FoundRow) string { return l.Say(matchWords[r.Match]) }, Drop: 8})
		case SponsoredNotes:
			out = append(out, percentage("replyPercent", t("Replies in 48 h", "48h回复率"), func(r *FoundRow) *float64 { return r.ReplyPercent }).drop(5))
		}
	}
	return out
}()

// ofFound turns a column of a comparison into one of a search.
func ofFound(c Column[Row]) Column[FoundRow] {
	f := Column[FoundRow]{Name: c.Name, Header: c.Header, Unit: c.Unit, Ranking: c.Ranking, Quantity: c.Quantity, EmptyMeansNone: c.EmptyMeansNone, Uncut: c.Uncut, ID: c.ID, Detail: c.Detail, Drop: c.Drop}
	if c.Figure != nil {
		f.Figure = func(r *FoundRow) (float64, bool) { return c.Figure(&r.Row) }
	}
	if c.Text != nil {
		f.Text = func(r *FoundRow) string { return c.Text(&r.Row) }
	}
	if c.TextIn != nil {
		f.TextIn = func(l lang.Language, r *FoundRow) string { return c.TextIn(l, &r.Row) }
	}
	if c.List != nil {
		f.List = func(l lang.Language, r *FoundRow) []string { return c.List(l, &r.Row) }
	}
	if c.Link != nil {
		f.Link = func(r *FoundRow) string { return c.Link(&r.Row) }
	}
	return f
}

// OrderByMatch puts exact matches first.
func OrderByMatch(rows []FoundRow) {
	slices.SortStableFunc(rows, func(a, b FoundRow) int { return slices.Index(matches, a.Match) - slices.Index(matches, b.Match) })
}
