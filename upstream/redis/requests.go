package redis

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

// The scripts count in microseconds by Redis's clock: those of the replicas may
// differ.

// spend adds a request of the name ARGV[1] to those of the last ARGV[3] unless
// there are ARGV[2] of them already. Then it gives how long until one leaves,
// else 0.
var spend = goredis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local sent = redis.call('ZCARD', KEYS[1])
if limit > 0 and sent >= limit then
  local leaves = redis.call('ZRANGE', KEYS[1], sent - limit, sent - limit, 'WITHSCORES')
  return leaves[2] + window - now
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], window / 1000)
return 0
`)

// sent gives how many requests there were in the last ARGV[1].
var sent = goredis.NewScript(`
local t = redis.call('TIME')
return redis.call('ZCOUNT', KEYS[1], t[1] * 1000000 + t[2] - ARGV[1] + 1, '+inf')
`)

// reserve takes the next place in a row of requests that are ARGV[1] apart and
// gives how long it is until then: the generic cell rate algorithm without
// bursts. Where Redis's clock was set back the row begins anew.
var reserve = goredis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local row = redis.call('HMGET', KEYS[1], 'next', 'asked')
local place, asked = tonumber(row[1]) or now, tonumber(row[2]) or now
if place < now or now < asked - 1000000 then
  place = now
end
redis.call('HSET', KEYS[1], 'next', place + ARGV[1], 'asked', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((place + ARGV[1] - now) / 1000))
return place - now
`)

// run runs a script that gives a number from 0 to most.
func (s *Store) run(ctx context.Context, script *goredis.Script, most int64, key string, args ...any) (n int64, err error) {
	err = s.within(ctx, func(ctx context.Context) (err error) {
		n, err = script.Run(ctx, s.client, []string{key}, args...).Int64()
		return err
	})
	if err == nil && (n < 0 || n > most) {
		return 0, fmt.Errorf("%w: %d", errGarbage, n)
	}
	return n, err
}

// Spend implements upstream.Store. Requests are counted without a limit too:
// another replica may have one.
func (s *Store) Spend(ctx context.Context) (refund func(), err error) {
	name := rand.Text()[:12]
	window := upstream.BudgetWindow.Microseconds()
	wait, err := s.run(ctx, spend, window, s.key("budget"), name, s.Budget, window)
	switch {
	case err != nil:
		return nil, err
	case wait > 0:
		return nil, upstream.Spent(time.Now().Add(time.Duration(wait) * time.Microsecond))
	}
	return func() {
		s.finish(func() {
			_ = s.within(context.Background(), func(ctx context.Context) error { // else it counts
				return s.client.ZRem(ctx, s.key("budget"), name).Err()
			})
		})
	}, nil
}

// Left implements upstream.Store.
func (s *Store) Left(ctx context.Context) (int, error) {
	n, err := s.run(ctx, sent, math.MaxInt64, s.key("budget"), upstream.BudgetWindow.Microseconds())
	return int(max(int64(s.Budget)-n, 0)), err
}

// longestRow is the most requests that are waited for: a replica has one place
// at a time.
const longestRow = 10_000

// Pace implements upstream.Store.
func (s *Store) Pace(ctx context.Context) (time.Duration, error) {
	if s.Rate <= 0 || math.IsInf(s.Rate, 1) {
		return 0, nil
	}
	apart := int64(math.Ceil(1e6 / s.Rate))
	wait, err := s.run(ctx, reserve, apart*longestRow, s.key("rate"), apart)
	return time.Duration(wait) * time.Microsecond, err
}
