package disk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
	return disk.Options{Source: source, Size: 100}
}

// open gives a store that a test has to itself; one that sweeps still would write
// into a folder that is being removed.
func open(tb testing.TB, dir string, o disk.Options) *disk.Store {
	tb.Helper()
	s := disk.Open(dir, o)
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// value is what a store keeps: a first line that says whose it is, and data.
func value(key, data string, until time.Duration) []byte {
	head, err := json.Marshal(map[string]any{"v": 1, "source": source, "key": key, "at": time.Now(), "until": time.Now().Add(until)})
	if err != nil {
		panic(err)
	}
	return append(append(head, '\n'), data...)
}

// save puts an answer into a store.
func save(t *testing.T, s *disk.Store, key, data string) {
	t.Helper()
	if err := s.Save(t.Context(), []upstream.Item{{Key: key, Value: value(key, data, time.Hour), Keep: time.Hour}}, nil); err != nil {
		t.Fatalf("Save says %v, want it stored", err)
	}
	s.Wait()
}

// load gives the data that are kept under a key; "" for nothing.
func load(t *testing.T, s *disk.Store, key string) string {
	t.Helper()
	values, err := s.Load(t.Context(), key)
	if err != nil || len(values) != 1 {
		t.Fatalf("Load gives %d values, %v, want one", len(values), err)
	}
	_, data, _ := strings.Cut(string(values[0]), "\n")
	return data
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
	s := open(t, dir, options())
	_, _ = s.Load(t.Context(), "a")
	_, _ = s.Usage(t.Context())
	_, _ = s.Last(t.Context(), "b")
	_, _ = s.Lines(t.Context(), "b")
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat of the folder says %v, want that it does not exist", err)
	}
}

