package disk

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pgy-mcp/upstream"
)

const (
	// sweepEvery is the time between two sweeps, each of which looks for files that nobody
	// needs any more.
	sweepEvery = time.Hour
	// untouched is how long an answer that is past its keep stays after it was written.
	untouched = 30 * 24 * time.Hour
	// leftover is the age from which the process that made a half-written file or a lock's
	// file is taken for dead.
	leftover = time.Hour
)

// sweepSoon starts a sweep in the background, if one is due. saved is how many answers were
// saved since the last call.
func (s *Store) sweepSoon(saved int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room -= saved
	if s.room >= 0 && time.Since(s.swept) < sweepEvery {
		return
	}
	s.room, s.swept = s.Size, time.Now() // sweep sets room when it knows how much there is
	s.sweeping.Go(s.sweep)
}

// sweep removes the files of ours that nobody needs any more, if there are more answers than
// Size, or if no process has swept for sweepEvery.
func (s *Store) sweep() {
	kept := 0
	if dir, err := s.folder(false, answers, s.sourceID()); err == nil {
		kept = count(dir)
	}
	if kept > s.Size || s.claimSweep() {
		kept = s.sweepAll()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room = s.Size - kept
}

// count gives how many files a folder has. It reads names alone, since a folder may have
// hundreds of thousands.
func count(dir string) (n int) {
	f, err := os.Open(dir)
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }()
	for {
		names, err := f.Readdirnames(1000)
		n += len(names)
		if err != nil {
			return n
		}
	}
}

// sweptKey is the key of the file that says when the latest sweep was.
const sweptKey = "swept"

// claimSweep reports whether no process has swept for sweepEvery. If so, it notes for the
// other processes that this one does now.
func (s *Store) claimSweep() bool {
	file := s.sourceID() + "." + sweptKey
	if info, err := os.Lstat(filepath.Join(s.dir, requests, file)); err == nil && time.Since(info.ModTime()) < sweepEvery {
		return false
	}
	_ = s.replace(sweptKey, file, nil, requests)
	return true
}

// sweepAll looks through all files, of all upstreams. It gives how many answers of this
// upstream are left.
func (s *Store) sweepAll() (kept int) {
	for _, dir := range s.subfolders(answers) {
		files := wholeFiles(dir)
		for _, f := range files {
			if time.Since(f.ModTime()) > untouched && isPast(dir, f) {
				remove(dir, f)
			}
		}
		if filepath.Base(dir) == s.sourceID() {
			kept = s.shrink(dir, files)
		}
	}
	if dir, err := s.folder(false, answers); err == nil { // of older versions
		for _, f := range candidates(dir) {
			if time.Since(f.ModTime()) > untouched {
				remove(dir, f)
			}
		}
	}
	for _, dir := range s.subfolders(history) {
		s.shrinkHistories(dir)
	}
	if dir, err := s.folder(false, locks); err == nil {
		for _, f := range candidates(dir) {
			if h := ours(dir, f); h != nil && time.Since(f.ModTime()) > leftover {
				if unlock, err := tryLock(filepath.Join(dir, f.Name()), h.Version <= newest); err == nil {
					_ = unlock() // removes it
				}
			}
		}
	}
	return kept
}

// shrink removes answers beyond the size: those past their keep, then the oldest. It
// gives how many are left.
func (s *Store) shrink(dir string, files []fs.FileInfo) int {
	if len(files) <= s.Size {
		return len(files)
	}
	most := s.Size - s.Size/16 // some more go, so that the next ones find room
	slices.SortFunc(files, byAge)
	var past, rest []fs.FileInfo
	for _, f := range files {
		if isPast(dir, f) {
			past = append(past, f)
		} else {
			rest = append(rest, f)
		}
	}
	for _, f := range append(past, rest...)[:len(files)-most] {
		remove(dir, f)
	}
	return most
}

// shrinkHistories removes histories that nothing was added to for as long as a line
// lives, and the oldest beyond the most.
func (s *Store) shrinkHistories(dir string) {
	files := wholeFiles(dir)
	slices.SortFunc(files, byAge)
	for i, f := range files {
		if len(files)-i > upstream.MaxBloggers || time.Since(f.ModTime()) > upstream.LineLifetime {
			remove(dir, f)
		}
	}
}

// subfolders gives the folders of all upstreams within answers or history.
func (s *Store) subfolders(kind string) []string {
	dir, err := s.folder(false, kind)
	if err != nil {
		return nil
	}
	entries, _ := os.ReadDir(dir)
	var out []string
	for _, e := range entries {
		if len(e.Name()) != len(s.sourceID()) || strings.Trim(e.Name(), hexDigits) != "" {
			continue
		}
		if sub, err := s.folder(false, kind, e.Name()); err == nil {
			out = append(out, sub)
		}
	}
	return out
}

const hexDigits = "0123456789abcdef"

// candidates gives the files of a folder whose names look like ours, without those that vanish
// meanwhile.
func candidates(dir string) []fs.FileInfo {
	entries, _ := os.ReadDir(dir)
	var out []fs.FileInfo
	for _, e := range entries {
		if len(e.Name()) < nameLength || strings.Trim(e.Name()[:nameLength], hexDigits) != "" {
			continue
		}
		if f, err := e.Info(); err == nil {
			out = append(out, f)
		}
	}
	return out
}

// wholeFiles gives the candidates that are not half-written. It removes half-written ones of
// processes that have died.
func wholeFiles(dir string) []fs.FileInfo {
	return slices.DeleteFunc(candidates(dir), func(f fs.FileInfo) bool {
		if !strings.Contains(f.Name(), half) {
			return false
		}
		if time.Since(f.ModTime()) > leftover {
			remove(dir, f)
		}
		return true
	})
}

// ours reads a file's head; nil where the file is not surely ours. It is, if its name is the
// one that fileName makes of its first line.
func ours(dir string, f fs.FileInfo) *head {
	h, err := readHead(filepath.Join(dir, f.Name()))
	if err != nil || fileName(h.Source, h.Key) != f.Name()[:nameLength] {
		return nil
	}
	switch rest := f.Name()[nameLength:]; {
	case rest == "", rest == again, strings.HasPrefix(strings.TrimPrefix(rest, again), half):
		return &h
	}
	return nil
}

// byAge sorts files, the oldest first.
func byAge(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) }

// isPast reports whether a file is surely ours and past its keep.
func isPast(dir string, f fs.FileInfo) bool {
	h := ours(dir, f)
	return h != nil && !h.Until.IsZero() && time.Now().After(h.Until)
}

// remove removes a file if it is surely ours.
func remove(dir string, f fs.FileInfo) {
	if ours(dir, f) != nil {
		_ = os.Remove(filepath.Join(dir, f.Name()))
	}
}
