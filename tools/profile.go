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
	a, f, ok := s.collect(ctx, l, s.Wait)
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

// collect returns the answer of a look-up that the caller has waited for, or a failure.
// With a failure, the answer's Cached and Billed are still set. A caller whose context has
// ended gets neither: the next caller is told of the charge. A nil look-up was never
// started, since the command was interrupted.
func (s *Set) collect(ctx context.Context, l *upstream.Lookup, wait time.Duration) (upstream.Answer, failure, bool) {
	return s.collectFor(ctx, l, wait, aBlogger)
}

// collectFor is collect for a look-up of a target.
func (s *Set) collectFor(ctx context.Context, l *upstream.Lookup, wait time.Duration, of target) (upstream.Answer, failure, bool) {
	if l == nil {
		return upstream.Answer{}, notStarted(s.Language), false
	}
	switch left := ctx.Err() != nil; {
	case wait == forever && !isDone(l):
		l.Leave()
		return upstream.Answer{}, interrupted(s.Language), false
	case wait != forever && left:
		l.Leave()
		return upstream.Answer{}, stillPending(wait, of), false
	case !isDone(l):
		l.LeavePending()
		return upstream.Answer{}, stillPending(wait, of), false
	}
	c := callerOf(ctx)
	a, err := l.Answer()
	a.Billed = a.Billed || err != nil && upstream.AsError(err).Billed == upstream.Billed
	if a.Billed {
		c.told = append(c.told, l)
	}
	if err != nil {
		return a, failedOf(s.Language, upstream.AsError(err), of), false
	}
	c.large(a.Size())
	if ctx.Err() != nil && wait != forever { // it ended while large waited for memory
		return a, stillPending(wait, of), false
	}
	return a, failure{}, true
}

// count adds what an answer cost.
func (o *Outcome) count(a upstream.Answer) {
	for n, is := range map[*int]bool{&o.Cached: a.Cached, &o.Missed: !a.Cached, &o.Stale: a.Stale, &o.Billed: a.Billed} {
		if is {
			*n++
		}
	}
}

// fail adds a look-up that failed; a pending one has not.
func (o *Outcome) fail(subject, section string, f failure) {
	if f.kind != pending {
		o.Failures = append(o.Failures, LookupFailure{Subject: subject, Section: section, Kind: string(f.kind), RequestID: f.requestID})
	}
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

func staleCaveat(l lang.Language, a upstream.Answer) schema.Caveat {
	reason := l.Say(t("past their time; served since %s pays nothing.", "已过有效期；%s 不付费，因此沿用。"), cachedOnly(l))
	if a.Failed != nil {
		reason = lookUpFailed(l, a, aBlogger)
	}
	return schema.StaleFigures.With(render.Age(l, int64(a.Age/time.Second)), reason)
}

// staleRow is staleCaveat for a row of a table.
func staleRow(l lang.Language, a upstream.Answer, of target) schema.Caveat {
	reason := l.Say(t("served since %s pays nothing.", "%s 不付费，因此沿用。"), cachedOnly(l))
	if a.Failed != nil {
		reason = lookUpFailed(l, a, of)
	}
	return schema.StaleRow.With(reason)
}

// lookUpFailed says why an answer is stale: the new look-up failed.
func lookUpFailed(l lang.Language, a upstream.Answer, of target) string {
	s := l.Say(t("since a new look-up failed: %s", "因为重新查询失败：%s"), failedOf(l, a.Failed, of).Error())
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

// callsLeft returns how many requests the budget has left; nil without a budget.
func (s *Set) callsLeft() *int {
	left, limited := s.Lookups.Left()
	if !limited {
		return nil
	}
	return &left
}
