package schema

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
)

// Limits of a search.
const (
	PageSize    = 20   // bloggers on a page
	FoundAtMost = 5000 // the platform counts no further
	LastPage    = FoundAtMost / PageSize
	maxPages    = 5 // of one call
)

// FindInput is what find_bloggers takes. A filter with the zero value is not set.
type FindInput struct {
	Who   Who
	Topic string
	Filters

	SortBy     SortKey // "" is the platform's own order
	BudgetCNY  float64 // 0 is no plan
	MaxPicks   int     // 0 is no limit
	Page       int     // the first
	Pages      int     // how many
	Refresh    bool
	CachedOnly bool
}

// FindArguments are the arguments of find_bloggers.
var FindArguments = newArguments(checkFind, slices.Concat(
	[]argument[FindInput]{
		arg("who", "", "Name, 小红书号, note link, xhslink short link or the share text around it.",
			who(), func(in *FindInput) *Who { return &in.Who }),
		arg("topic", "topic", "Words of notes, in Chinese: 防晒, 辅食.",
			keyword(), func(in *FindInput) *string { return &in.Topic }),
	},
	filterArguments(),
	[]argument[FindInput]{
		arg("sortBy", "sort", "Ranks those fetched, costs and price ascending.",
			oneOfOrNone(SortKeys), func(in *FindInput) *SortKey { return &in.SortBy }),
		arg("budgetCny", "budget-cny", "CNY for all picks, not for one note: adds a plan of those fetched that bring the most within it.",
			amount(), func(in *FindInput) *float64 { return &in.BudgetCNY }),
		arg("maxPicks", "max-picks", "Most bloggers in the plan, 1–20.",
			whole(1, maxPicks, 0), func(in *FindInput) *int { return &in.MaxPicks }),
		arg("page", "page", "First page of 20.",
			whole(1, LastPage, 1), func(in *FindInput) *int { return &in.Page }),
		arg("pages", "pages", "How many, 1–5; each is paid.",
			whole(1, maxPages, 1), func(in *FindInput) *int { return &in.Pages }),
		arg("refresh", "", refreshWords, boolean(), func(in *FindInput) *bool { return &in.Refresh }),
		arg("cachedOnly", "cached-only", cachedOnlyWords, boolean(), func(in *FindInput) *bool { return &in.CachedOnly }),
	})...)

// SetWho sets Who from a text, as Decode does; "" leaves it empty. The error is a
// *Refusal.
func (in *FindInput) SetWho(given string) error {
	if given == "" {
		return nil
	}
	return who().read(quoted(given), &in.Who).about("WHO").asError()
}

// checkFind refuses arguments that are no search, or that no blogger can match.
func checkFind(in *FindInput, named naming) *Refusal {
	narrowed := in.isNarrowed()
	switch {
	case in.Who != Who{} && in.Topic != "":
		return refuse(t(
			"%s and %s exclude each other: one searches names, the other words of notes; give one",
			"%s 与 %s 不能同时使用：前者按昵称搜索，后者按笔记关键词搜索；请只给其中一个"),
			named("who"), named("topic"))
	case in.Who.IsLink() && narrowed:
		return refuse(t(
			"is a link, which names one blogger and takes no filters: give the link alone",
			"是链接，已指明一位博主，不能再加筛选条件：请只提供链接")).about(named("who"))
	case in.Who == Who{} && in.Topic == "" && !narrowed:
		return refuse(t(
			"nothing to search for: give %s, %s or a filter such as %s, %s or %s",
			"没有搜索条件：请提供 %s、%s 或筛选条件，如 %s、%s、%s"),
			named("who"), named("topic"), named("categories"), named("location"), named("maxPriceCny"))
	case in.MaxFollowers > 0 && in.MinFollowers > in.MaxFollowers:
		return contradiction(named("minFollowers"), named("maxFollowers"))
	case in.MaxPriceCNY > 0 && in.MinPriceCNY > in.MaxPriceCNY:
		return contradiction(named("minPriceCny"), named("maxPriceCny"))
	}
	return cmp.Or(notBoth(in.Refresh, in.CachedOnly, named), planNeedsBudget(in.BudgetCNY, in.MaxPicks, named))
}

func contradiction(least, most string) *Refusal {
	return refuse(t("%s is above %s: nobody can match both", "%s 大于 %s：没有人能同时满足"), least, most)
}

// isNarrowed reports whether a filter other than the format is set.
func (in *FindInput) isNarrowed() bool {
	return slices.ContainsFunc(filters, func(f filter) bool { return f.name != "format" && f.value(&in.Filters, 0) != "" })
}

// Parameters returns the parameters of the platform's search for one page, from 1.
// feePercent is the fee that the platform adds to a quote: price limits include it, the
// parameters do not.
func (in *FindInput) Parameters(page int, feePercent float64) url.Values {
	v := url.Values{"searchType": {"NICKNAME"}, "sort": {"DEFAULT"}, "page": {strconv.Itoa(page)}}
	if in.Topic != "" {
		v.Set("searchType", "NOTE")
	}
	if keyword := cmp.Or(in.Who.Name, in.Topic); keyword != "" {
		v.Set("keyword", keyword)
	}
	for i := range filters {
		if value := filters[i].value(&in.Filters, feePercent); value != "" {
			v.Set(filters[i].parameter(in.ShownFormat()), value)
		}
	}
	return v
}

// Sent returns those of the Parameters that narrow the search; none for a link.
func (in *FindInput) Sent(feePercent float64) SentFilters {
	sent := SentFilters{}
	if in.Who.IsLink() {
		return sent
	}
	for name, values := range in.Parameters(in.Page, feePercent) {
		if name != "searchType" && name != "sort" && name != "page" {
			sent[name] = values[0]
		}
	}
	return sent
}
