// Package storetest holds every upstream.Store to what the interface promises.
package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// Opener gives a handle on one store each time it is called, as another process
// would have it.
type Opener func(t *testing.T) upstream.Store

// Run runs the suite. fresh makes an empty store with a budget; 0 is no limit.
// many is whether several processes share it.
func Run(t *testing.T, many bool, fresh func(t *testing.T, budget int) Opener) {
	t.Run("answers", func(t *testing.T) { answers(t, fresh(t, 0)) })
	t.Run("missing", func(t *testing.T) { missing(t, fresh(t, 0)) })
	t.Run("side by side", func(t *testing.T) { sideBySide(t, fresh(t, 0)) })
	t.Run("budget", func(t *testing.T) { budget(t, fresh(t, 3)) })
	t.Run("budget side by side", func(t *testing.T) { budgetSideBySide(t, fresh(t, 50)) })
	if many {
		t.Run("budget of another process", func(t *testing.T) { unlimited(t, fresh(t, 0)) })
		t.Run("lock", func(t *testing.T) { lock(t, fresh(t, 0)) })
		t.Run("lock side by side", func(t *testing.T) { lockSideBySide(t, fresh(t, 0)) })
	}
}

// Answer is an entry with the given data, fetched now.
func Answer(userID, data string) upstream.Entry {
	r := upstream.NewResponse(userID, []byte(data), "request-1", true)
	return upstream.Entry{Response: r, At: r.FetchedAt}
}

func key(i int) string { return fmt.Sprintf("profile/%024x?a=b&c=d", i) }

