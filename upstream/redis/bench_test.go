package redis_test

import (
	"fmt"
	"testing"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis/redistest"
)

// BenchmarkLookup is one look-up over a Redis on this machine: of what another replica
// paid for, and a paid one with a budget.
func BenchmarkLookup(b *testing.B) {
	server := redistest.Start(b)
	url, begin := server.URL(), time.Now().UnixNano()
	payer := replica(b, &paid{}, url, 0, nil)
	id := func(n int) string { return fmt.Sprintf("%024x", begin+int64(n)) }
	for name, first := range map[string]bool{"from Redis": false, "paid": true} {
		b.Run(name, func(b *testing.B) {
			l := replica(b, &paid{}, url, 10_000_000, nil)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				q := upstream.Profile.Query(id(n), upstream.Options{})
				if first {
					q = upstream.Profile.Query(id(-1-n), upstream.Options{})
				} else {
					b.StopTimer()
					<-payer.Lookup(q, upstream.Ask{}).Done()
					b.StartTimer()
				}
				c := l.Lookup(q, upstream.Ask{})
				<-c.Done()
				if a, err := c.Answer(); err != nil || a.Cached == first {
					b.Fatalf("the look-up ends with %+v, %v, want an answer, paid: %v", a, err, first)
				}
			}
		})
	}
}