// A file in an answer's place that is not surely ours is neither read nor replaced:
// the answer has another place.
func TestFilesThatAreNotOurs(t *testing.T) {
	whole := string(value("key", `{"name":"whole"}`, time.Hour))
	for name, content := range map[string]string{
		"empty":           "",
		"half a line":     whole[:20],
		"zeros":           strings.Repeat("\x00", len(whole)),
		"HTML":            "<html>\n",
		"JSON":            `{"v":"1","notes":["mine"]}`,
		"no source":       `{"v":1,"key":"key"}`,
		"a newer version": strings.Replace(whole, `"v":1`, `"v":3`, 1),
		"another source":  strings.Replace(whole, source, "https://other.example", 1),
		"another key":     strings.Replace(whole, `"key":"key"`, `"key":"kez"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), options())
			save(t, s, "key", `{"name":"first"}`)
			file := files(t, s.Dir())[0]
			write(t, file, content)
			if got := load(t, s, "key"); got != "" {
				t.Errorf("Load reads %q, want nothing", got)
			}
			for range 2 {
				save(t, s, "key", `{"name":"second"}`)
				if got := load(t, s, "key"); got != `{"name":"second"}` {
					t.Errorf("after Save, Load gives %q, want the answer", got)
				}
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != content {
				t.Errorf("the file is %.100q, %v, want it as it was", got, err)
			}
		})
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A sparse file of terabytes, a link to a device and a pipe are not read.
func TestFilesThatCannotBeAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(file string) error
		fails bool
	}{
		"terabytes": {func(file string) error {
			return errors.Join(os.WriteFile(file, value("key", "x", time.Hour), 0o600), os.Truncate(file, 4<<40))
		}, true},
		"a device": {func(file string) error { return os.Symlink("/dev/zero", file) }, false},
		"a folder": {func(file string) error { return os.Mkdir(file, 0o700) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), options())
			save(t, s, "key", "x")
			file := files(t, s.Dir())[0]
			if err := errors.Join(os.Remove(file), c.make(file)); err != nil {
				t.Skipf("such a file cannot be made here: %v", err)
			}
			if values, err := s.Load(t.Context(), "key"); values[0] != nil || (err != nil) != c.fails {
				t.Errorf("Load gives %.100q, %v, want nothing and an error: %v", values[0], err, c.fails)
			}
			if !c.fails {
				save(t, s, "key", "again")
				if got := load(t, s, "key"); got != "again" {
					t.Errorf("after Save, Load gives %q, want again", got)
				}
			}
		})
	}
}

// Another process's times do not shorten what a process has saved; what nobody has
// touched for 30 days and is past its keep goes, whoever wrote it.
func TestWhatTheSweepRemoves(t *testing.T) {
	for name, c := range map[string]struct {
		until, untouched time.Duration
		source, place    string
		gone             bool
	}{
		"within its keep, long untouched": {time.Hour, 100 * 24 * time.Hour, source, "new", false},
		"past its keep, just written":     {-time.Hour, 0, source, "new", false},
		"past its keep, long untouched":   {-time.Hour, 31 * 24 * time.Hour, source, "new", true},
		"of another upstream":             {-time.Hour, 31 * 24 * time.Hour, "https://other.example", "new", true},
		"of an older version":             {0, 31 * 24 * time.Hour, source, "old", true},
		"of an older version, used":       {0, 29 * 24 * time.Hour, source, "old", false},
		"a copy under another name":       {-time.Hour, 31 * 24 * time.Hour, source, "copy", false},
		"a copy in another folder":        {-time.Hour, 31 * 24 * time.Hour, source, "folder", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := options()
			o.Source = c.source
			s := open(t, dir, o)
			content := strings.Replace(string(value("key", "x", c.until)), source, c.source, 1)
			if err := s.Save(t.Context(), []upstream.Item{{Key: "key", Value: []byte(content)}}, nil); err != nil {
				t.Fatal(err)
			}
			s.Wait()
			file := files(t, dir)[0]
			var copied string
			switch c.place {
			case "copy":
				copied = file + ".bak"
			case "folder":
				copied = filepath.Join(dir, "answers", "backup", filepath.Base(file))
			}
			if copied != "" {
				if err := errors.Join(os.MkdirAll(filepath.Dir(copied), 0o700), os.Rename(file, copied)); err != nil {
					t.Fatal(err)
				}
				file = copied
			}
			if c.place == "old" {
				old := filepath.Join(dir, "answers", filepath.Base(file))
				if err := os.Rename(file, old); err != nil {
					t.Fatal(err)
				}
				if got := load(t, s, "key"); got != "x" {
					t.Errorf("what an older version wrote is read as %q, want x", got)
				}
				file = old
			}
			age(t, c.untouched, file)
			open(t, dir, options()).Sweep()
			if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) != c.gone {
				t.Errorf("after the sweep Stat says %v, want the file gone: %v", err, c.gone)
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "cache")
	s := open(t, dir, options())
	save(t, s, "key", `{}`)
	if _, _, err := s.TryLock(t.Context(), "key"); err != nil {
		t.Fatalf("TryLock says %v, want it free", err)
	}
	if _, err := s.Admit(t.Context(), "profile"); err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
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

// A half-written file and a lock's file of a process that has died leave after an
// hour.
func TestLeftoversLeave(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options())
	save(t, s, "key", "x")
	whole := files(t, dir)[0]
	half := whole + ".half-123"
	write(t, half, string(value("key", "", time.Hour)))
	if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "b", Text: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	history := files(t, filepath.Join(dir, "history"))[0]
	content, err := os.ReadFile(history)
	if err != nil {
		t.Fatal(err)
	}
	halfHistory := history + ".half-123"
	write(t, halfHistory, string(content))
	if _, _, err := s.TryLock(t.Context(), "dead"); err != nil {
		t.Fatal(err)
	}
	lock := files(t, filepath.Join(dir, "locks"))[0]
	orphan := filepath.Join(dir, "locks", filepath.Base(whole))
	write(t, orphan, string(value("key", "", 0)))
	s.Sweep()
	if got := files(t, dir); len(got) != 7 {
		t.Errorf("a sweep at once leaves %q, want all 7", got)
	}
	age(t, 2*time.Hour, half, halfHistory, orphan, lock, whole, history)
	s.Sweep()
	if got, want := files(t, dir), []string{whole, history, lock, filepath.Join(dir, "requests", filepath.Base(filepath.Dir(whole))+".swept")}; !slices.Equal(got, want) {
		t.Errorf("a sweep after 2 hours leaves %q, want %q", got, want)
	}
}

// What one process has swept, the next one leaves for an hour; the file that says so is
// never somebody else's.
func TestSweepsAreAnHourApart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options())
	save(t, s, "key", "x")
	s.Wait()
	half := files(t, dir)[0] + ".half-123"
	write(t, half, string(value("key", "", time.Hour)))
	age(t, 2*time.Hour, half)
	swept := files(t, filepath.Join(dir, "requests"))[0]
	for _, c := range []struct {
		age  time.Duration
		gone bool
	}{{age: 59 * time.Minute}, {age: 61 * time.Minute, gone: true}} {
		age(t, c.age, swept)
		next := open(t, dir, options())
		save(t, next, "key", "x")
		next.Wait()
		if _, err := os.Stat(half); errors.Is(err, os.ErrNotExist) != c.gone {
			t.Errorf("%s after a sweep Stat says %v, want the file gone: %v", c.age, err, c.gone)
		}
	}
	write(t, swept, "somebody's own\n")
	age(t, 2*time.Hour, swept)
	next := open(t, dir, options())
	save(t, next, "key", "x")
	next.Wait()
	if b, err := os.ReadFile(swept); err != nil || string(b) != "somebody's own\n" {
		t.Errorf("after a sweep somebody's file has %q, %v, want it as it was", b, err)
	}
}

// An older version's lock file, which is empty, stays: the older version may hold it
// by now.
func TestAnEmptyLockFileStays(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options())
	_, unlock, err := s.TryLock(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	file := files(t, filepath.Join(dir, "locks"))[0]
	write(t, file, "")
	_ = unlock(t.Context())
	write(t, file, "")
	if _, unlock, err = s.TryLock(t.Context(), "key"); err != nil {
		t.Fatal(err)
	}
	_ = unlock(t.Context())
	if _, err := os.Stat(file); err != nil {
		t.Errorf("after unlocking Stat says %v, want the file there", err)
	}
}

// However fast its file comes and goes, never two hold a lock.
func TestTheLocksFileComesAndGoes(t *testing.T) {
	dir := t.TempDir()
	var inside atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		s := open(t, dir, options())
		wg.Go(func() {
			for turns := 0; turns < 300; {
				_, unlock, err := s.TryLock(t.Context(), "key")
				if err != nil {
					continue
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold the lock, want 1", n)
				}
				runtime.Gosched()
				inside.Add(-1)
				_ = unlock(t.Context())
				turns++
			}
		})
	}
	wg.Wait()
}

// Beyond the size answers past their keep leave, then the oldest; those of another
// upstream count by themselves.
func TestTheSizeBoundsTheFolder(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Source = "https://other.example"
	other := open(t, dir, o)
	content := strings.Replace(string(value("key", "other", time.Hour)), source, o.Source, 1)
	if err := other.Save(t.Context(), []upstream.Item{{Key: "key", Value: []byte(content)}}, nil); err != nil {
		t.Fatal(err)
	}
	other.Wait()
	age(t, 20*24*time.Hour, files(t, dir)...)
	o = options()
	o.Size = 32
	s := open(t, dir, o)
	for i := range 33 {
		until := time.Hour
		if i == 20 {
			until = -time.Hour
		}
		key := fmt.Sprint("key", i)
		if err := s.Save(t.Context(), []upstream.Item{{Key: key, Value: value(key, fmt.Sprint(i), until)}}, nil); err != nil {
			t.Fatal(err)
		}
		s.Wait()
		for _, f := range files(t, dir) {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			age(t, time.Since(info.ModTime())+time.Minute, f)
		}
	}
	s.Sweep()
	for i := range 33 {
		want := fmt.Sprint(i)
		if i < 2 || i == 20 { // a sixteenth more than needed
			want = ""
		}
		if got := load(t, s, fmt.Sprint("key", i)); got != want {
			t.Errorf("answer %d is %q, want %q", i, got, want)
		}
	}
	if got := load(t, other, "key"); got != "other" {
		t.Errorf("the answer of another upstream is %q, want it kept", got)
	}
}

// A file in the folder's place fails each operation and nothing else.
func TestAFileInTheFoldersPlace(t *testing.T) {
	place := filepath.Join(t.TempDir(), "cache")
	write(t, place, "")
	s := open(t, place, options())
	if err := s.Save(t.Context(), []upstream.Item{{Key: "a", Value: value("a", "", 0)}}, nil); err == nil {
		t.Error("Save says nothing, want an error")
	}
	if _, err := s.Load(t.Context(), "a"); err == nil {
		t.Error("Load says nothing, want an error")
	}
	if _, _, err := s.TryLock(t.Context(), "a"); err == nil || errors.Is(err, upstream.ErrLocked) {
		t.Errorf("TryLock says %v, want an error that is not ErrLocked", err)
	}
	if _, err := s.Admit(t.Context(), "profile"); err == nil {
		t.Error("Admit says nothing, want an error")
	}
}

// A line that a process died in the middle of spoils no other.
func TestAHistoryThatWasCut(t *testing.T) {
	s := open(t, t.TempDir(), options())
	add := func(text string) {
		t.Helper()
		if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "b", Text: []byte(text)}}); err != nil {
			t.Fatalf("Save says %v, want a line", err)
		}
	}
	add("one")
	file := files(t, s.Dir())[0]
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString("ha")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	add("two")
	lines, err := s.Lines(t.Context(), "b")
	if err != nil || fmt.Sprintf("%s", lines) != "[one ha two]" {
		t.Errorf("Lines gives %s, %v, want [one ha two]", lines, err)
	}
	write(t, file, "somebody's own\n")
	if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "b", Text: []byte("three")}}); err == nil {
		t.Error("Save over somebody's file says nothing, want an error")
	}
}
