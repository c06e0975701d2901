package tools

import (
	"context"
	"encoding/json"

	"pgy-mcp/internal/condense"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) profileTool() tool {
	return tool{
		name:  "get_blogger_profile",
		title: "Get blogger profile",
		description: "Looks one Xiaohongshu (RedNote, 小红书) blogger up on Pugongying (蒲公英): followers, read and engagement medians, " +
			"image and video quotes in CNY with their cost per engagement, read and thousand followers, categories, tags, agency, some of the platform's own figures, the raw data; no audience or sponsored performance (get_blogger_insights). " +
			"Facts that the platform does not give are absent and listed in notProvided: unknown, not zero. " +
			"A cached profile (6 hours by default) is free; any other look-up is a paid request of up to a minute.",
		input:  schema.ProfileArguments.Schema(),
		output: schema.PublishedProfile,
		page:   bloggerPage.uri,
		run:    s.getProfile,
	}
}

func (s *Set) getProfile(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.ProfileArguments.Decode(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	l := s.Lookups.Lookup(profileOf(in.UserID), upstream.Ask{Refresh: in.Refresh, CachedOnly: in.CachedOnly})
	await(ctx, s.Language, s.Wait, l)
	a, f, ok := s.collect(ctx, l, s.Wait, aBlogger)
	o.count(a)
	if !ok {
		o.fail(in.UserID, upstream.Profile.Name, f)
		return nil, f
	}
	meta := s.meta(a, in.Raw)
	return s.encoded(ctx, l, a, in.Raw).result(s.Language, &meta), nil
}

// profileOf is the query for a blogger's profile.
func profileOf(userID string) upstream.Query {
	return upstream.Profile.Query(userID, upstream.Options{})
}

// encoded returns the encoded answer of a look-up, from the cache if it is fresh. A stale
// one has a caveat that says why.
func (s *Set) encoded(ctx context.Context, l *upstream.Lookup, a upstream.Answer, mode schema.RawMode) *encodedProfile {
	if !a.Stale {
		if e := s.cache.load(a.Response, mode); e != nil {
			return e
		}
	}
	var more []schema.Caveat
	if a.Stale {
		more = append(more, staleCaveat(s.Language, a))
	}
	lines, err := l.History(ctx)
	e := encodeProfile(s.Language, a.Response, mode, condense.Terms{FeePercent: s.FeePercent}, lines, more...)
	// The changes of one answer stay the same: no line is added that is a day older. But
	// if the history could not be read, the next call tries again.
	if !a.Stale && err == nil {
		s.cache.store(a.Response, mode, e)
	}
	return e
}

func (s *Set) meta(a upstream.Answer, mode schema.RawMode) schema.Meta {
	return schema.Meta{Source: s.Lookups.Source(), AnswerMeta: answerMeta(a), RawMode: mode, RequestID: a.RequestID, CallsLeft: s.callsLeft()}
}
