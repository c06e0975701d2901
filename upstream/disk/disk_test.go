package disk_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

const source = "https://upstream.example"

func options() disk.Options {
	return disk.Options{Source: source, Size: 100, Keep: 30 * time.Hour}
}

// answer is an entry with the given data, fetched now.
func answer(data string) upstream.Entry {
	r := upstream.NewResponse("a", []byte(data), "request-1", true)
	return upstream.Entry{Response: r, At: r.FetchedAt}
}

// save puts an answer into a store.
func save(t *testing.T, s *disk.Store, key, data string) {
	t.Helper()
	if err := s.Save(t.Context(), key, answer(data), time.Hour); err != nil {
		t.Fatalf("save says %v, want it stored", err)
	}
}

// files lists the regular files under a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

func TestNothingIsMadeBeforeItIsNeeded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	s := disk.Open(dir, options())
	_, _ = s.Load(t.Context(), "a")
	_, _ = s.Left(t.Context())
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat of the folder says %v, want that it does not exist", err)
	}
}

// Whatever stands in an answer's file that is no answer of ours is not read, and
// the next one that is saved takes its place.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	s := disk.Open(dir, options())
	save(t, s, "key", `{"name":"whole"}`)
	file := files(t, filepath.Join(dir, "answers"))[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := []byte(string(whole))
	flipped[len(flipped)-3] ^= 1
	for name, c := range map[string]struct {
		content []byte
		none    bool // not damaged, but not ours
	}{
		"empty":           {content: nil},
		"cut off":         {content: whole[:len(whole)-1]},
		"first line only": {content: whole[:strings.IndexByte(string(whole), '\n')+1]},
		"half a line":     {content: whole[:20]},
		"longer":          {content: append([]byte(string(whole)), 'x')},
		"a flipped bit":   {content: flipped},
		"zeros":           {content: make([]byte, len(whole))},
		"HTML":            {content: []byte("<html>\n")},
		"another version": {content: []byte(strings.Replace(string(whole), `"v":1`, `"v":2`, 1)), none: true},
		"another source":  {content: []byte(strings.Replace(string(whole), source, "https://other.example", 1)), none: true},
		"another key":     {content: []byte(strings.Replace(string(whole), `"key":"key"`, `"key":"kez"`, 1)), none: true},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.Load(t.Context(), "key")
			if err == nil {
				t.Error("load reads the file, want an error")
			}
			if errors.Is(err, upstream.ErrNone) != c.none {
				t.Errorf("load says %v, want ErrNone: %v", err, c.none)
			}
			save(t, s, "key", `{"name":"whole"}`)
			if _, err := s.Load(t.Context(), "key"); err != nil {
				t.Errorf("after saving again load says %v, want the answer", err)
			}
		})
	}
}

// Whichever bit of a file is wrong, nobody gets an answer that was not saved.
func TestAnyWrongBit(t *testing.T) {
	dir := t.TempDir()
	s := disk.Open(dir, options())
	data := `{"a":"` + rand.Text() + `"}`
	save(t, s, "key", data)
	file := files(t, filepath.Join(dir, "answers"))[0]
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(whole) {
		b := []byte(string(whole))
		b[i/8] ^= 1 << (i % 8)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if e, err := s.Load(t.Context(), "key"); err == nil && e.Response != nil && string(e.Response.Data()) != data {
			t.Errorf("with bit %d wrong the data are %.300s, want %s or an error", i, e.Response.Data(), data)
		}
	}
}

// Answers of another upstream have files of their own.
func TestAnotherUpstream(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Source = "https://other.example"
	ours, other := disk.Open(dir, options()), disk.Open(dir, o)
	save(t, ours, "key", `{"of":"ours"}`)
	if _, err := other.Load(t.Context(), "key"); !errors.Is(err, upstream.ErrNone) {
		t.Errorf("load from another upstream says %v, want ErrNone", err)
	}
	save(t, other, "key", `{"of":"the other"}`)
	e, err := ours.Load(t.Context(), "key")
	if err != nil {
		t.Fatalf("load says %v, want our answer", err)
	}
	if got, want := string(e.Response.Data()), `{"of":"ours"}`; got != want {
		t.Errorf("the data are %.300s, want %s", got, want)
	}
}

func TestPermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "cache")
	s := disk.Open(dir, options())
	save(t, s, "key", `{}`)
	unlock, err := s.Lock(t.Context(), "key")
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	defer unlock()
	if _, err := s.Spend(t.Context()); err != nil {
		t.Fatalf("spend says %v, want a request", err)
	}
	seen := 0
	err = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("the mode of %s is %o, want %o", path, got, want)
		}
		seen++
		return nil
	})
	if err != nil {
		t.Errorf("walking the folder ends with %v, want nothing", err)
	}
	if seen < 6 {
		t.Errorf("%d files and folders, want 6 at least", seen)
	}
}

