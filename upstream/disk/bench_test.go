package disk_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

// refusing is a source that must not be asked.
type refusing struct{}

func (refusing) Ready() error { return nil }

func (refusing) Fetch(context.Context, upstream.Query) (*upstream.Response, error) {
	return nil, &upstream.Error{Kind: upstream.Internal}
}

// BenchmarkColdLookup is a look-up that memory cannot answer and the disk can,
// among few and among many files.
func BenchmarkColdLookup(b *testing.B) {
	profile, err := os.ReadFile("../../testdata/upstream/659902c1000000002200361b.json")
	if err != nil {
		b.Fatal(err)
	}
	for _, files := range []int{100, 100_000} {
		b.Run(fmt.Sprintf("%d files", files), func(b *testing.B) {
			dir := b.TempDir()
			o := disk.Options{Source: source, Size: files, Keep: time.Hour}
			s := disk.Open(dir, o)
			q := upstream.Profile.Query("659902c1000000002200361b", upstream.Options{})
			if err := s.Save(b.Context(), q.Key(), answer(string(profile)), time.Hour); err != nil {
				b.Fatalf("save says %v, want it stored", err)
			}
			for i := range files - 1 {
				if err := os.WriteFile(filepath.Join(dir, "answers", fmt.Sprintf("%032x", i)), profile[:1500], 0o600); err != nil {
					b.Fatal(err)
				}
			}
			settings := upstream.Settings{TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler)}
			b.ReportAllocs()
			for b.Loop() {
				l := upstream.New(settings, refusing{}, upstream.NewMemory(10, 0), disk.Open(dir, o))
				lookup := l.Lookup(q, upstream.Ask{})
				<-lookup.Done()
				if _, err := lookup.Answer(); err != nil {
					b.Fatalf("the look-up ends with %v, want an answer", err)
				}
				l.Close()
			}
		})
	}
}
