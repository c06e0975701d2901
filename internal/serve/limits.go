package serve

import (
	"context"
	"sync/atomic"
	"time"

	weighted "golang.org/x/sync/semaphore"
)

// The limits of what is under way. Together they keep the process under 300 MB,
// whatever clients do.
const (
	// maxCalls is the most messages that are answered at the same time.
	maxCalls = 1000
	// maxConnections is the most connections of the HTTP side. Further ones wait.
	maxConnections = maxStreams + maxCalls
	// maxStreams is the most clients of HTTP+SSE.
	maxStreams = 5000
	// maxPerStream is the most answers that one of them has coming, so that a
	// client that does not read cannot take the places of all others.
	maxPerStream = maxCalls / 2

	// maxMessage is the most bytes that a client may send at once.
	maxMessage = 1 << 20
	// smallMessage is what a message may have without counting towards
	// maxMessageBytes.
	smallMessage = 16 << 10
	// maxMessageBytes is the most bytes of larger messages that are read or
	// answered at the same time.
	maxMessageBytes = 32 << 20
	// maxBatch is the most messages of one batch.
	maxBatch = 100
	// maxLarge is the most calls that put an answer of over tools.LargeAnswer bytes
	// into words, or write it, at the same time: some 40 MB each.
	maxLarge = 2

	// maxHeader is the most bytes of a request's header, to which net/http adds 4096.
	maxHeader    = 12 << 10
	headerLimit  = 10 * time.Second // for a request's header
	readLimit    = 30 * time.Second // for a request with its body
	idleLimit    = 2 * time.Minute  // between two requests of a connection
	writeLimit   = 30 * time.Second // for one answer or event to be taken
	retrySeconds = "1"              // what a busy or ending server asks callers to wait

	drainLimit    = 25 * time.Second       // for what is under way when an HTTP server is to end
	shutdownGrace = 250 * time.Millisecond // for the answers to calls that were not done by then
	signalGrace   = time.Second            // for paid look-ups when a signal ends a stdio server
	unreadLimit   = 5 * time.Second        // for stdout to be read once stdin has ended

	// keepAlive is how often a stream without an event sends a comment, so that
	// proxies keep it open and a client that has gone is noticed.
	keepAlive = 10 * time.Second
)

// countedBytes is what a message counts towards maxMessageBytes.
func countedBytes(length int) int64 {
	if length <= smallMessage {
		return 0
	}
	return int64(length)
}

// pollInterval is how often an ending server looks whether all is done.
const pollInterval = 10 * time.Millisecond

// waitUntil waits until something is done or ctx ends.
func waitUntil(ctx context.Context, done func() bool) {
	for !done() && ctx.Err() == nil {
		time.Sleep(pollInterval)
	}
}

// semaphore is a weighted one that tells how much of it is held.
type semaphore struct {
	weighted *weighted.Weighted
	held     atomic.Int64
}

func newSemaphore(size int64) *semaphore {
	return &semaphore{weighted: weighted.NewWeighted(size)}
}

func (s *semaphore) tryAcquire(n int64) bool {
	ok := s.weighted.TryAcquire(n)
	if ok {
		s.held.Add(n)
	}
	return ok
}

// acquire waits until n are free or ctx ends, and reports which.
func (s *semaphore) acquire(ctx context.Context, n int64) bool {
	ok := s.weighted.Acquire(ctx, n) == nil
	if ok {
		s.held.Add(n)
	}
	return ok
}

func (s *semaphore) release(n int64) {
	s.held.Add(-n)
	s.weighted.Release(n)
}
