package disk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"pgy-mcp/upstream"
)

// TryLock implements upstream.Store. The system releases the lock of a process that
// dies.
func (s *Store) TryLock(_ context.Context, key string) (value []byte, unlock func(context.Context) error, err error) {
	l, err := s.lock(key)
	if err != nil && !errors.Is(err, upstream.ErrLocked) {
		return nil, nil, err
	}
	value, _ = s.load(key) // a value that cannot be read is as none
	if err != nil {
		return value, nil, err
	}
	return value, func(context.Context) error { return l() }, nil
}

// lock takes the lock of a key. The error is ErrLocked where another has it.
func (s *Store) lock(key string) (unlock func() error, err error) {
	dir, err := s.folder(true, locks)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, fileName(s.Source, key))
	for {
		ours, err := s.makeLock(file, key)
		if err != nil {
			return nil, err
		}
		unlock, err := tryLock(file, ours)
		if !errors.Is(err, fs.ErrNotExist) {
			return unlock, err
		}
		// Its last holder removed the file before it was locked here.
	}
}

// makeLock makes a lock's file where there is none. The file's first line says that it is
// ours; the files of an older version are empty. ours reports whether this program may remove
// the file.
func (s *Store) makeLock(file, key string) (ours bool, err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, _ = f.Write(s.head(key).line()) // on a full disk it is empty, and can be locked too
		return true, f.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return false, err
	}
	h, err := readHead(file)
	empty := h.Source == ""
	if errors.Is(err, errNotOurs) || !empty && !h.isFor(s.Source, key) {
		return false, errNotOurs
	}
	return !empty && h.Version <= newest, nil
}

// tryLock takes a file's lock. unlock gives the lock back, and removes the file if ours is
// set. The error is ErrLocked where another has the lock, and fs.ErrNotExist where the file is
// gone.
func tryLock(file string, ours bool) (unlock func() error, err error) {
	l := flock.New(file, flock.SetFlag(os.O_RDONLY))
	got, err := uninterrupted(l.TryLock)
	switch {
	case err != nil:
		return nil, err
	case !got:
		return nil, upstream.ErrLocked
	}
	held, _ := l.Stat()
	if named, err := os.Lstat(file); err != nil || !os.SameFile(held, named) {
		// The lock is on a file that nobody else will find.
		return nil, errors.Join(fs.ErrNotExist, l.Unlock())
	}
	return func() error {
		if !ours {
			return l.Unlock()
		}
		if runtime.GOOS == "windows" { // where an open file cannot be removed
			err := l.Unlock()
			_ = os.Remove(file) // fails where another process has removed or opened it
			return err
		}
		return errors.Join(os.Remove(file), l.Unlock()) // while nobody else can hold it
	}, nil
}

// uninterrupted calls try again where a signal interrupted it, as may happen on FUSE, CIFS
// and NFS.
func uninterrupted(try func() (bool, error)) (got bool, err error) {
	for {
		if got, err = try(); !errors.Is(err, syscall.EINTR) {
			return got, err
		}
	}
}

// lockPoll is the time between two attempts at a lock that is held for a moment only.
const lockPoll = 2 * time.Millisecond

// waitLock takes the lock of a key, and waits for it until ctx ends. It is for locks that are
// held for a moment only.
func (s *Store) waitLock(ctx context.Context, key string) (unlock func() error, err error) {
	for {
		unlock, err = s.lock(key)
		if !errors.Is(err, upstream.ErrLocked) {
			return unlock, err
		}
		select {
		case <-time.After(lockPoll):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// lockMoments takes the lock under which all versions of this program count requests, and waits
// for it until ctx ends.
func (s *Store) lockMoments(ctx context.Context) (unlock func() error, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	file := s.momentsFile() + ".lock"
	if err := checkRegular(file); errors.Is(err, errNotOurs) {
		return nil, err
	}
	l := flock.New(file, flock.SetPermissions(0o600))
	_, err = uninterrupted(func() (bool, error) { return l.TryLockContext(ctx, lockPoll) })
	return l.Unlock, err
}
