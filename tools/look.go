package tools

import (
	"context"
	"slices"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Look is one blogger as the command line prints it.
type Look struct {
	UserID     string // what was given, where that is no id
	Facts      []Fact // what the tool's text says; nil for a failure
	Structured []byte // what the tool's structuredContent says, or {"userId", "error"}
	Failure    string // why it failed, "" where it did not
}

// Look looks bloggers up side by side, for as long as that takes or until ctx
// ends. The looks come in their order; what is no id as schema.UserID gives it
// is a failure. A Caller in ctx is told of the progress.
func (s *Set) Look(ctx context.Context, users []string) []Look {
	out := make([]Look, len(users))
	var ids []string
	var at []int // where each of them belongs
	for i, u := range users {
		id, err := schema.UserID(u)
		if err != nil {
			out[i] = failedLook(schema.Showable(u), invalidArguments(s.Language, err))
			continue
		}
		ids, at = append(ids, id), append(at, i)
	}
	if len(ids) > 0 {
		for i, l := range s.lookUp(ctx, forever, ids, false) {
			out[at[i]] = s.look(ctx, ids[i], l)
		}
	}
	return out
}

func failedLook(userID string, f failure) Look {
	document := struct {
		UserID string `json:"userId"`
		Error  string `json:"error"`
	}{userID, f.Line()}
	return Look{UserID: userID, Structured: marshal(document), Failure: f.Text()}
}

// lookUp starts all look-ups at once, the directory keeps to the rate, and
// waits for them.
func (s *Set) lookUp(ctx context.Context, wait time.Duration, userIDs []string, refresh bool) []*upstream.Lookup {
	lookups := make([]*upstream.Lookup, len(userIDs))
	for i, id := range userIDs {
		lookups[i] = s.Lookups.Lookup(profileOf(id), refresh)
	}
	await(ctx, s.Language, wait, lookups...)
	return lookups
}

func (s *Set) look(ctx context.Context, userID string, l *upstream.Lookup) Look {
	a, f, ok := s.outcome(ctx, l, forever)
	if !ok {
		return failedLook(userID, f)
	}
	meta := s.meta(a, schema.RawCompact)
	r := s.rendered(a, schema.RawCompact)
	return Look{UserID: userID, Facts: slices.Concat(r.facts, metaFacts(s.Language, &meta)), Structured: r.document(&meta)}
}
