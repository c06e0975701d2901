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

// answerKinds has the endpoints whose answers have figures of a blogger.
var answerKinds = map[*upstream.Endpoint]schema.AnswerKind{
	upstream.Profile: schema.SeenInProfile, upstream.SearchRow: schema.SeenInSearch, upstream.NoteAuthor: schema.SeenInNote,
}

// HistoryLine is upstream.Settings.History: it returns the line that a paid answer adds to
// its blogger's history, or nil.
func HistoryLine(from *upstream.Endpoint, r *upstream.Response, last []byte) []byte {
	return condense.HistoryLine(r.Data(), answerKinds[from], r.FetchedAt, last)
}

// HistoryResult is one blogger's history as the command line prints it.
type HistoryResult struct {
	schema.History
	Structured []byte // the history, or {"userId", "error"}
	Failure    string // "" if it was read
}

// Histories reads the histories of users, in their order. It sends no request.
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

// history reads the history of a user, as schema.UserID reads one. The error is a failure.
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

// readHistory serves a blogger's history. A failure is a protocol error, as in readRaw.
func (s *Set) readHistory(ctx context.Context, r mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	user, _ := userOf(r.Params.URI, historySuffix)
	h, err := s.history(ctx, lang.English, user)
	if f := (failure{}); errors.As(err, &f) {
		return nil, errors.New(f.Text())
	}
	return []mcp.ResourceContents{mcp.TextResourceContents{URI: r.Params.URI, MIMEType: "application/json", Text: string(JSON(h))}}, nil
}
