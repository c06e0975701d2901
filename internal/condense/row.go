package condense

import (
	"cmp"
	"encoding/json"
	"slices"

	"pgy-mcp/schema"
)

// Row condenses an object about a blogger to the row of a comparison by one format. The
// row's NotBookable and Outside are left for package render to say: the reasons why that
// format cannot be booked or, where it can, why it is outside the price limit.
func Row(data json.RawMessage, from Origin, format schema.Format, terms Terms) (row schema.Row, notBookable, outside []schema.Reason, caveats []schema.Caveat) {
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
	case OfSearch:
		caveats = append(caveats, schema.FromSearch.With())
	case OfNote:
		caveats = append(caveats, schema.FromNote.With())
	}
	if notBookable = reasons(q, b.OnPgy); notBookable == nil {
		outside = outsideLimit(q, terms)
	}
	return row, notBookable, outside, caveats
}

// reasons say why a quote cannot be booked; there are none if it can, as far as the
// upstream says.
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

// outsideLimit says why a quote is outside the price limit, which the price with the fee
// is held against.
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
