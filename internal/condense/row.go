package condense

import (
	"encoding/json"

	"pgy-mcp/schema"
)

// Row condenses a profile's data object to its row of a comparison by one format, with
// the reasons why that format cannot be booked for at most maxPrice CNY (0 is no limit)
// and the caveats about the blogger and that quote. The row's NotBookable is left for
// package render to say.
func Row(data json.RawMessage, format schema.Format, maxPrice float64) (schema.Row, []schema.Reason, []schema.Caveat) {
	s := summarize(data)
	q := s.Quotes.Video
	if format == schema.FormatImage {
		q = s.Quotes.Image
	}
	metric := func(name string) *float64 { return positiveMetric(s.PlatformMetrics, name) }
	ofFormat := func(name string) *float64 { return metric(string(format) + name) }
	row := schema.Row{
		UserID:                s.UserID,
		Name:                  s.Name,
		Followers:             s.Followers,
		ReadMedian:            s.ReadMedian,
		EngagementMedian:      s.EngagementMedian,
		EngagementToReadRatio: s.EngagementToReadRatio,
		Status:                q.Status,
		PriceCNY:              q.PriceCNY,
		UnitCosts:             q.UnitCosts,
		PlatformCosts: schema.PlatformCosts{
			PlatformCPM:              ofFormat("CpmCny"),
			PlatformCNYPerEngagement: ofFormat("CnyPerEngagement"),
			PlatformCNYPerRead:       ofFormat("CnyPerRead"),
		},
		SponsoredReadMedian30d: metric("sponsoredReadMedian30d"),
		MCN:                    s.MCN,
		Location:               s.Location,
	}
	if len(s.ContentCategories) > 0 {
		row.Category = s.ContentCategories[0].Category
	}
	return row, notBookable(q, s.OnPgy, maxPrice), append(profileCaveats(&s), quoteCaveats(format, q)...)
}

// positiveMetric gives one of the platform's figures. A cost or a median below 0 is
// none.
func positiveMetric(values schema.MetricValues, name string) *float64 {
	for _, v := range values {
		if v.Metric.Name == name && v.Value > 0 {
			return &v.Value
		}
	}
	return nil
}
