package tools

import (
	"context"
	"sync"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Look is one blogger as the command line prints it.
type Look struct {
	Facts      []Fact // what the tool's text says
	Structured []byte // what the tool's structuredContent says
	Failure    string // why there is neither; "" where there are both
}

// Look looks users up side by side, for as long as that takes or until ctx
// ends, and tells after each one how many are done. The looks come in the
// order of users.
func (s *Set) Look(ctx context.Context, users []string, done func(n int)) []Look {
	out := make([]Look, len(users))
	var wg sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for i, user := range users {
		id, err := schema.UserID(user)
		if err != nil {
			out[i].Failure = invalidArguments(err).Text()
		}
		l := (*upstream.Lookup)(nil)
		if err == nil {
			l = s.Directory.Lookup(id, false)
		}
		wg.Go(func() {
			if l != nil {
				out[i] = s.look(ctx, l)
			}
			mu.Lock()
			defer mu.Unlock()
			n++
			done(n)
		})
	}
	wg.Wait()
	return out
}

func (s *Set) look(ctx context.Context, l *upstream.Lookup) Look {
	select {
	case <-l.Done():
	case <-ctx.Done():
		return Look{Failure: "interrupted: The look-up was not finished; it may have been billed."}
	}
	a, err := l.Answer()
	if err != nil {
		return Look{Failure: failed(upstream.AsError(err)).Text()}
	}
	meta := s.meta(a, schema.RawCompact)
	r := s.rendered(a, schema.RawCompact)
	structured := append(append([]byte{}, r.structured...), marshal(meta)...)
	return Look{Facts: append(r.facts, metaFacts(&meta)...), Structured: append(structured, '}')}
}
