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

// RawModes lists the raw modes, the default first.
var RawModes = []RawMode{RawCompact, RawFull, RawNone}

// ProfileInput is what get_blogger_profile takes.
type ProfileInput struct {
	UserID  string  `json:"userId" jsonschema_description:"24 hex digits, or a profile URL that carries it: xiaohongshu.com/user/profile/ID or pgy.xiaohongshu.com/…/blogger-detail/ID. Not the 小红书号 (redId), not a note URL."`
	Raw     RawMode `json:"raw,omitempty" jsonschema:"enum=compact,enum=full,enum=none,default=compact" jsonschema_description:"The upstream's data: compact leaves out what is not filled (null, {}, [], platform figures of 0); full is byte for byte; none leaves it out."`
	Refresh bool    `json:"refresh,omitempty" jsonschema:"default=false" jsonschema_description:"Ask the upstream again; paid."`
}

// Profile is the structured result of get_blogger_profile.
type Profile struct {
	Summary Summary `json:"summary"`
	// Raw is the upstream's data object without insignificant white space.
	Raw  json.RawMessage `json:"raw,omitempty"`
	Meta Meta            `json:"meta"`
}

// Summary is what one profile says. A nil pointer, empty string or empty list
// is a fact that the upstream did not give; it is absent from the JSON.
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

	Followers        *int64 `json:"followers,omitempty"`
	LikesAndCollects *int64 `json:"likesAndCollects,omitempty"`
	BusinessNotes    *int64 `json:"businessNotes,omitempty"`
	ReadMedian       *int64 `json:"readMedian,omitempty"`
	EngagementMedian *int64 `json:"engagementMedian,omitempty"`

	EngagementToReadRatio *float64 `json:"engagementToReadRatio,omitempty"`
	ReadToFollowerRatio   *float64 `json:"readToFollowerRatio,omitempty"`

	Quotes          Quotes       `json:"quotes"`
	PlatformMetrics MetricValues `json:"platformMetrics,omitempty"`

	// NotProvided and Caveats are never nil: they marshal as arrays.
	NotProvided []string `json:"notProvided"`
	Caveats     []string `json:"caveats"`
}

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
	QuoteNone        QuoteStatus = "no_quote"
	QuotePlaceholder QuoteStatus = "placeholder"
	QuoteUnknown     QuoteStatus = "unknown"
)

// QuoteStatuses lists the quote statuses.
var QuoteStatuses = []QuoteStatus{QuoteOpen, QuoteClosed, QuoteNone, QuotePlaceholder, QuoteUnknown}

// Quote is the price of one note of one format, in CNY without the platform's
// service fee, and what it comes to per unit (4 significant digits).
type Quote struct {
	Status   QuoteStatus `json:"status" jsonschema:"enum=open,enum=closed,enum=no_quote,enum=placeholder,enum=unknown"`
	PriceCNY *float64    `json:"priceCny,omitempty"`
	UnitCosts
}

// UnitCosts divide one format's open quote by medians over both formats.
type UnitCosts struct {
	CNYPerEngagement        *float64 `json:"cnyPerEngagement,omitempty"`
	CNYPerRead              *float64 `json:"cnyPerRead,omitempty"`
	CNYPerThousandFollowers *float64 `json:"cnyPerThousandFollowers,omitempty"`
}

// SourceSample is the Source of recorded samples: no live data.
const SourceSample = "sample"

// Meta says where a profile comes from and what this very call cost.
type Meta struct {
	Source string `json:"source"`
	AnswerMeta
	RawMode   RawMode `json:"rawMode" jsonschema:"enum=compact,enum=full,enum=none"`
	RequestID string  `json:"requestId,omitempty"`
	CallsLeft *int    `json:"callsLeft,omitempty"`
}

// AnswerMeta says how old one answer is and what it cost this very call.
type AnswerMeta struct {
	FetchedAt  string `json:"fetchedAt"`
	AgeSeconds int64  `json:"ageSeconds"`
	Cached     bool   `json:"cached"`
	Stale      bool   `json:"stale"`
	Billed     bool   `json:"billed"`
}
