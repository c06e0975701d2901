package condense

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"time"

	"pgy-mcp/schema"
)

const (
	// exactRows is the most rows among which a plan is always the best one.
	exactRows = 200
	// planLimit bounds the search among more rows.
	planLimit = time.Second
)

// PlanOf picks the rows that together cost at most budget CNY, fee included, and bring
// the most engagements, or reads where the sort key is about reads; at most maxPicks of
// them, 0 for any number. Of sets that bring the same, the cheaper one is picked, then
// the one whose places in the table come first. Rows take part where they can be booked
// within the limits for an open quote and have that median.
func PlanOf(rows []schema.Row, by schema.SortKey, budget float64, maxPicks int, feePercent float64) *schema.Plan {
	items, all := planItems(rows, by, budget, feePercent)
	if maxPicks == 0 {
		maxPicks = len(items)
	}
	s := planSearch{items: items, words: (len(rows) + 63) / 64, picks: maxPicks, budget: wholeFen(budget)}
	if all > exactRows {
		s.deadline = time.Now().Add(planLimit)
	}
	best := s.run()
	plan := &schema.Plan{UserIDs: []string{}, Exact: !s.cut}
	var cost, quotes int64
	for i := range rows {
		if !best.has(i) {
			continue
		}
		r := &rows[i]
		plan.UserIDs = append(plan.UserIDs, r.UserID)
		cost += fen(*r.PriceCNY, feePercent)
		quotes += fen(*r.PriceCNY, 0)
		plan.EngagementMedians += orZero(r.EngagementMedian)
		plan.ReadMedians += orZero(r.ReadMedian)
	}
	plan.PriceCNY, plan.Left = float64(quotes)/100, float64(s.budget-cost)/100
	if feePercent > 0 {
		x := float64(cost) / 100
		plan.PriceWithFeeCNY = &x
	}
	return plan
}

