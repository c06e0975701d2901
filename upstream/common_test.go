package upstream_test

import (
	"context"
	"sync"
	"time"

	"pgy-mcp/upstream"
)

// common is a store that two Lookups share, as two processes would: what they
// save goes through its bytes.
type common struct {
	*upstream.Memory
	pace time.Duration

	mu     sync.Mutex
	fault  func(ctx context.Context, operation string) error
	locked map[string]bool
	loads  int
}

func newCommon(budget int) *common {
	return &common{Memory: upstream.NewMemory(1000, budget), locked: map[string]bool{}}
}

// breaks sets what an operation does before it works; nil is nothing.
func (c *common) breaks(fault func(ctx context.Context, operation string) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = fault
}

func (c *common) try(ctx context.Context, operation string) error {
	c.mu.Lock()
	fault := c.fault
	c.mu.Unlock()
	if fault == nil {
		return nil
	}
	return fault(ctx, operation)
}

func (c *common) Load(ctx context.Context, key string) (upstream.Entry, error) {
	if err := c.try(ctx, "load"); err != nil {
		return upstream.Entry{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loads++
	if e, ok := load(c.Memory, key); ok {
		return e, nil
	}
	return upstream.Entry{}, upstream.ErrNone
}

func (c *common) Save(ctx context.Context, key string, e upstream.Entry, keep time.Duration) error {
	if err := c.try(ctx, "save"); err != nil {
		return err
	}
	b, err := e.Encode("", key)
	if err != nil {
		return err
	}
	if e, err = upstream.DecodeEntry(b, "", key); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Memory.Save(key, e, keep)
	return nil
}

func (c *common) Lock(ctx context.Context, key string) (func(), error) {
	if err := c.try(ctx, "lock"); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.locked[key] {
		return nil, upstream.ErrLocked
	}
	c.locked[key] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.locked, key)
	}, nil
}

func (c *common) Spend(ctx context.Context) (func(), error) {
	if err := c.try(ctx, "budget"); err != nil {
		return nil, err
	}
	refund, spent := c.Memory.Spend()
	if spent != nil {
		return nil, spent
	}
	return refund, nil
}

func (c *common) Left(ctx context.Context) (int, error) {
	if err := c.try(ctx, "budget"); err != nil {
		return 0, err
	}
	return c.Memory.Left(), nil
}

func (c *common) Pace(ctx context.Context) (time.Duration, error) {
	if err := c.try(ctx, "rate"); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	wait := c.pace
	c.pace = 0
	return wait, nil
}

// process is one of several over the same source and store.
func process(f upstream.Fetcher, store upstream.Store) *upstream.Lookups {
	return upstream.New(settings(), f, upstream.NewMemory(1000, 0), store)
}
