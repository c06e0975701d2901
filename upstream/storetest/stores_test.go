// Package storetest holds every upstream.Store to what the interface promises.
package storetest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

const source = "https://upstream.example"

func TestDisk(t *testing.T) {
	run(t, func(t *testing.T, budget int) opener {
		dir := filepath.Join(t.TempDir(), "cache")
		return func(t *testing.T) upstream.Store {
			s := disk.Open(dir, disk.Options{Source: source, Size: 100, Budget: budget})
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	})
}

func TestRedis(t *testing.T) {
	run(t, func(t *testing.T, budget int) opener {
		server := redistest.Start(t)
		return func(t *testing.T) upstream.Store {
			s, err := redis.Open(server.URL(), redis.Options{Source: source, Budget: budget})
			if err != nil {
				t.Fatalf("open says %v, want a store", err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("close says %v, want nothing", err)
				}
			})
			return s
		}
	})
}

// opener gives a handle on one store each time it is called, as another process
// would have it.
type opener func(t *testing.T) upstream.Store

// run runs the suite. fresh makes an empty store with a budget; 0 is no limit.
func run(t *testing.T, fresh func(t *testing.T, budget int) opener) {
	t.Run("answers", func(t *testing.T) { answers(t, fresh(t, 0)) })
	t.Run("side by side", func(t *testing.T) { sideBySide(t, fresh(t, 0)) })
	t.Run("budget", func(t *testing.T) { budget(t, fresh(t, 3)) })
	t.Run("budget side by side", func(t *testing.T) { budgetSideBySide(t, fresh(t, 50)) })
	t.Run("budget of another process", func(t *testing.T) { unlimited(t, fresh(t, 0)) })
	t.Run("usage", func(t *testing.T) { usage(t, fresh(t, 0)) })
	t.Run("histories", func(t *testing.T) { histories(t, fresh(t, 0)) })
	t.Run("lock", func(t *testing.T) { lockTest(t, fresh(t, 0)) })
	t.Run("lock side by side", func(t *testing.T) { lockSideBySide(t, fresh(t, 0)) })
}

// value is what a store keeps: a first line that says whose it is, and data.
func value(key, data string) []byte {
	head, err := json.Marshal(map[string]any{"v": 1, "source": source, "key": key, "at": time.Now(), "until": time.Now().Add(time.Hour)})
	if err != nil {
		panic(err)
	}
	return append(append(head, '\n'), data...)
}

func item(key, data string) upstream.Item {
	return upstream.Item{Key: key, Value: value(key, data), Keep: time.Hour}
}

func key(i int) string { return fmt.Sprintf("profile/%024x?a=b&c=d", i) }

// load gives what is kept under a key.
func load(t *testing.T, s upstream.Store, key string) []byte {
	t.Helper()
	values, err := s.Load(t.Context(), key)
	if err != nil || len(values) != 1 {
		t.Fatalf("Load(%s) gives %d values, %v, want one", key, len(values), err)
	}
	return values[0]
}

func answers(t *testing.T, open opener) {
	a, b := open(t), open(t)
	if got := load(t, a, key(1)); got != nil {
		t.Errorf("an empty store has %.100s, want nothing", got)
	}
	for _, data := range []string{`{"name":"团子有点咸"}`, strings.Repeat("\x00\xff\r\n", 1<<18), ""} {
		want := item(key(1), data)
		if err := a.Save(t.Context(), []upstream.Item{want, item(key(3), "three")}, nil); err != nil {
			t.Fatalf("Save says %v, want it stored", err)
		}
		values, err := b.Load(t.Context(), key(3), key(2), key(1))
		if err != nil || len(values) != 3 {
			t.Fatalf("Load gives %d values, %v, want 3", len(values), err)
		}
		if !bytes.Equal(values[2], want.Value) || values[1] != nil || !bytes.HasSuffix(values[0], []byte("three")) {
			t.Errorf("Load gives %.100q, %.100q, %.100q, want what was saved, nothing, and three", values[2], values[1], values[0])
		}
	}
}

