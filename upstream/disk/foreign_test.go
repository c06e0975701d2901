package disk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// A folder that is a link, or that others may write, is not used. The cache folder
// itself may be both.
func TestFoldersOfOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are another thing there")
	}
	for _, kind := range []string{"answers", "locks", "requests", "history"} {
		for name, spoil := range map[string]func(dir, elsewhere string) error{
			"a link": func(dir, elsewhere string) error { return os.Symlink(elsewhere, filepath.Join(dir, kind)) },
			"others may write": func(dir, _ string) error {
				return errors.Join(os.Mkdir(filepath.Join(dir, kind), 0o700), os.Chmod(filepath.Join(dir, kind), 0o777))
			},
			"somebody else's": func(dir, _ string) error {
				if os.Geteuid() != 0 {
					return errors.Join(os.Mkdir(filepath.Join(dir, kind), 0o700), os.Chmod(filepath.Join(dir, kind), 0o770))
				}
				return errors.Join(os.Mkdir(filepath.Join(dir, kind), 0o700), os.Chown(filepath.Join(dir, kind), 12345, -1))
			},
		} {
			t.Run(kind+" is "+name, func(t *testing.T) {
				dir, elsewhere := t.TempDir(), t.TempDir()
				if err := spoil(dir, elsewhere); err != nil {
					t.Fatal(err)
				}
				s := open(t, dir, options())
				saved := s.Save(t.Context(), []upstream.Item{{Key: "key", Value: value("key", "x", time.Hour), Keep: time.Hour}}, nil)
				added := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "b", Text: []byte("{}")}})
				_, _, locked := s.TryLock(t.Context(), "key")
				g, admitted := s.Admit(t.Context(), "profile")
				if admitted == nil {
					admitted = g.Settle(t.Context(), true)
				}
				s.Wait()
				for operation, err := range map[string]error{"answers": saved, "history": added, "locks": locked, "requests": admitted} {
					if operation == kind && err == nil {
						t.Errorf("with %s %s, what is kept there says nothing, want an error", kind, name)
					}
				}
				if got := files(t, elsewhere); len(got) != 0 {
					t.Errorf("behind the link are %q, want nothing", got)
				}
			})
		}
	}
	real, link := t.TempDir(), filepath.Join(t.TempDir(), "link")
	if err := errors.Join(os.Chmod(real, 0o777), os.Symlink(real, link)); err != nil {
		t.Fatal(err)
	}
	s := open(t, link, options())
	save(t, s, "key", "x")
	if got := load(t, s, "key"); got != "x" {
		t.Errorf("through a link to a folder that is open to others Load gives %q, want x", got)
	}
}

// Somebody's files stay as they are, though the folder and its folders have our
// names and the files are old.
func TestAFolderOfSomebodysFiles(t *testing.T) {
	dir := t.TempDir()
	id := strings.Repeat("0123456789abcdef", 2)
	mine := map[string]string{}
	for _, folder := range []string{"", "answers", "locks", "requests", "history", "answers/0123abcd", "history/0123abcd", "answers/deep/er"} {
		for _, name := range []string{"notes.txt", "empty", id, id + ".half-1", id + ".1", id + ".tmp", "requests-0123abcd", ".hidden"} {
			mine[filepath.Join(dir, folder, name)] = map[bool]string{true: "", false: "{\"v\":1,\"source\":\"me\",\"key\":\"mine\"}\n" + name}[name == "empty"]
		}
		mine[filepath.Join(dir, folder, "e"+id[1:])] = "" // as a lock of an older version
	}
	for file, content := range mine {
		write(t, file, content)
		age(t, 100*24*time.Hour, file)
	}
	o := options()
	o.Size = 3
	for range 2 {
		s := open(t, dir, o)
		for i := range 20 {
			save(t, s, fmt.Sprint("key", i), "x")
			if _, unlock, err := s.TryLock(t.Context(), fmt.Sprint("key", i)); err != nil || unlock(t.Context()) != nil {
				t.Fatalf("TryLock says %v, want it free", err)
			}
			if _, err := s.Admit(t.Context(), "profile"); err != nil {
				t.Fatalf("Admit says %v, want a request", err)
			}
			if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: fmt.Sprint(i), Text: []byte("{}")}}); err != nil {
				t.Fatalf("Save says %v, want a line", err)
			}
		}
		s.Sweep()
	}
	for file, content := range mine {
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("%s is %.60q, %v, want it as it was", file, got, err)
		}
	}
}

// Files of somebody's under the very names that this program would use, and links
// there, stay as they are too, and nothing behind a link is touched.
func TestFilesUnderOurOwnNames(t *testing.T) {
	o := options()
	o.Budget = 10
	// use saves, locks, counts and sweeps; an error is what it should be where a name
	// is taken.
	use := func(t *testing.T, dir string) {
		s := open(t, dir, o)
		for range 2 {
			_ = s.Save(t.Context(), []upstream.Item{{Key: "key", Value: value("key", "x", time.Hour), Keep: time.Hour}}, []upstream.Line{{Blogger: "b", Text: []byte("{}")}})
			if _, unlock, err := s.TryLock(t.Context(), "key"); err == nil {
				_ = unlock(t.Context())
			}
			if g, err := s.Admit(t.Context(), "profile"); err == nil {
				_, _ = g.Settle(t.Context(), true), g.Refund(t.Context())
			}
			_, _ = s.Usage(t.Context())
			_, _ = s.Load(t.Context(), "key")
			_, _ = s.Last(t.Context(), "b")
			_, _ = s.Lines(t.Context(), "b")
			s.Sweep()
		}
	}
	model := t.TempDir()
	use(t, model)
	s := open(t, model, o)
	for _, key := range []string{"key", "history/b", "requests", "swept"} { // these files are there while they are held
		if _, _, err := s.TryLock(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	names := files(t, model)
	if len(names) < 8 {
		t.Fatalf("the files of this program are %q, want 8 at least", names)
	}
	for what, content := range map[string]string{
		"text": "my notes\n", "zeros and text": "\x00\x00mine", "JSON": `{"v":1,"mine":true}` + "\n", "numbers": "13800138000,me\n13900139000,you\n",
		"another's head": `{"v":1,"source":"me","key":"mine"}` + "\nmine", "a newer version": `{"v":9,"source":"` + source + `","key":"key"}` + "\nmine",
		"a link": "",
	} {
		t.Run(what, func(t *testing.T) {
			dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "mine")
			write(t, elsewhere, "mine")
			for _, file := range names {
				place := filepath.Join(dir, strings.TrimPrefix(file, model))
				if what != "a link" {
					write(t, place, content)
					age(t, 500*24*time.Hour, place)
				} else if err := errors.Join(os.MkdirAll(filepath.Dir(place), 0o700), os.Symlink(elsewhere, place)); err != nil {
					t.Fatal(err)
				}
			}
			use(t, dir)
			for _, file := range names {
				place := filepath.Join(dir, strings.TrimPrefix(file, model))
				if what == "a link" {
					if to, err := os.Readlink(place); err != nil || to != elsewhere {
						t.Errorf("%s leads to %q, %v, want %s", place, to, err, elsewhere)
					}
				} else if got, err := os.ReadFile(place); err != nil || string(got) != content {
					t.Errorf("%s is %.60q, %v, want it as it was", place, got, err)
				}
			}
			if got, err := os.ReadFile(elsewhere); err != nil || string(got) != "mine" {
				t.Errorf("behind the links is %q, %v, want what was there", got, err)
			}
		})
	}
}
