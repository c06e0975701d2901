package upstream

import (
	"container/list"
	"time"

	"github.com/patrickmn/go-cache"
)

// maxBytes bounds what all answers in memory take: a usual one takes 1.5 KB, but
// an upstream may send megabytes.
const maxBytes = 256 << 20

// Memory keeps answers and the budget inside the process. One Lookups uses it, the
// answers under its lock.
type Memory struct {
	*budget
	size    int
	entries *cache.Cache

	order *list.List               // of stored, the oldest in front
	place map[string]*list.Element // by key
	bytes int
	most  int // of bytes
}

type stored struct {
	key     string
	expires time.Time
	bytes   int
}

// NewMemory keeps at most size answers, and 256 MiB; the oldest leave first. The
// budget is requests in any 24 hours, 0 for no limit.
func NewMemory(size, requests int) *Memory {
	return &Memory{
		budget: &budget{limit: requests},
		size:   size,
		// No janitor: its goroutine would outlive the memory. Save sweeps.
		entries: cache.New(cache.NoExpiration, 0),
		order:   list.New(),
		place:   make(map[string]*list.Element),
		most:    maxBytes,
	}
}

// Load gives the last answer under a key; an Entry without any if there is none.
func (m *Memory) Load(key string) Entry {
	v, _ := m.entries.Get(key)
	e, _ := v.(Entry)
	return e
}

// Save keeps an answer for so long. Each call drops what has expired at the old end
// and what is over the bounds: constant time, spread over the calls.
func (m *Memory) Save(key string, e Entry, keep time.Duration) {
	m.entries.Set(key, e, keep)
	if el, ok := m.place[key]; ok {
		m.bytes -= el.Value.(stored).bytes
		m.order.Remove(el)
	}
	s := stored{key, time.Now().Add(keep), e.size()}
	m.place[key] = m.order.PushBack(s)
	m.bytes += s.bytes
	for el := m.order.Front(); el != nil; el = m.order.Front() {
		oldest := el.Value.(stored)
		if m.order.Len() <= m.size && m.bytes <= m.most && time.Now().Before(oldest.expires) {
			break
		}
		m.order.Remove(el)
		m.bytes -= oldest.bytes
		delete(m.place, oldest.key)
		m.entries.Delete(oldest.key)
	}
}

// Entries is how many answers are stored.
func (m *Memory) Entries() int { return m.entries.ItemCount() }
