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

// One file, in which all versions of this program count, has a line for each request of the
// last 24 hours: its moment, in nanoseconds of Unix time, the oldest first. All lines have
// the same length, so that a binary search counts those of the last 24 hours without
// reading them all. A second file has the counts by endpoint.

// lineLength is the length of a line with its end: until 2286 a moment has 19 digits.
const lineLength = 20

// Admit implements upstream.Store. It counts requests without a budget too, since another
// process may have one. Settle counts them by endpoint.
func (s *Store) Admit(ctx context.Context, endpoint string) (upstream.Grant, error) {
	var g upstream.Grant
	err := s.count(ctx, func(r *sent) error {
		now := time.Now()
		over, err := r.over(now.Add(-upstream.BudgetWindow))
		if err != nil {
			return err
		}
		if s.Budget > 0 && r.n-over >= s.Budget {
			frees, err := r.at(r.n - s.Budget)
			return errors.Join(err, upstream.Spent(frees.Add(upstream.BudgetWindow)))
		}
		g = upstream.Grant{
			Left: s.Budget - (r.n - over) - 1,
			Settle: func(ctx context.Context, billed bool) error {
				return s.settle(ctx, now, endpoint, upstream.Count{Sent: 1, Billed: map[bool]int{true: 1}[billed]})
			},
			Refund: func(ctx context.Context) error {
				return s.count(ctx, func(r *sent) error { return r.remove(now) })
			},
		}
		err = r.add(now)
		if over > r.n/2+1000 { // most lines are older than the window
			err = errors.Join(err, r.tidy(s.sentFile(), now))
		}
		return err
	})
	return g, err
}

// Usage implements upstream.Store.
func (s *Store) Usage(context.Context) (upstream.Usage, error) {
	t, err := s.tally()
	u := upstream.Usage{Endpoints: t.Sum()}
	r, openErr := openSent(s.sentFile(), os.O_RDONLY)
	if openErr != nil {
		if errors.Is(openErr, fs.ErrNotExist) {
			openErr = nil
		}
		return u, errors.Join(err, openErr)
	}
	defer func() { _ = r.Close() }()
	over, overErr := r.over(time.Now().Add(-upstream.BudgetWindow))
	if errors.Is(overErr, errUntidy) {
		var whole []time.Time
		whole, overErr = r.read(time.Now())
		u.Sent = len(whole)
	} else {
		u.Sent = r.n - over
	}
	return u, errors.Join(err, overErr)
}

func (s *Store) sentFile() string { return filepath.Join(s.dir, requests+"-"+s.source()) }

