package tools

import (
	"context"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// keptRow is a cached answer about a blogger, and where it comes from.
type keptRow struct {
	upstream.Answer
	from schema.AnswerKind
}

// keptRows returns, for each blogger without a fresh cached profile, a cached row of a
// search or a note's author, preferably a fresh one. It sends no request.
func (s *Set) keptRows(ctx context.Context, userIDs []string) map[string]keptRow {
	var queries []upstream.Query
	for _, id := range userIDs {
		for _, e := range []*upstream.Endpoint{upstream.Profile, upstream.SearchRow, upstream.NoteAuthor} {
			queries = append(queries, e.Query(id, upstream.Options{}))
		}
	}
	answers := s.Lookups.Cached(ctx, queries...) // one call, since it may ask a store
	kept := map[string]keptRow{}
	isFresh := func(a upstream.Answer) bool { return a.Response != nil && !a.Stale }
	for i, id := range userIDs {
		profile, ofSearch, ofNote := answers[3*i], keptRow{answers[3*i+1], schema.SeenInSearch}, keptRow{answers[3*i+2], schema.SeenInNote}
		switch {
		case isFresh(profile):
		case isFresh(ofSearch.Answer), ofSearch.Response != nil && !isFresh(ofNote.Answer):
			kept[id] = ofSearch
		case ofNote.Response != nil:
			kept[id] = ofNote
		}
	}
	return kept
}
