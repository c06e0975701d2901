package schema

import (
	"slices"

	"pgy-mcp/internal/lang"
)

// Format is one of the two kinds of note that have a quote.
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

// SortKey is what the rows of a comparison are ranked by.
type SortKey string

// The sort keys, named as the members they sort by.
const (
	ByCNYPerEngagement         SortKey = "cnyPerEngagement"
	ByCNYPerRead               SortKey = "cnyPerRead"
	ByCNYPerThousandFollowers  SortKey = "cnyPerThousandFollowers"
	ByPriceCNY                 SortKey = "priceCny"
	ByFollowers                SortKey = "followers"
	ByReadMedian               SortKey = "readMedian"
	ByEngagementMedian         SortKey = "engagementMedian"
	ByEngagementToReadRatio    SortKey = "engagementToReadRatio"
	ByPlatformCPM              SortKey = "platformCpmCny"
	ByPlatformCNYPerEngagement SortKey = "platformCnyPerEngagement"
	ByPlatformCNYPerRead       SortKey = "platformCnyPerRead"
)

// SortKeys lists the sort keys, the default first.
var SortKeys = []SortKey{ByCNYPerEngagement, ByCNYPerRead, ByCNYPerThousandFollowers, ByPriceCNY,
	ByFollowers, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio,
	ByPlatformCPM, ByPlatformCNYPerEngagement, ByPlatformCNYPerRead}

// Ascending reports whether less ranks higher: costs and prices do.
func (k SortKey) Ascending() bool {
	return !slices.Contains([]SortKey{ByFollowers, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio}, k)
}

// Comparison is the structured result of compare_bloggers.
type Comparison struct {
	Rows []Row          `json:"rows"`
	Meta ComparisonMeta `json:"meta"`
}

// Row is one blogger. A row that failed has its userId and the error; facts
// that are not known are absent.
type Row struct {
	Rank                  *int        `json:"rank,omitempty"`
	UserID                string      `json:"userId"`
	Name                  string      `json:"name,omitempty"`
	Followers             *int64      `json:"followers,omitempty"`
	ReadMedian            *int64      `json:"readMedian,omitempty"`
	EngagementMedian      *int64      `json:"engagementMedian,omitempty"`
	EngagementToReadRatio *float64    `json:"engagementToReadRatio,omitempty"`
	Status                QuoteStatus `json:"status,omitempty" jsonschema:"enum=open,enum=closed,enum=no_quote,enum=placeholder,enum=unknown"`
	NotBookable           string      `json:"notBookable,omitempty"`
	PriceCNY              *float64    `json:"priceCny,omitempty"`
	UnitCosts
	PlatformCosts
	SponsoredReadMedian30d *float64 `json:"sponsoredReadMedian30d,omitempty"`
	MCN                    string   `json:"mcn,omitempty"`
	Category               string   `json:"category,omitempty"`
	Location               string   `json:"location,omitempty"`
	Error                  string   `json:"error,omitempty"`
}

// PlatformCosts are the platform's own figures of one format, where it filled
// them.
type PlatformCosts struct {
	PlatformCPM              *float64 `json:"platformCpmCny,omitempty"`
	PlatformCNYPerEngagement *float64 `json:"platformCnyPerEngagement,omitempty"`
	PlatformCNYPerRead       *float64 `json:"platformCnyPerRead,omitempty"`
}

// ComparisonMeta says how the rows were made and what the call cost.
type ComparisonMeta struct {
	Format      Format   `json:"format"`
	SortBy      SortKey  `json:"sortBy"`
	MaxPriceCNY float64  `json:"maxPriceCny,omitempty"`
	Cached      int      `json:"cached"`
	Billed      int      `json:"billed"`
	Failed      int      `json:"failed"`
	Caveats     []string `json:"caveats,omitempty"`
}
