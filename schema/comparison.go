package schema

import (
	"slices"

	"pgy-mcp/internal/lang"
)

// Format is a kind of note. Image and video notes have a quote; FormatAll is both together.
type Format string

// The formats.
const (
	FormatVideo Format = "video"
	FormatImage Format = "image"
)

// Formats lists the formats, the default first.
var Formats = []Format{FormatVideo, FormatImage}

// Word names the format in a sentence.
func (f Format) Word() lang.T { return formatWords[f] }

var formatWords = map[Format]lang.T{
	FormatVideo: t("video", "视频"),
	FormatImage: t("image", "图文"),
	FormatAll:   t("image and video", "图文与视频"),
}

// SortKey is the figure that ranks the rows of a comparison.
type SortKey string

// The sort keys, named as the members they sort by.
const (
	ByCNYPerEngagement          SortKey = "cnyPerEngagement"
	ByCNYPerRead                SortKey = "cnyPerRead"
	ByCNYPerThousandFollowers   SortKey = "cnyPerThousandFollowers"
	ByCNYPerSponsoredEngagement SortKey = "cnyPerSponsoredEngagement"
	ByCNYPerSponsoredRead       SortKey = "cnyPerSponsoredRead"
	ByCNYPerFormatEngagement    SortKey = "cnyPerFormatEngagement"
	ByCNYPerFormatRead          SortKey = "cnyPerFormatRead"
	ByPriceCNY                  SortKey = "priceCny"
	ByFollowers                 SortKey = "followers"
	ByFollowerGrowthRate        SortKey = FollowerGrowthRate
	ByReadMedian                SortKey = "readMedian"
	ByEngagementMedian          SortKey = "engagementMedian"
	ByEngagementToReadRatio     SortKey = "engagementToReadRatio"
	BySponsoredReadMedian       SortKey = SponsoredReads
	ByPlatformCPM               SortKey = "platformCpmCny"
	ByPlatformCNYPerEngagement  SortKey = "platformCnyPerEngagement"
	ByPlatformCNYPerRead        SortKey = "platformCnyPerRead"
)

// SortKeys lists the sort keys, the default first.
var SortKeys = []SortKey{ByCNYPerEngagement, ByCNYPerRead, ByCNYPerThousandFollowers,
	ByCNYPerSponsoredEngagement, ByCNYPerSponsoredRead, ByCNYPerFormatEngagement, ByCNYPerFormatRead, ByPriceCNY,
	ByFollowers, ByFollowerGrowthRate, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio, BySponsoredReadMedian,
	ByPlatformCPM, ByPlatformCNYPerEngagement, ByPlatformCNYPerRead}

// Ascending reports whether the smallest value ranks first, as for costs and prices.
func (k SortKey) Ascending() bool {
	return !slices.Contains([]SortKey{ByFollowers, ByFollowerGrowthRate, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio, BySponsoredReadMedian}, k)
}

// AboutReads reports whether a plan under this key maximizes reads; otherwise it
// maximizes engagements.
func (k SortKey) AboutReads() bool {
	return slices.Contains([]SortKey{ByCNYPerRead, ByCNYPerFormatRead, ByCNYPerSponsoredRead, ByReadMedian, BySponsoredReadMedian, ByPlatformCNYPerRead}, k)
}

// Comparison is the structured result of compare_bloggers.
type Comparison struct {
	Rows []Row          `json:"rows"`
	Plan *Plan          `json:"plan,omitempty"`
	Meta ComparisonMeta `json:"meta"`
}

