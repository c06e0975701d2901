package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) insightsTool() tool {
	return tool{
		name:  "get_blogger_insights",
		title: "Get blogger insights",
		description: "Gives what get_blogger_profile does not have, from Pugongying (蒲公英): how daily or sponsored notes perform (medians, rates, traffic sources), " +
			"who the followers are (gender, age, place, interests), their growth and activity, the platform's cost estimates, the latest notes. " +
			"Each section that is not in memory is a paid request of up to a minute; two by default. " +
			"A section that fails is in failed, the others come; a pending one comes later without a further charge. Absent figures are unknown, not zero.",
		input:  schema.PublishedInsightsInput,
		output: schema.PublishedInsights,
		run:    s.insightsCall,
	}
}

func (s *Set) insightsCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.DecodeInsightsInput(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	lookups := s.sections(in)
	await(ctx, s.Language, s.Wait, lookups...)
	i := s.insights(ctx, s.Wait, in, lookups, o)
	if i.parts == nil {
		return nil, i.allFailed()
	}
	blocks := textBlock(i.text())
	if i.raw != nil {
		blocks = slices.Concat(blocks, []byte(","), textBlock(string(i.raw)))
	}
	return Result{[]byte(`"content":[`), blocks, []byte(`],"structuredContent":`), JSON(i.Insights)}, nil
}

// sections starts the look-ups of the sections, all at once.
func (s *Set) sections(in schema.InsightsInput) []*upstream.Lookup {
	o := upstream.Options{Sponsored: in.Scope == schema.ScopeSponsored, Format: string(in.Format), Days: in.Days}
	lookups := make([]*upstream.Lookup, len(in.Sections))
	for i, section := range in.Sections {
		lookups[i] = s.Lookups.Lookup(endpoints[section].Query(in.UserID, o), in.Refresh)
	}
	return lookups
}

var endpoints = map[schema.Section]*upstream.Endpoint{
	schema.SectionPerformance: upstream.Performance,
	schema.SectionAudience:    upstream.Audience,
	schema.SectionFollowers:   upstream.Followers,
	schema.SectionCosts:       upstream.Costs,
	schema.SectionNotes:       upstream.Notes,
}

// insights are one blogger's sections before they are written out.
type insights struct {
	schema.Insights
	language Language
	parts    []*schema.Part  // those that came, in the order of schema.Sections
	raw      json.RawMessage // the sections' data as text; nil if it was not asked for
	failures []failure       // in the order of Failed
}

// failedLines has a line for each section that did not come.
func (i *insights) failedLines() []string {
	out := make([]string, len(i.Failed))
	for n, f := range i.Failed {
		out[n] = i.language.section(f.Section) + i.language.say(": ") + f.Error
	}
	return out
}

// allFailed gives the words where no section came.
func (i *insights) allFailed() failure {
	return allFailed(i.failures, i.failedLines(), "sections", i.Meta.Billed)
}

// insights ends the look-ups of one blogger's sections and puts together what
// they brought. The caller has waited for them.
func (s *Set) insights(ctx context.Context, wait time.Duration, in schema.InsightsInput, lookups []*upstream.Lookup, o *Outcome) *insights {
	i := &insights{language: s.Language, Insights: schema.Insights{
		UserID: in.UserID,
		Meta:   schema.InsightsMeta{Source: s.Lookups.Source(), Sections: []schema.SectionMeta{}},
	}}
	m := &i.Meta
	var raw [][]byte // the members of an object
	for n, l := range lookups {
		section := in.Sections[n]
		a, f, ok := s.outcome(ctx, l, wait)
		o.count(a)
		if !ok {
			o.fail(in.UserID, string(section), f)
			i.failures = append(i.failures, f)
			i.Failed = append(i.Failed, schema.FailedSection{Section: section, Error: f.Error()})
			continue
		}
		data := a.Data()
		p := condense(s.Language, section, data, &in)
		if a.Stale {
			p.Caveats = append(p.Caveats, staleCaveat(s.Language, a))
		}
		i.Set(p)
		i.parts = append(i.parts, p)
		m.Sections = append(m.Sections, schema.SectionMeta{Section: section, AnswerMeta: answerMeta(a), RequestID: a.RequestID})
		if d := rawData(data, in.Raw, nil); d != nil {
			raw = append(raw, slices.Concat(JSON(section), []byte(":"), d))
		}
	}
	m.Cached, m.Billed, m.Failed, m.CallsLeft = o.Cached, o.Billed, len(i.Failed), s.callsLeft()
	if raw != nil {
		i.raw = slices.Concat([]byte("{"), bytes.Join(raw, []byte(",")), []byte("}"))
		i.Raw = inline(i.raw)
	}
	return i
}
