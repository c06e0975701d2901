package upstream

import (
	"context"
	"errors"
	"time"
)

// Store is memory that outlives the process or that several processes share:
// answers, the lock on one look-up, the budget and the rate. Its methods may be
// called concurrently and give up when ctx ends.
//
// An error means that the store cannot be used now. It never fails a look-up:
// Lookups go on with the process's own memory.
type Store interface {
	// Load gives the last answer under a key, however old it is, or ErrNone.
	Load(ctx context.Context, key string) (Entry, error)
	// Save keeps an answer, which is of use for keep and no longer. When it
	// returns without an error, the answer outlives this process.
	Save(ctx context.Context, key string, e Entry, keep time.Duration) error
	// Lock makes the caller the only one to look a key up, or gives ErrLocked
	// at once if there is another. The lock ends with unlock or with the process.
	Lock(ctx context.Context, key string) (unlock func(), err error)
	// Spend takes one request out of the budget of all processes. Where none is
	// left the error is Spent.
	Spend(ctx context.Context) (refund func(), err error)
	// Left is how many requests that budget still has; only asked for where
	// there is one.
	Left(ctx context.Context) (int, error)
	// Pace takes the next place among the requests of all processes, by their
	// rate, and says how long it is until then; 0 where it is now.
	Pace(ctx context.Context) (time.Duration, error)
}

// What a Store answers besides its own failures.
var (
	ErrNone   = errors.New("nothing is stored under this key")
	ErrLocked = errors.New("another process looks this up")
)

// Spent is the error of a budget that has no request left until then.
func Spent(freesAt time.Time) *Error {
	return &Error{Kind: BudgetExhausted, Billed: NotBilled, FreesAt: freesAt}
}

// Entry is a paid answer: a response, or the upstream's word that there is none.
type Entry struct {
	Response *Response
	Missing  *Error
	At       time.Time // when it was fetched

	checked   time.Time // when the store was last known to have nothing newer
	refreshes int       // callers who asked for this refresh, left, and may come back for it
	charge    *charge   // what it cost this process; nil for nothing
}

// size is how many bytes of an entry are the upstream's.
func (e Entry) size() int {
	if e.Response == nil {
		return 0
	}
	return len(e.Response.packed)
}
