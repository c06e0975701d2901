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
			"Who can be booked (within maxPriceCny) has a rank and comes first; notBookable says why the others cannot. " +
			"Unknown values are absent. Bloggers in memory are free; each other one is a paid request. " +
			"One blogger's failure is that row's error; a pending row comes later without a further charge.",
		input:  schema.PublishedCompareInput,
		output: schema.PublishedComparison,
		page:   pageURI,
		run:    s.compareCall,
	}
}

func (s *Set) compareCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.DecodeCompareInput(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	c, failures := s.compare(ctx, s.Wait, in, o)
	if len(failures) == len(c.Rows) { // there is nothing to compare
		return nil, allFailed(failures, render.RowFailures(s.Language, c.Rows), t("bloggers", "位博主"), c.Meta.Billed)
	}
	return result([][]byte{JSON(render.Comparison(s.Language, c))}, nil, JSON(c)), nil
}

// Compare looks bloggers up, as many as are given, and compares them. It waits until
// all look-ups have ended or ctx ends. WithProgress reports the progress.
func (s *Set) Compare(ctx context.Context, in schema.CompareInput) *schema.Comparison {
	c, _ := s.compare(ctx, forever, in, &Outcome{})
	return c
}

// compare gives a comparison, and the failures in the order in which they were found.
func (s *Set) compare(ctx context.Context, wait time.Duration, in schema.CompareInput, o *Outcome) (*schema.Comparison, []failure) {
	c := comparison{language: s.Language, concerns: map[string][]string{}, Comparison: schema.Comparison{
		Rows: make([]schema.Row, 0, len(in.UserIDs)+len(in.Malformed)),
		Meta: schema.ComparisonMeta{Format: in.Format, SortBy: in.SortBy, MaxPriceCNY: in.MaxPriceCNY},
	}}
	lookups := make([]*upstream.Lookup, len(in.UserIDs))
	for i, id := range in.UserIDs {
		lookups[i] = s.Lookups.Lookup(profileOf(id), in.Refresh)
	}
	await(ctx, s.Language, wait, lookups...)
	for i, l := range lookups {
		a, f, ok := s.finish(ctx, l, wait)
		o.count(a)
		if ok {
			c.add(in.UserIDs[i], a)
		} else {
			o.fail(in.UserIDs[i], upstream.UserBlogger.Name, f)
			c.fail(in.UserIDs[i], f)
		}
	}
	for _, m := range in.Malformed {
		c.fail(m.Given, invalidArguments(c.language, m.Err))
	}
	c.Meta.Cached, c.Meta.Billed, c.Meta.Failed = o.Cached, o.Billed, len(c.failures)
	c.Meta.Caveats = c.caveatLines(s.Lookups.Source())
	condense.Rank(c.Rows, in.SortBy)
	return &c.Comparison, c.failures
}

// comparison is a comparison in the making.
type comparison struct {
	schema.Comparison
	language lang.Language
	failures []failure
	caveats  []string            // in the order in which they came up
	concerns map[string][]string // names of the bloggers that each caveat is about
}

func (c *comparison) fail(userID string, f failure) {
	c.failures = append(c.failures, f)
	c.Rows = append(c.Rows, schema.Row{UserID: userID, Error: f.Error()})
}

// add adds a blogger's row and caveats.
func (c *comparison) add(userID string, a upstream.Answer) {
	row, reasons, caveats := condense.Row(a.Data(), c.Meta.Format, c.Meta.MaxPriceCNY)
	row.UserID = userID
	row.NotBookable = render.Reasons(c.language, reasons)
	c.Rows = append(c.Rows, row)
	if a.Stale {
		caveats = append(caveats, schema.StaleRow.With(staleReason(c.language, a)))
	}
	for _, text := range render.Caveats(c.language, caveats) {
		if c.concerns[text] == nil {
			c.caveats = append(c.caveats, text)
		}
		c.concerns[text] = append(c.concerns[text], cmp.Or(render.Cell(row.Name), userID))
	}
}

// caveatLines says each caveat once with the bloggers that it is about, then the
// caveats about the comparison as a whole.
func (c *comparison) caveatLines(source string) []string {
	var out []string
	for _, text := range c.caveats {
		out = append(out, c.language.Say(t("%s (%s)", "%s（%s）"), text, c.language.List(c.concerns[text])))
	}
	var whole []schema.Caveat
	by := schema.ColumnOf(c.Meta.SortBy)
	if c.Meta.Failed < len(c.Rows) && !slices.ContainsFunc(c.Rows, func(r schema.Row) bool { _, known := by.Figure(&r); return known }) {
		whole = append(whole, schema.NoRank.With(by.Ranking))
	}
	if source == upstream.SampleName {
		whole = append(whole, schema.RecordedSamples.With())
	}
	return append(out, render.Caveats(c.language, whole)...)
}
