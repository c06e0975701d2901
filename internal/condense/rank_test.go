package condense

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

func TestNotBookable(t *testing.T) {
	yes, no := true, false
	quote := func(status schema.QuoteStatus, price float64) schema.Quote {
		q := schema.Quote{Status: status}
		if price > 0 {
			q.PriceCNY = &price
		}
		return q
	}
	for _, c := range []struct {
		quote schema.Quote
		onPgy *bool
		limit float64
		want  []schema.Reason
	}{
		{quote(schema.QuoteOpen, 18000), &yes, 0, nil},
		{quote(schema.QuoteOpen, 18000), nil, 0, nil},
		{quote(schema.QuoteOpen, 18000), &no, 0, []schema.Reason{schema.ReasonNotOnPgy}},
		{quote(schema.QuoteOpen, 18000), &yes, 18000, nil},
		{quote(schema.QuoteOpen, 18000.5), &yes, 18000, []schema.Reason{schema.ReasonOverLimit}},
		{quote(schema.QuoteOpen, 18000), &no, 17999.99, []schema.Reason{schema.ReasonNotOnPgy, schema.ReasonOverLimit}},
		{quote(schema.QuoteNone, 0), &yes, 0, nil},
		{quote(schema.QuoteNone, 0), nil, 1e9, []schema.Reason{schema.ReasonNoPrice}},
		{quote(schema.QuoteNone, 0), &no, 5, []schema.Reason{schema.ReasonNotOnPgy, schema.ReasonNoPrice}},
		{quote(schema.QuoteClosed, 8000), &yes, 0, []schema.Reason{schema.ReasonClosed}},
		{quote(schema.QuoteClosed, 8000), &yes, 8000, []schema.Reason{schema.ReasonClosed}},
		{quote(schema.QuoteClosed, 8000), &yes, 7999, []schema.Reason{schema.ReasonClosed, schema.ReasonOverLimit}},
		{quote(schema.QuoteClosed, 0), &yes, 7999, []schema.Reason{schema.ReasonClosed}},
		{quote(schema.QuotePlaceholder, 0), &yes, 0, []schema.Reason{schema.ReasonPlaceholder}},
		{quote(schema.QuotePlaceholder, 0), &no, 5, []schema.Reason{schema.ReasonPlaceholder, schema.ReasonNotOnPgy}},
		{quote(schema.QuoteUnknown, 0), nil, 0, []schema.Reason{schema.ReasonUnknown}},
		{quote(schema.QuoteUnknown, 7000), &yes, 8000, []schema.Reason{schema.ReasonUnknown}},
		{quote(schema.QuoteUnknown, 7000), &yes, 6000, []schema.Reason{schema.ReasonUnknown, schema.ReasonOverLimit}},
	} {
		if got := notBookable(c.quote, c.onPgy, c.limit); !slices.Equal(got, c.want) {
			t.Errorf("notBookable(%s, onPgy %s, limit %v): got %+v, want %+v", encode(t, c.quote), encode(t, c.onPgy), c.limit, got, c.want)
		}
	}
}

// row is written "name value reason": "-" is no value, "!" a failed look-up.
func row(t *testing.T, s string, key schema.SortKey) schema.Row {
	t.Helper()
	name, rest, _ := strings.Cut(s, " ")
	value, reason, _ := strings.Cut(rest, " ")
	r := schema.Row{UserID: name, NotBookable: reason}
	switch value {
	case "-":
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
