package upstream

import (
	"context"
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

// Spend implements Store. A refund may free a request earlier than FreesAt says.
func (b *budget) Spend(context.Context) (refund func(), err error) {
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

// Left implements Store.
func (b *budget) Left(context.Context) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget()
	return b.limit - len(b.sent), nil
}

// forget drops what was sent 24 hours ago or earlier.
func (b *budget) forget() {
	b.sent = slices.DeleteFunc(b.sent, func(t time.Time) bool { return time.Since(t) >= BudgetWindow })
}
