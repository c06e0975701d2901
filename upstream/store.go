package upstream

import (
	"context"
	"errors"
	"time"
)

// Store is memory that outlives the process, or that several processes share. It knows keys
// and bytes. Its methods may be called concurrently, and give up when ctx ends.
//
// An error means that the store cannot do this now, unless it is ErrLocked or Spent. It never
// fails a look-up: Lookups goes on with the process's own memory.
type Store interface {
	// Name is what warnings call the store.
	Name() string
	// Load gives what was saved last under each key, in the order of keys; nil where
	// nothing is saved. With an error, it gives the values that it could read, or none.
	Load(ctx context.Context, keys ...string) ([][]byte, error)
	// Save keeps items and adds lines to histories. Once it has returned without an error,
	// they outlive this process.
	Save(ctx context.Context, items []Item, lines []Line) error
	// TryLock takes the lock of a key, with which the caller alone looks the key up. If
	// another has the lock, the error is ErrLocked, at once, and unlock is nil. In both cases
	// value is what is saved under the key. The lock ends with unlock or with the process.
	TryLock(ctx context.Context, key string) (value []byte, unlock func(context.Context) error, err error)
	// Turn takes the next free moment that the rate of all processes leaves for a request,
	// and says how long the caller has to wait for it: 0 is not at all, as in a store without
	// a common rate.
	Turn(ctx context.Context) (time.Duration, error)
	// Admit counts one request of an endpoint in the budget of all processes. If that has no
	// request left, Admit counts nothing and the error is Spent.
	Admit(ctx context.Context, endpoint string) (Grant, error)
	// Usage gives what Admit has counted in the last 24 hours. A store may count an endpoint's
	// request only when it is settled.
	Usage(ctx context.Context) (Usage, error)
	// Last gives the newest line of each blogger's history, in the order of bloggers; nil
	// where there is none. With an error, it gives the lines that it could read, or none.
	Last(ctx context.Context, bloggers ...string) ([][]byte, error)
	// Lines gives a blogger's history, the oldest line first.
	Lines(ctx context.Context, blogger string) ([][]byte, error)
}

// Item is a value to keep under a key.
type Item struct {
	Key   string
	Value []byte
	Keep  time.Duration // how long the value is of use; not above 0 if it is of no more use
}

// Line is one line of a blogger's history, without a line end.
type Line struct {
	Blogger string
	Text    []byte
}

// The bounds of the histories in a store. The oldest lines, and the histories that were
// added to longest ago, are dropped first.
const (
	MaxLines     = 400 // of a blogger
	MaxBloggers  = 50_000
	LineLifetime = 400 * 24 * time.Hour
)

// Grant is a request that Admit has counted. Its owner calls Settle or Refund, once. Both are
// nil in the zero Grant, which a store that failed gives.
type Grant struct {
	Left   int                                          // requests left in the budget of all processes; meaningless without a budget
	Settle func(ctx context.Context, billed bool) error // says that the request has ended
	Refund func(ctx context.Context) error              // takes the request out of the count: it never went out
}

// Usage is how many requests were made in the last 24 hours.
type Usage struct {
	Sent      int              // all requests that the budget counts
	Endpoints map[string]Count // by Endpoint.Name
}

// Count is how many requests went out, and how many of them were billed.
type Count struct {
	Sent   int `json:"sent"`
	Billed int `json:"billed"`
}

// ErrLocked is the error of TryLock while another has the lock of the key.
var ErrLocked = errors.New("another process looks this up")

// BudgetWindow is the time over which a budget counts requests.
const BudgetWindow = 24 * time.Hour

// Spent is the error of a budget that has no request left until freesAt.
func Spent(freesAt time.Time) *Error {
	return &Error{Kind: BudgetExhausted, Billed: NotBilled, FreesAt: freesAt}
}

// Tally counts requests by minute, in Unix time, and by Endpoint.Name, for the last 24
// hours. It may not be used concurrently.
type Tally map[int64]map[string]Count

// Add adds c to the counts of the minute of at, and drops those of more than 24 hours ago.
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
