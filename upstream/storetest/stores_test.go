// Package storetest holds every upstream.Store to what the interface promises.
package storetest_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
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
		return func(*testing.T) upstream.Store {
			return disk.Open(dir, disk.Options{Source: source, Size: 100, Keep: 30 * time.Hour, Budget: budget})
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
	t.Run("lock", func(t *testing.T) { lock(t, fresh(t, 0)) })
	t.Run("lock side by side", func(t *testing.T) { lockSideBySide(t, fresh(t, 0)) })
}

// answer is an entry with the given data, fetched now.
func answer(userID, data string) upstream.Entry {
	r := upstream.NewResponse(userID, []byte(data), "request-1", true)
	return upstream.Entry{Response: r, At: r.FetchedAt}
}

func key(i int) string { return fmt.Sprintf("profile/%024x?a=b&c=d", i) }

func answers(t *testing.T, open opener) {
	a, b := open(t), open(t)
	if _, err := a.Load(t.Context(), key(1)); !errors.Is(err, upstream.ErrNone) {
		t.Errorf("an empty store says %v, want ErrNone", err)
	}
	missing := &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed, RequestID: "r", Detail: "the answer holds no data"}
	for _, want := range []upstream.Entry{
		answer("659902c1000000002200361b", `{"name":"团子有点咸"}`),
		answer("659902c1000000002200361b", `{"name":"`+strings.Repeat("x", 1<<20)+`"}`),
		answer("659902c1000000002200361b", `{}`),
		{Missing: missing, At: time.Now().Round(0)},
	} {
		if err := a.Save(t.Context(), key(1), want, time.Hour); err != nil {
			t.Fatalf("save says %v, want it stored", err)
		}
		got, err := b.Load(t.Context(), key(1))
		if err != nil {
			t.Fatalf("load says %v, want the answer", err)
		}
		if got, want := content(t, got), content(t, want); got != want {
			t.Errorf("loaded %s, want %s", got, want)
		}
	}
	if _, err := b.Load(t.Context(), key(2)); !errors.Is(err, upstream.ErrNone) {
		t.Errorf("another key says %v, want ErrNone", err)
	}
}

// content is all that callers can see of an entry, as text.
func content(t *testing.T, e upstream.Entry) string {
	t.Helper()
	missing, err := json.Marshal(e.Missing)
	if err != nil {
		t.Fatalf("marshalling %+v ends with %v, want JSON", e.Missing, err)
	}
	text := fmt.Sprintf("of %s, missing %s", e.At.UTC(), missing)
	if r := e.Response; r != nil {
		text += fmt.Sprintf(", response of %s, billed %t, to %s for %s: %x", r.FetchedAt.UTC(), r.Billed, r.RequestID, r.Subject, sha256.Sum256(r.Data()))
	}
	return text
}

// sideBySide: whoever reads sees one of the answers that were saved, whole.
func sideBySide(t *testing.T, open opener) {
	var wg sync.WaitGroup
	for i := range 8 {
		s := open(t)
		wg.Go(func() {
			for n := range 20 {
				if err := s.Save(t.Context(), key(0), answer("a", fmt.Sprintf(`{"i":"%s"}`, strings.Repeat(fmt.Sprint(i), 1000*(n+1)))), time.Hour); err != nil {
					t.Errorf("save says %v, want it stored", err)
				}
				e, err := s.Load(t.Context(), key(0))
				if err != nil {
					t.Errorf("load says %v, want the answer", err)
					return
				}
				if data := string(e.Response.Data()); strings.Trim(data[6:len(data)-2], data[6:7]) != "" {
					t.Errorf("an answer of %d bytes is %.100s…%s, want one that was saved, not mixed from two", len(data), data, data[max(0, len(data)-100):])
				}
			}
		})
	}
	wg.Wait()
}

// spend takes a request; ok is false where none is left.
func spend(t *testing.T, s upstream.Store) (refund func(), freesAt time.Time, ok bool) {
	t.Helper()
	refund, err := s.Spend(t.Context())
	var spent *upstream.Error
	if errors.As(err, &spent) {
		return nil, spent.FreesAt, false
	}
	if err != nil {
		t.Fatalf("spend says %v, want a request", err)
	}
	return refund, time.Time{}, true
}

func wantLeft(t *testing.T, s upstream.Store, want int) {
	t.Helper()
	n, err := s.Left(t.Context())
	if err != nil {
		t.Errorf("left says %v, want a number", err)
	}
	if n != want {
		t.Errorf("%d requests are left, want %d", n, want)
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
	second()
	wantLeft(t, a, 1)
	if _, freesAt, ok := spend(t, a); !ok {
		t.Errorf("after a refund the next one is free at %s, want one now", freesAt)
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

func lock(t *testing.T, open opener) {
	a, b := open(t), open(t)
	unlock, err := a.Lock(t.Context(), key(1))
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	if _, err := b.Lock(t.Context(), key(1)); !errors.Is(err, upstream.ErrLocked) {
		t.Errorf("the second lock says %v, want ErrLocked", err)
	}
	if other, err := b.Lock(t.Context(), key(2)); err != nil {
		t.Errorf("the lock of another key says %v, want it free", err)
	} else {
		other()
	}
	unlock()
	again, err := b.Lock(t.Context(), key(1))
	if err != nil {
		t.Fatalf("after unlocking the lock says %v, want it free", err)
	}
	unlock() // once more: it must not free the lock of another
	if _, err := a.Lock(t.Context(), key(1)); !errors.Is(err, upstream.ErrLocked) {
		t.Errorf("after a second unlock the lock says %v, want ErrLocked", err)
	}
	again()
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
				unlock, err := s.Lock(t.Context(), key(1))
				if errors.Is(err, upstream.ErrLocked) {
					time.Sleep(time.Millisecond)
					continue
				}
				if err != nil {
					t.Errorf("lock says %v, want it free", err)
					return
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold the lock, want 1", n)
				}
				runtime.Gosched()
				inside.Add(-1)
				unlock()
				done++
			}
		})
	}
	wg.Wait()
}
