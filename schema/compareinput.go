package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// MaxCompared is the most bloggers of one comparison.
const MaxCompared = 20

var (
	errNobody  = fmt.Errorf("userIds is empty: give 1 to %d user ids or profile URLs", MaxCompared)
	errTooMany = fmt.Errorf("userIds has more than %d bloggers: give 1 to %d", MaxCompared, MaxCompared)
)

// CompareInput is what compare_bloggers takes.
type CompareInput struct {
	UserIDs     []string `json:"userIds" jsonschema:"minItems=1" jsonschema_description:"User ids (24 hex digits) or profile URLs; duplicates count once."`
	Format      Format   `json:"format,omitempty" jsonschema_description:"Whose quote to compare."`
	SortBy      SortKey  `json:"sortBy,omitempty" jsonschema_description:"Costs and price ascending, the rest descending; who cannot be booked comes after who can."`
	MaxPriceCNY float64  `json:"maxPriceCny,omitempty" jsonschema_description:"Most CNY for one note, above 0; dearer quotes get no rank."`
	BudgetCNY   float64  `json:"budgetCny,omitempty" jsonschema_description:"CNY for a plan: the set of bookable bloggers that brings the most engagements (reads where sortBy is about reads)."`
	MaxPicks    int      `json:"maxPicks,omitempty" jsonschema_description:"Most bloggers in the plan, 1 to 20; with budgetCny."`
	Refresh     bool     `json:"refresh,omitempty" jsonschema:"default=false" jsonschema_description:"Ask the upstream again for all; paid calls."`

	// Malformed are those of the bloggers asked for that have no id to look up.
	Malformed []Malformed `json:"-"`
}

// Malformed is what was given for a userId and cannot be one.
type Malformed struct {
	Given string // safe to show
	Err   error  // a sentence for the caller
}

// AddUser adds a blogger by what a person gives: an id or a profile URL. One
// that is there already counts once.
func (in *CompareInput) AddUser(given string) {
	id, err := UserID(given)
	in.add(given, id, err)
}

func (in *CompareInput) add(given, id string, err error) {
	if err == nil {
		if !slices.Contains(in.UserIDs, id) {
			in.UserIDs = append(in.UserIDs, id)
		}
		return
	}
	m := Malformed{Showable(given), err}
	if !slices.ContainsFunc(in.Malformed, func(o Malformed) bool { return o.Given == m.Given }) {
		in.Malformed = append(in.Malformed, m)
	}
}

// Showable is what was given for an id, as a person may be shown it.
func Showable(given string) string { return cmp.Or(strings.TrimSpace(printable(given, 120)), `""`) }

// DecodeCompareInput reads the arguments of compare_bloggers. A userId that
// cannot be one is no mistake of the whole call: it is among Malformed. The
// error is a sentence for the caller.
func DecodeCompareInput(raw json.RawMessage) (CompareInput, error) {
	a := decodeArguments(raw, "userIds", "format", "sortBy", "maxPriceCny", "refresh")
	var in CompareInput
	in.readUserIDs(a)
	in.Format = readEnum(a, "format", Formats...)
	in.SortBy = readEnum(a, "sortBy", SortKeys...)
	in.MaxPriceCNY = readCNY(a, "maxPriceCny")
	in.Refresh = readBool(a, "refresh")
	return in, a.err
}

func (in *CompareInput) readUserIDs(a *arguments) {
	elements, given := readList(a, "userIds", "user ids or profile URLs")
	if !given {
		a.refuse("userIds is missing: give an array of 1 to %d user ids or profile URLs", MaxCompared)
	} else if len(elements) == 0 {
		a.refuse("%w", errNobody)
	}
	for _, e := range elements {
		id, err := readUserID(e, "userId")
		in.add(cmp.Or(Text(e), string(e)), id, err)
		if len(in.UserIDs)+len(in.Malformed) > MaxCompared {
			a.refuse("%w", errTooMany)
			return
		}
	}
}
