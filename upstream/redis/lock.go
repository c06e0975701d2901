package redis

import (
	"context"
	"sync"
	"time"

	"github.com/bsm/redislock"
)

const (
	// lockTTL is how long a lock outlives its holder; it is renewed every
	// lockRenewal, since a look-up may take minutes.
	lockTTL     = 10 * time.Second
	lockRenewal = 2 * time.Second
	// firstLockTTL is until the first renewal, which comes at once. It is short for
	// a lock that Redis set too late: its owner does not know of it.
	firstLockTTL = 2 * time.Second
)

// Lock implements upstream.Store.
func (s *Store) Lock(ctx context.Context, key string) (unlock func(), err error) {
	var lock *redislock.Lock
	err = s.within(ctx, func(ctx context.Context) (err error) {
		lock, err = s.locks.Obtain(ctx, s.lock(key), firstLockTTL, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	held, stop := context.WithCancel(s.ctx)
	renewed := make(chan struct{})
	s.running.Go(func() {
		defer close(renewed)
		s.renew(held, lock)
	})
	return sync.OnceFunc(func() {
		stop()
		s.finish(func() {
			<-renewed
			_ = s.within(context.Background(), lock.Release) // else it expires
		})
	}), nil
}

// renew keeps a lock until held ends. Where it was lost and nobody else has it,
// as after a restart of Redis, it is taken again.
func (s *Store) renew(held context.Context, lock *redislock.Lock) {
	same := &redislock.Options{Token: lock.Token()}
	for {
		_ = s.within(held, func(ctx context.Context) error { // the next one comes soon
			_, err := s.locks.Obtain(ctx, lock.Key(), lockTTL, same)
			return err
		})
		select {
		case <-held.Done():
			return
		case <-time.After(lockRenewal):
		}
	}
}
