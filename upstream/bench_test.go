package upstream_test

import (
	"testing"

	"pgy-mcp/upstream"
)

// BenchmarkCacheHit is a fresh profile asked for by 64 goroutines at once.
func BenchmarkCacheHit(b *testing.B) {
	d := upstream.New(settings(), upstream.NewSample(recordings), upstream.NewMemory(10, 0), nil)
	defer d.Close()
	<-d.Lookup(profile(documented), upstream.Ask{}).Done()
	b.SetParallelism(64)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if a, err := d.Lookup(profile(documented), upstream.Ask{}).Answer(); err != nil || !a.Cached {
				b.Errorf("the answer is %+v, %v, want it cached", a, err)
			}
		}
	})
}
