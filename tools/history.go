package tools

import (
	"context"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// HistoryLine makes the line that a paid answer leaves in its blogger's history, for
// upstream.Settings.
func HistoryLine(from *upstream.Endpoint, r *upstream.Response, last []byte) []byte {
	origin := schema.SeenInProfile
	switch from {
	case upstream.SearchRow:
		origin = schema.SeenInSearch
	case upstream.NoteAuthor:
		origin = schema.SeenInNote
	}
	return condense.HistoryLine(r.Data(), origin, r.FetchedAt, last)
}

// HistoryResult is one blogger's history as the command line prints it.
type HistoryResult struct {
	schema.History
	Structured []byte // the history, or {"userId", "error"}
	Failure    string // "" where it was read
}

// Histories reads the histories of users, in their order. Nobody is asked and nothing is
// paid.
func (s *Set) Histories(ctx context.Context, users []string) []HistoryResult {
	out := make([]HistoryResult, len(users))
	for i, u := range users {
		h, err := s.history(ctx, s.Language, u)
		if f := (failure{}); errors.As(err, &f) {
			r := failedResult(schema.Showable(u), f)
			out[i] = HistoryResult{History: schema.History{UserID: r.UserID}, Structured: r.Structured, Failure: r.Failure}
		} else {
			out[i] = HistoryResult{History: h, Structured: JSON(h)}
		}
	}
	return out
}

// history reads the history of a user, an id or what carries one. The error is a failure.
func (s *Set) history(ctx context.Context, l lang.Language, user string) (schema.History, error) {
	id, err := schema.UserID(user)
	if err != nil {
		return schema.History{}, invalidArguments(l, err)
	}
	lines, err := s.Lookups.History(ctx, id)
	if err != nil {
		return schema.History{}, storeFails(l)
	}
	return schema.History{UserID: id, Lines: condense.HistoryLines(lines)}, nil
}

// readHistory serves a blogger's history. A failure is a protocol error, as of readRaw.
func (s *Set) readHistory(ctx context.Context, r mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	user, _ := userOf(r.Params.URI, historySuffix)
	h, err := s.history(ctx, lang.English, user)
	if f := (failure{}); errors.As(err, &f) {
		return nil, errors.New(f.Text())
	}
	return []mcp.ResourceContents{mcp.TextResourceContents{URI: r.Params.URI, MIMEType: "application/json", Text: string(JSON(h))}}, nil
}
