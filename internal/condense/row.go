package condense

import (
	"cmp"
	"encoding/json"
	"slices"

	"pgy-mcp/schema"
)

// Row turns an object about a blogger into the row of a comparison of one format. The
// row's NotBookable, Outside and Flags stay empty: the caller renders the returned values
// into them. notBookable says why the format cannot be booked, outside why it can but is
// not within the price limit.
func Row(data json.RawMessage, from schema.AnswerKind, format schema.Format, terms Terms) (row schema.Row, notBookable, outside []schema.Reason, caveats []schema.Caveat) {
	b := read(data, from, terms)
	q := b.quoteOf(format)
	ofFormat := func(name string) *float64 { return b.PlatformMetrics.Value(string(format) + name) }
	row = schema.Row{
		UserID:                b.UserID,
		Name:                  b.Name,
		Followers:             b.Followers,
		ReadMedian:            b.ReadMedian,
		EngagementMedian:      b.EngagementMedian,
		EngagementToReadRatio: b.EngagementToReadRatio,
		Status:                q.Status,
		PriceCNY:              q.PriceCNY,
		PriceWithFeeCNY:       q.PriceWithFeeCNY,
		ImagePriceCNY:         b.Quotes.Image.PriceCNY,
		VideoPriceCNY:         b.Quotes.Video.PriceCNY,
		UnitCosts:             q.UnitCosts,
		PlatformCosts: schema.PlatformCosts{
			PlatformCPM:              ofFormat("CpmCny"),
			PlatformCNYPerEngagement: ofFormat("CnyPerEngagement"),
			PlatformCNYPerRead:       ofFormat("CnyPerRead"),
		},
		SponsoredReadMedian30d:       b.PlatformMetrics.Value(schema.SponsoredReads),
		SponsoredNotes30d:            b.PlatformMetrics.Value(schema.SponsoredNotes),
		FollowerGrowthRate30dPercent: b.PlatformMetrics.Value(schema.FollowerGrowthRate),
		MCN:                          b.MCN,
		Location:                     b.Location,
		Health:                       b.Health,
		ProfileURL:                   b.ProfileURL,
	}
	for _, c := range b.ContentCategories {
		if !slices.Contains(row.Categories, c.Category) {
			row.Categories = append(row.Categories, c.Category)
		}
	}
	caveats = append(b.caveats(), b.quoteCaveats(format)...)
	switch from {
	case schema.SeenInSearch:
		caveats = append(caveats, schema.FromSearch.With())
	case schema.SeenInNote:
		caveats = append(caveats, schema.FromNote.With())
	}
	if notBookable = reasons(q, b.OnPgy); notBookable == nil {
		outside = outsideLimit(q, terms)
	}
	return row, notBookable, outside, caveats
}

// reasons returns why a quote cannot be booked; nil if it can, or if nothing is known
// against it.
func reasons(q schema.Quote, onPgy *bool) []schema.Reason {
	byStatus := map[schema.QuoteStatus]schema.Reason{
		schema.QuoteClosed:      schema.ReasonClosed,
		schema.QuoteHidden:      schema.ReasonHidden,
		schema.QuotePlaceholder: schema.ReasonPlaceholder,
		schema.QuoteUnknown:     schema.ReasonUnknown,
	}
	var out []schema.Reason
	if r, is := byStatus[q.Status]; is {
		out = append(out, r)
	}
	if onPgy != nil && !*onPgy {
		out = append(out, schema.ReasonNotOnPgy)
	}
	return out
}

// outsideLimit returns why a quote, with the fee, is not within the price limit.
func outsideLimit(q schema.Quote, terms Terms) []schema.Reason {
	switch {
	case terms.MaxPriceCNY == 0:
		return nil
	case q.PriceCNY == nil:
		return []schema.Reason{schema.ReasonNoPrice}
	case *cmp.Or(q.PriceWithFeeCNY, q.PriceCNY) > terms.MaxPriceCNY:
		return []schema.Reason{schema.ReasonOverLimit}
	}
	return nil
}
