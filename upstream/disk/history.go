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
	dir, err := s.folder(create, history, s.sourceID())
	return filepath.Join(dir, fileName(s.Source, historyKey(blogger))), err
}

// addLine writes the whole file of a history anew, with the newest MaxLines.
func (s *Store) addLine(ctx context.Context, l upstream.Line) error {
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
	content := s.head(key).line()
	for _, line := range append(lines[max(0, len(lines)-upstream.MaxLines+1):], l.Text) {
		content = append(append(content, line...), '\n')
	}
	return write(file, content)
}

// Lines implements upstream.Store.
func (s *Store) Lines(_ context.Context, blogger string) ([][]byte, error) {
	file, err := s.historyFile(false, blogger)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.lines(file)
}

// lines reads the lines of a history, without the file's first line. There are none where
// the file is missing or not ours.
func (s *Store) lines(file string) ([][]byte, error) {
	content, h, err := read(file)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotOurs) {
		return nil, nil
	}
	if h.Source != s.Source {
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
