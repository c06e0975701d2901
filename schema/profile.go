package schema

import "encoding/json"

// RawMode says how much of the upstream's answer goes into a result.
type RawMode string

// The raw modes.
const (
	RawCompact RawMode = "compact" // without what is not filled: null, {}, [], and 0 in the platform's figures
	RawFull    RawMode = "full"    // byte for byte
	RawNone    RawMode = "none"    // left out
)

// rawModes lists the raw modes, the default first.
var rawModes = []RawMode{RawCompact, RawFull, RawNone}

// Profile is the structured result of get_blogger_profile.
type Profile struct {
	Summary Summary `json:"summary"`
	// Raw is the upstream's data object without insignificant white space.
	Raw  json.RawMessage `json:"raw,omitempty"`
	Meta Meta            `json:"meta"`
}

// Summary holds the figures of one profile. A nil pointer, an empty string and an empty
// list are unknown; they are absent from the JSON.
type Summary struct {
	UserID     string `json:"userId,omitempty"`
	Name       string `json:"name,omitempty"`
	RedID      string `json:"redId,omitempty"`
	Gender     string `json:"gender" jsonschema:"enum=female,enum=male,enum=unknown"`
	Location   string `json:"location,omitempty"`
	ProfileURL string `json:"profileUrl,omitempty"`
	PgyURL     string `json:"pgyUrl,omitempty"`
	MCN        string `json:"mcn,omitempty"`

	ContentCategories     []Category `json:"contentCategories,omitempty"`
	PersonalTags          []string   `json:"personalTags,omitempty"`
	FeatureTags           []string   `json:"featureTags,omitempty"`
	CooperationIndustries []string   `json:"cooperationIndustries,omitempty"`

	OnPgy       *bool  `json:"onPgy,omitempty"`
	LowActive   *bool  `json:"lowActive,omitempty"`
	HealthLevel *int64 `json:"healthLevel,omitempty"`
	Health      Health `json:"health,omitempty" jsonschema:"enum=abnormal,enum=ordinary,enum=excellent"`

	Followers        *int64 `json:"followers,omitempty"`
	LikesAndCollects *int64 `json:"likesAndCollects,omitempty"`
	BusinessNotes    *int64 `json:"businessNotes,omitempty"`
	ReadMedian       *int64 `json:"readMedian,omitempty"`
	EngagementMedian *int64 `json:"engagementMedian,omitempty"`

	EngagementToReadRatio *float64 `json:"engagementToReadRatio,omitempty"`
	ReadToFollowerRatio   *float64 `json:"readToFollowerRatio,omitempty"`

	Quotes          Quotes       `json:"quotes"`
	PlatformMetrics MetricValues `json:"platformMetrics,omitempty"`

	Changes []ProfileChange `json:"changes,omitempty"` // against the blogger's history

	// NotProvided and Caveats are never nil: they marshal as arrays.
	NotProvided []string `json:"notProvided"`
	Caveats     []string `json:"caveats"`
}

// Health is the platform's word for a health level; "" for a level without one.
type Health string

// The levels of health, of which more is better.
const (
	HealthAbnormal  Health = "abnormal"  // 0
	HealthOrdinary  Health = "ordinary"  // 1
	HealthExcellent Health = "excellent" // 2
)

// Healths are the words for the health levels 0, 1 and 2.
var Healths = []Health{HealthAbnormal, HealthOrdinary, HealthExcellent}

// Category is one content category with its subcategories (never nil).
type Category struct {
	Category      string   `json:"category"`
	Subcategories []string `json:"subcategories"`
}

// Quotes are the two prices a blogger asks on Pgy.
type Quotes struct {
	Image Quote `json:"image"`
	Video Quote `json:"video"`
}

// QuoteStatus says whether a quote can be booked.
type QuoteStatus string

// The quote statuses; the field guide says when each one holds.
const (
	QuoteOpen        QuoteStatus = "open"
	QuoteClosed      QuoteStatus = "closed"
	QuoteHidden      QuoteStatus = "hidden"
	QuoteNone        QuoteStatus = "no_quote"
	QuotePlaceholder QuoteStatus = "placeholder"
	QuoteUnknown     QuoteStatus = "unknown"
)

// QuoteStatuses lists the quote statuses.
var QuoteStatuses = []QuoteStatus{QuoteOpen, QuoteClosed, QuoteHidden, QuoteNone, QuotePlaceholder, QuoteUnknown}

// Quote is the price of one note of one format, in CNY without the platform's service
// fee, and its unit costs.
type Quote struct {
	Status           QuoteStatus `json:"status" jsonschema:"enum=open,enum=closed,enum=hidden,enum=no_quote,enum=placeholder,enum=unknown"`
	PriceCNY         *float64    `json:"priceCny,omitempty"`
	PriceWithFeeCNY  *float64    `json:"priceWithFeeCny,omitempty"`
	ClothingPriceCNY *float64    `json:"clothingPriceCny,omitempty"`
	UnitCosts
}

// UnitCosts are one format's open quote divided by medians (of both formats, of that
// format, of sponsored notes) and by followers. They are in CNY with 4 significant digits.
type UnitCosts struct {
	CNYPerEngagement          *float64 `json:"cnyPerEngagement,omitempty"`
	CNYPerRead                *float64 `json:"cnyPerRead,omitempty"`
	CNYPerThousandFollowers   *float64 `json:"cnyPerThousandFollowers,omitempty"`
	CNYPerFormatEngagement    *float64 `json:"cnyPerFormatEngagement,omitempty"`
	CNYPerFormatRead          *float64 `json:"cnyPerFormatRead,omitempty"`
	CNYPerSponsoredEngagement *float64 `json:"cnyPerSponsoredEngagement,omitempty"`
	CNYPerSponsoredRead       *float64 `json:"cnyPerSponsoredRead,omitempty"`
}

// SourceSample is the source of recorded samples, which are not live data.
const SourceSample = "sample"

// Meta says where a profile comes from and what this call cost.
type Meta struct {
	Source string `json:"source"`
	AnswerMeta
	RawMode   RawMode `json:"rawMode" jsonschema:"enum=compact,enum=full,enum=none"`
	RequestID string  `json:"requestId,omitempty"`
	CallsLeft *int    `json:"callsLeft,omitempty"`
}

// AnswerMeta says how old one answer is and whether this call paid for it.
type AnswerMeta struct {
	FetchedAt  string `json:"fetchedAt"`
	AgeSeconds int64  `json:"ageSeconds"`
	Cached     bool   `json:"cached"`
	Stale      bool   `json:"stale"`
	Billed     bool   `json:"billed"`
}