// count runs change on the file of requests while nobody else counts, in this process or
// another. If the lines are not whole and in order, it tidies the file and runs change again.
func (s *Store) count(ctx context.Context, change func(*sent) error) error {
	unlock, err := s.lockSent(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	r, err := openSent(s.sentFile(), os.O_RDWR|os.O_CREATE)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	err = change(r)
	if errors.Is(err, errUntidy) {
		damaged := r.tidy(s.sentFile(), time.Now())
		if err = change(r); err == nil {
			err = damaged // told once; the file is whole again
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
	if err != nil {
		return err
	}
	t.Add(at, endpoint, c)
	return s.writeTally(t)
}

// tally reads the counts by endpoint. They are empty where the file is missing or not ours.
func (s *Store) tally() (upstream.Tally, error) {
	t := upstream.Tally{}
	dir, err := s.folder(false, requests)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err != nil {
		return t, err
	}
	content, h, err := read(filepath.Join(dir, s.source()), maxFile)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotOurs) {
		return t, nil // writeTally reports a file that is not ours
	}
	if content != nil && h.Source == s.Source && h.Key == requests {
		_, minutes, _ := bytes.Cut(content, []byte("\n"))
		if json.Unmarshal(minutes, &t) != nil {
			err = errors.Join(err, errors.New("the counts by endpoint are damaged"))
		}
	}
	return t, err
}

func (s *Store) writeTally(t upstream.Tally) error {
	dir, err := s.folder(true, requests)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, s.source())
	if !s.mayReplace(file, requests) {
		return errNotOurs
	}
	minutes, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return write(file, append(append(s.head(requests), '\n'), minutes...))
}

// sent is the open file of the requests' moments.
type sent struct {
	*os.File
	n int // how many lines it has
}

// errUntidy is the error of a file whose lines are not all whole and in order.
var errUntidy = errors.New("the file of requests is not tidy")

// errDamaged is the error of a file of which some lines could not be read.
var errDamaged = errors.New("the file of requests is damaged: some of the last 24 hours are not counted")

// openSent opens the file of requests, with a flag as os.OpenFile takes it.
func openSent(file string, flag int) (*sent, error) {
	if info, err := os.Lstat(file); err == nil && !info.Mode().IsRegular() {
		return nil, errNotOurs
	}
	f, err := os.OpenFile(file, flag, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &sent{f, int(info.Size() / lineLength)}, nil
}

// at gives the moment of a line, from 0. The error is errUntidy where it is not whole.
func (r *sent) at(line int) (time.Time, error) {
	b := make([]byte, lineLength)
	if _, err := r.ReadAt(b, int64(line)*lineLength); err != nil {
		return time.Time{}, err
	}
	nano, err := strconv.ParseInt(string(b[:lineLength-1]), 10, 64)
	if err != nil || b[lineLength-1] != '\n' {
		return time.Time{}, errUntidy
	}
	return time.Unix(0, nano), nil
}

// over counts the lines that are from a moment or earlier. The error is errUntidy where the
// file shows that lines are not whole and in order.
func (r *sent) over(moment time.Time) (lines int, err error) {
	info, err := r.Stat()
	if err != nil {
		return 0, err
	}
	if info.Size()%lineLength != 0 {
		return 0, errUntidy
	}
	if r.n > 0 {
		first, errFirst := r.at(0)
		last, errLast := r.at(r.n - 1)
		if err := errors.Join(errFirst, errLast); err != nil {
			return 0, err
		}
		if last.Before(first) || time.Until(last) > 0 { // the clock was set back
			return 0, errUntidy
		}
	}
	lines = sort.Search(r.n, func(i int) bool {
		at, atErr := r.at(i)
		err = errors.Join(err, atErr)
		return at.After(moment)
	})
	return lines, err
}

// add writes a line after the last one. It does not wait for the disk itself, since many
// processes may wait to count.
func (r *sent) add(now time.Time) error {
	_, err := r.WriteAt(fmt.Appendf(nil, "%019d\n", now.UnixNano()), int64(r.n)*lineLength)
	r.n++
	return err
}

// remove removes the line of a moment, if there is one, and puts the last line in its place.
// Both are of about the same time: a refund comes soon.
func (r *sent) remove(moment time.Time) error {
	before, err := r.over(moment.Add(-1))
	if err != nil || before >= r.n {
		return err
	}
	if at, err := r.at(before); err != nil || !at.Equal(moment) {
		return err
	}
	last, err := r.at(r.n - 1)
	if err != nil {
		return err
	}
	if _, err := r.WriteAt(fmt.Appendf(nil, "%019d\n", last.UnixNano()), int64(before)*lineLength); err != nil {
		return err
	}
	r.n--
	return r.Truncate(int64(r.n) * lineLength)
}

// read gives the moments of the last 24 hours, in order. It takes a moment in the future,
// counted before the clock was set back, for now. With errDamaged, which says that some lines
// could not be read, it gives the others.
func (r *sent) read(now time.Time) (moments []time.Time, err error) {
	info, err := r.Stat()
	if err != nil {
		return nil, err
	}
	content := make([]byte, info.Size())
	if n, err := r.ReadAt(content, 0); n < len(content) {
		return nil, err
	}
	if rest := bytes.TrimLeft(content, "\x00\r\n "); len(rest) > 0 && (rest[0] < '0' || rest[0] > '9' || len(bytes.Trim(firstLine(rest), "0123456789\r ")) > 0) {
		return nil, errNotOurs // of another program: a file of ours begins with a moment
	}
	lines := bytes.Split(content, []byte("\n"))
	last := len(lines) - 1 // that one is empty, unless a process died while it wrote
	for _, line := range lines[:last] {
		nano, wrong := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
		at := time.Unix(0, nano)
		switch age := now.Sub(at); {
		case wrong != nil, age <= -upstream.BudgetWindow:
			err = errDamaged
		case age < 0:
			moments = append(moments, now)
		case age < upstream.BudgetWindow:
			moments = append(moments, at)
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	return moments, err
}

// tidy writes the file anew, with whole lines in order, and opens it. It also does so where
// the error is errDamaged.
func (r *sent) tidy(file string, now time.Time) error {
	moments, damaged := r.read(now)
	if damaged != nil && !errors.Is(damaged, errDamaged) {
		return damaged
	}
	var b bytes.Buffer
	for _, at := range moments {
		fmt.Fprintf(&b, "%019d\n", at.UnixNano())
	}
	if err := write(file, b.Bytes()); err != nil {
		return err
	}
	f, err := openSent(file, os.O_RDWR)
	if err != nil {
		return err
	}
	_ = r.Close()
	*r = *f
	return damaged
}
