package condense

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

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

// The bubble's clock stands still while a plan is searched for, so that none is cut off.
func TestPlanIsTheBestOfAllSets(t *testing.T) { synctest.Test(t, planIsTheBestOfAllSets) }

func planIsTheBestOfAllSets(t *testing.T) {
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

// planRow is a row that can be booked.
func planRow(id string, price float64, engagements, reads int64) schema.Row {
	r := schema.Row{UserID: id, Status: schema.QuoteOpen, PriceCNY: &price}
	if engagements > 0 {
		r.EngagementMedian = &engagements
	}
	if reads > 0 {
		r.ReadMedian = &reads
	}
	return r
}

func TestPlan(t *testing.T) {
	noQuote, failed, outside, closed := planRow("q", 100, 900, 900), planRow("f", 100, 900, 900), planRow("o", 100, 900, 900), planRow("c", 100, 900, 900)
	noQuote.Status, noQuote.PriceCNY = schema.QuoteNone, nil
	failed.Error, outside.Outside, closed.NotBookable = "timeout: late.", "over the limit", "closed"
	pending := planRow("p", 100, 900, 900)
	pending.Error, pending.Pending = "pending: later.", true
	rows := []schema.Row{planRow("a", 600, 60, 10), planRow("b", 500, 50, 0), planRow("d", 500, 50, 70), planRow("e", 400, 0, 80), noQuote, failed, outside, closed, pending}
	ties := []schema.Row{planRow("a", 300, 30, 5), planRow("b", 200, 20, 5), planRow("d", 200, 20, 5), planRow("e", 100, 10, 5), planRow("g", 100, 10, 5)}
	cheaper := []schema.Row{planRow("a", 300, 30, 5), planRow("b", 299, 30, 5)}
	late := []schema.Row{planRow("a", 340, 4, 0), planRow("b", 260, 3, 0), planRow("d", 350, 5, 0), planRow("e", 250, 2, 0)}
	for _, c := range []struct {
		name     string
		rows     []schema.Row
		by       schema.SortKey
		budget   float64
		maxPicks int
		fee      float64
		want     string
	}{
		{"two beat the best one", rows, schema.ByCNYPerEngagement, 1000, 0, 0, `{"userIds":["b","d"],"priceCny":1000,"engagementMedians":100,"readMedians":70,"left":0}`},
		{"one pick", rows, schema.ByCNYPerEngagement, 1000, 1, 0, `{"userIds":["a"],"priceCny":600,"engagementMedians":60,"readMedians":10,"left":400}`},
		{"reads, where the ranking is about them", rows, schema.ByCNYPerRead, 1000, 0, 0, `{"userIds":["d","e"],"priceCny":900,"engagementMedians":50,"readMedians":150,"left":100}`},
		{"with the fee", rows, schema.ByPriceCNY, 1100, 0, 10, `{"userIds":["b","d"],"priceCny":1000,"priceWithFeeCny":1100,"engagementMedians":100,"readMedians":70,"left":0}`},
		{"with the fee, 0.01 too little", rows, schema.ByPriceCNY, 1099.99, 0, 10, `{"userIds":["a"],"priceCny":600,"priceWithFeeCny":660,"engagementMedians":60,"readMedians":10,"left":439.99}`},
		{"a budget is not exceeded by a part of 0.01", rows, schema.ByPriceCNY, 999.999, 0, 0, `{"userIds":["a"],"priceCny":600,"engagementMedians":60,"readMedians":10,"left":399.99}`},
		{"nobody fits", rows, schema.ByPriceCNY, 399, 0, 0, `{"userIds":[],"priceCny":0,"engagementMedians":0,"readMedians":0,"left":399}`},
		{"nobody can be booked", rows[4:], schema.ByPriceCNY, 5000, 3, 10, `{"userIds":[],"priceCny":0,"priceWithFeeCny":0,"engagementMedians":0,"readMedians":0,"left":5000}`},
		{"no rows", nil, schema.ByPriceCNY, 5000, 0, 0, `{"userIds":[],"priceCny":0,"engagementMedians":0,"readMedians":0,"left":5000}`},
		{"equals: the first places", ties, schema.ByCNYPerEngagement, 400, 2, 0, `{"userIds":["a","e"],"priceCny":400,"engagementMedians":40,"readMedians":10,"left":0}`},
		{"equals: the first places, where others bring more for their price", late, schema.ByCNYPerEngagement, 600, 0, 0, `{"userIds":["a","b"],"priceCny":600,"engagementMedians":7,"left":0}`},
		{"equals in reads: the cheaper set", ties, schema.ByReadMedian, 400, 2, 0, `{"userIds":["e","g"],"priceCny":200,"engagementMedians":20,"readMedians":10,"left":200}`},
		{"equals: the cheaper one", cheaper, schema.ByCNYPerEngagement, 400, 0, 0, `{"userIds":["b"],"priceCny":299,"engagementMedians":30,"readMedians":5,"left":101}`},
	} {
		if got := encode(t, PlanOf(c.rows, c.by, c.budget, c.maxPicks, c.fee)); got != c.want {
			t.Errorf("%s: PlanOf(…, %s, %v, %d, %v)\n got %s\nwant %s", c.name, c.by, c.budget, c.maxPicks, c.fee, got, c.want)
		}
	}
}

// Which median a plan adds up follows from what the rows are ranked by.
func TestPlansAboutReads(t *testing.T) {
	reads := []schema.SortKey{schema.ByCNYPerRead, schema.ByCNYPerFormatRead, schema.ByCNYPerSponsoredRead, schema.ByReadMedian, schema.BySponsoredReadMedian, schema.ByPlatformCNYPerRead}
	rows := []schema.Row{planRow("engagements", 100, 9, 1), planRow("reads", 100, 1, 9)}
	for _, key := range schema.SortKeys {
		want := "engagements"
		if slices.Contains(reads, key) {
			want = "reads"
		}
		if got := PlanOf(rows, key, 100, 0, 0).UserIDs; len(got) != 1 || got[0] != want {
			t.Errorf("PlanOf by %s: got %v, want [%s]", key, got, want)
		}
	}
}

// A search that runs out of time gives a set that fits, and says that it is not surely
// the best one.
func TestPlanWithoutTime(t *testing.T) {
	rows := []schema.Row{planRow("a", 600, 60, 10), planRow("b", 500, 50, 0), planRow("d", 500, 50, 70)}
	s := planSearch{items: planItems(rows, schema.ByPriceCNY, 1000, 0), words: 1, budget: 100_000, deadline: time.Now().Add(-time.Second)}
	best := s.run()
	if !s.timedOut || best.cost == 0 || best.cost > 100_000 {
		t.Errorf("run after the deadline: got a set for %d, timed out %v; want one for at most 100000, timed out", best.cost, s.timedOut)
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
					switch kind {
					case "correlated":
						rows[i].EngagementMedian = &e
					case "cents":
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
