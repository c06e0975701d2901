package upstream_test

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgy-mcp/upstream"
)

// recorded lists the ids of the recorded answers.
func recorded(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(recordings, "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded answers: %v", err)
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
		t.Errorf("not ready: %v", err)
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
				t.Fatal(err)
			}
			p, err := s.Fetch(t.Context(), profile(id))
			if envelope.Code != 0 {
				e := typed(t, err)
				if e == nil || e.Code != envelope.Code || e.Billed != upstream.NotBilled || e.Kind == upstream.Internal || e.Kind == upstream.BadResponse {
					t.Errorf("error %#v, want that of code %d, not billed", e, envelope.Code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if p.UserID != id || p.Billed || p.FetchedAt.IsZero() || string(p.Data()) != string(envelope.Data) {
				t.Errorf("profile %+v, want the recorded data, free", p)
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
	if e != nil && (!slices.Equal(e.Known, want) || !slices.Contains(want, documented)) {
		t.Errorf("it names %q, want %q", e.Known, want)
	}
}

// Of a section the ids are those that have it, in the scope asked for.
func TestSampleNamesTheIDsOfASection(t *testing.T) {
	s := upstream.NewSample(fstest.MapFS{
		"a.json": {}, "b.json": {}, "b/notes.json": {}, "c/notes.json": {}, "c/notes-sponsored.json": {}, "d/costs.json": {},
	})
	for sponsored, want := range map[bool][]string{false: {"b", "c"}, true: {"c"}} {
		_, err := s.Fetch(t.Context(), upstream.Notes.Query("a", upstream.Options{Sponsored: sponsored}))
		if e := typed(t, err); e == nil || !slices.Equal(e.Known, want) {
			t.Errorf("sponsored %v: error %#v, want one that names %q", sponsored, e, want)
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
		if a := mustGet(t, d, documented, false); a.Billed || a.Cached != cached {
			t.Errorf("%+v, want cached %v, not billed", a, cached)
		}
	}
	for range 2 {
		_, err := get(t, d, "5a3e1e0000000000000000e1", false)
		wantError(t, err, upstream.NotFound, upstream.NotBilled)
		if err != nil && err.Remembered {
			t.Error("a free answer is remembered")
		}
	}
}
