package tools

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// bloggers is a source of profiles by userId; each is the members of an object.
func bloggers(members map[string]string) fetcher {
	return func(_ context.Context, userID string) (*upstream.Response, error) {
		return billedProfile(userID, `{"userId":"`+userID+`",`+members[userID]+`}`), nil
	}
}

var (
	jia, yi, bing = testkit.BloggerID(1), testkit.BloggerID(2), testkit.BloggerID(3)

	// market has two low-active bloggers and one of abnormal health. Two names hold
	// what separates names in a list.
	market = bloggers(map[string]string{
		jia:  `"name":"甲, 乙","videoState":1,"videoPrice":1000,"mEngagementNum":100,"clickMidNum":1000,"lowActive":true`,
		yi:   `"name":"乙","videoState":1,"videoPrice":600,"mEngagementNum":50,"clickMidNum":900,"lowActive":true`,
		bing: `"name":"丙(丁)","videoState":1,"videoPrice":500,"mEngagementNum":60,"clickMidNum":200,"currentLevel":0`,
	})
)

// A plan is in the structured result and in one line of the text, which names the
// picks that have flags.
func TestComparisonHasAPlan(t *testing.T) {
	for _, c := range []struct {
		name string
		in   schema.CompareInput
		fee  float64
		plan string
		said string
	}{
		{
			"engagements", schema.CompareInput{BudgetCNY: 1500}, 0,
			`{"userIds":["` + bing + `","` + jia + `"],"priceCny":1500,"engagementMedians":160,"readMedians":1200,"left":0}`,
			"\n- Plan within 1,500 CNY: “丙(丁)”, “甲, 乙” for 1,500 CNY, 0 CNY left; sum of engagement medians 160, of read medians 1,200. These sums are no forecast, and audiences overlap. Flags: abnormal health (“丙(丁)”); low-active (“甲, 乙”).\n",
		},
		{
			"reads", schema.CompareInput{BudgetCNY: 1150.5, SortBy: schema.ByCNYPerRead}, 0,
			`{"userIds":["` + yi + `","` + bing + `"],"priceCny":1100,"engagementMedians":110,"readMedians":1100,"left":50.5}`,
			"\n- Plan within 1,150.5 CNY: 乙, “丙(丁)” for 1,100 CNY, 50.5 CNY left;",
		},
		{
			"at most one", schema.CompareInput{BudgetCNY: 1500, MaxPicks: 1}, 0,
			`{"userIds":["` + jia + `"],"priceCny":1000,"engagementMedians":100,"readMedians":1000,"left":500}`,
			"\n- Plan within 1,500 CNY: “甲, 乙” for 1,000 CNY, 500 CNY left;",
		},
		{
			"with a fee", schema.CompareInput{BudgetCNY: 1500}, 10.5,
			`{"userIds":["` + bing + `","` + yi + `"],"priceCny":1100,"priceWithFeeCny":1215.5,"engagementMedians":110,"readMedians":1100,"left":284.5}`,
			"\n- Plan within 1,500 CNY: “丙(丁)”, 乙 for 1,100 CNY (1,215.5 with fee), 284.5 CNY left;",
		},
		{
			"nobody fits", schema.CompareInput{BudgetCNY: 499.99}, 0,
			`{"userIds":[],"priceCny":0,"engagementMedians":0,"readMedians":0,"left":499.99}`,
			"\n- Plan within 499.99 CNY: no blogger that can be booked fits.\n",
		},
		{"none asked for", schema.CompareInput{}, 0, `null`, "\n- Video quotes, by "},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, end := newBench(setup{source: "prod-global", fetcher: market, fee: c.fee})
				defer end()
				c.in.UserIDs = []string{jia, yi, bing}
				got := b.compare(t, t.Context(), c.in)
				testkit.Equal(t, "the plan", string(JSON(got.Plan)), c.plan)
				testkit.ContainsOnce(t, "the text", got.text, c.said)
				testkit.Equal(t, "meta.budgetCny", got.Meta.BudgetCNY, c.in.BudgetCNY)
				testkit.Equal(t, "meta.maxPicks", got.Meta.MaxPicks, c.in.MaxPicks)
				testkit.Equal(t, "meta.feePercent", got.Meta.FeePercent, c.fee)
			})
		})
	}
}

