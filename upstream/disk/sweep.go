package disk

import (
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// sweepEvery is how often the folder is looked through for what has expired.
	sweepEvery = time.Hour
	// leftover is the age from which a half-written file or a lock's file
	// belongs to a process that has died.
	leftover = time.Hour
)

// sweep removes what has expired and, beyond the size, the oldest answers. It
// looks through the folder only when that may be due.
func (s *Store) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room--
	if s.room >= 0 && time.Since(s.swept) < sweepEvery {
		return
	}
	s.swept = time.Now()
	type answer struct {
		name string
		at   time.Time
	}
	var kept []answer
	for _, f := range list(s.answers()) {
		age := time.Since(f.ModTime())
		if half := len(f.Name()) != nameLength; half && age > leftover || !half && age > s.Keep {
			_ = os.Remove(filepath.Join(s.answers(), f.Name()))
		} else if !half {
			kept = append(kept, answer{f.Name(), f.ModTime()})
		}
	}
	if most := s.Size - s.Size/16; len(kept) > s.Size { // a little more, so that the next ones find room
		slices.SortFunc(kept, func(a, b answer) int { return a.at.Compare(b.at) })
		for _, a := range kept[:len(kept)-most] {
			_ = os.Remove(filepath.Join(s.answers(), a.name))
		}
		kept = kept[len(kept)-most:]
	}
	s.room = s.Size - len(kept)
	for _, f := range list(s.locks()) {
		if time.Since(f.ModTime()) > leftover {
			if unlock, err := lock(filepath.Join(s.locks(), f.Name())); err == nil {
				unlock() // removes it
			}
		}
	}
}

// list gives the files of a folder; those that vanish meanwhile are left out.
func list(dir string) []os.FileInfo {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var out []os.FileInfo
	for _, e := range entries {
		if f, err := e.Info(); err == nil && f.Mode().IsRegular() {
			out = append(out, f)
		}
	}
	return out
}
