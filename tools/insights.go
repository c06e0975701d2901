package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) insightsTool() tool {
	return tool{
		name:  "get_blogger_insights",
		title: "Get blogger insights",
		description: "Gives what get_blogger_profile does not have, from Pugongying (蒲公英): how daily or sponsored notes perform (medians, rates, traffic sources, with or without paid traffic; " +
			"unit costs of one format where the quote is cached), who the followers are (gender, age, place, interests), their activity, the platform's cost estimates, the latest notes and who paid for them, " +
			"the medians by day (trend), followers by day (growth), replies to invitations (availability). " +
			"Each section that is not cached is a paid request of up to a minute; two by default. " +
			"A section that fails is in failed, the others come; a pending one comes later without a further charge. Absent figures are unknown, not zero.",
		input:  schema.InsightsArguments.Schema(),
		output: schema.PublishedInsights,
		page:   bloggerPage.uri,
		run:    s.insightsCall,
	}
}

func (s *Set) insightsCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.InsightsArguments.Decode(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	lookups := s.sections(in)
	await(ctx, s.Language, s.Wait, lookups...)
	i := s.insights(ctx, s.Wait, in, lookups, o)
	if i.noneCame() {
		return nil, i.allFailed()
	}
	var raw []byte
	if i.raw != nil {
		raw = JSON(string(i.raw))
	}
	return result([][]byte{JSON(i.text())}, raw, JSON(i.Insights)), nil
}

// sections starts the look-ups of all sections.
func (s *Set) sections(in schema.InsightsInput) []*upstream.Lookup {
	o := upstream.Options{
		Sponsored: in.Scope == schema.ScopeSponsored,
		Format:    string(in.Format),
		Days:      in.Days,
		Organic:   in.Traffic == schema.TrafficOrganic,
		Page:      in.Page,
	}
	lookups := make([]*upstream.Lookup, len(in.Sections))
	for i, section := range in.Sections {
		lookups[i] = s.Lookups.Lookup(endpoints[section].Query(in.UserID, o), upstream.Ask{Refresh: in.Refresh, CachedOnly: in.CachedOnly})
	}
	return lookups
}

var endpoints = map[schema.Section]*upstream.Endpoint{
	schema.SectionPerformance:  upstream.Performance,
	schema.SectionAudience:     upstream.Audience,
	schema.SectionFollowers:    upstream.Followers,
	schema.SectionCosts:        upstream.Costs,
	schema.SectionNotes:        upstream.Notes,
	schema.SectionTrend:        upstream.Trend,
	schema.SectionGrowth:       upstream.Growth,
	schema.SectionAvailability: upstream.Availability,
}

// insights builds the result of get_blogger_insights.
type insights struct {
	schema.Insights
	language lang.Language
	raw      json.RawMessage // the sections' data as text; nil if it was not asked for
	failures []failure       // in the order of Failed
}

func (i *insights) noneCame() bool { return len(i.Meta.Sections) == 0 }

func (i *insights) text() string { return render.Insights(i.language, &i.Insights) }

// allFailed is the failure of a call in which no section came.
func (i *insights) allFailed() failure {
	return allFailed(i.failures, render.SectionFailures(i.language, i.Failed), t("sections", "项数据"), i.Meta.Billed)
}

// insights collects the answers of one blogger's sections. The caller has waited for the
// look-ups.
func (s *Set) insights(ctx context.Context, wait time.Duration, in schema.InsightsInput, lookups []*upstream.Lookup, o *Outcome) *insights {
	i := &insights{language: s.Language, Insights: schema.Insights{
		UserID: in.UserID,
		Meta:   schema.InsightsMeta{Source: s.Lookups.Source(), Sections: []schema.SectionMeta{}},
	}}
	name, quote := s.cachedNameAndQuote(ctx, in.UserID, in.Format)
	i.Name = name
	m := &i.Meta
	var raw [][]byte // the members of an object
	for n, l := range lookups {
		section := in.Sections[n]
		a, f, ok := s.collect(ctx, l, wait, aBlogger)
		o.count(a)
		if !ok {
			switch f.kind {
			case pending:
				m.Pending++
			case upstream.NotCached:
				m.NotCached++
			default:
				m.Failed++
			}
			o.fail(in.UserID, string(section), f)
			i.failures = append(i.failures, f)
			i.Failed = append(i.Failed, schema.FailedSection{Section: section, Error: f.Error() + f.freed, IsWaiting: f.isWaiting()})
			continue
		}
		data := a.Data()
		p, caveats := condense.Section(section, data, &in, quote)
		rawSection, ofRaw := rawData(data, in.Raw, nil)
		caveats = append(caveats, ofRaw...)
		if a.Stale {
			caveats = append(caveats, staleCaveat(s.Language, a))
		}
		p.Caveats = render.Caveats(s.Language, caveats)
		i.Set(p)
		m.Sections = append(m.Sections, schema.SectionMeta{Section: section, AnswerMeta: answerMeta(a), RequestID: a.RequestID})
		if rawSection != nil {
			raw = append(raw, slices.Concat(JSON(section), []byte(":"), rawSection))
		}
	}
	m.Cached, m.Billed, m.CallsLeft = o.Cached, o.Billed, s.callsLeft()
	if raw != nil {
		i.raw = slices.Concat([]byte("{"), bytes.Join(raw, []byte(",")), []byte("}"))
		i.Raw = inline(i.raw)
	}
	return i
}
