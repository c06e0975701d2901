package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

func TestReasons(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		status schema.QuoteStatus
		onPgy  *bool
		want   []schema.Reason
	}{
		{schema.QuoteOpen, &yes, nil},
		{schema.QuoteOpen, nil, nil},
		{schema.QuoteOpen, &no, []schema.Reason{schema.ReasonNotOnPgy}},
		{schema.QuoteNone, &yes, nil},
		{schema.QuoteNone, nil, nil},
		{schema.QuoteNone, &no, []schema.Reason{schema.ReasonNotOnPgy}},
		{schema.QuoteClosed, &yes, []schema.Reason{schema.ReasonClosed}},
		{schema.QuoteHidden, &yes, []schema.Reason{schema.ReasonHidden}},
		{schema.QuotePlaceholder, &yes, []schema.Reason{schema.ReasonPlaceholder}},
		{schema.QuotePlaceholder, &no, []schema.Reason{schema.ReasonPlaceholder, schema.ReasonNotOnPgy}},
		{schema.QuoteUnknown, nil, []schema.Reason{schema.ReasonUnknown}},
	} {
		if got := reasons(schema.Quote{Status: c.status}, c.onPgy); !slices.Equal(got, c.want) {
			t.Errorf("reasons(%s, onPgy %s): got %+v, want %+v", c.status, encode(t, c.onPgy), got, c.want)
		}
	}
}

// A limit holds against the price with the fee. A blogger who cannot be booked at all is
// not outside of it.
func TestOutside(t *testing.T) {
	for _, c := range []struct {
		data  string
		terms Terms
		want  []schema.Reason
	}{
		{`{"videoState":1,"videoPrice":18000}`, Terms{}, nil},
		{`{"videoState":1,"videoPrice":18000}`, Terms{MaxPriceCNY: 18000}, nil},
		{`{"videoState":1,"videoPrice":18000}`, Terms{MaxPriceCNY: 17999.999}, []schema.Reason{schema.ReasonOverLimit}},
		{`{"videoState":1,"videoPrice":18000.5}`, Terms{MaxPriceCNY: 18000}, []schema.Reason{schema.ReasonOverLimit}},
		{`{"videoState":1,"videoPrice":18000}`, Terms{MaxPriceCNY: 19800, FeePercent: 10}, nil},
		{`{"videoState":1,"videoPrice":18000}`, Terms{MaxPriceCNY: 19799.99, FeePercent: 10}, []schema.Reason{schema.ReasonOverLimit}},
		{`{"videoState":1,"videoPrice":0}`, Terms{}, nil},
		{`{"videoState":1,"videoPrice":0}`, Terms{MaxPriceCNY: 1e9}, []schema.Reason{schema.ReasonNoPrice}},
		{`{"videoState":0,"videoPrice":18000}`, Terms{MaxPriceCNY: 5}, nil},
		{`{"videoState":1,"videoPrice":18000,"videoShowState":0}`, Terms{MaxPriceCNY: 5}, nil},
		{`{"videoState":1,"videoPrice":9999999}`, Terms{MaxPriceCNY: 5}, nil},
		{`{"videoState":1,"videoPrice":18000,"cooperType":2}`, Terms{MaxPriceCNY: 5}, nil},
	} {
		if _, _, got, _ := Row(json.RawMessage(c.data), schema.SeenInProfile, schema.FormatVideo, c.terms); !slices.Equal(got, c.want) {
			t.Errorf("Row(%s, %+v): got outside %+v, want %+v", c.data, c.terms, got, c.want)
		}
	}
}

// row is written "name value reason": "-" is no value, "!" a failed look-up, "?" a
// pending one, "$" one that is not cached. A limit is "over the limit".
func row(t *testing.T, s string, key schema.SortKey) schema.Row {
	t.Helper()
	name, rest, _ := strings.Cut(s, " ")
	value, reason, _ := strings.Cut(rest, " ")
	r := schema.Row{UserID: name, NotBookable: reason}
	if reason == "over the limit" {
		r.NotBookable, r.Outside = "", reason
	}
	switch value {
	case "-":
	case "?":
		r.Error, r.Pending = "pending: Ask again.", true
	case "$":
		r.Error, r.NotCached = "not_cached: Not in memory.", true
	case "!":
		r.Error = "not_found: The upstream has no profile for this userId."
	default:
		var v float64
		if _, err := fmt.Sscan(value, &v); err != nil {
			t.Fatalf("the value in %q: got %v, want a number", s, err)
		}
		whole := int64(v)
		switch key {
		case schema.ByPriceCNY:
			r.PriceCNY = &v
		case schema.ByFollowers:
			r.Followers = &whole
		case schema.ByPlatformCPM:
			r.PlatformCPM = &v
		case schema.ByFollowerGrowthRate:
			r.FollowerGrowthRate30dPercent = &v
		case schema.ByCNYPerSponsoredRead:
			r.CNYPerSponsoredRead = &v
		case schema.ByEngagementToReadRatio:
			r.EngagementToReadRatio = &v
		default:
			t.Fatalf("row(%q, %s): got a key that row does not set, want one that it does", s, key)
		}
	}
	return r
}