// age makes files look older than they are.
func age(t *testing.T, by time.Duration, paths ...string) {
	t.Helper()
	for _, p := range paths {
		then := time.Now().Add(-by)
		if err := os.Chtimes(p, then, then); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExpiredFilesLeave(t *testing.T) {
	dir := t.TempDir()
	s := disk.Open(dir, options())
	for _, key := range []string{"a", "b", "c"} {
		save(t, s, key, `{}`)
	}
	answers := filepath.Join(dir, "answers")
	half := filepath.Join(answers, strings.Repeat("0", 32)+"123")
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	orphan := filepath.Join(dir, "locks", "orphan")
	if err := os.MkdirAll(filepath.Dir(orphan), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(orphan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	old := files(t, answers)
	age(t, 31*time.Hour, old...)
	age(t, 2*time.Hour, orphan)
	save(t, disk.Open(dir, options()), "d", `{}`)
	if got := files(t, answers); len(got) != 1 {
		t.Errorf("the answers left are %q, want the new one alone", got)
	}
	if got := files(t, filepath.Join(dir, "locks")); len(got) != 0 {
		t.Errorf("the locks left are %q, want none", got)
	}
}

// However fast its file comes and goes, never two hold a lock.
func TestTheLocksFileComesAndGoes(t *testing.T) {
	dir := t.TempDir()
	var inside atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		s := disk.Open(dir, options())
		wg.Go(func() {
			for turns := 0; turns < 300; {
				unlock, err := s.Lock(t.Context(), "key")
				if err != nil {
					continue
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold the lock, want 1", n)
				}
				runtime.Gosched()
				inside.Add(-1)
				unlock()
				turns++
			}
		})
	}
	wg.Wait()
}

// A lock that is held stays, however old it is.
func TestAHeldLockIsNotSwept(t *testing.T) {
	dir := t.TempDir()
	s := disk.Open(dir, options())
	unlock, err := s.Lock(t.Context(), "key")
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	defer unlock()
	age(t, 2*time.Hour, files(t, filepath.Join(dir, "locks"))...)
	save(t, disk.Open(dir, options()), "other", `{}`)
	if _, err := disk.Open(dir, options()).Lock(t.Context(), "key"); !errors.Is(err, upstream.ErrLocked) {
		t.Errorf("the lock says %v, want ErrLocked", err)
	}
}

func TestTheSizeBoundsTheFolder(t *testing.T) {
	for _, size := range []int{1, 3, 20} {
		dir := t.TempDir()
		o := options()
		o.Size = size
		s := disk.Open(dir, o)
		for i := range 3 * size {
			key := strings.Repeat("k", i+1)
			save(t, s, key, `{}`)
			got := files(t, filepath.Join(dir, "answers"))
			if len(got) > size {
				t.Errorf("%d answers after %d savings, want %d at most", len(got), i+1, size)
			}
			age(t, time.Minute, got...) // all but the next are older
			if _, err := s.Load(t.Context(), key); err != nil {
				t.Errorf("load of the newest of %d says %v, want the answer", i+1, err)
			}
		}
	}
}

// An answer that cannot be put in its place leaves no half-written file.
func TestAFailedSavingLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := disk.Open(dir, options())
	save(t, s, "key", `{}`)
	file := files(t, filepath.Join(dir, "answers"))[0]
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), "key", answer(`{}`), time.Hour); err == nil {
		t.Error("save over a folder says nothing, want an error")
	}
	if left := files(t, filepath.Join(dir, "answers")); len(left) != 0 {
		t.Errorf("the answers left are %q, want none", left)
	}
}

// A file in the folder's place fails each operation and nothing else.
func TestAFileInTheFoldersPlace(t *testing.T) {
	place := filepath.Join(t.TempDir(), "cache")
	if err := os.WriteFile(place, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := disk.Open(place, options())
	if err := s.Save(t.Context(), "a", answer("{}"), time.Hour); err == nil {
		t.Error("save says nothing, want an error")
	}
	if _, err := s.Load(t.Context(), "a"); err == nil || errors.Is(err, upstream.ErrNone) {
		t.Errorf("load says %v, want an error that is not ErrNone", err)
	}
	if _, err := s.Lock(t.Context(), "a"); err == nil || errors.Is(err, upstream.ErrLocked) {
		t.Errorf("lock says %v, want an error that is not ErrLocked", err)
	}
	if _, err := s.Spend(t.Context()); err == nil {
		t.Error("spend says nothing, want an error")
	}
}
