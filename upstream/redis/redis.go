// Package redis keeps what replicas share in a Redis or Valkey server: paid
// answers, which look-ups are under way, the budget and the rate.
//
// It uses go-redis and redislock rather than rueidis and rueidislock. go-redis
// connects when a command needs it, so that a replica starts and runs while its
// Redis is away, where rueidis.NewClient fails; and each command ends with its
// context. redislock needs one key and two calls for a lock, and no client-side
// tracking. go-redis 9.7.3 is required, since the latest wants a newer Go than
// this module and makes the program 1.2 MB larger for what is not used here.
// redis_rate cannot reserve: all who wait would ask again and again. A script of
// the same algorithm gives each its place at once.
package redis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bsm/redislock"
	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
)

const (
	// prefix begins every key; the number changes with what is under them.
	prefix = "pgy-mcp:v1:"
	// patience is how long an operation may take, dialing included.
	patience = 400 * time.Millisecond
	// connections is the most that one process has open: more than commands wait
	// at once, so that a slow one holds few others up.
	connections = 50
	// idle is how long an unused connection stays open: routers forget them.
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
	locks  *redislock.Client
	slow   atomic.Bool // Redis did not answer the latest operation in time

	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	running sync.WaitGroup // locks that are held, and what is being given back
}

var _ upstream.Store = (*Store)(nil)

// Open gives the store at a redis:// or rediss:// URL. It does not connect; an
// error means that the URL cannot be used, and does not show it.
func Open(url string, o Options) (*Store, error) {
	settings, err := parse(url)
	if err != nil {
		return nil, err
	}
	goredis.SetLogger(silence{})
	client := goredis.NewClient(settings)
	s := &Store{Options: o, client: client, locks: redislock.New(client)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// silence drops what go-redis logs: operations return their errors, and ours
// show no address.
type silence struct{}

// Printf implements go-redis's logger.
func (silence) Printf(context.Context, string, ...any) {}

// Close ends when what was given back has arrived, and closes the connections. A
// lock that is still held is renewed no more.
func (s *Store) Close() error {
	s.cancel()
	s.running.Wait()
	return explain(s.client.Close())
}

// within runs commands for as long as patience lasts.
func (s *Store) within(ctx context.Context, commands func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := explain(commands(ctx))
	s.slow.Store(errors.Is(err, context.DeadlineExceeded))
	return err
}

// finish gives something back. Nobody waits for that while Redis is slow.
func (s *Store) finish(giveBack func()) {
	done := make(chan struct{})
	s.running.Go(func() {
		defer close(done)
		giveBack()
	})
	if !s.slow.Load() {
		<-done
	}
}

// key names what is in Redis. Replicas with different upstreams may share one.
func (s *Store) key(kind string) string { return prefix + kind + ":" + s.Source }

// answer and lock are where what belongs to a look-up's key is kept.
func (s *Store) answer(key string) string { return s.key("answer") + ":" + key }
func (s *Store) lock(key string) string   { return s.key("lock") + ":" + key }

// Load implements upstream.Store.
func (s *Store) Load(ctx context.Context, key string) (upstream.Entry, error) {
	var b []byte
	err := s.within(ctx, func(ctx context.Context) (err error) {
		b, err = s.client.Get(ctx, s.answer(key)).Bytes()
		return err
	})
	if err != nil {
		return upstream.Entry{}, err
	}
	e, err := upstream.DecodeEntry(b, s.Source, key)
	if err != nil && !errors.Is(err, upstream.ErrNone) {
		return upstream.Entry{}, fmt.Errorf("an answer in Redis: %w", err)
	}
	return e, err
}

// Save implements upstream.Store.
func (s *Store) Save(ctx context.Context, key string, e upstream.Entry, keep time.Duration) error {
	b, err := e.Encode(s.Source, key)
	if err != nil {
		return err
	}
	if keep < time.Millisecond { // Redis's smallest expiry
		return nil
	}
	return s.within(ctx, func(ctx context.Context) error {
		return s.client.Set(ctx, s.answer(key), b, keep).Err()
	})
}
