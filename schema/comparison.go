package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

// SortKey is what the rows of a comparison are ranked by.
type SortKey string

// The sort keys, named as the members they sort by.
const (
	ByCNYPerEngagement        SortKey = "cnyPerEngagement"
	ByCNYPerRead              SortKey = "cnyPerRead"
	ByCNYPerThousandFollowers SortKey = "cnyPerThousandFollowers"
	ByPriceCNY                SortKey = "priceCny"
	ByFollowers               SortKey = "followers"
	ByReadMedian              SortKey = "readMedian"
	ByEngagementMedian        SortKey = "engagementMedian"
	ByEngagementToReadRatio   SortKey = "engagementToReadRatio"
)

// SortKeys lists the sort keys, the default first.
var SortKeys = []SortKey{ByCNYPerEngagement, ByCNYPerRead, ByCNYPerThousandFollowers, ByPriceCNY,
	ByFollowers, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio}

// Ascending reports whether less ranks higher: costs and prices do.
func (k SortKey) Ascending() bool {
	switch k {
	case ByFollowers, ByReadMedian, ByEngagementMedian, ByEngagementToReadRatio:
		return false
	}
	return true
}

// MaxCompared is the most bloggers of one comparison.
const MaxCompared = 20

// CompareInput is what compare_bloggers takes.
type CompareInput struct {
	UserIDs []string `json:"userIds" jsonschema:"minItems=1,maxItems=20" jsonschema_description:"User ids (24 hex digits) or profile URLs; duplicates count once."`
	Format  Format   `json:"format,omitempty" jsonschema:"enum=video,enum=image,default=video" jsonschema_description:"Whose quote to compare."`
	SortBy  SortKey  `json:"sortBy,omitempty" jsonschema:"enum=cnyPerEngagement,enum=cnyPerRead,enum=cnyPerThousandFollowers,enum=priceCny,enum=followers,enum=readMedian,enum=engagementMedian,enum=engagementToReadRatio,default=cnyPerEngagement" jsonschema_description:"Costs and price ascending, the rest descending; rows without the value last."`
	Refresh bool     `json:"refresh,omitempty" jsonschema:"default=false" jsonschema_description:"Ask the upstream again for all; paid calls."`
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
	PriceCNY              *float64    `json:"priceCny,omitempty"`
	UnitCosts
	Error string `json:"error,omitempty"`
}

// Value is what the row is ranked by; ok is false where it is not known.
func (r *Row) Value(k SortKey) (v float64, ok bool) {
	switch k {
	case ByCNYPerEngagement:
		return deref(r.CNYPerEngagement)
	case ByCNYPerRead:
		return deref(r.CNYPerRead)
	case ByCNYPerThousandFollowers:
		return deref(r.CNYPerThousandFollowers)
	case ByPriceCNY:
		return deref(r.PriceCNY)
	case ByFollowers:
		return deref(r.Followers)
	case ByReadMedian:
		return deref(r.ReadMedian)
	case ByEngagementMedian:
		return deref(r.EngagementMedian)
	}
	return deref(r.EngagementToReadRatio)
}

func deref[T int64 | float64](p *T) (float64, bool) {
	if p == nil {
		return 0, false
	}
	return float64(*p), true
}

// ComparisonMeta says how the rows were made and what the call cost.
type ComparisonMeta struct {
	Format  Format   `json:"format" jsonschema:"enum=video,enum=image"`
	SortBy  SortKey  `json:"sortBy"`
	Cached  int      `json:"cached"`
	Billed  int      `json:"billed"`
	Failed  int      `json:"failed"`
	Caveats []string `json:"caveats,omitempty"`
}

// DecodeCompareInput reads the arguments of compare_bloggers; ids are folded.
// The error is a sentence for the caller.
func DecodeCompareInput(raw json.RawMessage) (CompareInput, error) {
	var in CompareInput
	a, err := decodeArguments(raw, "userIds", "format", "sortBy", "refresh")
	if err != nil {
		return in, err
	}
	if in.UserIDs, err = readUserIDs(a); err != nil {
		return in, err
	}
	if in.Format, err = readEnum(a, "format", Formats...); err != nil {
		return in, err
	}
	if in.SortBy, err = readEnum(a, "sortBy", SortKeys...); err != nil {
		return in, err
	}
	in.Refresh, err = readBool(a, "refresh")
	return in, err
}

func readUserIDs(a map[string]json.RawMessage) ([]string, error) {
	v, given := a["userIds"]
	if !given {
		return nil, errors.New("userIds is missing: give an array of 1 to 20 user ids or profile URLs")
	}
	var elements []json.RawMessage
	if json.Unmarshal(v, &elements) != nil {
		return nil, fmt.Errorf("userIds must be an array of user ids or profile URLs, not %s", typeName(v))
	}
	ids := make([]string, len(elements))
	for i, e := range elements {
		var err error
		if ids[i], err = readUserID(e, fmt.Sprintf("userIds[%d]", i)); err != nil {
			return nil, err
		}
	}
	ids, err := FoldUserIDs(ids)
	if err != nil {
		return nil, fmt.Errorf("userIds %w", err)
	}
	return ids, nil
}

// FoldUserIDs leaves out ids that came before. The error says what is wrong
// where none or more than MaxCompared are left.
func FoldUserIDs(ids []string) ([]string, error) {
	var out []string
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
		if len(out) > MaxCompared {
			return nil, fmt.Errorf("has more than %d bloggers: give 1 to %d", MaxCompared, MaxCompared)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("is empty: give 1 to %d user ids or profile URLs", MaxCompared)
	}
	return out, nil
}
