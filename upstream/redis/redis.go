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
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

const (
	// prefix begins every key in Redis. Its version changes with the format of the values.
	prefix = "pgy-mcp:v1:"
	// operationLimit ends an operation, dialing included. Look-ups wait for less: an operation
	// that takes longer, such as a connection, goes on in the background.
	operationLimit = 5 * time.Second
	// maxConnections bounds the connections of one process.
	maxConnections = 64
	// maxIdle is how long an unused connection stays open: routers drop those that idle longer.
	maxIdle = time.Minute
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

// The keys in Redis of a look-up's answer, of its lock and of a blogger's history.
func (s *Store) answerKey(key string) string      { return s.key("answer") + ":" + key }
func (s *Store) lockKey(key string) string        { return s.key("lock") + ":" + key }
func (s *Store) historyKey(blogger string) string { return s.key("history") + ":" + blogger }

// Load implements upstream.Store.
func (s *Store) Load(ctx context.Context, keys ...string) ([][]byte, error) {
	command := []any{"MGET"}
	for _, key := range keys {
		command = append(command, s.answerKey(key))
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

// addLine adds the line ARGV[1] to the history KEYS[1] of the blogger ARGV[2], and keeps the
// newest ARGV[3] lines for ARGV[4] seconds. KEYS[2] is a sorted set, which has for each blogger
// the time of the newest line. Beyond ARGV[5] bloggers the script drops the history, whose key
// begins with ARGV[6], that was added to longest ago.
var addLine = goredis.NewScript(`
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
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		// Lines come first, so that whoever can read an answer also finds its line.
		for _, l := range lines {
			// Not Run: it cannot see in a pipeline whether Redis has the script.
			addLine.Eval(ctx, p, []string{s.historyKey(l.Blogger), s.key("histories")}, l.Text, l.Blogger,
				upstream.MaxLines, int(upstream.LineLifetime.Seconds()), upstream.MaxBloggers, s.historyKey(""))
		}
		for _, i := range items {
			if i.Keep >= time.Millisecond { // Redis's smallest expiry
				p.Set(ctx, s.answerKey(i.Key), i.Value, i.Keep)
			}
		}
		return nil
	})
	return explain(err)
}

// Last implements upstream.Store.
func (s *Store) Last(ctx context.Context, bloggers ...string) ([][]byte, error) {
	last := make([][]byte, len(bloggers))
	found := make([]*goredis.StringCmd, len(bloggers))
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, b := range bloggers {
			found[i] = p.LIndex(ctx, s.historyKey(b), -1)
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
	found, err := s.client.LRange(ctx, s.historyKey(blogger), 0, -1).Result()
	lines := make([][]byte, len(found))
	for i, text := range found {
		lines[i] = []byte(text)
	}
	return lines, explain(err)
}