func histories(t *testing.T, open opener) {
	a, b := open(t), open(t)
	for i := range 3 {
		lines := []upstream.Line{{Blogger: "x", Text: fmt.Appendf(nil, "x%d", i)}, {Blogger: "y", Text: fmt.Appendf(nil, "y%d", i)}}
		if err := a.Save(t.Context(), nil, lines); err != nil {
			t.Fatalf("Save says %v, want the lines added", err)
		}
	}
	if got, err := b.Lines(t.Context(), "x"); err != nil || fmt.Sprintf("%s", got) != "[x0 x1 x2]" {
		t.Errorf("Lines gives %s, %v, want [x0 x1 x2]", got, err)
	}
	if got, err := b.Lines(t.Context(), "z"); err != nil || len(got) != 0 {
		t.Errorf("Lines of an unknown blogger gives %s, %v, want none", got, err)
	}
	last, err := b.Last(t.Context(), "y", "z", "x")
	if err != nil || fmt.Sprintf("%s", last) != "[y2  x2]" || last[1] != nil {
		t.Errorf("Last gives %q, %v, want y2, nothing, x2", last, err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		s := open(t)
		wg.Go(func() {
			for n := range 100 {
				if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "many", Text: fmt.Appendf(nil, "%03d %s", i*100+n, strings.Repeat("-", 150))}}); err != nil {
					t.Errorf("Save says %v, want the line added", err)
				}
			}
		})
	}
	wg.Wait()
	many, err := a.Lines(t.Context(), "many")
	if err != nil || len(many) != upstream.MaxLines {
		t.Fatalf("Lines gives %d lines, %v, want the newest %d", len(many), err, upstream.MaxLines)
	}
	seen := map[string]bool{}
	for _, line := range many {
		if len(line) != 154 || seen[string(line)] {
			t.Errorf("a line is %.30q…, want each one whole and once", line)
		}
		seen[string(line)] = true
	}
}

// sideBySide: whoever reads sees one of the answers that were saved, whole.
func sideBySide(t *testing.T, open opener) {
	var wg sync.WaitGroup
	for i := range 8 {
		s := open(t)
		wg.Go(func() {
			for n := range 20 {
				if err := s.Save(t.Context(), []upstream.Item{item(key(0), strings.Repeat(fmt.Sprint(i), 1000*(n+1)))}, nil); err != nil {
					t.Errorf("Save says %v, want it stored", err)
				}
				_, data, _ := bytes.Cut(load(t, s, key(0)), []byte("\n"))
				if len(data) == 0 || len(data)%1000 != 0 || strings.Trim(string(data), string(data[:1])) != "" {
					t.Errorf("an answer has %d bytes of data, want one that was saved, whole and not mixed from two", len(data))
				}
			}
		})
	}
	wg.Wait()
}

// spend takes a request; ok is false where none is left.
func spend(t *testing.T, s upstream.Store) (refund func(), freesAt time.Time, ok bool) {
	t.Helper()
	g, err := s.Admit(t.Context(), "profile")
	var spent *upstream.Error
	if errors.As(err, &spent) {
		return nil, spent.FreesAt, false
	}
	if err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	return func() {
		if err := g.Refund(t.Context()); err != nil {
			t.Errorf("Refund says %v, want it done", err)
		}
	}, time.Time{}, true
}

func wantLeft(t *testing.T, s upstream.Store, want int) {
	t.Helper()
	u, err := s.Usage(t.Context())
	if err != nil {
		t.Errorf("Usage says %v, want a number", err)
	}
	if n := 3 - u.Sent; n != want {
		t.Errorf("%d requests are left of 3, want %d", n, want)
	}
}

func budget(t *testing.T, open opener) {
	a, b := open(t), open(t)
	wantLeft(t, a, 3)
	begin := time.Now()
	spend(t, a)
	second, _, _ := spend(t, b)
	spend(t, a)
	wantLeft(t, b, 0)
	_, freesAt, ok := spend(t, b)
	if ok {
		t.Error("spend gives a fourth request, want three at most")
	}
	if want := begin.Add(24 * time.Hour); freesAt.Sub(want).Abs() > time.Minute {
		t.Errorf("the next one is free at %s, want within a minute of %s", freesAt, want)
	}
	second()
	wantLeft(t, a, 1)
	if _, freesAt, ok := spend(t, a); !ok {
		t.Errorf("after a refund the next one is free at %s, want one now", freesAt)
	}
}

