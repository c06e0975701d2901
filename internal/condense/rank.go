package condense

import (
	"cmp"
	"slices"

	"pgy-mcp/schema"
)

// Rank sorts rows in place, by class and then by the sort key's figure, and numbers the
// first class. Equals keep their order. The classes are: can be booked within the limits;
// cannot; without the figure; pending or not cached; failed.
func Rank(rows []schema.Row, by schema.SortKey) {
	rankBloggers(rows, by, func(r *schema.Row) *schema.Row { return r })
}

// RankFound is Rank for the rows of a search, which then have no position.
func RankFound(rows []schema.FoundRow, by schema.SortKey) {
	rankBloggers(rows, by, func(r *schema.FoundRow) *schema.Row { return &r.Row })
	for i := range rows {
		rows[i].Position = nil
	}
}

func rankBloggers[R any](rows []R, by schema.SortKey, of func(*R) *schema.Row) {
	figure := schema.ColumnOf(by).Figure
	value := func(r *R) (float64, bool) { return figure(of(r)) }
	class := func(r *R) int {
		row := of(r)
		_, known := figure(row)
		return classOf(row.Pending || row.NotCached, row.Error, known, row.NotBookable == "" && row.Outside == "")
	}
	rank(rows, value, by.Ascending(), class, func(r *R, n int) { of(r).Rank = &n })
}

// RankNotes is Rank for the rows of a review.
func RankNotes(rows []schema.ReviewRow, by schema.NoteSortKey) {
	value := schema.NoteColumnOf(by).Figure
	class := func(r *schema.ReviewRow) int {
		_, known := value(r)
		return classOf(r.Pending || r.NotCached, r.Error, known, true)
	}
	rank(rows, value, by.Ascending(), class, func(r *schema.ReviewRow, n int) { r.Rank = &n })
}

// rank sorts rows by class and then by value, and numbers the ranked ones from 1.
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
	waiting
	failed
)

func classOf(isWaiting bool, failure string, hasValue, isBookable bool) int {
	switch {
	case isWaiting:
		return waiting
	case failure != "":
		return failed
	case !hasValue:
		return withoutValue
	case !isBookable:
		return unranked
	}
	return ranked
}
