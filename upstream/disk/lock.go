package disk

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"pgy-mcp/upstream"
)

// Lock implements upstream.Store. The system releases the lock of a process
// that dies.
func (s *Store) Lock(_ context.Context, key string) (unlock func(), err error) {
	if err := os.MkdirAll(s.locks(), 0o700); err != nil {
		return nil, err
	}
	return lock(filepath.Join(s.locks(), s.name(key)))
}

// lock takes a file's lock and removes the file with it, or gives ErrLocked.
func lock(file string) (unlock func(), err error) {
	for {
		l := flock.New(file, flock.SetPermissions(0o600))
		switch got, err := l.TryLock(); {
		case err != nil:
			return nil, err
		case !got:
			return nil, upstream.ErrLocked
		}
		if isAt(l, file) {
			return sync.OnceFunc(func() {
				_ = os.Remove(file) // before it is free: nobody else can hold it
				_ = l.Unlock()
			}), nil
		}
		// Its last holder removed the file after it was opened here: this lock
		// is on a file that nobody else will find.
		_ = l.Unlock()
	}
}

// isAt reports whether the locked file is still the one of this name.
func isAt(l *flock.Flock, file string) bool {
	held, _ := l.Stat()
	named, _ := os.Stat(file)
	return os.SameFile(held, named)
}
