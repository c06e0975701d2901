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
// USERID.json is a profile, USERID/SECTION.json any other endpoint's answer. Behind
// SECTION stands -sponsored for sponsored notes, -organic for organic traffic alone, and
// -2 for the second page.
func NewSample(answers fs.FS) *Sample { return &Sample{answers} }

// Ready is always nil.
func (*Sample) Ready() error { return nil }

// Fetch reads the recorded answer. An id without one is not found, and the
// error names the ids that are there.
func (s *Sample) Fetch(_ context.Context, q Query) (*Response, error) {
	body, err := fs.ReadFile(s.answers, q.Subject+suffix(q))
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
	return NewResponse(q.Subject, data, requestID, false), nil
}

// suffix is what follows the id in a file's name.
func suffix(q Query) string {
	if q.Endpoint == Profile {
		return ".json"
	}
	name := "/" + q.Endpoint.Name
	if strings.Contains(q.Parameters, "COOPERAT") {
		name += "-sponsored"
	}
	if strings.Contains(q.Parameters, "ORGANIC_ONLY") {
		name += "-organic"
	}
	if _, page, _ := strings.Cut(q.Parameters, "pageNumber="); page != "" && page != "1" {
		name += "-" + page // the last parameter
	}
	return name + ".json"
}

// ids lists the bloggers that have an answer to this endpoint and these options.
func (s *Sample) ids(q Query) []string {
	ids, _ := fs.Glob(s.answers, "*"+suffix(q))
	for i, file := range ids {
		ids[i] = strings.TrimSuffix(file, suffix(q))
	}
	return ids
}
