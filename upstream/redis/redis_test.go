package redis_test

import (
	"testing"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
	"pgy-mcp/upstream/storetest"
)

const source = "https://upstream.example"

// open gives a store, as one more replica would have it.
func open(t testing.TB, url string, o redis.Options) *redis.Store {
	t.Helper()
	if o.Source == "" {
		o.Source = source
	}
	s, err := redis.Open(url, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, true, func(t *testing.T, budget int) storetest.Opener {
		server := redistest.Start(t)
		return func(t *testing.T) upstream.Store {
			return open(t, server.URL(), redis.Options{Budget: budget})
		}
	})
}
