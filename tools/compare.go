package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) compareTool() tool {
	return tool{
		name:  "compare_bloggers",
		title: "Compare bloggers",
		description: "Looks up to 20 Xiaohongshu (RedNote, 小红书) bloggers up on Pugongying (蒲公英) and ranks them in one table by a cost or a figure: " +
			"quote, cost per engagement, read and thousand followers, followers, medians. " +
			"Unknown values are absent and rank last. Bloggers in memory are free; each other one is a paid request. " +
			"One blogger's failure is that row's error; a row that is pending comes free of charge when called again a little later.",
		input:  schema.PublishedCompareInput,
		output: schema.PublishedComparison,
		run:    s.compareCall,
	}
}

func (s *Set) compareCall(ctx context.Context, arguments json.RawMessage, o *Outcome) Result {
	in, err := schema.DecodeCompareInput(arguments)
	if err != nil {
		o.Kind = string(invalidArgument)
		return errorResult(invalidArguments(err))
	}
	c := s.compare(ctx, s.Wait, in, o)
	if f, all := c.allFailed(); all {
		o.Kind = string(f.kind)
		return errorResult(f)
	}
	return Result{[]byte(`{"content":[`), textBlock(c.text()), []byte(`],"structuredContent":`), marshal(c.Comparison), []byte("}")}
}

// Compare gives the text of a comparison for the command line, and a line for
// each blogger that was not found. It waits as long as it takes or until ctx
// ends.
func (s *Set) Compare(ctx context.Context, in schema.CompareInput) (text string, failures []string) {
	c := s.compare(ctx, forever, in, &Outcome{})
	for _, r := range c.Rows {
		if r.Error != "" {
			failures = append(failures, r.UserID+": "+r.Error)
		}
	}
	return c.text(), failures
}

// comparison is the result before it is written out.
type comparison struct {
	schema.Comparison
	failures []failure
	caveats  []string            // in the order in which they came up
	concerns map[string][]string // whom each one concerns, by name
}

func (s *Set) compare(ctx context.Context, wait time.Duration, in schema.CompareInput, o *Outcome) comparison {
	c := comparison{concerns: map[string][]string{}, Comparison: schema.Comparison{
		Rows: make([]schema.Row, 0, len(in.UserIDs)),
		Meta: schema.ComparisonMeta{Format: in.Format, SortBy: in.SortBy},
	}}
	for i, l := range s.lookUp(ctx, wait, in.UserIDs, in.Refresh) {
		a, f, ok := outcome(ctx, l, wait)
		o.count(a)
		if !ok {
			c.failures = append(c.failures, f)
			c.Rows = append(c.Rows, schema.Row{UserID: in.UserIDs[i], Error: f.Line()})
			continue
		}
		c.add(in.UserIDs[i], a)
	}
	c.Meta.Cached, c.Meta.Billed, c.Meta.Failed = o.Cached, o.Billed, len(c.failures)
	c.Meta.Caveats = c.caveatLines()
	if s.Lookups.Source() == sampleSource {
		c.Meta.Caveats = append(c.Meta.Caveats, "Recorded samples, not live data.")
	}
	rank(c.Rows, in.SortBy)
	return c
}

// add makes a blogger's row and notes what there is to mind about it.
func (c *comparison) add(userID string, a upstream.Answer) {
	s := Summarize(a.Data())
	q := s.Quotes.Video
	if c.Meta.Format == schema.FormatImage {
		q = s.Quotes.Image
	}
	c.Rows = append(c.Rows, schema.Row{
		UserID:                userID,
		Name:                  s.Name,
		Followers:             s.Followers,
		ReadMedian:            s.ReadMedian,
		EngagementMedian:      s.EngagementMedian,
		EngagementToReadRatio: s.EngagementToReadRatio,
		Status:                q.Status,
		PriceCNY:              q.PriceCNY,
		UnitCosts:             q.UnitCosts,
	})
	caveats := append(profileCaveats(&s), quoteCaveats(c.Meta.Format, q)...)
	if q.Status == schema.QuoteClosed {
		caveats = append(caveats, fmt.Sprintf("The %s format is closed: cannot be booked now, whatever its price.", c.Meta.Format))
	}
	if a.Stale {
		caveats = append(caveats, "Figures past their time, "+staleReason(a))
	}
	for _, text := range caveats {
		if c.concerns[text] == nil {
			c.caveats = append(c.caveats, text)
		}
		c.concerns[text] = append(c.concerns[text], cmp.Or(name(s.Name), userID))
	}
}

// caveatLines says each caveat once and whom it concerns.
func (c *comparison) caveatLines() []string {
	var out []string
	for _, text := range c.caveats {
		out = append(out, text+" ("+strings.Join(c.concerns[text], ", ")+")")
	}
	return out
}

// rank sorts the rows and numbers those that have a value. Rows without one
// come last; otherwise and among equals the order stays as asked.
func rank(rows []schema.Row, by schema.SortKey) {
	slices.SortStableFunc(rows, func(a, b schema.Row) int {
		x, hasX := a.Value(by)
		y, hasY := b.Value(by)
		switch {
		case !hasX || !hasY:
			return cmp.Compare(boolInt(!hasX), boolInt(!hasY))
		case by.Ascending():
			return cmp.Compare(x, y)
		}
		return cmp.Compare(y, x)
	})
	for i := range rows {
		if _, ok := rows[i].Value(by); ok {
			n := i + 1
			rows[i].Rank = &n
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// allFailed gives the words where there is nothing to compare.
func (c *comparison) allFailed() (failure, bool) {
	if len(c.failures) < len(c.Rows) {
		return failure{}, false
	}
	// A row that is pending will be charged and comes for free: that decides;
	// after it what is worth another try.
	f := c.failures[0]
	for _, decides := range []func(failure) bool{
		func(f failure) bool { return f.kind == pending },
		func(f failure) bool { return f.kind.Retryable() },
	} {
		if i := slices.IndexFunc(c.failures, decides); i >= 0 {
			f = c.failures[i]
			break
		}
	}
	if len(c.Rows) > 1 {
		f.sentence = fmt.Sprintf("None of the %d bloggers could be looked up. One of them: %s", len(c.Rows), f.sentence)
	}
	for _, r := range c.Rows {
		f.next += "\n- " + r.UserID + ": " + r.Error
	}
	allPending := !slices.ContainsFunc(c.failures, func(f failure) bool { return f.kind != pending })
	if f.kind == pending && !allPending {
		f.retryable += " as far as they are pending"
	}
	switch {
	case c.Meta.Billed > 0:
		f.billed = fmt.Sprintf("yes, %d of %d", c.Meta.Billed, len(c.Rows))
		if f.kind == pending {
			f.billed += "; the pending ones not yet"
		}
	case slices.ContainsFunc(c.failures, func(f failure) bool { return f.billed == string(upstream.UnknownBilling) }):
		f.billed = string(upstream.UnknownBilling)
	}
	return f, true
}
