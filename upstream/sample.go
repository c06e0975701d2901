package upstream

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// SampleName is what a Sample is called, as an upstream and as a source: results
// that name it are recorded.
const SampleName = "sample"

// Sample is a source of recorded answers: no network, no token, no charge.
type Sample struct{ answers fs.FS }

// NewSample serves the files of a folder, each one an answer with its envelope:
// USERID.json is a profile, USERID/SECTION.json any other endpoint's answer. Behind
// SECTION stands -sponsored for sponsored notes, -organic for organic traffic alone, and
// -2 for the second page. NOTEID/note.json is a note. Searches are made of
// search/bloggers.json, whose bloggers have profiles too; link/CODE.json is what a short
// link that ends with CODE leads to.
func NewSample(answers fs.FS) *Sample { return &Sample{answers} }

// Ready is always nil.
func (*Sample) Ready() error { return nil }

// Fetch reads the recorded answer. An id without one is not found, and the
// error names the ids that are there.
func (s *Sample) Fetch(_ context.Context, q Query) (*Response, error) {
	body, err := s.body(q)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Kind: NotFound, Billed: NotBilled, Known: s.ids(q)}
	}
	if err != nil {
		return nil, &Error{Kind: Internal, Billed: NotBilled, Detail: "a recorded answer cannot be read"}
	}
	data, requestID, fail := parse(http.StatusOK, body, q)
	if fail != nil {
		fail.Billed = NotBilled
		return nil, fail
	}
	if q.Endpoint == Note {
		data = publishedAnew(data, member(body, "recordTime"))
	}
	return NewResponse(q.Subject, data, requestID, false), nil
}

func (s *Sample) body(q Query) ([]byte, error) {
	switch q.Endpoint {
	case Search:
		return s.search(q.Parameters)
	case Link:
		asked, _ := url.ParseQuery(q.Parameters)
		link, err := url.Parse(asked.Get("shareUrl"))
		if err != nil {
			return nil, fs.ErrNotExist
		}
		return fs.ReadFile(s.answers, "link/"+path.Base(link.Path)+".json")
	}
	body, err := fs.ReadFile(s.answers, q.Subject+suffix(q))
	if q.Endpoint == Profile && errors.Is(err, fs.ErrNotExist) {
		return s.profile(q.Subject)
	}
	return body, err
}

// publication is the day on which a note was published, in its answer.
var publication = regexp.MustCompile(`("createTime"\s*:\s*")([0-9]{4}-[0-9]{2}-[0-9]{2})`)

// publishedAnew moves the publication of a recorded note, so that the note is as many
// days old today as it was when the answer was recorded: one that was young stays young.
func publishedAnew(data, recordTime json.RawMessage) json.RawMessage {
	china := time.FixedZone("Asia/Shanghai", 8*60*60)
	recorded, err := time.ParseInLocation(`"2006-01-02T15:04:05"`, string(recordTime), china)
	if err != nil {
		return data
	}
	since := dayOf(time.Now().In(china)).Sub(dayOf(recorded))
	return publication.ReplaceAllFunc(data, func(found []byte) []byte {
		m := publication.FindSubmatch(found)
		day, err := time.Parse(time.DateOnly, string(m[2]))
		if err != nil {
			return found
		}
		return day.Add(since).AppendFormat(slices.Clip(m[1]), time.DateOnly)
	})
}

// dayOf is the day of a time, to count days with.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
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

// ids lists the bloggers that have an answer to this endpoint and these options, or the
// short links that have one.
func (s *Sample) ids(q Query) []string {
	if q.Endpoint == Link {
		links, _ := fs.Glob(s.answers, "link/*.json")
		for i, file := range links {
			links[i] = "http://xhslink.com/" + strings.TrimSuffix(path.Base(file), ".json")
		}
		return links
	}
	ids, _ := fs.Glob(s.answers, "*"+suffix(q))
	for i, file := range ids {
		ids[i] = strings.TrimSuffix(file, suffix(q))
	}
	return ids
}
