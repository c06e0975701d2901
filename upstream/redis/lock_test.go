package redis_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

// A lock is held for as long as its holder lives: what is left of it grows again.
func TestALockIsRenewed(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), redis.Options{}), client(t, server.URL())
	_, unlock, err := s.TryLock(t.Context(), key)
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	left := func() time.Duration { return raw.PTTL(context.Background(), lockKey).Val() }
	for range 2 {
		eventually(t, "the lock is renewed", func() bool { return left() > 9*time.Second })
		eventually(t, "the lock grows older", func() bool { return left() < 9*time.Second })
	}
	_ = unlock(t.Context())
	if n, err := raw.Exists(t.Context(), lockKey).Result(); n != 0 || err != nil {
		t.Errorf("after unlocking Redis has %d locks, %v, want none", n, err)
	}
}

// The holder of a lock that another has taken meanwhile does not free it.
func TestUnlockingWhatAnotherHolds(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), redis.Options{}), client(t, server.URL())
	_, unlock, err := s.TryLock(t.Context(), key)
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	if err := raw.Set(t.Context(), lockKey, "another's", time.Minute).Err(); err != nil {
		t.Fatalf("SET of the lock ends with %v, want it done", err)
	}
	_ = unlock(t.Context())
	if got, err := raw.Get(t.Context(), lockKey).Result(); got != "another's" || err != nil {
		t.Errorf("the lock in Redis is %q, %v, want another's", got, err)
	}
}

// A Redis that was restarted has forgotten the lock: its holder takes it again.
func TestALockIsTakenAgain(t *testing.T) {
	server := redistest.Start(t)
	a, b := open(t, server.URL(), redis.Options{}), open(t, server.URL(), redis.Options{})
	_, unlock, err := a.TryLock(t.Context(), key)
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	server.Kill()
	server.Restart()
	raw := client(t, server.URL())
	eventually(t, "the lock is there again", func() bool { return raw.Exists(context.Background(), lockKey).Val() == 1 })
	eventually(t, "another is told", func() bool {
		_, _, err := b.TryLock(t.Context(), key)
		return errors.Is(err, upstream.ErrLocked)
	})
	_ = unlock(t.Context())
	if _, _, err := b.TryLock(t.Context(), key); err != nil {
		t.Errorf("after unlocking lock says %v, want it free", err)
	}
}

// A lock that Redis gave when nobody waited for it any more ends soon.
func TestALockThatNobodyHeardOf(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), redis.Options{}), client(t, server.URL())
	_, unlock, err := s.TryLock(t.Context(), "another") // Redis knows the script
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	_ = unlock(t.Context())
	server.Stop()
	if err := operations["lock"](s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while Redis hangs lock says %v, want that time ran out", err)
	}
	server.Continue()
	eventually(t, "Redis answers", func() bool { return raw.Ping(context.Background()).Err() == nil })
	if left := raw.PTTL(t.Context(), lockKey).Val(); left > 2*time.Second {
		t.Errorf("the lock ends in %s, want 2 s at most", left)
	}
	eventually(t, "the lock is free", func() bool {
		_, unlock, err := s.TryLock(t.Context(), key)
		if err == nil {
			_ = unlock(t.Context())
		}
		return err == nil
	})
}

// Close waits for no lock that is still held.
func TestClosingWithALock(t *testing.T) {
	server := redistest.Start(t)
	s, err := redis.Open(server.URL(), redis.Options{Source: source})
	if err != nil {
		t.Fatalf("open says %v, want a store", err)
	}
	_, unlock, err := s.TryLock(t.Context(), key)
	if err != nil {
		t.Fatalf("lock says %v, want it free", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close says %v, want nothing", err)
	}
	_ = unlock(t.Context())
}
