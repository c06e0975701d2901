package disk

import (
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

const (
	budgetWindow = 24 * time.Hour
	// budgetPoll is how soon a process tries again while another one counts.
	budgetPoll = 2 * time.Millisecond
)

// Spend implements upstream.Store. Requests are counted without a limit too:
// another process may have one.
func (s *Store) Spend(ctx context.Context) (refund func(), err error) {
	now := time.Now().Round(0)
	err = s.count(ctx, func(sent []time.Time) ([]time.Time, error) {
		if s.Budget > 0 && len(sent) >= s.Budget {
			return nil, &upstream.SpentError{FreesAt: sent[len(sent)-s.Budget].Add(budgetWindow)}
		}
		for slices.ContainsFunc(sent, now.Equal) { // a refund must find its own
			now = now.Add(1)
		}
		return append(sent, now), nil
	})
	if err != nil {
		return nil, err
	}
	return func() {
		_ = s.count(context.WithoutCancel(ctx), func(sent []time.Time) ([]time.Time, error) {
			return slices.DeleteFunc(sent, now.Equal), nil
		})
	}, nil
}

// Left implements upstream.Store.
func (s *Store) Left(context.Context) (int, error) {
	sent, err := s.sent()
	return max(s.Budget-len(sent), 0), err
}

// count changes the requests of the last 24 hours, one process at a time.
func (s *Store) count(ctx context.Context, change func([]time.Time) ([]time.Time, error)) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	l := flock.New(s.requests()+".lock", flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, budgetPoll); err != nil {
		return err
	}
	defer func() { _ = l.Unlock() }()
	sent, err := s.sent()
	if err != nil {
		return err
	}
	if sent, err = change(sent); err != nil {
		return err
	}
	var b strings.Builder
	for _, t := range sent {
		fmt.Fprintln(&b, t.UnixNano())
	}
	return write(s.requests(), []byte(b.String()))
}

// sent reads the requests of the last 24 hours, the oldest first. Lines that
// cannot be read are left out.
func (s *Store) sent() ([]time.Time, error) {
	b, err := os.ReadFile(s.requests())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var sent []time.Time
	for line := range strings.Lines(string(b)) {
		n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		// One from the future was counted before the clock was set back.
		if t := time.Unix(0, n); err == nil && time.Since(t).Abs() < budgetWindow {
			sent = append(sent, t)
		}
	}
	slices.SortFunc(sent, time.Time.Compare)
	return sent, nil
}
