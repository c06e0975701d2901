package tools

import (
	"cmp"
	"context"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// The functions of this file read cached answers about bloggers and send no request.

// cachedAnswer is a cached answer about a blogger. Its Response is nil if there is none.
type cachedAnswer struct {
	upstream.Answer
	from schema.AnswerKind
}

// isFresh reports whether there is a cached answer that has not expired.
func isFresh(a upstream.Answer) bool { return a.Response != nil && !a.Stale }

// cachedAnswers returns the three answers about each blogger: the profile, the row of a
// search and the author of a note.
func (s *Set) cachedAnswers(ctx context.Context, userIDs ...string) [][3]cachedAnswer {
	endpoints := [3]*upstream.Endpoint{upstream.Profile, upstream.SearchRow, upstream.NoteAuthor}
	var queries []upstream.Query
	for _, id := range userIDs {
		for _, e := range endpoints {
			queries = append(queries, e.Query(id, upstream.Options{}))
		}
	}
	out := make([][3]cachedAnswer, len(userIDs))
	for n, a := range s.Lookups.Cached(ctx, queries...) { // one call, since it may ask a store
		out[n/3][n%3] = cachedAnswer{a, answerKinds[endpoints[n%3]]}
	}
	return out
}

// cachedRows returns, for each blogger without a fresh cached profile, a cached row of a
// search or a note's author, preferably a fresh one.
func (s *Set) cachedRows(ctx context.Context, userIDs []string) map[string]cachedAnswer {
	rows := map[string]cachedAnswer{}
	for i, answers := range s.cachedAnswers(ctx, userIDs...) {
		profile, ofSearch, ofNote := answers[0], answers[1], answers[2]
		switch {
		case isFresh(profile.Answer):
		case isFresh(ofSearch.Answer), ofSearch.Response != nil && !isFresh(ofNote.Answer):
			rows[userIDs[i]] = ofSearch
		case ofNote.Response != nil:
			rows[userIDs[i]] = ofNote
		}
	}
	return rows
}

// cachedNameAndQuote returns a blogger's name and one format's quote. It takes the quote
// from a fresh profile, or else from a fresh row of a search; nil is unknown.
func (s *Set) cachedNameAndQuote(ctx context.Context, userID string, format schema.Format) (name string, quote *schema.Quote) {
	for _, a := range s.cachedAnswers(ctx, userID)[0] {
		if a.Response == nil {
			continue
		}
		row, _, _, _ := condense.Row(a.Data(), a.from, format, condense.Terms{})
		name = cmp.Or(name, row.Name)
		if quote == nil && isFresh(a.Answer) && a.from != schema.SeenInNote {
			quote = &schema.Quote{Status: row.Status, PriceCNY: row.PriceCNY}
		}
	}
	return name, quote
}

// cachedProfile returns a fresh cached profile without its raw data; nil if there is
// none.
func (s *Set) cachedProfile(ctx context.Context, userID string) *schema.Profile {
	a := s.Lookups.Cached(ctx, profileOf(userID))[0]
	if !isFresh(a) {
		return nil
	}
	summary, caveats := condense.Profile(a.Data(), condense.Terms{FeePercent: s.FeePercent})
	summary.Caveats = render.Caveats(s.Language, caveats)
	return &schema.Profile{Summary: summary, Meta: s.meta(a, schema.RawNone)}
}
