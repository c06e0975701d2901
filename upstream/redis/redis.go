// Package redis keeps what replicas share in a Redis or Valkey server: paid
// answers, which look-ups are under way, the budget, the rate and the histories of
// bloggers.
//
// It uses go-redis rather than rueidis: go-redis connects when a command needs it,
// so that a replica starts and runs while its Redis is away, where
// rueidis.NewClient fails. go-redis 9.7.3 is required, since the latest wants a
// newer Go than this module and makes the program 1.2 MB larger for what is not used
// here. Locks, budget and rate are scripts of our own, since each takes one round
// trip and gives what the next step needs to know.
package redis

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

const (
	// prefix begins every key in Redis. Its version changes with the format of the values.
	prefix = "pgy-mcp:v1:"
	// limit ends an operation, dialing included. Look-ups wait for less: an operation that
	// takes longer, such as a connection, goes on in the background.
	limit = 5 * time.Second
	// connections is the most connections that one process opens.
	connections = 64
	// idle is how long an unused connection stays open: routers drop those that idle longer.
	idle = time.Minute
)

// Options of a Store.
type Options struct {
	Source string  // the upstream that answers come from; those of another are not read
	Budget int     // most requests of all replicas in 24 hours; 0 is no limit
	Rate   float64 // requests a second of all replicas; 0 and +Inf are no limit
}

// Store is an upstream.Store in a Redis server. It may be used concurrently, and
// by many processes at once.
type Store struct {
	Options
	client *goredis.Client

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup // the renewals of locks
}

var _ upstream.Store = (*Store)(nil)

// silenceLibrary keeps the library from logging on its own. SetLogger may not be called
// concurrently.
var silenceLibrary = sync.OnceFunc(func() { goredis.SetLogger(silence{}) })

// Open gives the store at a redis:// or rediss:// URL. It does not connect; an
// error means that the URL cannot be used, and does not show it.
func Open(url string, o Options) (*Store, error) {
	settings, err := parse(url)
	if err != nil {
		return nil, err
	}
	silenceLibrary()
	s := &Store{Options: o, client: goredis.NewClient(settings)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// silence drops what go-redis logs: operations return their errors, and ours
// show no address.
type silence struct{}

// Printf implements go-redis's logger.
func (silence) Printf(context.Context, string, ...any) {}

// Close closes the connections. Locks that are still held are not renewed any more.
func (s *Store) Close() error {
	s.cancel()
	s.running.Wait()
	return explain(s.client.Close())
}

// Name implements upstream.Store.
func (s *Store) Name() string { return "Redis" }

// key makes a key in Redis. It has the source, since replicas with different upstreams may
// share a Redis.
func (s *Store) key(kind string) string { return prefix + kind + ":" + s.Source }

// answer and lock are the keys in Redis of a look-up's answer and of its lock.
func (s *Store) answer(key string) string { return s.key("answer") + ":" + key }
func (s *Store) lock(key string) string   { return s.key("lock") + ":" + key }

// history is the key in Redis of a blogger's history. histories is that of a sorted set, which
// has for each blogger the time of the newest line.
func (s *Store) history(blogger string) string { return s.key("history") + ":" + blogger }
func (s *Store) histories() string             { return s.key("histories") }

// Load implements upstream.Store.
func (s *Store) Load(ctx context.Context, keys ...string) ([][]byte, error) {
	command := []any{"MGET"}
	for _, key := range keys {
		command = append(command, s.answer(key))
	}
	// go-redis's MGet would take a number in any reply for the length of a list.
	found, err := s.client.Do(ctx, command...).Slice()
	if err == nil && len(found) != len(keys) {
		err = errGarbage
	}
	if err != nil {
		return nil, explain(err)
	}
	values := make([][]byte, len(keys))
	for i, v := range found {
		if text, ok := v.(string); ok {
			values[i] = []byte(text)
		}
	}
	return values, nil
}

// add adds the line ARGV[1] to the history KEYS[1] of the blogger ARGV[2], keeps the
// newest ARGV[3] lines for ARGV[4] seconds, and beyond ARGV[5] histories in KEYS[2]
// drops the one that was added to longest ago; ARGV[6] begins their keys.
var add = goredis.NewScript(`
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], redis.call('TIME')[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[4])
if redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[5]) then
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  redis.call('ZREM', KEYS[2], oldest)
  redis.call('DEL', ARGV[6] .. oldest)
end
return 0
`)

// Save implements upstream.Store, in one round trip.
func (s *Store) Save(ctx context.Context, items []upstream.Item, lines []upstream.Line) error {
	save := func(eval func(context.Context, goredis.Scripter, []string, ...any) *goredis.Cmd) error {
		_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
			// The reader of an answer may count on its line.
			for _, l := range lines {
				eval(ctx, p, []string{s.history(l.Blogger), s.histories()}, l.Text, l.Blogger,
					upstream.MaxLines, int(upstream.LineLifetime.Seconds()), upstream.MaxBloggers, s.history(""))
			}
			for _, i := range items {
				if i.Keep >= time.Millisecond { // Redis's smallest expiry
					p.Set(ctx, s.answer(i.Key), i.Value, i.Keep)
				}
			}
			return nil
		})
		return err
	}
	err := save(add.EvalSha)
	if err != nil && strings.HasPrefix(err.Error(), "NOSCRIPT") {
		err = save(add.Eval) // what was set is set again
	}
	return explain(err)
}

// Last implements upstream.Store.
func (s *Store) Last(ctx context.Context, bloggers ...string) ([][]byte, error) {
	last := make([][]byte, len(bloggers))
	found := make([]*goredis.StringCmd, len(bloggers))
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, b := range bloggers {
			found[i] = p.LIndex(ctx, s.history(b), -1)
		}
		return nil
	})
	if err != nil && !errors.Is(err, goredis.Nil) {
		return last, explain(err)
	}
	for i, f := range found {
		if b, err := f.Bytes(); err == nil {
			last[i] = b
		}
	}
	return last, nil
}

// Lines implements upstream.Store.
func (s *Store) Lines(ctx context.Context, blogger string) ([][]byte, error) {
	found, err := s.client.LRange(ctx, s.history(blogger), 0, -1).Result()
	lines := make([][]byte, len(found))
	for i, text := range found {
		lines[i] = []byte(text)
	}
	return lines, explain(err)
}
