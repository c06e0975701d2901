package tools

import (
	"context"
	"encoding/json"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
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
			"A profile in memory (6 hours by default) is free; any other look-up is a paid request of up to a minute.",
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
	a, f, ok := s.finish(ctx, l, s.Wait)
	o.count(a)
	if !ok {
		return nil, f
	}
	meta := s.meta(a, in.Raw)
	return s.encoded(a, in.Raw).result(s.Language, &meta), nil
}

// profileOf asks for a blogger's profile.
func profileOf(userID string) upstream.Query {
	return upstream.Profile.Query(userID, upstream.Options{})
}

// finish ends a caller's part in a look-up: it gives the answer, or the failure in
// words. With a failure the answer still says Cached and Billed. A caller that left
// gets neither: the next one is told of the charge.
func (s *Set) finish(ctx context.Context, l *upstream.Lookup, wait time.Duration) (upstream.Answer, failure, bool) {
	if left := wait != forever && ctx.Err() != nil; left || !isDone(l) {
		if left {
			l.Leave()
		} else {
			l.LeavePending()
		}
		if wait == forever {
			return upstream.Answer{}, interrupted(s.Language), false
		}
		return upstream.Answer{}, stillPending(wait), false
	}
	a, err := l.Answer()
	if err != nil {
		e := upstream.AsError(err)
		a.Billed = e.Billed == upstream.Billed
		return a, failed(s.Language, e), false
	}
	return a, failure{}, true
}

// count notes what an answer cost.
func (o *Outcome) count(a upstream.Answer) {
	for n, is := range map[*int]bool{&o.Cached: a.Cached, &o.Missed: !a.Cached, &o.Stale: a.Stale, &o.Billed: a.Billed} {
		if is {
			*n++
		}
	}
}

// encoded gives a profile encoded. A stale one says why in a caveat of its own.
func (s *Set) encoded(a upstream.Answer, mode schema.RawMode) *encodedProfile {
	terms := condense.Terms{FeePercent: s.FeePercent}
	if a.Stale {
		return encodeProfile(s.Language, a.Response, mode, terms, staleCaveat(s.Language, a))
	}
	return s.cache.encode(s.Language, a.Response, mode, terms)
}

func staleCaveat(l lang.Language, a upstream.Answer) schema.Caveat {
	reason := l.Say(t("past their time; served since cachedOnly pays nothing.", "已过有效期；-cached-only 不付费，因此沿用。"))
	if a.Failed != nil {
		reason = lookUpFailed(l, a)
	}
	return schema.StaleFigures.With(render.Age(l, int64(a.Age/time.Second)), reason)
}

// staleRow is staleCaveat for a row of a comparison.
func staleRow(l lang.Language, a upstream.Answer) schema.Caveat {
	reason := l.Say(t("served since cachedOnly pays nothing.", "-cached-only 不付费，因此沿用。"))
	if a.Failed != nil {
		reason = lookUpFailed(l, a)
	}
	return schema.StaleRow.With(reason)
}

// lookUpFailed says why a stale answer stands in for a new one.
func lookUpFailed(l lang.Language, a upstream.Answer) string {
	s := l.Say(t("since a new look-up failed: %s", "因为重新查询失败：%s"), failed(l, a.Failed).Error())
	if a.Failed.Billed == upstream.UnknownBilling {
		s += l.Say(t(" That look-up may have been billed.", "该次查询可能已计费。"))
	}
	return s
}

func (s *Set) meta(a upstream.Answer, mode schema.RawMode) schema.Meta {
	return schema.Meta{Source: s.Lookups.Source(), AnswerMeta: answerMeta(a), RawMode: mode, RequestID: a.RequestID, CallsLeft: s.callsLeft()}
}

func answerMeta(a upstream.Answer) schema.AnswerMeta {
	return schema.AnswerMeta{
		FetchedAt:  a.FetchedAt.UTC().Format(time.RFC3339),
		AgeSeconds: int64(a.Age / time.Second),
		Cached:     a.Cached,
		Stale:      a.Stale,
		Billed:     a.Billed,
	}
}

// callsLeft is what the budget has left; nil without one.
func (s *Set) callsLeft() *int {
	left, limited := s.Lookups.Left()
	if !limited {
		return nil
	}
	return &left
}
