package upstream_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// recorded lists the ids of the recorded answers.
func recorded(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(recordings, "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the recorded answers are %q, %v, want some", files, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".json")
	}
	return files
}

// Every recorded answer is served as its envelope says, and none is charged.
func TestSampleServesEveryRecording(t *testing.T) {
	s := upstream.NewSample(recordings)
	if err := s.Ready(); err != nil {
		t.Errorf("Ready says %v, want nothing", err)
	}
	for _, id := range recorded(t) {
		t.Run(id, func(t *testing.T) {
			file, err := fs.ReadFile(recordings, id+".json")
			if err != nil {
				t.Fatal(err)
			}
			var envelope struct {
				Code int
				Data json.RawMessage
			}
			if err := json.Unmarshal(file, &envelope); err != nil {
				t.Fatalf("the recorded answer is %.300s, want JSON: %v", file, err)
			}
			p, err := s.Fetch(t.Context(), profile(id))
			if envelope.Code != 0 {
				e := typed(t, err)
				if e == nil {
					t.Fatalf("no error, want that of code %d", envelope.Code)
				}
				if e.Code != envelope.Code {
					t.Errorf("the code is %d, want %d", e.Code, envelope.Code)
				}
				if e.Billed != upstream.NotBilled {
					t.Errorf("the error %q has Billed %s, want %s", e, e.Billed, upstream.NotBilled)
				}
				if e.Kind == upstream.Internal || e.Kind == upstream.BadResponse {
					t.Errorf("the error is %q, want one of the upstream's own", e)
				}
				return
			}
			if err != nil {
				t.Fatalf("the error is %v, want a profile", err)
			}
			if p.Subject != id {
				t.Errorf("the profile's subject is %q, want %s", p.Subject, id)
			}
			if p.Billed {
				t.Error("the profile is billed, want it not billed")
			}
			if p.FetchedAt.IsZero() {
				t.Error("the profile has no FetchedAt, want now")
			}
			if got, want := string(p.Data()), string(envelope.Data); got != want {
				t.Errorf("the profile's data are %.300s, want %.300s", got, want)
			}
		})
	}
}

// Who asks for an id that is not recorded learns which are.
func TestSampleNamesItsIDs(t *testing.T) {
	_, err := upstream.NewSample(recordings).Fetch(t.Context(), profile(blogger(1)))
	e := typed(t, err)
	wantError(t, e, upstream.NotFound, upstream.NotBilled)
	want := recorded(t)
	if e != nil && !slices.Equal(e.Known, want) {
		t.Errorf("the ids it names are %q, want %q", e.Known, want)
	}
	if !slices.Contains(want, documented) {
		t.Errorf("the recorded answers are %q, want %s among them", want, documented)
	}
}

// Of a section the ids are those that have it, for the scope, traffic and page asked for.
func TestSampleNamesTheIDsOfASection(t *testing.T) {
	s := upstream.NewSample(fstest.MapFS{
		"a.json": {}, "b.json": {}, "b/notes.json": {}, "c/notes.json": {}, "c/notes-sponsored.json": {}, "d/costs.json": {},
		"e/notes-2.json": {}, "f/notes-sponsored-10.json": {}, "g/trend.json": {}, "h/trend-organic.json": {}, "i/trend-sponsored-organic.json": {},
	})
	for _, c := range []struct {
		endpoint *upstream.Endpoint
		options  upstream.Options
		want     []string
	}{
		{upstream.Notes, upstream.Options{}, []string{"b", "c"}},
		{upstream.Notes, upstream.Options{Page: 1, Organic: true}, []string{"b", "c"}}, // the lists follow no switch
		{upstream.Notes, upstream.Options{Sponsored: true}, []string{"c"}},
		{upstream.Notes, upstream.Options{Page: 2}, []string{"e"}},
		{upstream.Notes, upstream.Options{Sponsored: true, Page: 10}, []string{"f"}},
		{upstream.Trend, upstream.Options{}, []string{"g"}},
		{upstream.Trend, upstream.Options{Organic: true}, []string{"h"}},
		{upstream.Trend, upstream.Options{Organic: true, Sponsored: true}, []string{"i"}},
	} {
		_, err := s.Fetch(t.Context(), c.endpoint.Query("a", c.options))
		if e := typed(t, err); e == nil || !slices.Equal(e.Known, c.want) {
			t.Errorf("%s with %+v: the error is %#v, want one with Known %q", c.endpoint.Name, c.options, e, c.want)
		}
	}
}

func TestSampleWithARecordingThatCannotBeRead(t *testing.T) {
	folder := fstest.MapFS{documented + ".json": &fstest.MapFile{Mode: fs.ModeDir}}
	_, err := upstream.NewSample(folder).Fetch(t.Context(), profile(documented))
	wantError(t, typed(t, err), upstream.Internal, upstream.NotBilled)
}

// The errors of the recordings are free too, so a directory forgets them.
func TestSampleThroughADirectory(t *testing.T) {
	d := open(upstream.NewSample(recordings))
	defer d.Close()
	for _, cached := range []bool{false, true} {
		a := mustGet(t, d, documented, false)
		wantAnswer(t, "the answer", a, upstream.Answer{Response: a.Response, Age: a.Age, Cached: cached})
	}
	for range 2 {
		_, err := get(t, d, "5a3e1e0000000000000000e1", false)
		wantError(t, err, upstream.NotFound, upstream.NotBilled)
		if err != nil && err.Remembered {
			t.Errorf("the free failure is %+v, want it not Remembered", *err)
		}
	}
}

// A recorded note is as many days old on any day as it was when it was recorded, so that
// one that was young stays young.
func TestSampleKeepsTheAgeOfNotes(t *testing.T) {
	const published = `{"code":0,"data":{"noteId":"5a3e1e0000000000000000c1","createTime": "2026-04-28 12:00","time":{"createTime":1777348800000},"title":"2026-04-28"},"recordTime":%s}`
	for recordTime, want := range map[string]string{
		`"2026-05-03T09:00:00"`: `"createTime": "2000-02-26 12:00"`, // 5 days before 2 March, in a leap year
		`null`:                  `"createTime": "2026-04-28 12:00"`,
		`"yesterday"`:           `"createTime": "2026-04-28 12:00"`,
	} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(time.Until(time.Date(2000, 3, 1, 17, 0, 0, 0, time.UTC))) // 2 March in China
			s := upstream.NewSample(fstest.MapFS{"5a3e1e0000000000000000c1/note.json": {Data: fmt.Appendf(nil, published, recordTime)}})
			r, err := s.Fetch(t.Context(), upstream.Note.Query("5a3e1e0000000000000000c1", upstream.Options{}))
			if err != nil {
				t.Fatalf("Fetch of a note: %v, want no error", err)
			}
			data := string(r.Data())
			if !strings.Contains(data, want) || !strings.Contains(data, `"createTime":1777348800000`) || !strings.Contains(data, `"title":"2026-04-28"`) {
				t.Errorf("recorded at %s: got %s, want %s in it, and the rest as it was", recordTime, data, want)
			}
		})
	}
}