func answers(t *testing.T, open Opener) {
	a, b := open(t), open(t)
	if _, err := a.Load(t.Context(), key(1)); !errors.Is(err, upstream.ErrNone) {
		t.Errorf("an empty store says %v, want ErrNone", err)
	}
	for _, data := range []string{`{"name":"团子有点咸"}`, `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, `{}`} {
		want := Answer("659902c1000000002200361b", data)
		if err := a.Save(t.Context(), key(1), want, time.Hour); err != nil {
			t.Fatalf("save: %v", err)
		}
		got, err := b.Load(t.Context(), key(1))
		if err != nil {
			t.Fatalf("load: %v", err)
		}
		same(t, got, want)
	}
	if _, err := b.Load(t.Context(), key(2)); !errors.Is(err, upstream.ErrNone) {
		t.Errorf("another key says %v, want ErrNone", err)
	}
}

func same(t *testing.T, got, want upstream.Entry) {
	t.Helper()
	switch {
	case got.Response == nil:
		t.Errorf("got %+v, want a response", got)
	case string(got.Response.Data()) != string(want.Response.Data()):
		t.Errorf("data of %d bytes, want %d", len(got.Response.Data()), len(want.Response.Data()))
	case got.Response.UserID != want.Response.UserID:
		t.Errorf("user id %q, want %q", got.Response.UserID, want.Response.UserID)
	case got.Response.RequestID != want.Response.RequestID:
		t.Errorf("request id %q, want %q", got.Response.RequestID, want.Response.RequestID)
	case !got.At.Equal(want.At):
		t.Errorf("fetched at %s, want %s", got.At, want.At)
	case !got.Response.FetchedAt.Equal(want.Response.FetchedAt):
		t.Errorf("response fetched at %s, want %s", got.Response.FetchedAt, want.Response.FetchedAt)
	}
}

func missing(t *testing.T, open Opener) {
	want := upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed, RequestID: "r", Detail: "the answer holds no data"}
	e := want
	if err := open(t).Save(t.Context(), key(1), upstream.Entry{Missing: &e, At: time.Now().Round(0)}, time.Hour); err != nil {
		t.Fatalf("save: %v", err)
	}
	got, err := open(t).Load(t.Context(), key(1))
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	if got.Missing == nil || got.Missing.Error() != want.Error() || got.Missing.Billed != want.Billed || got.Missing.RequestID != want.RequestID {
		t.Errorf("got %#v, want %#v", got.Missing, want)
	}
}

// sideBySide: whoever reads sees one of the answers that were saved, whole.
func sideBySide(t *testing.T, open Opener) {
	var wg sync.WaitGroup
	for i := range 8 {
		s := open(t)
		wg.Go(func() {
			for n := range 20 {
				if err := s.Save(t.Context(), key(0), Answer("a", fmt.Sprintf(`{"i":"%s"}`, strings.Repeat(fmt.Sprint(i), 1000*(n+1)))), time.Hour); err != nil {
					t.Errorf("save: %v", err)
				}
				e, err := s.Load(t.Context(), key(0))
				if err != nil {
					t.Errorf("load: %v", err)
					return
				}
				if data := string(e.Response.Data()); strings.Trim(data[6:len(data)-2], data[6:7]) != "" {
					t.Error("an answer is mixed from two")
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
		t.Fatalf("spend: %v", err)
	}
	return refund, time.Time{}, true
}

func wantLeft(t *testing.T, s upstream.Store, want int) {
	t.Helper()
	if n, err := s.Left(t.Context()); n != want || err != nil {
		t.Errorf("%d requests left, %v, want %d", n, err, want)
	}
}

func budget(t *testing.T, open Opener) {
	a, b := open(t), open(t)
	wantLeft(t, a, 3)
	begin := time.Now()
	spend(t, a)
	second, _, _ := spend(t, b)
	spend(t, a)
	wantLeft(t, b, 0)
	_, freesAt, ok := spend(t, b)
	if ok {
		t.Error("a fourth request of three")
	}
	if d := freesAt.Sub(begin.Add(24 * time.Hour)).Abs(); d > time.Minute {
		t.Errorf("the next one is free at %s, want a day after %s", freesAt, begin)
	}
	second()
	wantLeft(t, a, 1)
	second()
	wantLeft(t, a, 1)
	if _, _, ok := spend(t, a); !ok {
		t.Error("no request after a refund")
	}
}

func budgetSideBySide(t *testing.T, open Opener) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := 0
	for range 8 {
		s := open(t)
		wg.Go(func() {
			for range 20 {
				if _, _, ok := spend(t, s); ok {
					mu.Lock()
					got++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if got != 50 {
		t.Errorf("%d requests of 50", got)
	}
}

// unlimited: a process without a budget spends as it likes.
func unlimited(t *testing.T, open Opener) {
	s := open(t)
	for range 20 {
		if _, _, ok := spend(t, s); !ok {
			t.Error("refused without a budget")
		}
	}
}

func lock(t *testing.T, open Opener) {
	a, b := open(t), open(t)
	unlock, err := a.Lock(t.Context(), key(1))
	if err != nil {
		t.Fatalf("lock: %v", err)
	}
	if _, err := b.Lock(t.Context(), key(1)); !errors.Is(err, upstream.ErrLocked) {
		t.Errorf("the second lock says %v, want ErrLocked", err)
	}
	if other, err := b.Lock(t.Context(), key(2)); err != nil {
		t.Errorf("the lock of another key says %v", err)
	} else {
		other()
	}
	unlock()
	again, err := b.Lock(t.Context(), key(1))
	if err != nil {
		t.Fatalf("lock after unlock: %v", err)
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
func lockSideBySide(t *testing.T, open Opener) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	inside, turns := 0, 0
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
					t.Errorf("lock: %v", err)
					return
				}
				mu.Lock()
				if inside++; inside > 1 {
					t.Error("two hold the lock")
				}
				turns++
				mu.Unlock()
				runtime.Gosched()
				mu.Lock()
				inside--
				mu.Unlock()
				unlock()
				done++
			}
		})
	}
	wg.Wait()
	if turns != 8*lockTurns {
		t.Errorf("%d turns, want %d", turns, 8*lockTurns)
	}
}
