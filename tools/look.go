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
	Facts      []Fact // what the tool's text says
	Structured []byte // what the tool's structuredContent says
	Failure    string // why there is neither; "" where there are both
}

// Look looks bloggers up side by side, for as long as that takes or until ctx
// ends; ids are as schema.UserID gives them. The looks come in their order. A
// Caller in ctx is told of the progress.
func (s *Set) Look(ctx context.Context, userIDs []string) []Look {
	out := make([]Look, len(userIDs))
	for i, l := range s.lookUp(ctx, forever, userIDs, false) {
		out[i] = s.look(ctx, l)
	}
	return out
}

// lookUp starts all look-ups at once, the directory keeps to the rate, and
// waits for them.
func (s *Set) lookUp(ctx context.Context, wait time.Duration, userIDs []string, refresh bool) []*upstream.Lookup {
	lookups := make([]*upstream.Lookup, len(userIDs))
	for i, id := range userIDs {
		lookups[i] = s.Lookups.Lookup(profileOf(id), refresh)
	}
	await(ctx, wait, lookups...)
	return lookups
}

func (s *Set) look(ctx context.Context, l *upstream.Lookup) Look {
	a, f, ok := outcome(ctx, l, forever)
	if !ok {
		return Look{Failure: f.Text()}
	}
	meta := s.meta(a, schema.RawCompact)
	r := s.rendered(a, schema.RawCompact)
	return Look{Facts: slices.Concat(r.facts, metaFacts(&meta)), Structured: r.document(&meta)}
}
