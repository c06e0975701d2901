package upstream

import (
	"container/list"
	"slices"
	"sync"
	"time"

	"github.com/patrickmn/go-cache"
)

// memoryBytes bounds what all answers in memory take: a usual one takes 1.5 KB, but
// an upstream may send megabytes.
const memoryBytes = 64 << 20

// Memory keeps one process's answers, counts of requests and histories. The counts are kept
// beside those of a store, the histories only where there is no store. The answers are used
// under the lock of Lookups, the rest under mu.
type Memory struct {
	entries    *cache.Cache // of the elements in order, by key
	order      *list.List   // of kept, the oldest in front
	bytes      int          // what the answers take
	maxEntries int
	maxBytes   int

	budget   int // requests in 24 hours; 0 is no limit
	mu       sync.Mutex
	sent     []time.Time // when requests were counted, the oldest first; empty without a budget
	tally    Tally
	history  map[string][][]byte // by blogger
	bloggers []string            // the one whose history began first in front
}

type kept struct {
	key   string
	entry *entry
}

// NewMemory makes a Memory of at most size answers, and of at most 64 MiB of them; the oldest
// leave first. requests is the budget of this process for any 24 hours; 0 is no limit.
func NewMemory(size, requests int) *Memory {
	return &Memory{
		// No janitor: its goroutine would outlive the memory. save sweeps.
		entries: cache.New(cache.NoExpiration, 0),
		order:   list.New(), maxEntries: size, maxBytes: memoryBytes,
		budget: requests, tally: Tally{}, history: make(map[string][][]byte),
	}
}

// load gives the entry under a key, an empty one if there is none; never nil.
func (m *Memory) load(key string) *entry {
	if el := m.element(key); el != nil {
		return el.Value.(kept).entry
	}
	return &entry{}
}

// element gives a key's element of order; nil if the entry has expired or there is none.
func (m *Memory) element(key string) *list.Element {
	v, _ := m.entries.Get(key)
	el, _ := v.(*list.Element)
	return el
}

// save keeps an entry for the time of keep. Each call also drops the oldest entries as long
// as they have expired or the bounds are exceeded: constant time, spread over the calls.
func (m *Memory) save(key string, e *entry, keep time.Duration) {
	if el := m.element(key); el != nil {
		m.drop(el)
	}
	m.bytes += e.size()
	// The cache takes 0 and less for no end.
	m.entries.Set(key, m.order.PushBack(kept{key, e}), max(keep, 1))
	for el := m.order.Front(); el != nil; el = m.order.Front() {
		expired := m.element(el.Value.(kept).key) != el
		if !expired && m.order.Len() <= m.maxEntries && m.bytes <= m.maxBytes {
			break
		}
		m.drop(el)
	}
}

// drop removes an element, and its key where no later one has taken that.
func (m *Memory) drop(el *list.Element) {
	k := m.order.Remove(el).(kept)
	m.bytes -= k.entry.size()
	if later := m.element(k.key); later == nil || later == el {
		m.entries.Delete(k.key)
	}
}

// admit counts one request and gives the time under which it is counted. It fails, and
// counts nothing, where the budget has no request left. A refund may free a request before
// the error's FreesAt.
func (m *Memory) admit(endpoint string) (at time.Time, spent *Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	at = time.Now().Round(0) // see NewResponse
	if m.budget > 0 {
		if len(m.sent) >= m.budget {
			return at, Spent(m.sent[0].Add(BudgetWindow))
		}
		m.sent = append(m.sent, at)
	}
	m.tally.Add(at, endpoint, Count{Sent: 1})
	return at, nil
}

// correct adds c, which may be negative, to the count that admit made at a time.
func (m *Memory) correct(at time.Time, endpoint string, c Count) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tally.Add(at, endpoint, c)
	if i := slices.Index(m.sent, at); c.Sent < 0 && i >= 0 {
		m.sent = slices.Delete(m.sent, i, i+1)
	}
}

// left is how many requests the budget still has; meaningless without a budget.
func (m *Memory) left() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	return m.budget - len(m.sent)
}

// forget drops what was sent 24 hours ago or earlier.
func (m *Memory) forget() {
	for len(m.sent) > 0 && time.Since(m.sent[0]) >= BudgetWindow {
		m.sent = m.sent[1:]
	}
}

// usage gives the requests of this process in the last 24 hours.
func (m *Memory) usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := Usage{Endpoints: m.tally.Sum()}
	for _, c := range u.Endpoints {
		u.Sent += c.Sent
	}
	return u
}

// add adds lines to histories, and drops what is beyond MaxLines and MaxBloggers.
func (m *Memory) add(lines []Line) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range lines {
		was, known := m.history[l.Blogger]
		if !known {
			m.bloggers = append(m.bloggers, l.Blogger)
		}
		m.history[l.Blogger] = append(was[max(0, len(was)-MaxLines+1):len(was):len(was)], l.Text)
	}
	for len(m.bloggers) > MaxBloggers {
		delete(m.history, m.bloggers[0])
		m.bloggers = m.bloggers[1:]
	}
}

// lines gives a blogger's history, the oldest line first.
func (m *Memory) lines(blogger string) [][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.history[blogger])
}

// last gives the newest line of each blogger's history; nil where there is none.
func (m *Memory) last(bloggers []string) [][]byte {
	last := make([][]byte, len(bloggers))
	for i, b := range bloggers {
		if lines := m.lines(b); len(lines) > 0 {
			last[i] = lines[len(lines)-1]
		}
	}
	return last
}
