package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) compareTool() tool {
	return tool{
		name:  "compare_bloggers",
		title: "Compare bloggers",
		description: fmt.Sprintf("Looks up to %d Xiaohongshu (RedNote, 小红书) bloggers up on Pugongying (蒲公英) and ranks them in one table by a cost or a figure: ", schema.MaxCompared) +
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
	c := s.compare(ctx, s.Wait, in, o)
	if len(c.failures) == len(c.Rows) { // there is nothing to compare
		return nil, allFailed(c.failures, c.Failures(), "bloggers", c.Meta.Billed)
	}
	return Result{[]byte(`"content":[`), textBlock(c.Text()), []byte(`],"structuredContent":`), c.JSON()}, nil
}

// Compare looks bloggers up, as many as are given, and compares them. It waits
// as long as that takes or until ctx ends. WithProgress tells how far that is.
func (s *Set) Compare(ctx context.Context, in schema.CompareInput) *Comparison {
	return s.compare(ctx, forever, in, &Outcome{})
}

// Comparison is the result of a comparison before it is written out. Its
// methods change nothing.
type Comparison struct {
	schema.Comparison
	language Language
	failures []failure
	caveats  []string            // in the order in which they came up
	concerns map[string][]string // names of the bloggers that each one is about
}

// JSON is the comparison as structuredContent has it, on one line.
func (c *Comparison) JSON() []byte { return JSON(c.Comparison) }

// Failures says for each blogger that was not found why, "userId: kind:
// sentence".
func (c *Comparison) Failures() []string {
	var out []string
	for _, r := range c.Rows {
		if r.Error != "" {
			out = append(out, r.UserID+c.language.say(": ")+r.Error)
		}
	}
	return out
}

func (s *Set) compare(ctx context.Context, wait time.Duration, in schema.CompareInput, o *Outcome) *Comparison {
	c := &Comparison{language: s.Language, concerns: map[string][]string{}, Comparison: schema.Comparison{
		Rows: make([]schema.Row, 0, len(in.UserIDs)+len(in.Malformed)),
		Meta: schema.ComparisonMeta{Format: in.Format, SortBy: in.SortBy, MaxPriceCNY: in.MaxPriceCNY},
	}}
	lookups := make([]*upstream.Lookup, len(in.UserIDs))
	for i, id := range in.UserIDs {
		lookups[i] = s.Lookups.Lookup(profileOf(id), in.Refresh)
	}
	await(ctx, s.Language, wait, lookups...)
	for i, l := range lookups {
		a, f, ok := s.outcome(ctx, l, wait)
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
	c.Meta.Caveats = c.caveatLines()
	if in.Refresh && slices.ContainsFunc(c.failures, func(f failure) bool { return f.kind == pending }) {
		c.Meta.Caveats = append(c.Meta.Caveats, c.language.say("Call again without refresh for the pending rows; with it the others are paid for again."))
	}
	by := columnOf(in.SortBy)
	if c.Meta.Failed < len(c.Rows) && !slices.ContainsFunc(c.Rows, func(r schema.Row) bool { _, known := by.figure(&r); return known }) {
		c.Meta.Caveats = append(c.Meta.Caveats, c.language.say("Nobody has a rank: %s is not known of any of them.", c.language.say(by.ranking)))
	}
	if s.Lookups.Source() == upstream.SampleName {
		c.Meta.Caveats = append(c.Meta.Caveats, c.language.say("Recorded samples, not live data."))
	}
	rank(c.Rows, in.SortBy)
	return c
}

func (c *Comparison) fail(userID string, f failure) {
	c.failures = append(c.failures, f)
	c.Rows = append(c.Rows, schema.Row{UserID: userID, Error: f.Error()})
}

// add adds a blogger's row and caveats.
func (c *Comparison) add(userID string, a upstream.Answer) {
	s := summarize(c.language, a.Data())
	q := s.Quotes.Video
	if c.Meta.Format == schema.FormatImage {
		q = s.Quotes.Image
	}
	own := func(name string) *float64 { return positiveMetric(s.PlatformMetrics, name) }
	format := string(c.Meta.Format) // the names of the platform's figures begin with it
	row := schema.Row{
		UserID:                userID,
		Name:                  s.Name,
		Followers:             s.Followers,
		ReadMedian:            s.ReadMedian,
		EngagementMedian:      s.EngagementMedian,
		EngagementToReadRatio: s.EngagementToReadRatio,
		Status:                q.Status,
		NotBookable:           notBookable(c.language, q, s.OnPgy, c.Meta.MaxPriceCNY),
		PriceCNY:              q.PriceCNY,
		UnitCosts:             q.UnitCosts,
		PlatformCosts: schema.PlatformCosts{
			PlatformCPM:              own(format + "CpmCny"),
			PlatformCNYPerEngagement: own(format + "CnyPerEngagement"),
			PlatformCNYPerRead:       own(format + "CnyPerRead"),
		},
		SponsoredReadMedian30d: own("sponsoredReadMedian30d"),
		MCN:                    s.MCN,
		Location:               s.Location,
	}
	if len(s.ContentCategories) > 0 {
		row.Category = s.ContentCategories[0].Category
	}
	c.Rows = append(c.Rows, row)
	caveats := append(profileCaveats(c.language, &s), quoteCaveats(c.language, c.Meta.Format, q)...)
	if a.Stale {
		caveats = append(caveats, c.language.say("Figures past their time, %s", staleReason(c.language, a)))
	}
	for _, text := range caveats {
		if c.concerns[text] == nil {
			c.caveats = append(c.caveats, text)
		}
		c.concerns[text] = append(c.concerns[text], cmp.Or(fitCell(s.Name), userID))
	}
}

// positiveMetric gives one of the platform's figures. A cost or a median below
// 0 is none.
func positiveMetric(values schema.MetricValues, name string) *float64 {
	for _, v := range values {
		if v.Metric.Name == name && v.Value > 0 {
			return &v.Value
		}
	}
	return nil
}

// caveatLines says each caveat once and which bloggers it is about.
func (c *Comparison) caveatLines() []string {
	var out []string
	for _, text := range c.caveats {
		out = append(out, c.language.say("%s (%s)", text, c.language.list(c.concerns[text])))
	}
	return out
}
