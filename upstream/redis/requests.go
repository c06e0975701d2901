package redis

import (
	"context"
	"crypto/rand"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

// The scripts count in microseconds of Redis's clock, since the clocks of the replicas may
// differ.

// admit adds a request of the name ARGV[1] to the set KEYS[1], and counts it in the field
// ARGV[4] of KEYS[2], which is kept for ARGV[5] seconds; but not if the set already has
// ARGV[2] requests of the last ARGV[3] microseconds and ARGV[2] is above 0. It gives how many
// requests of that time there are, and how long until the set has room; 0 if the request was
// added.
var admit = goredis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local limit, window = tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
local sent = redis.call('ZCARD', KEYS[1])
if limit > 0 and sent >= limit then
  local leaves = redis.call('ZRANGE', KEYS[1], sent - limit, sent - limit, 'WITHSCORES')
  return {sent, leaves[2] + window - now}
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], window / 1000)
redis.call('HINCRBY', KEYS[2], ARGV[4], 1)
redis.call('EXPIRE', KEYS[2], ARGV[5])
return {sent + 1, 0}
`)

// takeTurn takes the next turn, where turns are ARGV[1] microseconds apart, and gives how long
// it is until that turn: the generic cell rate algorithm without bursts. Where Redis's clock was
// set back, the next turn is now.
var takeTurn = goredis.NewScript(`
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local kept = redis.call('HMGET', KEYS[1], 'next', 'asked')
local turn, asked = tonumber(kept[1]) or now, tonumber(kept[2]) or now
if turn < now or now < asked - 1000000 then
  turn = now
end
redis.call('HSET', KEYS[1], 'next', turn + ARGV[1], 'asked', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((turn + ARGV[1] - now) / 1000))
return turn - now
`)

// countsKey is the key in Redis of a hash that counts an hour's requests, with a field for each
// minute, endpoint and outcome. hour is in Unix time.
func (s *Store) countsKey(hour int64) string {
	return s.key("counts") + ":" + strconv.FormatInt(hour, 10)
}

// countField names a field. minute is in Unix time, outcome "sent" or "billed".
func countField(minute int64, endpoint, outcome string) string {
	return fmt.Sprintf("%d %s %s", minute, endpoint, outcome)
}

// hours is how many hours of the clock have minutes of the last 24 hours.
const hours = 25

// Admit implements upstream.Store. It counts requests without a budget too, since another
// replica may have one.
func (s *Store) Admit(ctx context.Context, endpoint string) (upstream.Grant, error) {
	name, minute := rand.Text()[:12], time.Now().Unix()/60
	window, counts := upstream.BudgetWindow.Microseconds(), s.countsKey(minute/60)
	found, err := admit.Run(ctx, s.client, []string{s.key("budget"), counts},
		name, s.Budget, window, countField(minute, endpoint, "sent"), hours*3600).Int64Slice()
	switch {
	case err != nil:
		return upstream.Grant{}, explain(err)
	case len(found) != 2 || found[0] < 0 || found[1] < 0 || found[1] > window:
		return upstream.Grant{}, errGarbage
	case found[1] > 0:
		return upstream.Grant{}, upstream.Spent(time.Now().Add(time.Duration(found[1]) * time.Microsecond))
	}
	return upstream.Grant{
		Left: max(s.Budget-int(found[0]), 0),
		Settle: func(ctx context.Context, billed bool) error {
			if !billed {
				return nil
			}
			return explain(s.client.HIncrBy(ctx, counts, countField(minute, endpoint, "billed"), 1).Err())
		},
		Refund: func(ctx context.Context) error {
			_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
				p.ZRem(ctx, s.key("budget"), name)
				p.HIncrBy(ctx, counts, countField(minute, endpoint, "sent"), -1)
				return nil
			})
			return explain(err)
		},
	}, nil
}

// Usage implements upstream.Store.
func (s *Store) Usage(ctx context.Context) (upstream.Usage, error) {
	now := time.Now()
	var sent *goredis.IntCmd
	found := make([]*goredis.MapStringStringCmd, hours)
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		sent = p.ZCount(ctx, s.key("budget"), "("+strconv.FormatInt(now.Add(-upstream.BudgetWindow).UnixMicro(), 10), "+inf")
		for i := range found {
			found[i] = p.HGetAll(ctx, s.countsKey(now.Unix()/3600-int64(i)))
		}
		return nil
	})
	if err != nil {
		return upstream.Usage{}, explain(err)
	}
	t := upstream.Tally{}
	for _, f := range found {
		for field, text := range f.Val() {
			addCount(t, field, text)
		}
	}
	return upstream.Usage{Sent: int(sent.Val()), Endpoints: t.Sum()}, nil
}

// addCount adds the count in one field to t. It ignores a field that it cannot read.
func addCount(t upstream.Tally, field, text string) {
	n, err := strconv.Atoi(text)
	part := strings.Split(field, " ")
	if err != nil || len(part) != 3 {
		return
	}
	minute, err := strconv.ParseInt(part[0], 10, 64)
	if err != nil {
		return
	}
	c := upstream.Count{Sent: n}
	if part[2] == "billed" {
		c = upstream.Count{Billed: n}
	}
	t.Add(time.Unix(minute*60, 0), part[1], c)
}

// maxTurnsAhead is how many turns can be taken before ours: each replica takes one at a time.
// A longer wait is garbage.
const maxTurnsAhead = 10_000

// Turn implements upstream.Store.
func (s *Store) Turn(ctx context.Context) (time.Duration, error) {
	if s.Rate <= 0 || math.IsInf(s.Rate, 1) {
		return 0, nil
	}
	apart := int64(math.Ceil(1e6 / s.Rate))
	wait, err := takeTurn.Run(ctx, s.client, []string{s.key("rate")}, apart).Int64()
	if err == nil && (wait < 0 || wait > apart*maxTurnsAhead) {
		err = fmt.Errorf("%w: %d", errGarbage, wait)
	}
	return time.Duration(wait) * time.Microsecond, explain(err)
}
