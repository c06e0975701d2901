package condense

import (
	"cmp"
	"slices"

	"pgy-mcp/schema"
)

// Rank orders rows and numbers those of bloggers who can be booked within the limits.
// They come first; then the others, in the same order; then those that are pending or
// not cached; then the failed ones. Rows without the value that decides come after those
// with it; otherwise, and among equals, the order stays as it was.
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
	open
	failed
)

func class(r *schema.Row, value func(*schema.Row) (float64, bool)) int {
	_, known := value(r)
	switch {
	case r.Pending || r.NotCached:
		return open
	case r.Error != "":
		return failed
	case !known:
		return withoutValue
	case r.NotBookable != "" || r.Outside != "":
		return unranked
	}
	return ranked
}
