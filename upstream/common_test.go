package upstream_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"pgy-mcp/upstream"
)

// common is a store that several Lookups share, as processes would.
type common struct {
	budget int
	pace   time.Duration

	mu      sync.Mutex
	fault   func(ctx context.Context, operation string) error
	values  map[string][]byte
	until   map[string]time.Time
	locked  map[string]bool
	sent    []time.Time
	tally   upstream.Tally
	history map[string][][]byte
	trips   map[string]int
}

func newCommon(budget int) *common {
	return &common{
		budget: budget, values: map[string][]byte{}, until: map[string]time.Time{}, locked: map[string]bool{},
		tally: upstream.Tally{}, history: map[string][][]byte{}, trips: map[string]int{},
	}
}

// breaks sets what an operation does before it works; nil is nothing.
func (c *common) breaks(fault func(ctx context.Context, operation string) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = fault
}

// begin runs the fault and takes the lock, which the caller gives back.
func (c *common) begin(ctx context.Context, operation string) error {
	c.mu.Lock()
	fault := c.fault
	c.mu.Unlock()
	var err error
	if fault != nil {
		err = fault(ctx, operation)
	}
	c.mu.Lock()
	c.trips[operation]++
	return err
}

func (c *common) Name() string { return "the common store" }

func (c *common) Load(ctx context.Context, keys ...string) ([][]byte, error) {
	err := c.begin(ctx, "load")
	defer c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	for i, key := range keys {
		values[i] = c.value(key)
	}
	return values, nil
}

func (c *common) value(key string) []byte {
	if time.Now().After(c.until[key]) {
		return nil
	}
	return c.values[key]
}

func (c *common) Save(ctx context.Context, items []upstream.Item, lines []upstream.Line) error {
	err := c.begin(ctx, "save")
	defer c.mu.Unlock()
	if err != nil {
		return err
	}
	for _, i := range items {
		c.values[i.Key], c.until[i.Key] = i.Value, time.Now().Add(i.Keep)
	}
	for _, l := range lines {
		c.history[l.Blogger] = append(c.history[l.Blogger], l.Text)
	}
	return nil
}

func (c *common) TryLock(ctx context.Context, key string) ([]byte, func(context.Context) error, error) {
	err := c.begin(ctx, "lock")
	defer c.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	if c.locked[key] {
		return c.value(key), nil, upstream.ErrLocked
	}
	c.locked[key] = true
	return c.value(key), func(ctx context.Context) error {
		err := c.begin(ctx, "unlock")
		defer c.mu.Unlock()
		delete(c.locked, key)
		return err
	}, nil
}

func (c *common) Turn(ctx context.Context) (time.Duration, error) {
	err := c.begin(ctx, "rate")
	defer c.mu.Unlock()
	wait := c.pace
	c.pace = 0
	return wait, err
}

func (c *common) Admit(ctx context.Context, endpoint string) (upstream.Grant, error) {
	err := c.begin(ctx, "budget")
	defer c.mu.Unlock()
	if err != nil {
		return upstream.Grant{}, err
	}
	now := time.Now()
	c.sent = slices.DeleteFunc(c.sent, func(t time.Time) bool { return now.Sub(t) >= upstream.BudgetWindow })
	if c.budget > 0 && len(c.sent) >= c.budget {
		return upstream.Grant{}, upstream.Spent(c.sent[len(c.sent)-c.budget].Add(upstream.BudgetWindow))
	}
	c.sent = append(c.sent, now)
	c.tally.Add(now, endpoint, upstream.Count{Sent: 1})
	return upstream.Grant{
		Left: c.budget - len(c.sent),
		Settle: func(ctx context.Context, billed bool) error {
			err := c.begin(ctx, "settle")
			defer c.mu.Unlock()
			if billed {
				c.tally.Add(now, endpoint, upstream.Count{Billed: 1})
			}
			return err
		},
		Refund: func(ctx context.Context) error {
			err := c.begin(ctx, "refund")
			defer c.mu.Unlock()
			if i := slices.Index(c.sent, now); i >= 0 {
				c.sent = slices.Delete(c.sent, i, i+1)
			}
			c.tally.Add(now, endpoint, upstream.Count{Sent: -1})
			return err
		},
	}, nil
}

func (c *common) Usage(ctx context.Context) (upstream.Usage, error) {
	err := c.begin(ctx, "usage")
	defer c.mu.Unlock()
	return upstream.Usage{Sent: len(c.sent), Endpoints: c.tally.Sum()}, err
}

func (c *common) Last(ctx context.Context, bloggers ...string) ([][]byte, error) {
	err := c.begin(ctx, "last")
	defer c.mu.Unlock()
	last := make([][]byte, len(bloggers))
	for i, b := range bloggers {
		if lines := c.history[b]; len(lines) > 0 {
			last[i] = lines[len(lines)-1]
		}
	}
	return last, err
}

func (c *common) Lines(ctx context.Context, blogger string) ([][]byte, error) {
	err := c.begin(ctx, "lines")
	defer c.mu.Unlock()
	return slices.Clone(c.history[blogger]), err
}

// left is what the budget has left.
func (c *common) left() int {
	u, _ := c.Usage(context.Background())
	return c.budget - u.Sent
}

// has reports whether something is kept under a key.
func (c *common) has(key string) bool {
	values, _ := c.Load(context.Background(), key)
	return len(values) == 1 && values[0] != nil
}

// shift makes what is kept so much younger.
func (c *common) shift(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, value := range c.values {
		head, data, _ := bytes.Cut(value, []byte("\n"))
		var record map[string]any
		if err := json.Unmarshal(head, &record); err != nil {
			panic(err)
		}
		at, err := time.Parse(time.RFC3339, record["at"].(string))
		if err != nil {
			panic(err)
		}
		record["at"] = at.Add(by)
		head, _ = json.Marshal(record)
		c.values[key] = append(append(head, '\n'), data...)
	}
}

// release gives back the lock of a process that was stopped for longer than its lease.
func (c *common) release(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.locked, key)
}

// forget drops what is kept.
func (c *common) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.values)
}

// keys are those under which something is kept.
func (c *common) keys() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.values))
}

// counts gives how often each operation ran, and begins anew.
func (c *common) counts() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	trips := c.trips
	c.trips = map[string]int{}
	return trips
}

// process is one of several over the same source and store.
func process(f upstream.Fetcher, store upstream.Store) *upstream.Lookups {
	return upstream.New(settings(), f, upstream.NewMemory(1000, 0), store)
}

// hangs is a store's fault: nothing ends.
func hangs(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }

var errBroken = errors.New("no space left")

// fails is a store's fault: nothing works.
func fails(context.Context, string) error { return errBroken }

// logTo is a log of text.
func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
