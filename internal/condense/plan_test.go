package condense

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgy-mcp/schema"
)

// planRows are rows that can be booked at these prices, for these medians.
func planRows(r *rand.Rand, n int, price, median func() int64) []schema.Row {
	rows := make([]schema.Row, n)
	for i := range rows {
		x, engagements, reads := float64(price()), median(), median()
		rows[i] = schema.Row{UserID: fmt.Sprint(i), Status: schema.QuoteOpen, PriceCNY: &x, EngagementMedian: &engagements, ReadMedian: &reads}
		switch r.IntN(12) {
		case 0:
			rows[i].NotBookable = "closed"
		case 1:
			rows[i].Outside = "over the limit"
		case 2:
			rows[i].EngagementMedian = nil
		case 3:
			rows[i].Status = schema.QuoteNone
		}
	}
	return rows
}

// bestByHand tries all sets of rows.
func bestByHand(rows []schema.Row, by schema.SortKey, budget float64, maxPicks int, fee float64) []string {
	var takePart []int
	for i, r := range rows {
		value := r.EngagementMedian
		if by.AboutReads() {
			value = r.ReadMedian
		}
		if r.NotBookable == "" && r.Outside == "" && r.Status == schema.QuoteOpen && value != nil {
			takePart = append(takePart, i)
		}
	}
	best, bestValue, bestCost := []int{}, int64(0), int64(0)
	for set := range 1 << len(takePart) {
		var places []int
		var value, cost int64
		for bit, i := range takePart {
			if set>>bit&1 == 0 {
				continue
			}
			places = append(places, i)
			cost += int64(*rows[i].PriceCNY*(100+fee) + 0.5) // whole prices and fees
			if by.AboutReads() {
				value += *rows[i].ReadMedian
			} else {
				value += *rows[i].EngagementMedian
			}
		}
		if float64(cost) > budget*100 || maxPicks > 0 && len(places) > maxPicks {
			continue
		}
		earlier := false
		for i := range min(len(places), len(best)) {
			if places[i] != best[i] {
				earlier = places[i] < best[i]
				break
			}
		}
		if value > bestValue || value == bestValue && cost < bestCost || value == bestValue && cost == bestCost && earlier {
			best, bestValue, bestCost = places, value, cost
		}
	}
	ids := []string{}
	for _, i := range best {
		ids = append(ids, rows[i].UserID)
	}
	return ids
}

func TestPlanIsTheBestOfAllSets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 500 {
		spread := []int64{3, 20, 10_000}[r.IntN(3)]
		rows := planRows(r, r.IntN(17), func() int64 { return 100 + r.Int64N(spread)*10 }, func() int64 { return 1 + r.Int64N(spread) })
		by := []schema.SortKey{schema.ByCNYPerEngagement, schema.ByCNYPerRead}[r.IntN(2)]
		budget, maxPicks, fee := float64(r.Int64N(8*(100+spread*10))), r.IntN(6), float64(r.IntN(3)*5)
		got := PlanOf(rows, by, budget, maxPicks, fee)
		if want := bestByHand(rows, by, budget, maxPicks, fee); !reflect.DeepEqual(got.UserIDs, want) {
			t.Errorf("case %d: PlanOf %d rows by %s, budget %v, at most %d picks, fee %v %% picks %v, want %v", n, len(rows), by, budget, maxPicks, fee, got.UserIDs, want)
		}
		if !got.Exact {
			t.Errorf("case %d: the plan is not exact, want it exact", n)
		}
	}
}

func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{20, 200} {
		for _, kind := range []string{"free", "correlated", "cents"} {
			b.Run(fmt.Sprintf("%d/%s", n, kind), func(b *testing.B) {
				r := rand.New(rand.NewPCG(3, 4))
				rows := planRows(r, n, func() int64 { return 500 + r.Int64N(60_000) }, func() int64 { return 1 + r.Int64N(5000) })
				for i := range rows {
					e := int64(*rows[i].PriceCNY/20) + r.Int64N(40)
					if kind == "correlated" {
						rows[i].EngagementMedian = &e
					} else if kind == "cents" {
						*rows[i].PriceCNY += float64(r.IntN(100)) / 100
					}
				}
				for b.Loop() {
					PlanOf(rows, schema.ByCNYPerEngagement, 1_000_000/200*float64(n), 0, 10)
				}
			})
			b.Run(fmt.Sprintf("%d/%s/10 picks", n, kind), func(b *testing.B) {
				r := rand.New(rand.NewPCG(3, 4))
				rows := planRows(r, n, func() int64 { return 500 + r.Int64N(60_000) }, func() int64 { return 1 + r.Int64N(5000) })
				for i := range rows {
					e := int64(*rows[i].PriceCNY/20) + r.Int64N(40)
					if kind == "correlated" {
						rows[i].EngagementMedian = &e
					}
				}
				for b.Loop() {
					PlanOf(rows, schema.ByCNYPerEngagement, 100_000, 10, 0)
				}
			})
		}
	}
}
