package upstream

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/patrickmn/go-cache"
)

// Store is what replicas of the server would share: stored answers, the lock
// on a look-up and the budget. It must be safe for concurrent use.
type Store interface {
	// Load gives the last answer for a blogger, however old it is.
	Load(userID string) (Entry, bool)
	// Save keeps an answer, which is of use for keep and no longer.
	Save(userID string, e Entry, keep time.Duration)
	// Lock makes this process the only one that asks for this blogger, and
	// waits for that. The look-ups of one process do not meet here: the
	// Lookups joins them before.
	Lock(ctx context.Context, userID string) (unlock func(), err error)
	// Spend takes one request out of the budget; ok is false where none is
	// left, and freesAt says when one will be. refund gives it back, where the
	// request never went out.
	Spend() (refund func(), freesAt time.Time, ok bool)
	// Left is how many requests the budget still has; limited is false where
	// there is no budget.
	Left() (n int, limited bool)
	// Entries is how many answers are stored.
	Entries() int
}

// Entry is a paid answer: a profile, or the upstream's word that there is none.
type Entry struct {
	Response *Response
	Missing  *Error
	At       time.Time
}

// bytes is what of an entry depends on the upstream.
func (e Entry) bytes() int {
	if e.Response == nil {
		return 0
	}
	return len(e.Response.packed)
}

// maxBytes bounds what all stored profiles take: a usual one takes 1.5 KB, but
// an upstream may send megabytes.
const maxBytes = 256 << 20

// Memory is a Store inside the process.
type Memory struct {
	*budget
	size    int
	entries *cache.Cache

	mu    sync.Mutex
	order *list.List               // of stored, the oldest in front
	place map[string]*list.Element // by user id
	bytes int
	most  int // of bytes
}

type stored struct {
	userID  string
	expires time.Time
	bytes   int
}

// NewMemory keeps at most size answers, and 256 MiB; the oldest leave first. The budget is
// requests in any 24 hours, 0 for no limit.
func NewMemory(size, requests int) *Memory {
	return &Memory{
		budget: newBudget(requests),
		size:   size,
		// No janitor: its goroutine would outlive the store. Save sweeps.
		entries: cache.New(cache.NoExpiration, 0),
		order:   list.New(),
		place:   make(map[string]*list.Element),
		most:    maxBytes,
	}
}

// Load implements Store.
func (m *Memory) Load(userID string) (Entry, bool) {
	v, ok := m.entries.Get(userID)
	if !ok {
		return Entry{}, false
	}
	return v.(Entry), true
}

// Save implements Store. Each call drops what has expired at the old end and
// what is over the bounds: constant time, spread over the calls.
func (m *Memory) Save(userID string, e Entry, keep time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries.Set(userID, e, keep)
	if el, ok := m.place[userID]; ok {
		m.bytes -= el.Value.(stored).bytes
		m.order.Remove(el)
	}
	s := stored{userID, time.Now().Add(keep), e.bytes()}
	m.place[userID] = m.order.PushBack(s)
	m.bytes += s.bytes
	for el := m.order.Front(); el != nil; el = m.order.Front() {
		oldest := el.Value.(stored)
		if m.order.Len() <= m.size && m.bytes <= m.most && time.Now().Before(oldest.expires) {
			break
		}
		m.order.Remove(el)
		m.bytes -= oldest.bytes
		delete(m.place, oldest.userID)
		m.entries.Delete(oldest.userID)
	}
}

// Lock implements Store: there is no other process.
func (m *Memory) Lock(context.Context, string) (func(), error) { return func() {}, nil }

// Entries implements Store.
func (m *Memory) Entries() int { return m.entries.ItemCount() }
