package condense

import (
	"cmp"
	"math"
	"slices"
	"time"

	"pgy-mcp/schema"
)

// planLimit bounds the search, so that a plan takes less than a second. 200 rows take far
// less, unless nearly all of them cost the same per engagement.
const planLimit = 700 * time.Millisecond

// PlanOf picks the rows that bring the most engagements (reads if by.AboutReads) and
// together cost at most budget CNY, fee included. It picks at most maxPicks rows; 0 is no
// limit. Of equal sets it picks the cheaper one, then the one whose rows come first in the
// table. Only rows take part that have that median and an open quote, and that can be
// booked within the limits.
func PlanOf(rows []schema.Row, by schema.SortKey, budget float64, maxPicks int, feePercent float64) *schema.Plan {
	s := planSearch{items: planItems(rows, by, budget, feePercent), words: (len(rows) + 63) / 64, budget: wholeFen(budget), deadline: time.Now().Add(planLimit)}
	if maxPicks > 0 && maxPicks < len(s.items) {
		s.maxPicks, s.picksPerItem = maxPicks, 1
		s.setPrices()
	}
	best := s.run()
	plan := &schema.Plan{UserIDs: []string{}, Exact: !s.timedOut}
	var engagements, reads []*int64
	var cost, quotes int64
	for i := range rows {
		if !best.has(i) {
			continue
		}
		r := &rows[i]
		plan.UserIDs = append(plan.UserIDs, r.UserID)
		cost += fen(*r.PriceCNY, feePercent)
		quotes += fen(*r.PriceCNY, 0)
		engagements, reads = append(engagements, r.EngagementMedian), append(reads, r.ReadMedian)
	}
	plan.EngagementMedians, plan.ReadMedians = sumOfKnown(engagements), sumOfKnown(reads)
	plan.PriceCNY, plan.Left = float64(quotes)/100, float64(s.budget-cost)/100
	if feePercent > 0 {
		x := float64(cost) / 100
		plan.PriceWithFeeCNY = &x
	}
	return plan
}

// sumOfKnown adds up the figures that are known. It is nil where none of them is, and 0 of no
// figures.
func sumOfKnown(figures []*int64) *int64 {
	known := slices.DeleteFunc(slices.Clone(figures), func(n *int64) bool { return n == nil })
	if len(known) == 0 && len(figures) > 0 {
		return nil
	}
	var sum int64
	for _, n := range known {
		sum += *n
	}
	return &sum
}

// wholeFen is a limit in fen, rounded down so that it is not exceeded.
func wholeFen(amount float64) int64 {
	n := fen(amount, 0)
	if float64(n)/100 > amount {
		n--
	}
	return n
}

func valueOrZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// planItem is a row that takes part in the search.
type planItem struct {
	row   int   // in the table
	cost  int64 // hundredths of a CNY
	value int64 // engagements or reads
}

// planItems returns the rows that take part and fit the budget, ordered by value for
// money.
func planItems(rows []schema.Row, by schema.SortKey, budget, feePercent float64) []planItem {
	var items []planItem
	for i := range rows {
		r := &rows[i]
		value := r.EngagementMedian
		if by.AboutReads() {
			value = r.ReadMedian
		}
		if r.NotBookable != "" || r.Outside != "" || r.Error != "" || r.Status != schema.QuoteOpen || r.PriceCNY == nil || value == nil {
			continue
		}
		if cost := fen(*r.PriceCNY, feePercent); cost <= wholeFen(budget) {
			items = append(items, planItem{i, cost, *value})
		}
	}
	slices.SortStableFunc(items, byRatio)
	return items
}

func byRatio(a, b planItem) int {
	return cmp.Compare(float64(b.value)*float64(a.cost), float64(a.value)*float64(b.cost))
}

// planSet is a set of rows that the search considers.
type planSet struct {
	cost, value int64
	picks       int
	rows        []uint64 // a bit for each place in the table
}

func (s planSet) has(place int) bool { return s.rows != nil && s.rows[place/64]>>(place%64)&1 == 1 }

