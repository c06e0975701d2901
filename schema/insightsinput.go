package schema

// Traffic says which views of a note are counted.
type Traffic string

// traffics lists the kinds of traffic, the default first.
var traffics = []Traffic{TrafficAll, TrafficOrganic}

// The kinds of traffic.
const (
	TrafficAll     Traffic = "all"
	TrafficOrganic Traffic = "organic" // without paid promotion
)

// maxPage is the last page of notes that can be asked for.
const maxPage = 10

// InsightsInput is what get_blogger_insights takes.
type InsightsInput struct {
	UserID     string
	Sections   []Section // in the order of the list Sections
	Scope      Scope
	Format     Format
	Days       int
	Traffic    Traffic
	Page       int
	Raw        RawMode
	Refresh    bool
	CachedOnly bool
}

// InsightsArguments are the arguments of get_blogger_insights.
var InsightsArguments = newArguments(
	func(in *InsightsInput, named naming) *Refusal {
		return notBoth(in.Refresh, in.CachedOnly, named)
	},
	arg("userId", "", "24 hex digits or a profile URL; no 小红书号 (redId), no note URL.",
		userID(), func(in *InsightsInput) *string { return &in.UserID }),
	arg("sections", "sections", "performance: medians, rates, traffic; audience: who follows; followers: growth, activity; costs: CPM, unit costs; notes: 8 a page; trend: medians by day; growth: followers by day; availability: replies.",
		someOf(Sections, defaultSections), func(in *InsightsInput) *[]Section { return &in.Sections }),
	arg("scope", "scope", "For performance, notes, trend, availability; for notes, daily is all.",
		oneOf(Scopes), func(in *InsightsInput) *Scope { return &in.Scope }),
	arg("format", "format", "For performance, notes, trend; unit costs need one.",
		oneOf(NoteFormats), func(in *InsightsInput) *Format { return &in.Format }),
	arg("days", "days", "For performance, trend, growth.",
		oneOfNumbers(windows...), func(in *InsightsInput) *int { return &in.Days }),
	arg("traffic", "traffic", "For performance, trend; organic leaves paid promotion out.",
		oneOf(traffics), func(in *InsightsInput) *Traffic { return &in.Traffic }),
	arg("page", "page", "For notes, 1–10.",
		whole(1, maxPage, 1), func(in *InsightsInput) *int { return &in.Page }),
	arg("raw", "", "Add the upstream's data, up to 10 KB a section.",
		oneOf([]RawMode{RawNone, RawCompact, RawFull}), func(in *InsightsInput) *RawMode { return &in.Raw }),
	arg("refresh", "", refreshWords, boolean(), func(in *InsightsInput) *bool { return &in.Refresh }),
	arg("cachedOnly", "cached-only", cachedOnlyWords, boolean(), func(in *InsightsInput) *bool { return &in.CachedOnly }),
)

// OrderSections returns sections in the order of Sections, each once. If none is asked
// for, it returns the default ones.
func OrderSections(asked []Section) []Section {
	if len(asked) == 0 {
		asked = defaultSections
	}
	return inOrder(Sections, asked)
}
