package disk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"time"

	"pgy-mcp/upstream"
)

// The file of moments, in which all versions of this program count, has a line for each request
// of the last 24 hours: its moment, in nanoseconds of Unix time, the oldest first. All lines
// have the same length, so that a binary search counts those of the last 24 hours without
// reading them all. A second file has the counts by endpoint.

// lineLength is the length of a line with its end: until 2286 a moment has 19 digits.
const lineLength = 20

// Admit implements upstream.Store. It counts requests without a budget too, since another
// process may have one. Settle counts them by endpoint.
func (s *Store) Admit(ctx context.Context, endpoint string) (upstream.Grant, error) {
	var g upstream.Grant
	err := s.withMoments(ctx, func(m *moments) error {
		now := time.Now()
		old, err := m.countUntil(now.Add(-upstream.BudgetWindow))
		if err != nil {
			return err
		}
		sent := m.lines - old
		if s.Budget > 0 && sent >= s.Budget {
			frees, err := m.at(m.lines - s.Budget)
			return errors.Join(err, upstream.Spent(frees.Add(upstream.BudgetWindow)))
		}
		g = upstream.Grant{
			Left: s.Budget - sent - 1,
			Settle: func(ctx context.Context, billed bool) error {
				c := upstream.Count{Sent: 1}
				if billed {
					c.Billed = 1
				}
				return s.settle(ctx, now, endpoint, c)
			},
			Refund: func(ctx context.Context) error {
				return s.withMoments(ctx, func(m *moments) error { return m.remove(now) })
			},
		}
		err = m.add(now)
		if old > m.lines/2+1000 {
			err = errors.Join(err, m.tidy(now))
		}
		return err
	})
	return g, err
}

// Usage implements upstream.Store. It takes no lock and writes nothing: the folder may be
// read-only.
func (s *Store) Usage(context.Context) (upstream.Usage, error) {
	t, err := s.tally()
	u := upstream.Usage{Endpoints: t.Sum()}
	m, failed := openMoments(s.momentsFile(), os.O_RDONLY)
	if errors.Is(failed, fs.ErrNotExist) {
		return u, err
	}
	if failed != nil {
		return u, errors.Join(err, failed)
	}
	defer func() { _ = m.Close() }()
	old, failed := m.countUntil(time.Now().Add(-upstream.BudgetWindow))
	u.Sent = m.lines - old
	if errors.Is(failed, errUntidy) {
		var recent []time.Time
		recent, failed = m.recent(time.Now())
		u.Sent = len(recent)
	}
	return u, errors.Join(err, failed)
}

func (s *Store) momentsFile() string { return filepath.Join(s.dir, requests+"-"+s.sourceID()) }