// with returns the rows of the set and the item's row.
func (s planSet) with(item planItem) []uint64 {
	rows := slices.Clone(s.rows)
	rows[item.row/64] |= 1 << (item.row % 64)
	return rows
}

// comesFirst reports whether s has the first row in which the two sets differ.
func (s planSet) comesFirst(o planSet) bool {
	for i := range s.rows {
		if differ := s.rows[i] ^ o.rows[i]; differ != 0 {
			return s.rows[i]&(differ&-differ) != 0
		}
	}
	return false
}

// better reports whether s is the better plan.
func (s planSet) better(o planSet) bool {
	if c := cmp.Or(cmp.Compare(s.value, o.value), cmp.Compare(o.cost, s.cost)); c != 0 {
		return c > 0
	}
	return s.comesFirst(o)
}

// planSearch finds the best set by dynamic programming. After each item it keeps the sets
// that no other set beats in cost, value and picks, and that can still become better than
// the best set so far.
type planSearch struct {
	items    []planItem
	words    int // of a set's bits
	maxPicks int // 0 if picks are not limited
	// picksPerItem is 1, or 0 if picks are not limited.
	picksPerItem int
	budget       int64
	deadline     time.Time
	timedOut     bool // the deadline ended the search

	// An upper bound: what is left of budget and picks at these prices, and the gains of
	// the items from the ith on.
	perFen, perPick float64
	gains           []float64
}

// setPrices sets perFen and perPick so that the bound of the empty set is lowest (a Lagrangian
// relaxation). Then it orders the items: those that clearly belong in or out come first.
func (s *planSearch) setPrices() {
	boundAt := func(perFen, perPick float64) float64 {
		sum := perFen*float64(s.budget) + perPick*float64(s.maxPicks)
		for _, item := range s.items {
			sum += max(0, item.gain(perFen, perPick))
		}
		return sum
	}
	var mostPerFen, mostPerPick float64
	for _, item := range s.items {
		mostPerFen = max(mostPerFen, float64(item.value)/float64(max(item.cost, 1)))
		mostPerPick = max(mostPerPick, float64(item.value))
	}
	perFenAt := func(perPick float64) float64 {
		return least(mostPerFen, func(perFen float64) float64 { return boundAt(perFen, perPick) })
	}
	s.perPick = least(mostPerPick, func(perPick float64) float64 { return boundAt(perFenAt(perPick), perPick) })
	s.perFen = perFenAt(s.perPick)
	slices.SortStableFunc(s.items, func(a, b planItem) int {
		return cmp.Compare(math.Abs(b.gain(s.perFen, s.perPick)), math.Abs(a.gain(s.perFen, s.perPick)))
	})
	s.gains = make([]float64, len(s.items)+1)
	for i := len(s.items) - 1; i >= 0; i-- {
		s.gains[i] = s.gains[i+1] + max(0, s.items[i].gain(s.perFen, s.perPick))
	}
}

// gain is the value of an item less the price of its cost and its pick.
func (item planItem) gain(perFen, perPick float64) float64 {
	return float64(item.value) - perFen*float64(item.cost) - perPick
}

// least returns the x from 0 to most at which a convex function is lowest.
func least(most float64, f func(float64) float64) float64 {
	low, high := 0.0, most
	for range 40 {
		a, b := low+(high-low)/3, high-(high-low)/3
		if f(a) <= f(b) {
			high = b
		} else {
			low = a
		}
	}
	return (low + high) / 2
}

// bound returns a function that bounds the value a set can reach with the items from i
// on, if parts of items were allowed. It must be called with sets of rising cost.
func (s *planSearch) bound(i int) func(planSet) int64 {
	rest := slices.SortedStableFunc(slices.Values(s.items[i:]), byRatio)
	costs, values := make([]int64, len(rest)+1), make([]int64, len(rest)+1)
	for n, item := range rest {
		costs[n+1], values[n+1] = costs[n]+item.cost, values[n]+item.value
	}
	n := len(rest) // whole items that fit
	return func(set planSet) int64 {
		amount := s.budget - set.cost
		for costs[n] > amount {
			n--
		}
		most := float64(values[n])
		if n < len(rest) {
			most += float64(rest[n].value) * float64(amount-costs[n]) / float64(rest[n].cost)
		}
		if s.picksPerItem > 0 {
			most = min(most, s.perFen*float64(amount)+s.perPick*float64(s.maxPicks-set.picks)+s.gains[i])
		}
		return set.value + int64(most*(1+1e-12)+1e-6) // rounded up, so that rounding errors exclude no set
	}
}

