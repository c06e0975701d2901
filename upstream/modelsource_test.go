package upstream_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// modelRetry is no shorter than any back-off, so that a retry's time is known.
const modelRetry = 2 * time.Second

// outcome is what the source says to one request.
type outcome struct {
	fails *upstream.Error // nil: a profile
	free  bool            // a profile that is not charged
	again bool            // may be asked again
	hold  time.Duration   // keeps further requests off
}

var outcomes = []outcome{
	{}, {}, {}, {}, {free: true},
	{fails: &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed}},
	{fails: &upstream.Error{Kind: upstream.NotFound, Code: 404, Billed: upstream.NotBilled}},
	{fails: &upstream.Error{Kind: upstream.InvalidParameters, Billed: upstream.NotBilled}},
	{fails: &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}},
	{fails: &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}},
	{fails: &upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling}},
	{again: true, fails: &upstream.Error{Kind: upstream.UpstreamError, Code: 503, Billed: upstream.NotBilled, RetryAfter: modelRetry}},
	{again: true, fails: &upstream.Error{Kind: upstream.CollectionFailed, Billed: upstream.NotBilled, RetryAfter: modelRetry}},
	{again: true, fails: &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: modelRetry}},
	{again: true, fails: &upstream.Error{Kind: upstream.Unreachable, Billed: upstream.NotBilled, RetryAfter: modelRetry}},
	{hold: 10 * time.Second, fails: &upstream.Error{Kind: upstream.InsufficientBalance, Billed: upstream.NotBilled}},
	{hold: time.Minute, fails: &upstream.Error{Kind: upstream.QuotaExceeded, Billed: upstream.NotBilled}},
}

// desk is the model test's source: its requests lie open until the test answers
// them.
type desk struct {
	t    *testing.T
	mu   sync.Mutex
	open map[string]chan answer
}

type answer func() (*upstream.Response, error)

func (*desk) Ready() error { return nil }

func (s *desk) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	userID := q.Subject
	c := make(chan answer)
	s.mu.Lock()
	if s.open[userID] != nil {
		s.t.Errorf("two requests for %s are open, want one", userID)
	}
	s.open[userID] = c
	s.mu.Unlock()
	select {
	case a := <-c:
		return a()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// isOpen reports whether a request for this id lies open.
func (s *desk) isOpen(userID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[userID] != nil
}

// give answers the open request.
func (s *desk) give(userID string, a answer) {
	s.mu.Lock()
	c := s.open[userID]
	delete(s.open, userID)
	s.mu.Unlock()
	c <- a
}

func done(l *upstream.Lookup) bool {
	select {
	case <-l.Done():
		return true
	default:
		return false
	}
}
