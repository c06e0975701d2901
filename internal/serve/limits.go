package serve

import (
	"context"
	"sync/atomic"
	"time"

	weighted "golang.org/x/sync/semaphore"
)

// The limits of counts and bytes together keep the process under 300 MB, whatever clients
// do.
const (
	// maxReplies bounds the messages that are answered at the same time; those that want
	// no reply do not count.
	maxReplies = 1000
	// maxConnections bounds the HTTP connections. Further ones wait.
	maxConnections = maxStreams + maxReplies
	// maxStreams bounds the clients of HTTP+SSE.
	maxStreams = 5000
	// maxPerStream bounds the unread answers of one client of HTTP+SSE: a client that does
	// not read must not use up maxReplies.
	maxPerStream = maxReplies / 2

	// maxMessage bounds the bytes of a message or a batch.
	maxMessage = 1 << 20
	// smallMessage is up to how many bytes a message does not count towards
	// maxMessageBytes.
	smallMessage = 16 << 10
	// maxMessageBytes bounds the bytes of larger messages that are read or answered at
	// the same time.
	maxMessageBytes = 32 << 20
	// maxBatch bounds the messages of a batch.
	maxBatch = 100
	// maxLarge bounds the calls that encode or write a large answer (see
	// tools.Caller.Large) at the same time, with about 40 MB each.
	maxLarge = 2

	// maxHeader bounds the bytes of a request's header; net/http adds 4096.
	maxHeader    = 12 << 10
	headerLimit  = 10 * time.Second // for a request's header
	readLimit    = 30 * time.Second // for a request with its body
	idleLimit    = 2 * time.Minute  // between two requests of a connection
	writeLimit   = 30 * time.Second // for a client to take one answer or event
	retrySeconds = "1"              // Retry-After of a busy or draining server

	drainLimit    = 25 * time.Second       // for calls and requests in flight when an HTTP server ends
	shutdownGrace = 250 * time.Millisecond // for answers after that
	signalGrace   = time.Second            // for sent requests when a signal ends a stdio server
	unreadLimit   = 5 * time.Second        // for the client to read stdout after the end of stdin

	// keepAlive is how often a stream sends a comment, so that proxies keep it open and
	// the server notices a client that left.
	keepAlive = 10 * time.Second
)

// countedBytes returns how many bytes of a message count towards maxMessageBytes.
func countedBytes(length int) int64 {
	if length <= smallMessage {
		return 0
	}
	return int64(length)
}

// pollInterval is how often an ending server checks whether it is done.
const pollInterval = 10 * time.Millisecond

// waitUntil polls until done returns true or ctx ends.
func waitUntil(ctx context.Context, done func() bool) {
	for !done() && ctx.Err() == nil {
		time.Sleep(pollInterval)
	}
}

// semaphore is a weighted semaphore that knows how much of it is held. It may be used
// concurrently.
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
