// Package disk keeps what outlives a process in files, and serves every process on
// the machine: answers, the locks of look-ups under way, the requests of the last
// 24 hours and the histories of bloggers.
//
// Nothing is read or made before it is needed. Files are 0600 in folders 0700,
// written whole or not at all, and hold no token. Only files that are surely ours,
// by their name and their first line, are read, replaced or removed.
package disk

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"pgy-mcp/upstream"
)

// Options of a Store.
type Options struct {
	Source string // the upstream that answers come from; those of another are not read
	Size   int    // most answers kept
	Budget int    // most requests of all processes in 24 hours; 0 is no limit
}

// Store is an upstream.Store in a folder. It may be used concurrently, and by
// many processes at once.
type Store struct {
	Options
	dir string

	mu       sync.Mutex
	room     int       // how many answers may be saved before the next sweep
	swept    time.Time // when this process began its latest sweep
	sweeping sync.WaitGroup
}

var _ upstream.Store = (*Store)(nil)

// Open gives the store in a folder, which need not exist yet. It reads and makes nothing.
func Open(dir string, o Options) *Store {
	return &Store{Options: o, dir: dir}
}

// closeGrace is how long Close waits for a sweep.
const closeGrace = 250 * time.Millisecond

// Close waits for a sweep that is under way, for closeGrace at most: the next sweep does the
// rest. The error is always nil.
func (s *Store) Close() error {
	done := make(chan struct{})
	go func() {
		s.sweeping.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closeGrace):
	}
	return nil
}

// Name implements upstream.Store.
func (s *Store) Name() string { return "the cache folder" }

// Load implements upstream.Store. It also reads what older versions wrote.
func (s *Store) Load(_ context.Context, keys ...string) ([][]byte, error) {
	values := make([][]byte, len(keys))
	var failed error
	for i, key := range keys {
		var err error
		values[i], err = s.load(key)
		failed = errors.Join(failed, err)
	}
	return values, failed
}

func (s *Store) load(key string) (value []byte, failed error) {
	var at time.Time
	file := fileName(s.Source, key)
	for _, place := range []struct {
		file   string
		folder []string
	}{
		{file, []string{answers, s.sourceID()}},
		{file + again, []string{answers, s.sourceID()}},
		{file, []string{answers}}, // of an older version
	} {
		content, h, err := s.readFor(key, place.file, place.folder...)
		if err != nil {
			failed = err
		}
		if value == nil || h.At.After(at) {
			value, at = content, h.At
		}
	}
	return value, failed
}

// again ends the name of a file if its own name is taken by a file that is not ours or that a
// newer version wrote.
const again = ".1"

// Save implements upstream.Store. What it has saved survives the end of the process, but not
// surely a loss of power, since Save does not wait for the disk itself: a file that was cut
// short is found damaged and not read.
func (s *Store) Save(ctx context.Context, items []upstream.Item, lines []upstream.Line) error {
	var failed error
	// Lines come first, so that whoever can read an answer also finds its line.
	for _, l := range lines {
		failed = errors.Join(failed, s.addLine(ctx, l))
	}
	if len(items) > 0 {
		dir, err := s.folder(true, answers, s.sourceID())
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, i := range items {
			failed = errors.Join(failed, s.save(dir, i))
		}
		s.sweepSoon(len(items))
	}
	return failed
}

func (s *Store) save(dir string, i upstream.Item) error {
	own := filepath.Join(dir, fileName(s.Source, i.Key))
	for _, file := range []string{own, own + again} {
		if s.mayReplace(file, i.Key) {
			return write(file, i.Value)
		}
	}
	return errNotOurs
}

// Turn implements upstream.Store: each process keeps its own rate.
func (s *Store) Turn(context.Context) (time.Duration, error) { return 0, nil }
