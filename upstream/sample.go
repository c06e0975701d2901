package upstream

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
)

// SampleName is what a Sample is called, as an upstream and as a source: results
// that name it are recorded.
const SampleName = "sample"

// Sample is a source of recorded answers: no network, no token, no charge.
type Sample struct{ answers fs.FS }

// NewSample serves the files of a folder, each one an answer with its envelope:
// USERID.json is a profile, USERID/SECTION.json any other endpoint's answer and
// USERID/SECTION-sponsored.json its answer for sponsored notes.
func NewSample(answers fs.FS) *Sample { return &Sample{answers} }

// Ready is always nil.
func (*Sample) Ready() error { return nil }

// Fetch reads the recorded answer. An id without one is not found, and the
// error names the ids that are there.
func (s *Sample) Fetch(_ context.Context, q Query) (*Response, error) {
	body, err := fs.ReadFile(s.answers, sampleFile(q))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Kind: NotFound, Billed: NotBilled, Known: s.ids(q)}
	}
	if err != nil {
		return nil, &Error{Kind: Internal, Billed: NotBilled, Detail: "a recorded answer cannot be read"}
	}
	data, requestID, fail := read(http.StatusOK, body, q)
	if fail != nil {
		fail.Billed = NotBilled
		return nil, fail
	}
	return NewResponse(q.UserID, data, requestID, false), nil
}

func sampleFile(q Query) string {
	if q.Endpoint == UserBlogger {
		return q.UserID + ".json"
	}
	name := q.UserID + "/" + q.Endpoint.Name
	if strings.Contains(q.Parameters, "COOPERAT") {
		name += "-sponsored"
	}
	return name + ".json"
}

// ids lists the bloggers that have an answer to this endpoint and scope.
func (s *Sample) ids(q Query) []string {
	pattern := "*.json"
	if _, file, nested := strings.Cut(sampleFile(q), "/"); nested {
		pattern = "*/" + file
	}
	files, _ := fs.Glob(s.answers, pattern)
	ids := make([]string, len(files))
	for i, f := range files {
		id, _, _ := strings.Cut(f, "/")
		ids[i] = strings.TrimSuffix(id, ".json")
	}
	return ids
}
