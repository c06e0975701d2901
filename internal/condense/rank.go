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
	rank(rows, value, by.Ascending(), func(r *schema.Row) int { return class(r, value) }, func(r *schema.Row, n int) { r.Rank = &n })
}

// RankNotes orders the rows of a review and numbers those that have the value that
// decides, as Rank does.
func RankNotes(rows []schema.ReviewRow, by schema.NoteSortKey) {
	value := schema.NoteColumnOf(by).Figure
	class := func(r *schema.ReviewRow) int {
		_, known := value(r)
		switch {
		case r.Pending || r.NotCached:
			return open
		case r.Error != "":
			return failed
		case !known:
			return withoutValue
		}
		return ranked
	}
	rank(rows, value, by.Ascending(), class, func(r *schema.ReviewRow, n int) { r.Rank = &n })
}

// rank orders rows by their class, and in it by the value, and numbers the ranked ones.
func rank[R any](rows []R, value func(*R) (float64, bool), ascending bool, class func(*R) int, number func(r *R, n int)) {
	slices.SortStableFunc(rows, func(a, b R) int {
		x, _ := value(&a)
		y, _ := value(&b)
		if !ascending {
			x, y = y, x
		}
		return cmp.Or(cmp.Compare(class(&a), class(&b)), cmp.Compare(x, y))
	})
	for i := range rows {
		if class(&rows[i]) == ranked {
			number(&rows[i], i+1)
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