// The limit is held against the price with the fee, which rows and text have.
func TestComparisonWithAFee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: market, fee: 10})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{jia, yi, bing}, SortBy: schema.ByPriceCNY, MaxPriceCNY: 600})
		var rows []string
		for _, r := range got.Rows {
			rows = append(rows, r.Name+" "+string(JSON(r.PriceWithFeeCNY))+" "+r.Outside)
		}
		testkit.Equal(t, "the rows", strings.Join(rows, "|"), "丙(丁) 550 |乙 660 over the limit|甲, 乙 1100 over the limit")
		testkit.Contains(t, "the text", got.text, "| With fee CNY |", "with fee adds 10 %; limit and budget include the fee")
	})
}

// Flags are in every row that has one; each caveat names its own bloggers, whatever
// their names hold.
func TestComparisonFlags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: market})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{jia, yi, bing}, SortBy: schema.ByPriceCNY})
		want := map[string][]string{jia: {"low-active"}, yi: {"low-active"}, bing: {"abnormal health"}}
		for _, r := range got.Rows {
			if !slices.Equal(r.Flags, want[r.UserID]) {
				t.Errorf("the flags of %s: got %q, want %q", r.Name, r.Flags, want[r.UserID])
			}
		}
		testkit.Equal(t, "the caveats", strings.Join(got.Meta.Caveats, "\n"),
			"The platform marks this blogger as low-active. (“甲, 乙”, 乙)\nThe platform rates this blogger's health as abnormal (level 0): buyers leave such creators out. (“丙(丁)”)")
		testkit.Contains(t, "the text", got.text, "| 1 | 丙(丁) | "+bing+" | open | 500 |", "| abnormal health |")
	})
}

// One cause is told once, with the names that it is about.
func TestComparisonTellsACauseOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
			if userID == bing {
				return billedProfile(userID, `{"userId":"`+userID+`","name":"丙"}`), nil
			}
			return nil, &upstream.Error{Kind: upstream.InsufficientBalance, Code: 601, Billed: upstream.NotBilled}
		})})
		defer end()
		b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{bing}}) // before the failure holds requests off
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{jia, yi, bing}})
		testkit.Equal(t, "what was counted", got.counts(), counts{Cached: 1, Failed: 2})
		testkit.ContainsOnce(t, "the text", got.text, "insufficient_balance", "("+jia+", "+yi+")")
	})
}

// A comparison says when its figures were fetched and from which source.
func TestComparisonSaysDateAndSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: market, budget: 7})
		defer end()
		b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{jia}})
		waitHours(2)
		m := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{yi, jia}})
		testkit.Equal(t, "meta", string(JSON(m.Meta)), `{"format":"video","sortBy":"cnyPerEngagement","source":"prod-global","oldestFetchedAt":"2000-01-01T00:00:00Z","newestFetchedAt":"2000-01-01T02:00:00Z",`+
			`"cached":1,"billed":1,"pending":0,"failed":0,"notCached":0,"callsLeft":5,"caveats":["The platform marks this blogger as low-active. (乙, “甲, 乙”)"]}`)
		testkit.Contains(t, "the text", m.text, "\n- Fetched from 2000-01-01T00:00:00Z to 2000-01-01T02:00:00Z, from prod-global.\n", "2 looked up, 1 cached, 1 billed, 0 pending, 0 failed; 5 requests left in the 24-hour budget.")
		for _, r := range m.Rows {
			want := map[string]string{jia: "2000-01-01T00:00:00Z", yi: "2000-01-01T02:00:00Z"}[r.UserID]
			testkit.Equal(t, "fetchedAt of "+r.Name, r.FetchedAt, want)
		}
	})
}
