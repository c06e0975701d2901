package upstream

import (
	"context"
	"errors"
	"time"
)

// Store is memory that outlives the process, or that several processes share. It
// knows keys and bytes. Its methods may be called concurrently, and give up when
// ctx ends.
//
// An error means that the store cannot do this now. It never fails a look-up:
// Lookups go on with the process's own memory.
type Store interface {
	// Name is what warnings call the store.
	Name() string
	// Load gives what was saved last under each key, nil where there is nothing.
	// With an error, the values that could be read are there.
	Load(ctx context.Context, keys ...string) ([][]byte, error)
	// Save keeps items and adds lines to histories. When it returns without an
	// error, they outlive this process.
	Save(ctx context.Context, items []Item, lines []Line) error
	// TryLock makes the caller the only one to look a key up, or gives ErrLocked at
	// once if there is another. In both cases it gives what is saved under the key.
	// The lock ends with unlock or with the process.
	TryLock(ctx context.Context, key string) (value []byte, unlock func(context.Context) error, err error)
	// Turn takes the next place among the requests of all processes, by their
	// rate, and says how long it is until then; 0 where it is now.
	Turn(ctx context.Context) (time.Duration, error)
	// Admit counts one request of an endpoint. Where the budget of all processes
	// has none left the error is Spent.
	Admit(ctx context.Context, endpoint string) (Grant, error)
	// Usage is what Admit has counted in the last 24 hours.
	Usage(ctx context.Context) (Usage, error)
	// Last gives the newest line of each blogger's history; nil where there is none.
	Last(ctx context.Context, bloggers ...string) ([][]byte, error)
	// Lines gives a blogger's history, the oldest line first.
	Lines(ctx context.Context, blogger string) ([][]byte, error)
}

// Item is a value under a key, which is of use for Keep and no longer.
type Item struct {
	Key   string
	Value []byte
	Keep  time.Duration
}

// Line is one line of a blogger's history, without a line end.
type Line struct {
	Blogger string
	Text    []byte
}

// How much history a store keeps; what is older goes first.
const (
	MaxLines     = 400 // of a blogger
	MaxBloggers  = 50_000
	LineLifetime = 400 * 24 * time.Hour
)

// Grant is a request that may go out.
type Grant struct {
	Left   int                                          // of the budget of all processes; meaningless without one
	Settle func(ctx context.Context, billed bool) error // says that it has ended, and whether it was billed
	Refund func(ctx context.Context) error              // says that it never went out
}

// Usage is what was asked in the last 24 hours.
type Usage struct {
	Sent      int              // all requests that the budget counts
	Endpoints map[string]Count // by the endpoint's name
}

// Count is how many requests went out, and how many of them were billed.
type Count struct {
	Sent   int `json:"sent"`
	Billed int `json:"billed"`
}

// ErrLocked is what TryLock says where another process looks a key up.
var ErrLocked = errors.New("another process looks this up")

// BudgetWindow is the time in which a budget may be spent.
const BudgetWindow = 24 * time.Hour

// Spent is the error of a budget that has no request left until then.
func Spent(freesAt time.Time) *Error {
	return &Error{Kind: BudgetExhausted, Billed: NotBilled, FreesAt: freesAt}
}

// Tally counts requests by minute and endpoint, for the last 24 hours.
type Tally map[int64]map[string]Count

// Add counts at a moment, and forgets what is over.
func (t Tally) Add(at time.Time, endpoint string, c Count) {
	minute := at.Unix() / 60
	if t[minute] == nil {
		oldest := time.Now().Add(-BudgetWindow).Unix() / 60
		for m := range t {
			if m <= oldest {
				delete(t, m)
			}
		}
		t[minute] = map[string]Count{}
	}
	was := t[minute][endpoint]
	t[minute][endpoint] = Count{was.Sent + c.Sent, was.Billed + c.Billed}
}

// Sum gives the counts of the last 24 hours by endpoint.
func (t Tally) Sum() map[string]Count {
	sum := map[string]Count{}
	oldest := time.Now().Add(-BudgetWindow).Unix() / 60
	for minute, counts := range t {
		if minute <= oldest {
			continue
		}
		for endpoint, c := range counts {
			was := sum[endpoint]
			sum[endpoint] = Count{was.Sent + c.Sent, was.Billed + c.Billed}
		}
	}
	return sum
}
