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
	return s.looks(ctx, users, func(id string) ([]*upstream.Lookup, func() Look) {
		l := s.Lookups.Lookup(profileOf(id), upstream.Ask{})
		return []*upstream.Lookup{l}, func() Look { return s.look(ctx, id, l) }
	})
}

// Insights is Look for the sections of bloggers; in.UserID does not matter.
func (s *Set) Insights(ctx context.Context, users []string, in schema.InsightsInput) []Look {
	in.Sections = schema.OrderSections(in.Sections)
	return s.looks(ctx, users, func(id string) ([]*upstream.Lookup, func() Look) {
		in := in
		in.UserID = id
		lookups := s.sections(in)
		return lookups, func() Look { return s.insights(ctx, forever, in, lookups, &Outcome{}).look() }
	})
}

// looks starts the look-ups of all users and waits for them; then it ends those
// of each user.
func (s *Set) looks(ctx context.Context, users []string, start func(id string) (lookups []*upstream.Lookup, end func() Look)) []Look {
	ends := make([]func() Look, len(users))
	var all []*upstream.Lookup
	for i, u := range users {
		id, err := schema.UserID(u)
		if err != nil {
			ends[i] = func() Look { return failedLook(schema.Showable(u), invalidArguments(s.Language, err)) }
			continue
		}
		var lookups []*upstream.Lookup
		lookups, ends[i] = start(id)
		all = append(all, lookups...)
	}
	await(ctx, s.Language, forever, all...)
	out := make([]Look, len(users))
	for i, end := range ends {
		out[i] = end()
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
