package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The folders that hold our files.
const (
	answers  = "answers"  // in a folder for each upstream; those of older versions lie beside
	locks    = "locks"    // a file for each look-up under way
	requests = "requests" // a file for each upstream
	history  = "history"  // a file for each blogger, in a folder for each upstream
)

// nameLength is the length of the names that fileName makes.
const nameLength = 32

// fileName makes a file name of a key, since keys hold characters that file systems do not
// take.
func fileName(source, key string) string {
	sum := sha256.Sum256([]byte(source + "\n" + key))
	return hex.EncodeToString(sum[:])[:nameLength]
}

// sourceID stands for this upstream in the names of files and folders.
func (s *Store) sourceID() string { return fileName(s.Source, "")[:8] }

// folder gives the path of one of our folders. With create it makes a missing one; without,
// the error is fs.ErrNotExist. A folder that is a link, belongs to somebody else or can be
// written by others is an error.
func (s *Store) folder(create bool, parts ...string) (string, error) {
	path := s.dir
	for _, part := range parts {
		path = filepath.Join(path, part)
		info, err := os.Lstat(path)
		if create && errors.Is(err, fs.ErrNotExist) {
			if err = os.MkdirAll(path, 0o700); err == nil {
				info, err = os.Lstat(path)
			}
		}
		switch {
		case err != nil:
			return "", err
		case !info.IsDir() || !private(info):
			return "", errors.New(path + " is a link, belongs to somebody else or can be written by others")
		}
	}
	return path, nil
}

// head is the first line of each of our files.
type head struct {
	Version int       `json:"v"`
	Source  string    `json:"source"`
	Key     string    `json:"key"`
	At      time.Time `json:"at,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

// head makes the head of a new file.
func (s *Store) head(key string) head { return head{Version: 1, Source: s.Source, Key: key} }

// line encodes the head as a line, with the line's end.
func (h head) line() []byte {
	line, err := json.Marshal(h)
	if err != nil {
		panic(err) // its members are plain
	}
	return append(line, '\n')
}

// isFor reports whether the file is for this source and key.
func (h head) isFor(source, key string) bool { return h.Source == source && h.Key == key }

// newest is the newest version of a file that this program reads and may replace.
const newest = 2

const (
	maxHead = 64 << 10 // of a file's first line: a key holds a search's parameters
	maxFile = 8 << 20  // an answer has 4 MiB at most
)

var (
	errTooLarge = errors.New("a file is larger than an answer can be")
	errNotOurs  = errors.New("a file in it was not written by this program")
)

// read gives the first bytes of a file, at most as many as most, and its head; an empty file
// has neither. The error is fs.ErrNotExist where there is no file, and errNotOurs where the
// file has no head of ours.
func read(file string, most int64) (content []byte, h head, err error) {
	if err := checkRegular(file); err != nil {
		return nil, head{}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, head{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return nil, head{}, err
	}
	content = make([]byte, min(info.Size(), most))
	n, err := f.ReadAt(content, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, head{}, err
	}
	content = content[:n]
	line, _, _ := bytes.Cut(content, []byte("\n"))
	if json.Unmarshal(line, &h) != nil || h.Source == "" {
		return nil, head{}, errNotOurs
	}
	return content, h, nil
}

// readHead gives the head of a file, as read does.
func readHead(file string) (head, error) {
	_, h, err := read(file, maxHead)
	return h, err
}

// checkRegular gives errNotOurs for a link and whatever else is no regular file.
func checkRegular(file string) error {
	info, err := os.Lstat(file)
	if err == nil && !info.Mode().IsRegular() {
		return errNotOurs
	}
	return err
}

// readFor reads a file in one of our folders. It gives nil where the file is missing, is not
// ours, is not for the key or was written by a newer version.
func (s *Store) readFor(key, file string, folder ...string) (content []byte, h head, err error) {
	dir, err := s.folder(false, folder...)
	if err == nil {
		content, h, err = read(filepath.Join(dir, file), maxFile+1)
	}
	switch {
	case len(content) > maxFile:
		return nil, head{}, errTooLarge
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotOurs):
		return nil, head{}, nil
	case !h.isFor(s.Source, key) || h.Version > newest:
		return nil, head{}, err
	}
	return content, h, nil
}

// mayReplace reports whether a file is missing, or ours under this key and not from
// a newer version.
func (s *Store) mayReplace(file, key string) bool {
	h, err := readHead(file)
	return errors.Is(err, fs.ErrNotExist) || h.isFor(s.Source, key) && h.Version <= newest
}

// replace writes a file in one of our folders as a whole: the head for the key, and what
// follows it.
func (s *Store) replace(key, file string, following []byte, folder ...string) error {
	dir, err := s.folder(true, folder...)
	if err != nil {
		return err
	}
	file = filepath.Join(dir, file)
	if !s.mayReplace(file, key) {
		return errNotOurs
	}
	return write(file, append(s.head(key).line(), following...))
}

// half marks the name of a file that is being written.
const half = ".half-"

// write replaces a file as a whole.
func write(file string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+half)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
