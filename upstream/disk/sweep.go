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
	drop := func(f os.FileInfo) { _ = os.Remove(filepath.Join(s.answers(), f.Name())) }
	var kept []os.FileInfo
	for _, f := range list(s.answers()) {
		age := time.Since(f.ModTime())
		if half := len(f.Name()) != nameLength; half && age > leftover || !half && age > s.Keep {
			drop(f)
		} else if !half {
			kept = append(kept, f)
		}
	}
	if most := s.Size - s.Size/16; len(kept) > s.Size { // a little more, so that the next ones find room
		for _, f := range kept[:len(kept)-most] {
			drop(f)
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

// list gives the files of a folder, the oldest first; those that vanish
// meanwhile are left out.
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
	slices.SortFunc(out, func(a, b os.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return out
}
