package tools

import (
	"context"
	"slices"
	"strings"

	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// CLIResult is one blogger as the command line prints it.
type CLIResult struct {
	UserID     string         // the given text if that has no id
	Lines      []render.Line  // of a profile: the lines of the tool's text; nil if it failed
	Text       string         // of insights: the tool's text; "" if no section came
	Structured []byte         // the tool's structuredContent, or {"userId", "error"}
	Failure    string         // why it failed, or which sections did; "" if nothing failed
	Blogger    render.Blogger // of insights: for the page; empty if no section came
	NotFresh   int            // look-ups without a fresh answer; with CachedOnly, the requests it saved
}

// Profiles looks profiles up concurrently and waits until all look-ups or ctx have ended.
// Results are in the order of users; a user from whom schema.UserID reads no id is a
// failure. It ignores in.UserID and in.Raw. Progress goes to WithProgress.
func (s *Set) Profiles(ctx context.Context, users []string, in schema.ProfileInput) []CLIResult {
	return s.lookUpAll(ctx, users, 1, func(id string) ([]*upstream.Lookup, func() CLIResult) {
		l := s.Lookups.Lookup(profileOf(id), upstream.Ask{Refresh: in.Refresh, CachedOnly: in.CachedOnly})
		return []*upstream.Lookup{l}, func() CLIResult { return s.profileResult(ctx, id, l) }
	})
}

// Insights is Profiles for the sections of bloggers. It ignores in.UserID.
func (s *Set) Insights(ctx context.Context, users []string, in schema.InsightsInput) []CLIResult {
	in.Sections = schema.OrderSections(in.Sections)
	return s.lookUpAll(ctx, users, len(in.Sections), func(id string) ([]*upstream.Lookup, func() CLIResult) {
		in := in
		in.UserID = id
		lookups := s.sections(in)
		return lookups, func() CLIResult {
			var o Outcome
			i := s.insights(ctx, forever, in, lookups, &o)
			r := i.cliResult()
			if !i.noneCame() {
				r.Blogger = render.Blogger{Profile: s.cachedProfile(ctx, id), Insights: &i.Insights}
			}
			r.NotFresh = o.notFresh()
			return r
		}
	})
}

// lookUpAll starts the look-ups of all users, perUser for each, waits for them, and then
// calls the finish function of each user. The look-ups of a user who is named twice start
// together, so that they are one request.
func (s *Set) lookUpAll(ctx context.Context, users []string, perUser int, start func(id string) (lookups []*upstream.Lookup, finish func() CLIResult)) []CLIResult {
	finish := make([]func() CLIResult, len(users))
	var ids []string             // each once
	places := map[string][]int{} // in users, by id
	total := 0
	for i, u := range users {
		id, err := schema.UserID(u)
		if err != nil {
			finish[i] = func() CLIResult { return failedResult(schema.Showable(u), invalidArguments(s.Language, err)) }
			continue
		}
		finish[i] = func() CLIResult { return failedResult(id, notStarted(s.Language)) }
		if places[id] == nil {
			ids = append(ids, id)
		}
		places[id] = append(places[id], i)
		total += perUser
	}
	newProgress(ctx, s.Language, 0, total).awaitQueue(ctx, forever, &queue{groups: len(ids), start: func(group int) (lookups []*upstream.Lookup) {
		id := ids[group]
		for _, i := range places[id] {
			var own []*upstream.Lookup
			own, finish[i] = start(id)
			lookups = append(lookups, own...)
		}
		return lookups
	}})
	out := make([]CLIResult, len(users))
	for i, finish := range finish {
		out[i] = finish()
	}
	return out
}

func failedResult(userID string, f failure) CLIResult {
	document := struct {
		UserID string `json:"userId"`
		Error  string `json:"error"`
	}{userID, f.Error()}
	return CLIResult{UserID: userID, Structured: JSON(document), Failure: f.Text()}
}

func (s *Set) profileResult(ctx context.Context, userID string, l *upstream.Lookup) CLIResult {
	var o Outcome
	a, f, ok := s.collect(ctx, l, forever, aBlogger)
	o.count(a)
	if !ok {
		r := failedResult(userID, f)
		r.NotFresh = o.notFresh()
		return r
	}
	meta := s.meta(a, schema.RawCompact)
	e := s.encoded(ctx, l, a, schema.RawCompact)
	return CLIResult{UserID: userID, Lines: slices.Concat(e.lines, render.ProfileMeta(s.Language, &meta)), Structured: e.document(&meta), NotFresh: o.notFresh()}
}

func (i *insights) cliResult() CLIResult {
	if i.noneCame() {
		return failedResult(i.UserID, i.allFailed())
	}
	return CLIResult{
		UserID:     i.UserID,
		Text:       i.text(),
		Structured: JSON(i.Insights),
		Failure:    strings.Join(render.SectionFailures(i.language, i.Failed), "\n"),
	}
}
