package disk

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"pgy-mcp/upstream"
)

// longestHistory is the size from which a history is looked at for lines too many.
const longestHistory = 64 << 10

// historyKey is a history's key in its file's name and first line.
func historyKey(blogger string) string { return history + "/" + blogger }

// historyFile is where a blogger's history is; the folder must be usable.
func (s *Store) historyFile(create bool, blogger string) (string, error) {
	dir, err := s.folder(create, history, s.source())
	return filepath.Join(dir, name(s.Source, historyKey(blogger))), err
}

// add adds a whole line to a history.
func (s *Store) add(ctx context.Context, l upstream.Line) error {
	file, err := s.historyFile(true, l.Blogger)
	if err != nil {
		return err
	}
	unlock, err := s.waitLock(ctx, historyKey(l.Blogger))
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	if !s.mayReplace(file, historyKey(l.Blogger)) {
		return errNotOurs
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	size, err := addLine(f, s.head(historyKey(l.Blogger)), l.Text)
	if err = errors.Join(err, f.Close()); err != nil || size < longestHistory {
		return err
	}
	lines, err := s.lines(file)
	if err != nil || len(lines) <= upstream.MaxLines+upstream.MaxLines/4 {
		return err
	}
	lines = append([][]byte{s.head(historyKey(l.Blogger))}, lines[len(lines)-upstream.MaxLines:]...)
	return write(file, append(bytes.Join(lines, []byte("\n")), '\n'))
}

// head is the first line of a file that this program makes.
func (s *Store) head(key string) []byte { return head{Version: 1, Source: s.Source, Key: key}.line() }

// addLine writes a line behind those that are there, in one piece, and gives the
// size of the file.
func addLine(f *os.File, first, line []byte) (size int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	var b []byte
	last := []byte{'\n'}
	if info.Size() == 0 {
		b = append(b, append(first, '\n')...)
	} else if _, err := f.ReadAt(last, info.Size()-1); err != nil {
		return 0, err
	}
	if last[0] != '\n' { // a process died in the middle of a line
		b = append(b, '\n')
	}
	b = append(append(b, line...), '\n')
	_, err = f.Write(b)
	return info.Size() + int64(len(b)), err
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
	lines, err := s.lines(file)
	return lines[max(0, len(lines)-upstream.MaxLines):], err
}

// lines reads the lines behind a history's first one.
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
