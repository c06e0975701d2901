package upstream

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Sample is a source of recorded answers: no network, no token, no charge.
type Sample struct{ answers fs.FS }

// NewSample serves the files USERID.json of a folder, each one an answer of
// the endpoint with its envelope.
func NewSample(answers fs.FS) *Sample { return &Sample{answers} }

// Ready is always nil.
func (*Sample) Ready() error { return nil }

// Fetch reads the recorded answer. An id without one is not found, and the
// error names the ids that are there.
func (s *Sample) Fetch(_ context.Context, userID string) (*Response, error) {
	body, err := fs.ReadFile(s.answers, userID+".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Kind: NotFound, Billed: NotBilled, Known: s.ids()}
	}
	if err != nil {
		return nil, &Error{Kind: Internal, Billed: NotBilled, Detail: "a recorded answer cannot be read"}
	}
	data, requestID, fail := read(http.StatusOK, body, userID)
	if fail != nil {
		fail.Billed = NotBilled
		return nil, fail
	}
	return NewResponse(userID, data, requestID, false), nil
}

func (s *Sample) ids() []string {
	files, _ := fs.Glob(s.answers, "*.json")
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = strings.TrimSuffix(path.Base(f), ".json")
	}
	return ids
}
