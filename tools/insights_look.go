package tools

import (
	"context"
	"slices"
	"strings"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// InsightsLook is one blogger's insights as the command line prints them.
type InsightsLook struct {
	UserID     string // what was given, where that is no id
	Text       string // "" where no section came
	Structured []byte // what the tool's structuredContent says, or {"userId", "error"}
	Failure    string // why a section or all did not come, "" where all came
}

// Insights looks the sections of several bloggers up side by side, for as long
// as that takes or until ctx ends; in.UserID does not matter. The looks come in
// their order; what is no id is a failure. A Caller in ctx is told of the
// progress.
func (s *Set) Insights(ctx context.Context, users []string, in schema.InsightsInput) []InsightsLook {
	in.Sections = schema.OrderSections(in.Sections)
	out := make([]InsightsLook, len(users))
	var all []*upstream.Lookup
	var at []int // where each of them belongs
	for i, u := range users {
		id, err := schema.UserID(u)
		if err != nil {
			l := failedLook(schema.Showable(u), invalidArguments(s.Language, err))
			out[i] = InsightsLook{UserID: l.UserID, Structured: l.Structured, Failure: l.Failure}
			continue
		}
		in.UserID = id
		out[i].UserID = id
		all, at = append(all, s.sections(in)...), append(at, i)
	}
	if len(all) > 0 {
		await(ctx, s.Language, forever, all...)
	}
	for n, lookups := range slices.Collect(slices.Chunk(all, len(in.Sections))) {
		in.UserID = out[at[n]].UserID
		out[at[n]] = s.insights(ctx, forever, in, lookups, &Outcome{}).look()
	}
	return out
}

func (i *insights) look() InsightsLook {
	if f, all := i.allFailed(); all {
		l := failedLook(i.UserID, f)
		return InsightsLook{UserID: l.UserID, Structured: l.Structured, Failure: l.Failure}
	}
	return InsightsLook{
		UserID:     i.UserID,
		Text:       insightsText(i.language, &i.Insights),
		Structured: marshal(i.Insights),
		Failure:    strings.Join(i.failedLines(), "\n"),
	}
}