// withMoments runs use on the file of moments while nobody else uses it, in this process or
// another. If the lines are not whole and in order, it tidies the file and runs use again.
func (s *Store) withMoments(ctx context.Context, use func(*moments) error) error {
	unlock, err := s.lockMoments(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	m, err := openMoments(s.momentsFile(), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	defer func() { _ = m.Close() }()
	err = use(m)
	if errors.Is(err, errUntidy) {
		damaged := m.tidy(time.Now())
		if err = use(m); err == nil {
			err = damaged // the next call does not tell it: the file is whole again
		}
	}
	return err
}

// settle adds c to the counts by endpoint.
func (s *Store) settle(ctx context.Context, at time.Time, endpoint string, c upstream.Count) error {
	unlock, err := s.waitLock(ctx, requests)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	t, err := s.tally()
	if err != nil && !errors.Is(err, errCountsDamaged) {
		return err
	}
	t.Add(at, endpoint, c)
	minutes, failed := json.Marshal(t)
	if failed == nil {
		failed = s.replace(requests, s.sourceID(), minutes, requests)
	}
	return errors.Join(err, failed)
}

// tally reads the counts by endpoint. They are empty where the file is missing or not ours.
func (s *Store) tally() (upstream.Tally, error) {
	t := upstream.Tally{}
	content, _, err := s.readFor(requests, s.sourceID(), requests)
	if content == nil {
		return t, err
	}
	_, minutes, _ := bytes.Cut(content, []byte("\n"))
	if json.Unmarshal(minutes, &t) != nil {
		return upstream.Tally{}, errCountsDamaged
	}
	return t, nil
}

// errCountsDamaged is the error of counts by endpoint that cannot be read. The next request
// that is settled writes them anew.
var errCountsDamaged = errors.New("the counts by endpoint are damaged: those of earlier requests are lost")

// moments is the open file of the requests' moments.
type moments struct {
	*os.File
	lines int  // whole ones
	torn  bool // the last line is not whole
}

// errUntidy is the error of a file whose lines are not all whole and in order.
var errUntidy = errors.New("the file of requests is not tidy")

// errDamaged is the error of a file of which some lines could not be read.
var errDamaged = errors.New("the file of requests is damaged: some of the last 24 hours are not counted")

// openMoments opens the file of moments, with a flag as os.OpenFile takes it.
func openMoments(file string, flag int) (*moments, error) {
	if err := checkRegular(file); errors.Is(err, errNotOurs) {
		return nil, err
	}
	f, err := os.OpenFile(file, flag, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &moments{f, int(info.Size() / lineLength), info.Size()%lineLength != 0}, nil
}

// at gives the moment of a line, from 0. The error is errUntidy where it is not whole.
func (m *moments) at(line int) (time.Time, error) {
	b := make([]byte, lineLength)
	if _, err := m.ReadAt(b, int64(line)*lineLength); err != nil {
		return time.Time{}, err
	}
	nano, err := strconv.ParseInt(string(b[:lineLength-1]), 10, 64)
	if err != nil {
		return time.Time{}, errUntidy
	}
	return time.Unix(0, nano), nil
}

// countUntil counts the lines whose time is not after moment. The error is errUntidy where
// the file shows that lines are not whole and in order.
func (m *moments) countUntil(moment time.Time) (lines int, err error) {
	if m.torn {
		return 0, errUntidy
	}
	if m.lines > 0 {
		first, errFirst := m.at(0)
		last, errLast := m.at(m.lines - 1)
		if err := errors.Join(errFirst, errLast); err != nil {
			return 0, err
		}
		if last.Before(first) || time.Until(last) > 0 { // the clock was set back
			return 0, errUntidy
		}
	}
	lines = sort.Search(m.lines, func(i int) bool {
		at, atErr := m.at(i)
		err = errors.Join(err, atErr)
		return at.After(moment)
	})
	return lines, err
}

// set writes a line, from 0. It does not wait for the disk itself, since many processes may
// wait to count.
func (m *moments) set(line int, at time.Time) error {
	_, err := m.WriteAt(fmt.Appendf(nil, "%019d\n", at.UnixNano()), int64(line)*lineLength)
	return err
}

// add adds a line at the end.
func (m *moments) add(now time.Time) error {
	m.lines++
	return m.set(m.lines-1, now)
}

// remove removes the line of a moment, if there is one, and moves the later lines up. These
// are few: a refund comes soon.
func (m *moments) remove(moment time.Time) error {
	line, err := m.countUntil(moment.Add(-1))
	if err != nil || line == m.lines {
		return err
	}
	if at, err := m.at(line); err != nil || !at.Equal(moment) {
		return err
	}
	later := make([]byte, (m.lines-line-1)*lineLength)
	if _, err := m.ReadAt(later, int64(line+1)*lineLength); err != nil && len(later) > 0 {
		return err
	}
	if _, err := m.WriteAt(later, int64(line)*lineLength); err != nil {
		return err
	}
	m.lines--
	return m.Truncate(int64(m.lines) * lineLength)
}

// recent gives the moments of the last 24 hours, in order. It takes a moment in the future,
// counted before the clock was set back, for now. With errDamaged, which says that some lines
// could not be read, it gives the others.
func (m *moments) recent(now time.Time) (at []time.Time, err error) {
	info, err := m.Stat()
	if err != nil {
		return nil, err
	}
	content := make([]byte, info.Size())
	if n, err := m.ReadAt(content, 0); n < len(content) {
		return nil, err
	}
	if begin, _, _ := bytes.Cut(bytes.TrimLeft(content, "\x00\r\n "), []byte("\n")); len(bytes.Trim(begin, "0123456789\r ")) > 0 {
		return nil, errNotOurs // of another program: a file of ours begins with a moment
	}
	lines := bytes.Split(content, []byte("\n"))
	last := len(lines) - 1 // that one is empty, unless a process died while it wrote
	for _, line := range lines[:last] {
		nano, wrong := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
		moment := time.Unix(0, nano)
		switch age := now.Sub(moment); {
		case wrong != nil, age <= -upstream.BudgetWindow:
			err = errDamaged
		case age < 0:
			at = append(at, now)
		case age < upstream.BudgetWindow:
			at = append(at, moment)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at, err
}

// tidy writes the file anew, with whole lines in order and without old ones, and opens it. It
// does so too where the error is errDamaged.
func (m *moments) tidy(now time.Time) error {
	recent, damaged := m.recent(now)
	if damaged != nil && !errors.Is(damaged, errDamaged) {
		return damaged
	}
	var b bytes.Buffer
	for _, at := range recent {
		fmt.Fprintf(&b, "%019d\n", at.UnixNano())
	}
	if err := write(m.Name(), b.Bytes()); err != nil {
		return err
	}
	anew, err := openMoments(m.Name(), os.O_RDWR)
	if err != nil {
		return err
	}
	_ = m.Close()
	*m = *anew
	return damaged
}
