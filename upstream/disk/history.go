package disk

import (
	"bytes"
	"context"
	"errors"

	"pgy-mcp/upstream"
)

// historyKey is the key of a blogger's history, for the file's name and first line.
func historyKey(blogger string) string { return history + "/" + blogger }

// addLine writes the whole file of a history anew, with the newest MaxLines.
func (s *Store) addLine(ctx context.Context, l upstream.Line) error {
	key := historyKey(l.Blogger)
	unlock, err := s.waitLock(ctx, key)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	lines, err := s.Lines(ctx, l.Blogger)
	if err != nil {
		return err
	}
	lines = append(lines[max(0, len(lines)-upstream.MaxLines+1):], l.Text)
	return s.replace(key, fileName(s.Source, key), append(bytes.Join(lines, []byte("\n")), '\n'), history, s.sourceID())
}

// Lines implements upstream.Store.
func (s *Store) Lines(_ context.Context, blogger string) ([][]byte, error) {
	key := historyKey(blogger)
	content, _, err := s.readFor(key, fileName(s.Source, key), history, s.sourceID())
	if content == nil {
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
