package schema

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"pgy-mcp/internal/lang"
)

// Limits of a search.
const (
	PageSize    = 20   // bloggers on a page
	FoundAtMost = 5000 // the platform counts no further
	LastPage    = FoundAtMost / PageSize
	maxPages    = 5 // of one call
)

// Values of filters, as callers give them; platformWords has the platform's.
type (
	// Gender is a blogger's.
	Gender string
	// AudienceGender is the gender of most followers.
	AudienceGender string
	// AudienceAge is a group of followers' ages.
	AudienceAge string
	// ChildStage is an age of followers' children.
	ChildStage string
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

// Filters narrow a search.
type Filters struct {
	Categories             []string
	Personas               []string
	Location               string
	AudienceLocation       string
	Gender                 Gender
	AudienceGender         AudienceGender
	AudienceAge            AudienceAge
	ChildStages            []ChildStage
	MinFollowers           int
	MaxFollowers           int
	Format                 Format // "" sends no format; rows then show video quotes
	MinPriceCNY            float64
	MaxPriceCNY            float64
	MinReadMedian          int
	MinEngagementMedian    int
	MinSponsoredReadMedian int
	MaxCPM                 float64
	MaxCNYPerEngagement    float64
	MaxCNYPerRead          float64
	MinReplyPercent        int
	Industry               string
	ExcludeLowActive       bool
	Growing                bool
}

// ShownFormat is the format of the quotes that the rows show and the price limits mean.
func (f *Filters) ShownFormat() Format { return cmp.Or(f.Format, FormatVideo) }

// filter is an argument that narrows a search, and the parameter that is sent for it.
type filter struct {
	argument[FindInput]
	description lang.T // for models and -h, and for a list in Chinese
	// parameters is the parameter's name in the platform's search. If there are two, the
	// first is for image notes and the second for video notes.
	parameters []string
	// value is the parameter's value; "" is not sent. feePercent is the platform's fee.
	value func(f *Filters, feePercent float64) string
}

// narrow makes a filter: row's arguments, then how the value is sent, and as which
// parameters.
func narrow[X any](name, flag string, description lang.T, typ argType[X], member func(*Filters) *X, send func(X) string, parameters ...string) filter {
	return filter{
		argument:    arg(name, flag, description.En, typ, func(in *FindInput) *X { return member(&in.Filters) }),
		description: description,
		parameters:  parameters,
		value:       func(f *Filters, _ float64) string { return send(*member(f)) },
	}
}

// narrowPrice makes a filter of one limit of the price; both limits are one parameter.
func narrowPrice(name, flag string, description lang.T, member func(*Filters) *float64) filter {
	f := narrow(name, flag, description, amount(), member, nil, "notePrice", "videoPrice")
	f.value = priceRange
	return f
}

// parameter is the parameter's name for a format.
func (f *filter) parameter(format Format) string {
	if format == FormatImage {
		return f.parameters[0]
	}
	return f.parameters[len(f.parameters)-1]
}

const (
	maxLabels = 20  // of one filter
	mostCount = 1e9 // followers, reads, engagements
)

// filters lists all filters, in the order of the published schema.
var filters = []filter{
	narrow("categories", "category", t("内容类目, any of: "+List(SearchLabels.firstCategories())+"; or finer ones instead, such as 早教, 面部保养, 美食探店 (pgy://search-labels).", "内容类目，任一即可。"),
		labels(), func(f *Filters) *[]string { return &f.Categories }, categoriesSent, "contentTag"),
	narrow("personas", "persona", t("The blogger's 人设, any of: 妈妈, 孕妈, 爸爸, 萌娃, 情侣, 铲屎官 … (pgy://search-labels).", "人设，任一即可。"),
		labels(), func(f *Filters) *[]string { return &f.Personas }, joined[string], "personalTags"),
	narrow("location", "location", t("Of the blogger, one a call: province (广东, 上海), with its city (广东 深圳), or country (日本).", "博主所在地：一个省份（广东、上海），可加城市（广东 深圳），或国家（日本）。"),
		keyword(), func(f *Filters) *string { return &f.Location }, asGiven, "location"),
	narrow("audienceLocation", "audience-location", t("Of the followers, as location.", "粉丝所在地，写法与博主所在地相同。"),
		keyword(), func(f *Filters) *string { return &f.AudienceLocation }, asGiven, "fansLocation"),
	narrow("gender", "gender", t("The blogger's.", "博主性别：female、male。"),
		oneOfOrNone([]Gender{"female", "male"}), func(f *Filters) *Gender { return &f.Gender }, platformWord[Gender], "gender"),
	narrow("audienceGender", "audience-gender", t("The followers'.", "粉丝性别：mostly_female、mostly_male。"),
		oneOfOrNone([]AudienceGender{"mostly_female", "mostly_male"}), func(f *Filters) *AudienceGender { return &f.AudienceGender }, platformWord[AudienceGender], "fansGender"),
	narrow("audienceAge", "audience-age", t("The followers'.", "粉丝年龄：under_18、18_24、25_34、35_44、over_44。"),
		oneOfOrNone([]AudienceAge{"under_18", "18_24", "25_34", "35_44", "over_44"}), func(f *Filters) *AudienceAge { return &f.AudienceAge }, platformWord[AudienceAge], "fansAge"),
	narrow("childStages", "child-stage", t("Of the followers' children, pregnancy too.", "粉丝的孩子阶段，含孕期。"),
		someOf(SearchLabels.ChildStages, nil), func(f *Filters) *[]ChildStage { return &f.ChildStages }, joined[ChildStage], "fansChildAgeInfo"),
	narrow("minFollowers", "min-followers", t("Least followers.", "粉丝数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinFollowers }, ifAbove0, "fansNumberLower"),
	narrow("maxFollowers", "max-followers", t("Most followers.", "粉丝数上限。"),
		quantity(), func(f *Filters) *int { return &f.MaxFollowers }, ifAbove0, "fansNumberUpper"),
	narrow("format", "format", t("Notes wanted; prices and costs are of it, of video where not given.", "笔记形式：video、image；报价和成本以此为准，不填按视频。"),
		oneOfOrNone(Formats), func(f *Filters) *Format { return &f.Format }, platformWord[Format], "noteType"),
	narrowPrice("minPriceCny", "min-price", t("Least CNY for one note.", "单篇报价下限（元）。"), func(f *Filters) *float64 { return &f.MinPriceCNY }),
	narrowPrice("maxPriceCny", "max-price", t("Most CNY for one note, without the fee unless the operator set one.", "单篇报价上限（元）。"), func(f *Filters) *float64 { return &f.MaxPriceCNY }),
	narrow("minReadMedian", "min-reads", t("Least median reads, daily notes.", "日常笔记阅读中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinReadMedian }, atLeast, "readMidNor30"),
	narrow("minEngagementMedian", "min-engagements", t("Least median engagements, daily notes.", "日常笔记互动中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinEngagementMedian }, atLeast, "interMidNor30"),
	narrow("minSponsoredReadMedian", "min-sponsored-reads", t("Least median reads, sponsored notes.", "合作笔记阅读中位数下限。"),
		quantity(), func(f *Filters) *int { return &f.MinSponsoredReadMedian }, atLeast, "readMidCoop30"),
	narrow("maxCpmCny", "max-cpm", t("Most CNY per 1,000 impressions, estimated.", "预估 CPM（千次曝光成本）上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCPM }, atMost, "estimatePictureCpm", "estimateVideoCpm"),
	narrow("maxCnyPerEngagement", "max-cny-per-engagement", t("Most CNY per engagement (CPE), estimated.", "预估 CPE（互动单价）上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCNYPerEngagement }, atMost, "estimatePictureEngageCost", "estimateVideoEngageCost"),
	narrow("maxCnyPerRead", "max-cny-per-read", t("Most CNY per read, estimated.", "预估阅读单价上限（元），平台预估。"),
		amount(), func(f *Filters) *float64 { return &f.MaxCNYPerRead }, atMost, "estimatePicReadPrice", "estimateVideoReadPrice"),
	narrow("minReplyPercent", "min-reply", t("Least percent of invitations answered within 48 h, 0–100.", "48h邀约回复率下限（%，0–100）。"),
		whole(0, 100, 0), func(f *Filters) *int { return &f.MinReplyPercent }, atLeast, "inviteReply48hNumRatio"),
	narrow("industry", "industry", t("Preset for a brand's industry, rarely needed: MOTHER_BABY_SUPPLIES … (pgy://search-labels).", "品牌行业预设，很少用到，如 MOTHER_BABY_SUPPLIES。"),
		industry(), func(f *Filters) *string { return &f.Industry }, asGiven, "industry"),
	narrow("excludeLowActive", "exclude-low-active", t("Without bloggers marked as low-active.", "排除低活博主。"),
		boolean(), func(f *Filters) *bool { return &f.ExcludeLowActive }, ifTrue, "excludeLowActive"),
	narrow("growing", "growing", t("Only with growing followers.", "只要粉丝在增长的。"),
		boolean(), func(f *Filters) *bool { return &f.Growing }, ifTrue, "fansNumUp"),
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

// FilterDoc is a filter as documents list it.
type FilterDoc struct {
	Name        string
	Flag        string   // without the dash
	Parameters  []string // of the platform's search; for image notes first where there are two
	Description lang.T
}

// FilterDocs lists all filters.
func FilterDocs() []FilterDoc {
	out := make([]FilterDoc, len(filters))
	for i, f := range filters {
		out[i] = FilterDoc{f.name, f.flag, f.parameters, f.description}
	}
	return out
}

func filterArguments() []argument[FindInput] {
	out := make([]argument[FindInput], len(filters))
	for i, f := range filters {
		out[i] = f.argument
	}
	return out
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
