package disk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"pgy-mcp/upstream"
)

const budgetWindow = 24 * time.Hour

// Spend implements upstream.Store. Requests are counted without a limit too:
// another process may have one.
func (s *Store) Spend(context.Context) (refund func(), err error) {
	unlock, err := s.lockRequests()
	if err != nil {
		return nil, err
	}
	defer unlock()
	b, sent, err := s.sent()
	if errors.Is(err, errDamaged) { // told once; the file is whole again after it
		return nil, errors.Join(err, s.rewrite(append(sent, time.Now().Round(0))))
	}
	if err != nil {
		return nil, err
	}
	if s.Budget > 0 && len(sent) >= s.Budget {
		return nil, upstream.Spent(sent[len(sent)-s.Budget].Add(budgetWindow))
	}
	now := time.Now().Round(0)
	for slices.ContainsFunc(sent, now.Equal) { // a refund must find its own
		now = now.Add(1)
	}
	if bytes.Count(b, []byte("\n")) > 2*len(sent)+100 { // most of them are over
		err = s.rewrite(append(sent, now))
	} else {
		err = s.add(b, now)
	}
	return func() { s.refund(now) }, err
}

// refund takes one request out again.
func (s *Store) refund(at time.Time) {
	unlock, err := s.lockRequests()
	if err != nil {
		return
	}
	defer unlock()
	if _, sent, err := s.sent(); err == nil {
		_ = s.rewrite(slices.DeleteFunc(sent, at.Equal))
	}
}

// Left implements upstream.Store.
func (s *Store) Left(context.Context) (int, error) {
	_, sent, err := s.sent()
	return max(s.Budget-len(sent), 0), err
}

// lockRequests makes the caller the only one to count, here and in every other
// process. It waits for its turn, however long the caller does: a request that
// goes out meanwhile is counted late, which is better than never.
func (s *Store) lockRequests() (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	s.counting.Lock()
	l := flock.New(s.requests()+".lock", flock.SetPermissions(0o600))
	if err := l.Lock(); err != nil {
		s.counting.Unlock()
		return nil, err
	}
	return func() {
		_ = l.Unlock()
		s.counting.Unlock()
	}, nil
}

// add writes a line behind those that are there. It does not wait for the disk:
// hundreds of processes may be counting.
func (s *Store) add(before []byte, at time.Time) error {
	line := fmt.Sprintln(at.UnixNano())
	if len(before) > 0 && before[len(before)-1] != '\n' { // a process died in the middle of its line
		line = "\n" + line
	}
	f, err := os.OpenFile(s.requests(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line)
	return errors.Join(err, f.Close())
}

func (s *Store) rewrite(sent []time.Time) error {
	var b strings.Builder
	for _, t := range sent {
		fmt.Fprintln(&b, t.UnixNano())
	}
	return write(s.requests(), []byte(b.String()))
}

var errDamaged = errors.New("the file of requests is damaged: some of the last 24 hours are not counted")

// sent reads the requests of the last 24 hours, the oldest first, and the file
// as it is. Where lines cannot be read, it gives the others and errDamaged.
func (s *Store) sent() (file []byte, sent []time.Time, err error) {
	file, err = os.ReadFile(s.requests())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	case err != nil:
		return nil, nil, err
	}
	for line := range strings.Lines(string(file)) {
		n, wrong := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		age := time.Since(time.Unix(0, n))
		switch {
		case !strings.HasSuffix(line, "\n"): // a process died in the middle of it
		case wrong != nil, age <= -budgetWindow:
			err = errDamaged
		case age < budgetWindow: // one from the future was counted before the clock was set back
			sent = append(sent, time.Unix(0, n))
		}
	}
	slices.SortFunc(sent, time.Time.Compare)
	return file, sent, err
}
