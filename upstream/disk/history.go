package disk

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"pgy-mcp/upstream"
)

// historyKey is the key of a blogger's history, for the file's name and first line.
func historyKey(blogger string) string { return history + "/" + blogger }

// historyFile gives the path of a blogger's history. The error is that of folder.
func (s *Store) historyFile(create bool, blogger string) (string, error) {
	dir, err := s.folder(create, history, s.source())
	return filepath.Join(dir, name(s.Source, historyKey(blogger))), err
}

// add adds a line to a history: it writes the whole file anew, with the newest MaxLines.
func (s *Store) add(ctx context.Context, l upstream.Line) error {
	key := historyKey(l.Blogger)
	file, err := s.historyFile(true, l.Blogger)
	if err != nil {
		return err
	}
	unlock, err := s.waitLock(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	if !s.mayReplace(file, key) {
		return errNotOurs
	}
	lines, err := s.lines(file)
	if err != nil {
		return err
	}
	lines = append(lines[max(0, len(lines)-upstream.MaxLines+1):], l.Text)
	return write(file, append(bytes.Join(append([][]byte{s.head(key)}, lines...), []byte("\n")), '\n'))
}

// head is the first line of a file that this program makes.
func (s *Store) head(key string) []byte { return head{Version: 1, Source: s.Source, Key: key}.line() }

// Lines implements upstream.Store.
func (s *Store) Lines(_ context.Context, blogger string) ([][]byte, error) {
	file, err := s.historyFile(false, blogger)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := s.lines(file)
	return lines[max(0, len(lines)-upstream.MaxLines):], err
}

// lines reads the lines of a history, without the file's first line. There are none where
// the file is missing or not ours.
func (s *Store) lines(file string) ([][]byte, error) {
	content, h, err := read(file, maxFile)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotOurs) {
		return nil, nil
	}
	if err != nil || content == nil || h.Source != s.Source {
		return nil, err
	}
	lines := bytes.Split(bytes.TrimSuffix(content, []byte("\n")), []byte("\n"))
	return lines[1:], nil
}

// Last implements upstream.Store.
func (s *Store) Last(ctx context.Context, bloggers ...string) ([][]byte, error) {
	last := make([][]byte, len(bloggers))
	var failed error
	for i, b := range bloggers {
		lines, err := s.Lines(ctx, b)
		if len(lines) > 0 {
			last[i] = lines[len(lines)-1]
		}
		failed = errors.Join(failed, err)
	}
	return last, failed
}

// firstLine is a text's first line, without its end.
func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return line
}
