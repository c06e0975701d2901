package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) compareTool() tool {
	return tool{
		name:  "compare_bloggers",
		title: "Compare bloggers",
		description: fmt.Sprintf("Compares up to %d Xiaohongshu (RedNote, 小红书) bloggers on Pugongying (蒲公英) in one table, ranked by a cost or a figure: ", schema.MaxCompared) +
			"quote, cost per engagement, read and thousand followers, followers, medians, the platform's own costs. " +
			"Bloggers who can be booked (within maxPriceCny) have a rank and come first; notBookable or outside says why others have none. " +
			"budgetCny adds a plan, the picks that bring the most for it. Unknown values are absent. It needs ids; find_bloggers searches. " +
			"Cached bloggers are free; each other one is a paid request. " +
			"One blogger's failure is that row's error; a pending row comes later without a further charge.",
		input:  schema.CompareArguments.Schema(),
		output: schema.PublishedComparison,
		page:   comparisonPage.uri,
		run:    s.compareCall,
	}
}

func (s *Set) compareCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.CompareArguments.Decode(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	c, failures := s.compare(ctx, s.Wait, in, o)
	if len(failures) == len(c.Rows) { // there is nothing to compare
		failed, _ := render.RowFailures(s.Language, c.Rows)
		return nil, allFailed(failures, failed, t("bloggers", "位博主"), c.Meta.Billed)
	}
	return result([][]byte{JSON(render.Comparison(s.Language, c))}, nil, JSON(c)), nil
}

// Compare looks up any number of bloggers and compares them. It waits until all look-ups
// or ctx have ended. Progress goes to WithProgress. notFresh counts the look-ups without a
// fresh answer.
func (s *Set) Compare(ctx context.Context, in schema.CompareInput) (c *schema.Comparison, notFresh int) {
	var o Outcome
	c, _ = s.compare(ctx, forever, in, &o)
	return c, o.notFresh()
}

// compare returns a comparison, and the failures of its rows.
func (s *Set) compare(ctx context.Context, wait time.Duration, in schema.CompareInput, o *Outcome) (*schema.Comparison, []failure) {
	c := comparison{
		language: s.Language,
		source:   s.Lookups.Source(),
		terms:    condense.Terms{FeePercent: s.FeePercent, MaxPriceCNY: in.MaxPriceCNY},
	}
	c.Rows = make([]schema.Row, 0, len(in.UserIDs)+len(in.Malformed))
	c.Meta = schema.ComparisonMeta{Format: in.Format, SortBy: in.SortBy, MaxPriceCNY: in.MaxPriceCNY, BudgetCNY: in.BudgetCNY, MaxPicks: in.MaxPicks, FeePercent: s.FeePercent, Source: c.source}
	cached := map[string]cachedAnswer{}
	if !in.Refresh {
		cached = s.cachedRows(ctx, in.UserIDs)
	}
	toAsk := slices.DeleteFunc(slices.Clone(in.UserIDs), func(id string) bool {
		r, has := cached[id]
		return has && !r.Stale
	})
	lookups := map[string]*upstream.Lookup{} // an interrupted command starts some of them
	newProgress(ctx, s.Language, len(in.UserIDs)-len(toAsk), len(in.UserIDs)).awaitQueue(ctx, wait, &queue{groups: len(toAsk), start: func(i int) []*upstream.Lookup {
		l := s.Lookups.Lookup(profileOf(toAsk[i]), upstream.Ask{Refresh: in.Refresh, CachedOnly: in.CachedOnly})
		lookups[toAsk[i]] = l
		return []*upstream.Lookup{l}
	}})
	malformed := in.Malformed
	failMalformed := func(place int) {
		for ; len(malformed) > 0 && malformed[0].Place <= place; malformed = malformed[1:] {
			c.fail(malformed[0].Given, invalidArguments(c.language, malformed[0].Err))
		}
	}
	for i, id := range in.UserIDs {
		failMalformed(i)
		r, has := cached[id]
		if !has || r.Stale {
			a, f, ok := s.collect(ctx, lookups[id], wait, aBlogger)
			switch {
			case ok:
				r = cachedAnswer{a, schema.SeenInProfile}
			case !in.CachedOnly || f.kind != upstream.NotCached || r.Response == nil:
				o.count(a)
				o.fail(id, upstream.Profile.Name, f)
				c.fail(id, f)
				continue
			}
		}
		o.count(r.Answer)
		c.add(id, r)
	}
	failMalformed(len(in.UserIDs))
	c.Meta.Cached, c.Meta.Billed, c.Meta.Failed, c.Meta.CallsLeft = o.Cached, o.Billed, len(c.failures), s.callsLeft()
	c.Meta.Caveats = c.caveatLines()
	condense.Rank(c.Rows, in.SortBy)
	if in.BudgetCNY > 0 {
		c.Plan = condense.PlanOf(c.Rows, in.SortBy, in.BudgetCNY, in.MaxPicks, s.FeePercent)
	}
	return &c.Comparison, c.failures
}

// comparison builds a comparison.
type comparison struct {
	schema.Comparison
	language lang.Language
	source   string
	terms    condense.Terms
	failures []failure
	concerns concerns
}

// fail adds a row without an answer. A row that is pending or not cached is no failure.
func (c *comparison) fail(userID string, f failure) {
	row := schema.Row{UserID: userID, Error: f.inRow()}
	switch f.kind {
	case pending:
		row.Pending = true
		c.Meta.Pending++
	case upstream.NotCached:
		row.NotCached = true
		c.Meta.NotCached++
	default:
		c.failures = append(c.failures, f)
	}
	c.Rows = append(c.Rows, row)
}

// add adds a blogger's row and caveats.
func (c *comparison) add(userID string, a cachedAnswer) {
	row, notBookable, outside, caveats := condense.Row(a.Data(), a.from, c.Meta.Format, c.terms)
	if a.Stale {
		caveats = append(caveats, staleRow(c.language, a.Answer, aBlogger))
	}
	row.UserID = userID
	row.NotBookable, row.Outside = render.Reasons(c.language, notBookable), render.Reasons(c.language, outside)
	row.FetchedAt = fetched(a.Answer, &c.Meta.OldestFetchedAt, &c.Meta.NewestFetchedAt)
	row.Flags = flagsOf(caveats, c.source)
	c.Rows = append(c.Rows, row)
	c.concerns.add(c.language, cmp.Or(row.Name, userID), caveats)
}

// caveatLines returns the caveats of the rows, then those about the whole comparison.
func (c *comparison) caveatLines() []string {
	var overall []schema.Caveat
	by := schema.ColumnOf(c.Meta.SortBy)
	found := func(r schema.Row) bool { return r.Error == "" }
	if slices.ContainsFunc(c.Rows, found) && !slices.ContainsFunc(c.Rows, func(r schema.Row) bool { _, known := by.Figure(&r); return known }) {
		overall = append(overall, schema.NoRank.With(by.Ranking))
	}
	if c.source == upstream.SampleName {
		overall = append(overall, schema.RecordedSamples.With())
	}
	return c.concerns.lines(c.language, overall)
}
