package schema

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
)

// Match is how a blogger fits the name that was searched for.
type Match string

// The matches, the best first.
const (
	MatchRedID   Match = "redId" // the 小红书号 is the word given
	MatchName    Match = "name"  // the name is, but for case, blanks and width
	MatchSimilar Match = "similar"
)

// Matches lists the matches, the best first.
var Matches = []Match{MatchRedID, MatchName, MatchSimilar}

// MatchWords are the matches in words.
var MatchWords = map[Match]lang.T{
	MatchRedID:   t("redId", "小红书号一致"),
	MatchName:    t("name", "昵称一致"),
	MatchSimilar: t("similar", "相似"),
}

// MatchOf says how a blogger fits the name or 小红书号 that was searched for.
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
	// Position is the place in the platform's order, from 1; absent where there is a rank
	// to go by.
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

// SentFilters are what narrowed a search, by the platform's names.
type SentFilters map[string]string

// FailedPage is a page of a search that did not come.
type FailedPage struct {
	Page  int    `json:"page"`
	Error string `json:"error"`
}

// FoundColumns are the columns of a search's rows: those of a comparison, with the place
// in front and what only a search knows behind the name.
var FoundColumns = func() []Column[FoundRow] {
	var out []Column[FoundRow]
	for _, c := range Columns {
		out = append(out, ofFound(c))
		switch c.Name {
		case "rank":
			out = append(out, Column[FoundRow]{Name: "position", None: true, Header: t("Place", "平台排序"), Figure: known(func(r *FoundRow) *int { return r.Position })})
		case "name":
			out = append(out, Column[FoundRow]{Name: "match", None: true, Header: t("Match", "匹配"), Word: func(r *FoundRow) string { return string(r.Match) },
				Said: func(l lang.Language, r *FoundRow) string { return l.Say(MatchWords[r.Match]) }, Drop: 8})
		case SponsoredNotes:
			out = append(out, Column[FoundRow]{Name: "replyPercent", Header: t("Replies in 48 h", "48h回复率"), Unit: t("%", "%"), Figure: known(func(r *FoundRow) *float64 { return r.ReplyPercent }), Quantity: Percentage, Drop: 5})
		}
	}
	return out
}()

// ofFound is a column of a comparison for the rows of a search.
func ofFound(c Column[Row]) Column[FoundRow] {
	f := Column[FoundRow]{Name: c.Name, Header: c.Header, Unit: c.Unit, Ranking: c.Ranking, Quantity: c.Quantity, None: c.None, ID: c.ID, Detail: c.Detail, Drop: c.Drop}
	if c.Figure != nil {
		f.Figure = func(r *FoundRow) (float64, bool) { return c.Figure(&r.Row) }
	}
	if c.Word != nil {
		f.Word = func(r *FoundRow) string { return c.Word(&r.Row) }
	}
	if c.Said != nil {
		f.Said = func(l lang.Language, r *FoundRow) string { return c.Said(l, &r.Row) }
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
	slices.SortStableFunc(rows, func(a, b FoundRow) int { return slices.Index(Matches, a.Match) - slices.Index(Matches, b.Match) })
}
