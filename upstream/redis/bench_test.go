package redis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

const documented = "659902c1000000002200361b"

// profile is the documented answer.
func profile(b *testing.B) upstream.Entry {
	b.Helper()
	var answer struct{ Data json.RawMessage }
	text, err := os.ReadFile("../../testdata/upstream/" + documented + ".json")
	if err != nil {
		b.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		b.Fatal(err)
	}
	r := upstream.NewResponse(documented, answer.Data, "6f1c0a51-6f6d-4c1e-9a52-0c6a5e1c7a10", true)
	return upstream.Entry{Response: r, At: r.FetchedAt}
}

// unasked is a source that nothing may reach.
type unasked struct{}

func (unasked) Ready() error { return nil }

func (unasked) Fetch(context.Context, upstream.Query) (*upstream.Response, error) {
	return nil, &upstream.Error{Kind: upstream.Internal}
}

// BenchmarkAnswers compares a look-up that Redis answers with a plain GET of the
// same value, in turns, and one that memory in front of it answers with one of a
// process without Redis.
func BenchmarkAnswers(b *testing.B) {
	server := redistest.Start(b)
	s := open(b, server.URL(), redis.Options{})
	q := upstream.Profile.Query(documented, upstream.Options{})
	full := upstream.NewMemory(10, 0)
	full.Save(q.Key(), profile(b), time.Hour)
	if err := s.Save(b.Context(), q.Key(), profile(b), time.Hour); err != nil {
		b.Fatal(err)
	}
	lookups := func(memory *upstream.Memory, store upstream.Store) func(b *testing.B) {
		l := upstream.New(upstream.Settings{
			Source: source, TTL: time.Hour, Stale: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler),
		}, unasked{}, memory, store)
		b.Cleanup(l.Close)
		return func(b *testing.B) {
			c := l.Lookup(q, upstream.Ask{})
			<-c.Done()
			if a, err := c.Answer(); err != nil || !a.Cached {
				b.Errorf("the answer is %+v, %v, want it cached", a, err)
			}
		}
	}
	get := func(b *testing.B) {
		if _, err := s.Get(b.Context(), q.Key()); err != nil {
			b.Errorf("a plain GET says %v, want the answer", err)
		}
	}
	b.Run("Redis", func(b *testing.B) { inTurns(b, get, lookups(upstream.NewMemory(0, 0), s)) })
	b.Run("in front", func(b *testing.B) {
		inFront := lookups(upstream.NewMemory(10, 0), s)
		inFront(b)
		inTurns(b, lookups(full, nil), inFront)
	})
}

// inTurns reports how long each of two takes.
func inTurns(b *testing.B, plain, ours func(*testing.B)) {
	var took [2]time.Duration
	for b.Loop() {
		for i, run := range []func(*testing.B){plain, ours} {
			begin := time.Now()
			run(b)
			took[i] += time.Since(begin)
		}
	}
	b.ReportMetric(float64(took[0])/float64(b.N), "ns/plain")
	b.ReportMetric(float64(took[1])/float64(b.N), "ns/ours")
	b.ReportMetric(float64(took[1])/float64(took[0]), "ours/plain")
}

// BenchmarkRequest is all that Redis does for a request that goes out.
func BenchmarkRequest(b *testing.B) {
	server := redistest.Start(b)
	s := open(b, server.URL(), redis.Options{Rate: 1e6, Budget: 1e9})
	e := profile(b)
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			key := "profile/" + strconv.FormatInt(time.Now().UnixNano(), 16)
			unlock, err := s.Lock(b.Context(), key)
			if err != nil {
				continue
			}
			_, err = s.Pace(b.Context())
			if err == nil {
				_, err = s.Spend(b.Context())
			}
			if err == nil {
				err = s.Save(b.Context(), key, e, time.Hour)
			}
			unlock()
			if err != nil {
				b.Errorf("pace, spend or save says %v, want none to fail", err)
			}
		}
	})
}

// BenchmarkSize is what an answer and a counted request take in Redis.
func BenchmarkSize(b *testing.B) {
	server := redistest.Start(b)
	raw := client(b, server.URL())
	s := open(b, server.URL(), redis.Options{})
	used := func() float64 { return memory(b, raw, "used_memory_dataset") + memory(b, raw, "used_memory_overhead") }
	e := profile(b)
	for what, keep := range map[string]func(i int) error{
		"answer": func(i int) error {
			q := upstream.Profile.Query(fmt.Sprintf("%024x", i), upstream.Options{})
			return s.Save(b.Context(), q.Key(), e, 30*time.Hour)
		},
		"request": func(int) error {
			_, err := s.Spend(b.Context())
			return err
		},
	} {
		b.Run(what, func(b *testing.B) {
			before, n := used(), 0
			for b.Loop() {
				if err := keep(n); err != nil {
					b.Fatalf("keeping the %s says %v, want it stored", what, err)
				}
				n++
			}
			b.ReportMetric((used()-before)/float64(n), "B/"+what)
		})
	}
}

// memory is one of the figures of Redis's memory, in bytes.
func memory(b *testing.B, raw *goredis.Client, name string) float64 {
	b.Helper()
	info, err := raw.Info(b.Context(), "memory").Result()
	if err != nil {
		b.Fatalf("INFO ends with %v, want the figures", err)
	}
	_, rest, _ := strings.Cut(info, name+":")
	text, _, _ := strings.Cut(rest, "\r\n")
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		b.Fatalf("the figure cannot be read: %v, want a number", err)
	}
	return v
}
