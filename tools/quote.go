package tools

import "pgy-mcp/schema"

// placeholderPrice and above is how a blogger says "do not book".
const placeholderPrice = 9_999_999

// quote reads one format's state and price. The unit costs need the medians
// and followers that s already holds.
func quote(f fields, stateKey, priceKey string, s *schema.Summary) schema.Quote {
	state, stated := f.number(stateKey)
	price, priced := f.amount(priceKey) // however large: a placeholder is one
	q := schema.Quote{Status: quoteStatus(state, stated, price, priced)}
	if priced && price > 0 && q.Status != schema.QuotePlaceholder {
		q.PriceCNY = &price
	}
	if q.Status == schema.QuoteOpen {
		q.CNYPerEngagement = unitCost(price, s.EngagementMedian, 1)
		q.CNYPerRead = unitCost(price, s.ReadMedian, 1)
		q.CNYPerThousandFollowers = unitCost(price, s.Followers, 1000)
	}
	return q
}

func quoteStatus(state float64, stated bool, price float64, priced bool) schema.QuoteStatus {
	switch {
	case priced && price >= placeholderPrice:
		return schema.QuotePlaceholder
	case !stated:
		return schema.QuoteUnknown
	case state == 1 && priced && price > 0:
		return schema.QuoteOpen
	case state == 1 && (!priced || price == 0):
		return schema.QuoteNone
	case state == 0:
		return schema.QuoteClosed
	}
	return schema.QuoteUnknown
}

func unitCost(price float64, divisor *int64, units float64) *float64 {
	if divisor == nil {
		return nil
	}
	return significant(price / float64(*divisor) * units)
}
