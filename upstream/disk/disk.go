// Package disk keeps paid answers in files, so that they outlive the process
// and serve every process on the machine: one file an answer, one file for each
// look-up under way, and one that counts the requests of the last 24 hours.
//
// Nothing is read or made before it is needed. Files are 0600 in folders 0700,
// written whole or not at all, and hold no token.
package disk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/natefinch/atomic"

	"pgy-mcp/upstream"
)

// Options of a Store.
type Options struct {
	Source string        // the upstream that answers come from; those of another are not read
	Size   int           // most answers kept
	Keep   time.Duration // how long an answer is of use
	Budget int           // most requests of all processes in 24 hours; 0 is no limit
}

// Store is an upstream.Store in a folder. It may be used concurrently, and by
// many processes at once.
type Store struct {
	Options
	dir string

	mu    sync.Mutex
	room  int       // answers that may be saved before the folder is looked through
	swept time.Time // when it was
}

var _ upstream.Store = (*Store)(nil)

// Open gives the store in a folder, which need not be there yet.
func Open(dir string, o Options) *Store { return &Store{Options: o, dir: dir} }

// answers and locks have a file for each key, requests is the file that counts
// those to this upstream.
func (s *Store) answers() string  { return filepath.Join(s.dir, "answers") }
func (s *Store) locks() string    { return filepath.Join(s.dir, "locks") }
func (s *Store) requests() string { return filepath.Join(s.dir, "requests-"+s.name("")[:8]) }

// nameLength is the length of an answer's file name.
const nameLength = 32

// name is a key's file name: keys hold characters that file systems do not take.
func (s *Store) name(key string) string {
	sum := sha256.Sum256([]byte(s.Source + "\n" + key))
	return hex.EncodeToString(sum[:])[:nameLength]
}

// Load implements upstream.Store.
func (s *Store) Load(_ context.Context, key string) (upstream.Entry, error) {
	file := filepath.Join(s.answers(), s.name(key))
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return upstream.Entry{}, upstream.ErrNone
	case err != nil:
		return upstream.Entry{}, err
	}
	e, err := upstream.DecodeEntry(b, s.Source, key)
	if err != nil && !errors.Is(err, upstream.ErrNone) {
		return upstream.Entry{}, fmt.Errorf("%s: %w", file, err)
	}
	return e, err
}

// Save implements upstream.Store. The answer survives the end of the process, but
// does not wait for the disk itself: a file that the loss of power cut short is
// found damaged and not read. Waiting held up the look-ups of ten processes on a
// busy machine for more than half a second.
func (s *Store) Save(_ context.Context, key string, e upstream.Entry, _ time.Duration) error {
	b, err := e.Encode(s.Source, key)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(s.answers(), s.name(key)), b); err != nil {
		return err
	}
	s.sweep()
	return nil
}

// write replaces a file as a whole, and makes its folder where there is none.
func write(file string, b []byte) error {
	dir, name := filepath.Split(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, name)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = atomic.ReplaceFile(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Pace implements upstream.Store: each process keeps its own rate.
func (s *Store) Pace(context.Context) (time.Duration, error) { return 0, nil }
