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
	"time"

	"github.com/gofrs/flock"

	"pgy-mcp/upstream"
)

// Spend implements upstream.Store. Requests are counted without a limit too:
// another process may have one.
func (s *Store) Spend(context.Context) (refund func(), err error) {
	unlock, err := s.lockRequests()
	if err != nil {
		return nil, err
	}
	defer unlock()
	sent, tidy, err := s.sent()
	damaged := errors.Is(err, errDamaged) // told once; the file is whole again after it
	if err != nil && !damaged {
		return nil, err
	}
	if s.Budget > 0 && len(sent) >= s.Budget && !damaged {
		return nil, upstream.Spent(sent[len(sent)-s.Budget].Add(upstream.BudgetWindow))
	}
	now := time.Now().Round(0)
	for slices.ContainsFunc(sent, now.Equal) { // a refund must find its own
		now = now.Add(1)
	}
	if tidy {
		err = s.add(now)
	} else {
		err = errors.Join(err, s.rewrite(append(sent, now)))
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
	if sent, _, err := s.sent(); err == nil {
		_ = s.rewrite(slices.DeleteFunc(sent, at.Equal))
	}
}

// Left implements upstream.Store.
func (s *Store) Left(context.Context) (int, error) {
	sent, _, err := s.sent()
	return max(s.Budget-len(sent), 0), err
}

// lockRequests makes the caller the only one to count, here and in every other
// process. It waits for its turn, however long the caller does: a request that
// goes out meanwhile is counted late, which is better than never.
func (s *Store) lockRequests() (unlock func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	l := flock.New(s.requests()+".lock", flock.SetPermissions(0o600))
	return func() { _ = l.Unlock() }, l.Lock()
}

// add writes a line behind those that are there. It does not wait for the disk:
// hundreds of processes may be counting.
func (s *Store) add(at time.Time) error {
	f, err := os.OpenFile(s.requests(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, at.UnixNano())
	return errors.Join(err, f.Close())
}

func (s *Store) rewrite(sent []time.Time) error {
	var b bytes.Buffer
	for _, t := range sent {
		fmt.Fprintln(&b, t.UnixNano())
	}
	return write(s.requests(), b.Bytes())
}

var errDamaged = errors.New("the file of requests is damaged: some of the last 24 hours are not counted")

// sent reads the requests of the last 24 hours, the oldest first. Where lines
// cannot be read, it gives the others and errDamaged. A tidy file may be added to:
// it has whole lines, and most of them count.
func (s *Store) sent() (sent []time.Time, tidy bool, err error) {
	file, err := os.ReadFile(s.requests())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, true, nil
	case err != nil:
		return nil, false, err
	}
	lines := bytes.SplitAfter(file, []byte("\n"))
	last := len(lines) - 1 // empty, unless a process died in the middle of it
	for _, line := range lines[:last] {
		n, wrong := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
		age := time.Since(time.Unix(0, n))
		switch {
		case wrong != nil, age <= -upstream.BudgetWindow:
			err = errDamaged
		case age < upstream.BudgetWindow: // one from the future was counted before the clock was set back
			sent = append(sent, time.Unix(0, n))
		}
	}
	slices.SortFunc(sent, time.Time.Compare)
	return sent, err == nil && len(lines[last]) == 0 && last <= 2*len(sent)+100, err
}
