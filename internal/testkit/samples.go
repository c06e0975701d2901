package testkit

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Root is the folder of the repository.
func Root() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	panic("no folder above has a go.mod")
}

// Samples are the recorded answers of the upstream.
func Samples() fs.FS { return os.DirFS(filepath.Join(Root(), "testdata", "upstream")) }

// SampleIDs are the users of whom there is a recorded profile.
func SampleIDs(t testing.TB) []string {
	t.Helper()
	files, err := fs.Glob(Samples(), "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the recorded answers: got %q, %v, want some", files, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".json")
	}
	return files
}

// SampleData is the data object of a recorded answer: of a userId's profile, or
// of userId/section.
func SampleData(t testing.TB, name string) json.RawMessage {
	t.Helper()
	b, err := fs.ReadFile(Samples(), name+".json")
	if err != nil {
		t.Fatalf("reading the answer %s: got %v, want a recorded file", name, err)
	}
	var e struct{ Data json.RawMessage }
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatalf("the answer %s: got %.300s (%v), want JSON", name, b, err)
	}
	return e.Data
}
