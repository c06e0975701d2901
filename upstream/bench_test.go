package upstream_test

import (
	"os"
	"testing"

	"pgy-mcp/upstream"
)

// BenchmarkCacheHit is a fresh profile asked for by 64 goroutines at once.
func BenchmarkCacheHit(b *testing.B) {
	d := upstream.New(settings(), upstream.NewSample(os.DirFS("../testdata/upstream")), upstream.NewMemory(10, 0))
	defer d.Close()
	<-d.Lookup(documented, false).Done()
	b.SetParallelism(64)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if a, err := d.Lookup(documented, false).Answer(); err != nil || !a.Cached {
				b.Error("not from memory")
			}
		}
	})
}