// checkEvery is how many sets are handled between two checks of the deadline.
const checkEvery = 4096

func (s *planSearch) run() planSet {
	sets := []planSet{{rows: make([]uint64, s.words)}} // in the order of planSet.before
	best := sets[0]
	for i, item := range s.items {
		best = s.greedy(sets, i, best)
		grown := make([]planSet, 0, len(sets))
		bound := s.bound(i + 1)
		for n, set := range sets {
			if n%checkEvery == 0 && time.Now().After(s.deadline) {
				s.timedOut = true
				return best
			}
			with := planSet{set.cost + item.cost, set.value + item.value, set.picks + s.picksPerItem, nil}
			if with.picks > s.maxPicks || with.cost > s.budget || bound(with) < best.value {
				continue
			}
			with.rows = set.with(item)
			if with.better(best) {
				best = with
			}
			grown = append(grown, with)
		}
		bound = s.bound(i + 1)
		sets = slices.DeleteFunc(sets, func(set planSet) bool { return bound(set) < best.value })
		sets = undominated(mergedSets(sets, grown))
	}
	return best
}

// greedy completes the most promising set with the items from i on, and returns the
// better one of it and best. A good set early on keeps the number of sets small.
func (s *planSearch) greedy(sets []planSet, i int, best planSet) planSet {
	var set planSet
	bound, most := s.bound(i), int64(-1)
	for _, each := range sets {
		if b := bound(each); b > most {
			set, most = each, b
		}
	}
	if most < 0 {
		return best
	}
	rest := slices.SortedStableFunc(slices.Values(s.items[i:]), func(a, b planItem) int {
		if s.picksPerItem == 0 {
			return byRatio(a, b)
		}
		return cmp.Compare(b.gain(s.perFen, s.perPick), a.gain(s.perFen, s.perPick))
	})
	for _, item := range rest {
		if set.picks+s.picksPerItem <= s.maxPicks && set.cost+item.cost <= s.budget {
			set = planSet{set.cost + item.cost, set.value + item.value, set.picks + s.picksPerItem, set.with(item)}
		}
	}
	if set.better(best) {
		return set
	}
	return best
}

// before orders sets by rising cost, then falling value, rising picks, and first rows.
func (s planSet) before(o planSet) bool {
	if c := cmp.Or(cmp.Compare(s.cost, o.cost), cmp.Compare(o.value, s.value), cmp.Compare(s.picks, o.picks)); c != 0 {
		return c < 0
	}
	return s.comesFirst(o)
}

// mergedSets merges two ordered lists.
func mergedSets(a, b []planSet) []planSet {
	out := make([]planSet, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].before(a[0]) {
			a, b = b, a
		}
		out, a = append(out, a[0]), a[1:]
	}
	return append(append(out, a...), b...)
}

// undominated removes from an ordered list each set that another one beats: it costs no
// more, brings no less and has no more picks. Of equals the one whose rows come first in
// the table stays. It reuses the list's memory.
func undominated(sets []planSet) []planSet {
	kept := sets[:0]
	var front []planSet // the best sets so far, by falling picks
	for _, set := range sets {
		i := slices.IndexFunc(front, func(f planSet) bool { return f.picks <= set.picks })
		if i >= 0 && front[i].value >= set.value && (front[i].value != set.value || front[i].cost != set.cost || !set.comesFirst(front[i])) {
			continue
		}
		kept = append(kept, set)
		if i < 0 {
			i = len(front)
		}
		front = slices.Insert(front, i, set)
		// A later set costs more: it need not be compared with what set beats.
		front = slices.DeleteFunc(front, func(f planSet) bool {
			return f.picks > set.picks && f.value <= set.value || f.picks == set.picks && f.value < set.value
		})
	}
	return kept
}
