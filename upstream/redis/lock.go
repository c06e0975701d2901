package redis

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

const (
	// lease is how long a lock outlives its holder. The holder renews it every renewal,
	// since a look-up may take minutes.
	lease   = 10 * time.Second
	renewal = 2 * time.Second
	// firstLease is the lease until the first renewal, which follows at once. It is short,
	// since a lock is not renewed where the reply that grants it is lost.
	firstLease = 2 * time.Second
)

// obtain sets the lock KEYS[1] to ARGV[1] for ARGV[2] ms, unless another has it, and
// gives whether it did and what is under KEYS[2].
var obtain = goredis.NewScript(`
local got = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return {got and 1 or 0, redis.call('GET', KEYS[2])}
`)

// renew keeps the lock KEYS[1] of ARGV[1] for ARGV[2] ms. Where it was lost and
// nobody else has it, as after a restart of Redis, it is taken again.
var renew = goredis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if not holder or holder == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 0
`)

// release gives the lock KEYS[1] back, if it is that of ARGV[1].
var release = goredis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 0
`)

// TryLock implements upstream.Store.
func (s *Store) TryLock(ctx context.Context, key string) (value []byte, unlock func(context.Context) error, err error) {
	lock, holder := s.lockKey(key), rand.Text()
	found, err := obtain.Run(ctx, s.client, []string{lock, s.answerKey(key)}, holder, firstLease.Milliseconds()).Slice()
	if err == nil && len(found) != 2 {
		err = errGarbage
	}
	if err != nil {
		return nil, nil, explain(err)
	}
	if text, ok := found[1].(string); ok {
		value = []byte(text)
	}
	switch found[0] {
	case int64(0):
		return value, nil, upstream.ErrLocked
	case int64(1):
	default:
		return nil, nil, fmt.Errorf("%w: %T", errGarbage, found[0])
	}
	held, stop := context.WithCancel(s.ctx)
	renewed := make(chan struct{})
	s.running.Go(func() {
		defer close(renewed)
		s.renew(held, lock, holder)
	})
	return value, func(ctx context.Context) error {
		stop()
		<-renewed
		return explain(release.Run(ctx, s.client, []string{lock}, holder).Err()) // if this fails, the lock expires
	}, nil
}

// renew renews a lock until held ends.
func (s *Store) renew(held context.Context, lock, holder string) {
	for {
		ctx, cancel := context.WithTimeout(held, renewal)
		_ = renew.Run(ctx, s.client, []string{lock}, holder, lease.Milliseconds()) // if this fails, the next one comes soon
		cancel()
		select {
		case <-held.Done():
			return
		case <-time.After(renewal):
		}
	}
}