func TestRank(t *testing.T) {
	many := "a 2; b 1; c 2; d 1; e 3; f 2; g 1; h 2; i 1; j 3; k 2; l 1; m 2; n 1; o 3; p 2; q 1; r 2; s 1; t 3"
	manyRanked := "b d g i l n q s a c f h k m p r e j o t |"
	for _, c := range []struct {
		name string
		by   schema.SortKey
		rows string
		want string // the rows behind | have no rank
	}{
		{"costs ascend", schema.ByPriceCNY, "a 3; b 1; c 2", "b c a |"},
		{"deliveries descend", schema.ByFollowers, "a 3; b 1; c 2", "a c b |"},
		{"ratios descend", schema.ByEngagementToReadRatio, "a 0.03; b 0.01; c 0.2", "c a b |"},
		{"the platform's costs ascend", schema.ByPlatformCPM, "a 227.75; b 40; c 100.5", "b c a |"},
		{"those who cannot be booked come after all who can", schema.ByPriceCNY, "a 1 closed; b 9; c 2 over the limit; d 8", "d b | a c"},
		{"the others are in the same order", schema.ByPriceCNY, "a 7 closed; b 3 over the limit; c 5 not on Pgy; d 1", "d | b c a"},
		{"the others descend too", schema.ByFollowers, "a 5 closed; b 8 closed; c 7 closed; d 1", "d | b c a"},
		{"without the value there is no rank", schema.ByPriceCNY, "a -; b 2; c 1", "c b | a"},
		{"a value that cannot be booked comes before no value", schema.ByPriceCNY, "a -; b 2 closed; c - closed; d 1", "d | b a c"},
		{"failed ones are last", schema.ByFollowers, "a !; b -; c 5 closed; d !; e 1", "e | c b a d"},
		{"pending and not cached ones come before failed ones, as asked", schema.ByFollowers, "a !; b $; c ?; d -; e 1 closed; f $; g 2", "g | e d b c f a"},
		{"growth descends below 0 too", schema.ByFollowerGrowthRate, "a -1.5; b 0.2; c -; d -0.5", "b d a | c"},
		{"costs of sponsored notes ascend", schema.ByCNYPerSponsoredRead, "a 0.3; b 0.2; c 0.25 closed", "b a | c"},
		{"equals stay as asked", schema.ByFollowers, "a 5; b 5; c 5; d 6", "d a b c |"},
		{"equals among the others too", schema.ByPriceCNY, "a 5 closed; b - closed; c 5 closed; d - closed", "| a c b d"},
		{"many equals", schema.ByPriceCNY, many, manyRanked},
		{"nobody can be booked", schema.ByPriceCNY, "a 2 closed; b 1 quote unknown", "| b a"},
		{"nobody has the value", schema.ByPlatformCPM, "a -; b -", "| a b"},
		{"one alone", schema.ByPriceCNY, "a 1", "a |"},
	} {
		var rows []schema.Row
		for s := range strings.SplitSeq(c.rows, "; ") {
			rows = append(rows, row(t, s, c.by))
		}
		Rank(rows, c.by)
		var got []string
		last := 0
		for _, r := range rows {
			if r.Rank == nil && last >= 0 {
				got, last = append(got, "|"), -1
			}
			if r.Rank != nil {
				if last < 0 {
					t.Errorf("%s: Rank(%s, %s): got rank %d of %s behind one without a rank, want none", c.name, c.rows, c.by, *r.Rank, r.UserID)
				} else if *r.Rank != last+1 {
					t.Errorf("%s: Rank(%s, %s): got rank %d of %s, want %d", c.name, c.rows, c.by, *r.Rank, r.UserID, last+1)
				}
				last = *r.Rank
			}
			got = append(got, r.UserID)
		}
		if last >= 0 {
			got = append(got, "|")
		}
		if order := strings.Join(got, " "); order != c.want {
			t.Errorf("%s: Rank(%s, %s): got %s, want %s", c.name, c.rows, c.by, order, c.want)
		}
	}
}
