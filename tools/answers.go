package tools

import (
	"context"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// collect returns the answer of a look-up of a target, for which the caller has waited, or
// a failure. With a failure, the answer's Cached and Billed are still set. If the caller's
// context has ended, they are not set, and the next caller is told of the charge. A nil look-up was
// never started, since the command was interrupted.
func (s *Set) collect(ctx context.Context, l *upstream.Lookup, wait time.Duration, of target) (upstream.Answer, failure, bool) {
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
