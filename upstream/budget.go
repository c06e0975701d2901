package upstream

import (
	"slices"
	"sync"
	"time"
)

// BudgetWindow is the time in which a budget may be spent.
const BudgetWindow = 24 * time.Hour

// budget counts the requests of the last 24 hours.
type budget struct {
	mu    sync.Mutex
	limit int
	sent  []time.Time // at most limit of them, the oldest first
}

// Spend takes one request, or gives the failure where none is left. A refund may
// free a request earlier than that says.
func (b *budget) Spend() (refund func(), fail *Error) {
	if b.limit == 0 {
		return func() {}, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
	if len(b.sent) >= b.limit {
		return nil, Spent(b.sent[0].Add(BudgetWindow))
	}
	now := time.Now().Round(0) // see NewResponse
	b.sent = append(b.sent, now)
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if i := slices.Index(b.sent, now); i >= 0 {
			b.sent = slices.Delete(b.sent, i, i+1)
		}
	}, nil
}

// Left is how many requests there still are.
func (b *budget) Left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
	return b.limit - len(b.sent)
}

// forget drops what was sent 24 hours ago or earlier.
func (b *budget) forget() {
	b.sent = slices.DeleteFunc(b.sent, func(t time.Time) bool { return time.Since(t) >= BudgetWindow })
}
