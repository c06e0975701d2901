package condense

import (
	"cmp"
	"slices"

	"pgy-mcp/schema"
)

// Rank orders rows and numbers those of bloggers who can be booked. They come
// first; then the others, in the same order; then the failed ones. Rows without
// the value that decides come after those with it; otherwise, and among equals,
// the order stays as asked.
func Rank(rows []schema.Row, by schema.SortKey) {
	value := schema.ColumnOf(by).Figure
	slices.SortStableFunc(rows, func(a, b schema.Row) int {
		x, _ := value(&a)
		y, _ := value(&b)
		if !by.Ascending() {
			x, y = y, x
		}
		return cmp.Or(cmp.Compare(class(&a, value), class(&b, value)), cmp.Compare(x, y))
	})
	for i := range rows {
		if class(&rows[i], value) == ranked {
			n := i + 1
			rows[i].Rank = &n
		}
	}
}

// The classes of rows, in their order.
const (
	ranked = iota
	unranked
	withoutValue
	withError
)

func class(r *schema.Row, value func(*schema.Row) (float64, bool)) int {
	_, known := value(r)
	switch {
	case r.Error != "":
		return withError
	case !known:
		return withoutValue
	case r.NotBookable != "":
		return unranked
	}
	return ranked
}

// notBookable gives the reasons why a quote cannot be booked for at most maxPrice
// CNY; none if it can, as far as the upstream says. maxPrice 0 is no limit.
func notBookable(q schema.Quote, onPgy *bool, maxPrice float64) []schema.Reason {
	var reasons []schema.Reason
	add := func(r schema.Reason, holds bool) {
		if holds {
			reasons = append(reasons, r)
		}
	}
	add(schema.ReasonClosed, q.Status == schema.QuoteClosed)
	add(schema.ReasonPlaceholder, q.Status == schema.QuotePlaceholder)
	add(schema.ReasonUnknown, q.Status == schema.QuoteUnknown)
	add(schema.ReasonNotOnPgy, onPgy != nil && !*onPgy)
	add(schema.ReasonOverLimit, maxPrice > 0 && q.PriceCNY != nil && *q.PriceCNY > maxPrice)
	add(schema.ReasonNoPrice, maxPrice > 0 && q.Status == schema.QuoteNone)
	return reasons
}
