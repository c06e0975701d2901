package serve

import "sync/atomic"

const (
	// maxCalls is the most messages that are answered at the same time.
	maxCalls = 1000
	// maxStreams is the most clients of HTTP+SSE.
	maxStreams = 5000
	// maxPerStream is the most answers that one of them has coming, so that a
	// client that does not read cannot take the places of all others.
	maxPerStream = maxCalls / 2
)

// places counts what is under way against a limit.
type places struct {
	limit int64
	taken atomic.Int64
}

// take takes n places if so many are free. A negative n gives places back: that and
// 0 always succeed.
func (p *places) take(n int64) bool {
	if p.taken.Add(n) <= p.limit || n <= 0 {
		return true
	}
	p.taken.Add(-n)
	return false
}

func (p *places) free(n int64) { p.taken.Add(-n) }
