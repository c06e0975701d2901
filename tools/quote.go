package tools

import "pgy-mcp/schema"

// placeholderPrice and above is how a blogger says "do not book".
const placeholderPrice = 9_999_999

// quote reads one format's state and price, and divides it by what is delivered.
func quote(f fields, stateKey, priceKey string, by delivery) schema.Quote {
	state, stated := f.number(stateKey)
	price, priced := f.amount(priceKey) // however large: a placeholder is one
	q := schema.Quote{Status: quoteStatus(state, stated, price, priced)}
	if priced && price > 0 && q.Status != schema.QuotePlaceholder {
		q.PriceCNY = &price
	}
	if q.Status == schema.QuoteOpen {
		q.CNYPerEngagement = quotient(price, by.engagements)
		q.CNYPerRead = quotient(price, by.reads)
		q.CNYPerThousandFollowers = quotient(price*1000, by.followers)
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
