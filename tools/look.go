package tools

import (
	"context"
	"slices"
	"strings"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Look is one blogger as the command line prints it.
type Look struct {
	UserID     string // what was given, where that is no id
	Facts      []Fact // of a profile: what the tool's text says; nil for a failure
	Text       string // of insights: the same; "" where no section came
	Structured []byte // what the tool's structuredContent says, or {"userId", "error"}
	Failure    string // why it failed, as a whole or in sections; "" where it did not
}

// Look looks profiles up side by side, for as long as that takes or until ctx
// ends. The looks come in the order of the users; one that is no id as
// schema.UserID gives it is a failure. WithProgress tells how far that is.
func (s *Set) Look(ctx context.Context, users []string) []Look {
	start := func(id string) []*upstream.Lookup {
		return []*upstream.Lookup{s.Lookups.Lookup(profileOf(id), false)}
	}
	return s.looks(ctx, users, start, func(id string, l []*upstream.Lookup) Look { return s.look(ctx, id, l[0]) })
}

// Insights is Look for the sections of bloggers; in.UserID does not matter.
func (s *Set) Insights(ctx context.Context, users []string, in schema.InsightsInput) []Look {
	in.Sections = schema.OrderSections(in.Sections)
	of := func(id string) schema.InsightsInput {
		in.UserID = id
		return in
	}
	start := func(id string) []*upstream.Lookup { return s.sections(of(id)) }
	return s.looks(ctx, users, start, func(id string, l []*upstream.Lookup) Look {
		return s.insights(ctx, forever, of(id), l, &Outcome{}).look()
	})
}

// looks starts the look-ups of all users, waits for them, and ends those of each
// user.
func (s *Set) looks(ctx context.Context, users []string, start func(id string) []*upstream.Lookup, end func(id string, l []*upstream.Lookup) Look) []Look {
	out := make([]Look, len(users))
	lookups := make([][]*upstream.Lookup, len(users))
	for i, u := range users {
		id, err := schema.UserID(u)
		if err != nil {
			out[i] = failedLook(schema.Showable(u), invalidArguments(s.Language, err))
			continue
		}
		out[i].UserID, lookups[i] = id, start(id)
	}
	await(ctx, s.Language, forever, slices.Concat(lookups...)...)
	for i, l := range lookups {
		if l != nil {
			out[i] = end(out[i].UserID, l)
		}
	}
	return out
}

func failedLook(userID string, f failure) Look {
	document := struct {
		UserID string `json:"userId"`
		Error  string `json:"error"`
	}{userID, f.Error()}
	return Look{UserID: userID, Structured: JSON(document), Failure: f.Text()}
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

func (i *insights) look() Look {
	if i.parts == nil {
		return failedLook(i.UserID, i.allFailed())
	}
	return Look{
		UserID:     i.UserID,
		Text:       i.text(),
		Structured: JSON(i.Insights),
		Failure:    strings.Join(i.failedLines(), "\n"),
	}
}
