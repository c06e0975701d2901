package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// How many bloggers a comparison takes at most, and how many picks its plan.
const (
	MaxCompared = 20
	maxPicks    = 20
)

// CompareInput is what compare_bloggers takes; its JSON is a call's arguments.
type CompareInput struct {
	UserIDs     []string `json:"userIds"`
	Format      Format   `json:"format,omitempty"`
	SortBy      SortKey  `json:"sortBy,omitempty"`
	MaxPriceCNY float64  `json:"maxPriceCny,omitempty"` // 0 is no limit
	BudgetCNY   float64  `json:"budgetCny,omitempty"`   // 0 is no plan
	MaxPicks    int      `json:"maxPicks,omitempty"`    // 0 is no limit
	Refresh     bool     `json:"refresh,omitempty"`
	CachedOnly  bool     `json:"cachedOnly,omitempty"`

	// Malformed lists what was given and has no id.
	Malformed []Malformed `json:"-"`
}

// CompareArguments are the arguments of compare_bloggers. A userId that has no id does
// not fail the call: it goes into Malformed.
var CompareArguments = newArguments(
	func(in *CompareInput, named naming) *Refusal {
		return cmp.Or(notBoth(in.Refresh, in.CachedOnly, named), planNeedsBudget(in.BudgetCNY, in.MaxPicks, named))
	},
	arg("userIds", "", "User ids (24 hex digits) or profile URLs; duplicates count once.",
		compared(), func(in *CompareInput) *CompareInput { return in }),
	arg("format", "format", "Whose quote to compare.",
		oneOf(Formats), func(in *CompareInput) *Format { return &in.Format }),
	arg("sortBy", "sort", "Costs and price ascending, the rest descending; then those who cannot be booked.",
		oneOf(SortKeys), func(in *CompareInput) *SortKey { return &in.SortBy }),
	arg("maxPriceCny", "max-price", "Most CNY for one note, above 0; dearer quotes get no rank.",
		amount(), func(in *CompareInput) *float64 { return &in.MaxPriceCNY }),
	arg("budgetCny", "budget-cny", "CNY for all picks, above 0: adds a plan, the bloggers that together bring the most for it.",
		amount(), func(in *CompareInput) *float64 { return &in.BudgetCNY }),
	arg("maxPicks", "max-picks", "Most bloggers in the plan, 1–20.",
		whole(1, maxPicks, 0), func(in *CompareInput) *int { return &in.MaxPicks }),
	arg("refresh", "", "Ask the upstream again for all; paid calls.", boolean(), func(in *CompareInput) *bool { return &in.Refresh }),
	arg("cachedOnly", "cached-only", cachedOnlyWords, boolean(), func(in *CompareInput) *bool { return &in.CachedOnly }),
)

// planNeedsBudget refuses maxPicks without budgetCny.
func planNeedsBudget(budgetCNY float64, picks int, named naming) *Refusal {
	if budgetCNY > 0 || picks == 0 {
		return nil
	}
	return refuse(t(
		"%s bounds the plan of %s: give both",
		"%s 限制 %s 的投放方案：请一并提供"),
		named("maxPicks"), named("budgetCny"))
}

var (
	bloggers = t("user ids or profile URLs", " userId 或主页链接")
	tooMany  = refuse(t("has more than %d bloggers: give 1 to %d", "超过 %d 位博主：请提供 1 至 %d 位"), MaxCompared, MaxCompared)
)

// compared is the list of the bloggers of a comparison.
func compared() argType[CompareInput] {
	return idList(userIDType, MaxCompared, bloggers, userIDType.split, func(into *CompareInput, given, id string, refusal *Refusal) *Refusal {
		into.add(given, id, refusal)
		if len(into.UserIDs)+len(into.Malformed) > MaxCompared {
			return tooMany
		}
		return nil
	})
}

// UserIDs reads 1 to MaxCompared ids or URLs from one text. Duplicates count once. The
// error is a *Refusal.
func UserIDs(text string) ([]string, error) {
	var in CompareInput
	for i, e := range splitList(text, userIDType.split) {
		id, refusal := userIDType.readJSON(e)
		if refusal != nil {
			return nil, refusal.about(fmt.Sprintf("userIds[%d]", i))
		}
		in.add("", id, nil)
	}
	switch n := len(in.UserIDs); {
	case n == 0:
		return nil, emptyList(MaxCompared, bloggers).about("userIds")
	case n > MaxCompared:
		return nil, tooMany.about("userIds")
	}
	return in.UserIDs, nil
}

// Malformed is a text that was given for an id and has none.
type Malformed struct {
	Given string // safe to show
	Err   error  // a *Refusal
	Place int    // of a comparison: how many UserIDs were asked for before it
}

// AddUsers adds any number of bloggers, each as a text that UserID reads. Duplicates
// within given count once; in must have no bloggers yet.
func (in *CompareInput) AddUsers(given []string) {
	added := map[string]bool{}
	for _, g := range given {
		id, refusal := userIDType.read(g)
		switch {
		case refusal != nil:
			in.add(g, "", refusal)
		case !added[id]:
			added[id] = true
			in.UserIDs = append(in.UserIDs, id)
		}
	}
}

func (in *CompareInput) add(given, id string, refusal *Refusal) {
	if refusal == nil {
		if !slices.Contains(in.UserIDs, id) {
			in.UserIDs = append(in.UserIDs, id)
		}
		return
	}
	m := Malformed{Given: Showable(given), Err: refusal, Place: len(in.UserIDs)}
	if !slices.ContainsFunc(in.Malformed, func(o Malformed) bool { return o.Given == m.Given }) {
		in.Malformed = append(in.Malformed, m)
	}
}

// Showable returns a caller's text on one line, cut to 120 characters and safe to show;
// an empty one is two quotes.
func Showable(given string) string { return cmp.Or(strings.TrimSpace(printable(given, 120)), `""`) }