// usage: requests are counted by endpoint, sent and billed.
func usage(t *testing.T, open opener) {
	a, b := open(t), open(t)
	for _, c := range []struct {
		endpoint       string
		billed, refund bool
	}{{"profile", true, false}, {"profile", false, false}, {"profile", false, true}, {"search", true, false}} {
		g, err := a.Admit(t.Context(), c.endpoint)
		if err != nil {
			t.Fatalf("Admit says %v, want a request", err)
		}
		if c.refund {
			if err := g.Refund(t.Context()); err != nil {
				t.Errorf("Refund says %v, want it done", err)
			}
		} else if err := g.Settle(t.Context(), c.billed); err != nil {
			t.Errorf("Settle says %v, want it done", err)
		}
	}
	want := upstream.Usage{Sent: 3, Endpoints: map[string]upstream.Count{"profile": {Sent: 2, Billed: 1}, "search": {Sent: 1, Billed: 1}}}
	if got, err := b.Usage(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Usage gives %+v, %v, want %+v", got, err, want)
	}
}

func budgetSideBySide(t *testing.T, open opener) {
	var wg sync.WaitGroup
	var got atomic.Int64
	for range 8 {
		s := open(t)
		wg.Go(func() {
			for range 20 {
				if _, _, ok := spend(t, s); ok {
					got.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := got.Load(); n != 50 {
		t.Errorf("spend gave %d requests, want 50", n)
	}
}

// unlimited: a process without a budget spends as it likes.
func unlimited(t *testing.T, open opener) {
	s := open(t)
	for range 20 {
		if _, freesAt, ok := spend(t, s); !ok {
			t.Errorf("without a budget the next one is free at %s, want one now", freesAt)
		}
	}
}

// lockTest: one at a time has a key's lock, and sees what is saved under the key.
func lockTest(t *testing.T, open opener) {
	a, b := open(t), open(t)
	value, unlock, err := a.TryLock(t.Context(), key(1))
	if err != nil || value != nil {
		t.Fatalf("TryLock gives %.100q, %v, want it free and nothing saved", value, err)
	}
	if _, _, err := b.TryLock(t.Context(), key(1)); !errors.Is(err, upstream.ErrLocked) {
		t.Errorf("the second TryLock says %v, want ErrLocked", err)
	}
	if _, other, err := b.TryLock(t.Context(), key(2)); err != nil {
		t.Errorf("TryLock of another key says %v, want it free", err)
	} else if err := other(t.Context()); err != nil {
		t.Errorf("unlock says %v, want it done", err)
	}
	want := item(key(1), "saved")
	if err := a.Save(t.Context(), []upstream.Item{want}, nil); err != nil {
		t.Fatalf("Save says %v, want it stored", err)
	}
	value, unlockOther, err := b.TryLock(t.Context(), key(1))
	if !errors.Is(err, upstream.ErrLocked) || !bytes.Equal(value, want.Value) {
		t.Errorf("TryLock of a held lock gives %.100q, %v, want the answer and ErrLocked", value, err)
	}
	if unlockOther != nil {
		t.Error("TryLock of a held lock gives an unlock, want none")
	}
	if err := unlock(t.Context()); err != nil {
		t.Errorf("unlock says %v, want it done", err)
	}
	value, again, err := b.TryLock(t.Context(), key(1))
	if err != nil || !bytes.Equal(value, want.Value) {
		t.Fatalf("after unlocking TryLock gives %.100q, %v, want the answer and the lock", value, err)
	}
	if err := again(t.Context()); err != nil {
		t.Errorf("unlock says %v, want it done", err)
	}
}

// lockTurns is how often each of several holds the lock.
const lockTurns = 30

// lockSideBySide: never two at once.
func lockSideBySide(t *testing.T, open opener) {
	var wg sync.WaitGroup
	var inside atomic.Int64
	for range 8 {
		s := open(t)
		wg.Go(func() {
			for done := 0; done < lockTurns; {
				_, unlock, err := s.TryLock(t.Context(), key(1))
				if errors.Is(err, upstream.ErrLocked) {
					runtime.Gosched()
					continue
				}
				if err != nil {
					t.Errorf("TryLock says %v, want it free", err)
					return
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold the lock, want 1", n)
				}
				runtime.Gosched()
				inside.Add(-1)
				if err := unlock(t.Context()); err != nil {
					t.Errorf("unlock says %v, want it done", err)
				}
				done++
			}
		})
	}
	wg.Wait()
}
