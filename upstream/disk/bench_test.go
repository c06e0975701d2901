package disk_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

const documented = "659902c1000000002200361b"

// paid is a source that is charged for, and answers with the documented profile.
type paid struct{ data json.RawMessage }

func (paid) Ready() error { return nil }

func (p paid) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	return upstream.NewResponse(q.Subject, p.data, "", true), nil
}

// crowded is a folder with so many answers and requests of the last 24 hours, one of
// the answers being that of the query.
func crowded(b *testing.B, files, requests int) (dir string, f paid, s upstream.Settings) {
	b.Helper()
	text, err := os.ReadFile("../../testdata/upstream/" + documented + ".json")
	if err != nil {
		b.Fatal(err)
	}
	var answer struct{ Data json.RawMessage }
	if err := json.Unmarshal(text, &answer); err != nil {
		b.Fatal(err)
	}
	dir, f = b.TempDir(), paid{answer.Data}
	s = upstream.Settings{Source: "test", Upstream: source, TTL: time.Hour, Stale: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler)}
	l := upstream.New(s, f, upstream.NewMemory(10, 0), open(b, dir, disk.Options{Source: source, Size: 1_000_000}))
	<-l.Lookup(upstream.Profile.Query(documented, upstream.Options{}), upstream.Ask{}).Done()
	l.Close()
	matches, err := filepath.Glob(filepath.Join(dir, "requests-????????"))
	if err != nil || len(matches) != 1 {
		b.Fatalf("the files of requests are %q, %v, want one", matches, err)
	}
	var lines strings.Builder
	for i := range requests {
		fmt.Fprintln(&lines, time.Now().Add(-23*time.Hour).UnixNano()+int64(i)*int64(190*time.Millisecond))
	}
	if err := os.WriteFile(matches[0], []byte(lines.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	folder, err := filepath.Glob(filepath.Join(dir, "answers", "*"))
	if err != nil || len(folder) != 1 {
		b.Fatalf("the folders of answers are %q, %v, want one", folder, err)
	}
	for i := range files {
		if err := os.WriteFile(filepath.Join(folder[0], fmt.Sprintf("%032x", i)), value("x", "y", time.Hour), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	return dir, f, s
}

var crowd = flag.Int("crowd", 0, "also look up among so many files, which takes a minute to make for 300,000")

// BenchmarkLookup is one look-up of a fresh process: of what is on disk, and a paid
// one with a budget, among few and among many files and requests.
func BenchmarkLookup(b *testing.B) {
	type among struct{ files, requests int }
	cases := []among{{100, 0}, {100, 432_000}}
	if *crowd > 0 {
		cases = append(cases, among{*crowd, 432_000})
	}
	for _, c := range cases {
		b.Run(fmt.Sprintf("%d files, %d requests", c.files, c.requests), func(b *testing.B) {
			dir, f, s := crowded(b, c.files, c.requests)
			for name, ask := range map[string]func(n int) string{
				"from disk": func(int) string { return documented },
				"paid":      func(n int) string { return fmt.Sprintf("%024x", time.Now().UnixNano()+int64(n)) },
			} {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for n := 0; b.Loop(); n++ {
						const budget = 1_000_000
						store := open(b, dir, disk.Options{Source: source, Size: 1_000_000, Budget: budget})
						l := upstream.New(s, f, upstream.NewMemory(10, budget), store)
						lookup := l.Lookup(upstream.Profile.Query(ask(n), upstream.Options{}), upstream.Ask{})
						<-lookup.Done()
						if a, err := lookup.Answer(); err != nil || a.Cached != (name == "from disk") {
							b.Fatalf("the look-up ends with %+v, %v, want an answer, cached: %v", a, err, name == "from disk")
						}
						if n, _ := l.Left(); n > budget-c.requests {
							b.Fatalf("%d requests are left, want %d at most", n, budget-c.requests)
						}
						b.StopTimer()
						l.Close()
						store.Wait()
						b.StartTimer()
					}
				})
			}
		})
	}
}