// Row is one blogger of a comparison. What is unknown is absent; a row whose look-up
// failed has only its userId and the error. Prices are in CNY a note.
type Row struct {
	Rank                  *int        `json:"rank,omitempty"`
	UserID                string      `json:"userId"`
	Name                  string      `json:"name,omitempty"`
	Followers             *int64      `json:"followers,omitempty"`
	ReadMedian            *int64      `json:"readMedian,omitempty"`
	EngagementMedian      *int64      `json:"engagementMedian,omitempty"`
	EngagementToReadRatio *float64    `json:"engagementToReadRatio,omitempty"`
	Status                QuoteStatus `json:"status,omitempty" jsonschema:"enum=open,enum=closed,enum=hidden,enum=no_quote,enum=placeholder,enum=unknown"`
	NotBookable           string      `json:"notBookable,omitempty"`
	Outside               string      `json:"outside,omitempty"`
	PriceCNY              *float64    `json:"priceCny,omitempty"`
	PriceWithFeeCNY       *float64    `json:"priceWithFeeCny,omitempty"`
	ImagePriceCNY         *float64    `json:"imagePriceCny,omitempty"`
	VideoPriceCNY         *float64    `json:"videoPriceCny,omitempty"`
	UnitCosts
	PlatformCosts
	SponsoredReadMedian30d       *float64 `json:"sponsoredReadMedian30d,omitempty"`
	SponsoredNotes30d            *float64 `json:"sponsoredNotes30d,omitempty"`
	FollowerGrowthRate30dPercent *float64 `json:"followerGrowthRate30dPercent,omitempty"`
	MCN                          string   `json:"mcn,omitempty"`
	Categories                   []string `json:"categories,omitempty"`
	Location                     string   `json:"location,omitempty"`
	Health                       Health   `json:"health,omitempty" jsonschema:"enum=abnormal,enum=ordinary,enum=excellent"`
	ProfileURL                   string   `json:"profileUrl,omitempty"`
	FetchedAt                    string   `json:"fetchedAt,omitempty"`
	Flags                        []string `json:"flags,omitempty"`
	Error                        string   `json:"error,omitempty"`

	// Pending and NotCached mark an error that is not a failure.
	Pending   bool `json:"-"`
	NotCached bool `json:"-"`
}

// PlatformCosts are the platform's own estimates for one format, in CNY.
type PlatformCosts struct {
	PlatformCPM              *float64 `json:"platformCpmCny,omitempty"`
	PlatformCNYPerEngagement *float64 `json:"platformCnyPerEngagement,omitempty"`
	PlatformCNYPerRead       *float64 `json:"platformCnyPerRead,omitempty"`
}

// Plan is the set of bookable rows with the most engagements or reads among those sets
// that cost at most the budget. Prices are in CNY; Left is the rest of the budget.
// UserIDs is empty if no set fits. The sums of medians are of the picks whose median is
// known; they are nil if no pick's is, and 0 without picks.
type Plan struct {
	UserIDs           []string `json:"userIds"`
	PriceCNY          float64  `json:"priceCny"`
	PriceWithFeeCNY   *float64 `json:"priceWithFeeCny,omitempty"`
	EngagementMedians *int64   `json:"engagementMedians,omitempty"`
	ReadMedians       *int64   `json:"readMedians,omitempty"`
	Left              float64  `json:"left"`

	// Exact is false if the search ended early: another set may be better.
	Exact bool `json:"-"`
}

// ComparisonMeta says how the rows were made and what the call cost. Cached, Billed,
// Pending, Failed and NotCached count rows.
type ComparisonMeta struct {
	Format          Format   `json:"format"`
	SortBy          SortKey  `json:"sortBy"`
	MaxPriceCNY     float64  `json:"maxPriceCny,omitempty"`
	BudgetCNY       float64  `json:"budgetCny,omitempty"`
	MaxPicks        int      `json:"maxPicks,omitempty"`
	FeePercent      float64  `json:"feePercent,omitempty"`
	Source          string   `json:"source"`
	OldestFetchedAt string   `json:"oldestFetchedAt,omitempty"`
	NewestFetchedAt string   `json:"newestFetchedAt,omitempty"`
	Cached          int      `json:"cached"`
	Billed          int      `json:"billed"`
	Pending         int      `json:"pending"`
	Failed          int      `json:"failed"`
	NotCached       int      `json:"notCached"`
	CallsLeft       *int     `json:"callsLeft,omitempty"`
	Caveats         []string `json:"caveats,omitempty"`
}