// wholeFen is an amount in hundredths of a CNY, rounded down: a limit is not exceeded.
func wholeFen(amount float64) int64 {
	n := fen(amount, 0)
	if float64(n)/100 > amount {
		n--
	}
	return n
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// planItem is a row that takes part.
type planItem struct {
	place int   // in the table
	cost  int64 // hundredths of a CNY
	value int64 // engagements or reads
}

// planItems gives the rows that take part and fit the budget, those that bring the most
// for their price first, and how many take part in all.
func planItems(rows []schema.Row, by schema.SortKey, budget, feePercent float64) (items []planItem, all int) {
	for i := range rows {
		r := &rows[i]
		value := r.EngagementMedian
		if by.AboutReads() {
			value = r.ReadMedian
		}
		if r.NotBookable != "" || r.Outside != "" || r.Error != "" || r.Status != schema.QuoteOpen || r.PriceCNY == nil || value == nil {
			continue
		}
		all++
		if cost := fen(*r.PriceCNY, feePercent); cost <= wholeFen(budget) {
			items = append(items, planItem{i, cost, *value})
		}
	}
	slices.SortStableFunc(items, func(a, b planItem) int {
		return cmp.Compare(float64(b.value)*float64(a.cost), float64(a.value)*float64(b.cost))
	})
	return items, all
}

// planSet is a set of rows in the making.
type planSet struct {
	cost, value int64
	picks       int
	rows        []uint64 // a bit for each place in the table
}

func (s planSet) has(place int) bool { return s.rows != nil && s.rows[place/64]>>(place%64)&1 == 1 }

// comesFirst reports whether s has the first place in which the two sets differ.
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

// planSearch finds the best set by dynamic programming: item by item, it keeps the sets
// that no other one beats in cost, value and picks, and of them those that can still
// become better than the best set so far.
type planSearch struct {
	items    []planItem
	words    int // of a set's bits
	picks    int
	budget   int64
	deadline time.Time // zero for none
	cut      bool      // the deadline ended the search
}

func (s *planSearch) run() planSet {
	sets := []planSet{{rows: make([]uint64, s.words)}}
	best := sets[0]
	for i, item := range s.items {
		if !s.deadline.IsZero() && time.Now().After(s.deadline) {
			s.cut = true
			break
		}
		best = s.greedy(sets, i, best)
		bound := s.bound(i + 1)
		var grown []planSet
		for _, set := range sets {
			if set.picks == s.picks || set.cost+item.cost > s.budget {
				continue
			}
			with := planSet{set.cost + item.cost, set.value + item.value, set.picks + 1, slices.Clone(set.rows)}
			with.rows[item.place/64] |= 1 << (item.place % 64)
			if with.better(best) {
				best = with
			}
			grown = append(grown, with)
		}
		sets = slices.DeleteFunc(append(sets, grown...), func(set planSet) bool {
			return float64(set.value)+bound(s.budget-set.cost, s.picks-set.picks) < float64(best.value)
		})
		sets = undominated(sets)
	}
	return best
}

// greedy completes the most promising set with the items from i on, and gives it where
// it is better than best: a high bound early keeps the number of sets small.
func (s *planSearch) greedy(sets []planSet, i int, best planSet) planSet {
	set := sets[0]
	set.rows = slices.Clone(set.rows)
	for _, item := range s.items[i:] {
		if set.picks < s.picks && set.cost+item.cost <= s.budget {
			set.cost, set.value, set.picks = set.cost+item.cost, set.value+item.value, set.picks+1
			set.rows[item.place/64] |= 1 << (item.place % 64)
		}
	}
	if set.better(best) {
		return set
	}
	return best
}

// bound gives the most that the items from i on can bring for an amount in so many
// picks, parts of items included.
func (s *planSearch) bound(i int) func(amount int64, picks int) float64 {
	rest := s.items[i:]
	costs, values := make([]int64, len(rest)+1), make([]int64, len(rest)+1)
	top := make([]int64, len(rest))
	for n, item := range rest {
		costs[n+1], values[n+1] = costs[n]+item.cost, values[n]+item.value
		top[n] = item.value
	}
	slices.SortFunc(top, func(a, b int64) int { return cmp.Compare(b, a) })
	most := make([]int64, len(rest)+1)
	for n, value := range top {
		most[n+1] = most[n] + value
	}
	return func(amount int64, picks int) float64 {
		n := sort.Search(len(costs), func(n int) bool { return costs[n] > amount }) - 1
		byCost := float64(values[n])
		if n < len(rest) {
			byCost += float64(rest[n].value) * float64(amount-costs[n]) / float64(rest[n].cost)
		}
		// A little more, so that rounding never rules a set out.
		return math.Min(byCost*(1+1e-12)+1e-6, float64(most[min(picks, len(rest))]))
	}
}

// undominated keeps the sets for which no other one costs at most as much, brings at
// least as much and has at most as many picks. Of equals it keeps the one whose rows
// come first in the table.
func undominated(sets []planSet) []planSet {
	slices.SortFunc(sets, func(a, b planSet) int {
		if c := cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(b.value, a.value), cmp.Compare(a.picks, b.picks)); c != 0 {
			return c
		}
		if a.comesFirst(b) {
			return -1
		}
		return 1
	})
	var kept []planSet
	var front []planSet // by picks, falling; the most value for at most so many picks
	for _, set := range sets {
		i := slices.IndexFunc(front, func(f planSet) bool { return f.picks <= set.picks })
		if i >= 0 && front[i].value >= set.value && !(front[i].value == set.value && front[i].cost == set.cost && set.comesFirst(front[i])) {
			continue
		}
		kept = append(kept, set)
		if i < 0 {
			i = len(front)
		}
		j := i // sets with as many picks or more, and no more value, are beaten for those that cost more
		front = slices.Insert(front, j, set)
		front = slices.DeleteFunc(front, func(f planSet) bool {
			return f.picks > set.picks && f.value <= set.value || f.picks == set.picks && f.value < set.value
		})
	}
	return kept
}
