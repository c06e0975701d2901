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

// ask looks the documented blogger up.
func ask(b *testing.B, l *upstream.Lookups) {
	c := l.Lookup(upstream.UserBlogger.Query(documented, upstream.Options{}), false)
	<-c.Done()
	if a, err := c.Answer(); err != nil || !a.Cached {
		b.Errorf("cached %v, %v", a.Cached, err)
	}
}

// BenchmarkAnswers compares a plain GET of an answer, what the store makes of
// it, a look-up that Redis answers, and one that memory in front answers, with a
// Redis behind it and without.
func BenchmarkAnswers(b *testing.B) {
	server := redistest.Start(b)
	s := open(b, server.URL(), redis.Options{})
	q := upstream.UserBlogger.Query(documented, upstream.Options{})
	if err := s.Save(b.Context(), q.Key(), profile(b), time.Hour); err != nil {
		b.Fatal(err)
	}
	lookups := func(memory *upstream.Memory, store upstream.Store) *upstream.Lookups {
		l := upstream.New(upstream.Settings{
			Source: source, TTL: time.Hour, Stale: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler),
		}, unasked{}, memory, store)
		b.Cleanup(l.Close)
		return l
	}
	full := upstream.NewMemory(10, 0)
	if err := full.Save(b.Context(), q.Key(), profile(b), time.Hour); err != nil {
		b.Fatal(err)
	}
	forgetful, inFront, alone := lookups(upstream.NewMemory(0, 0), s), lookups(upstream.NewMemory(10, 0), s), lookups(full, nil)
	ask(b, inFront)
	for name, run := range map[string]func(b *testing.B){
		"plain GET": func(b *testing.B) {
			if _, err := s.Get(b.Context(), q.Key()); err != nil {
				b.Error(err)
			}
		},
		"load": func(b *testing.B) {
			if _, err := s.Load(b.Context(), q.Key()); err != nil {
				b.Error(err)
			}
		},
		"from Redis":            func(b *testing.B) { ask(b, forgetful) },
		"from memory before it": func(b *testing.B) { ask(b, inFront) },
		"from memory, no Redis": func(b *testing.B) { ask(b, alone) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run(b)
			}
		})
		b.Run(name+", side by side", func(b *testing.B) {
			b.SetParallelism(16)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					run(b)
				}
			})
		})
	}
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
				b.Error(err)
			}
		}
	})
}

// BenchmarkSize reports what an answer and a counted request take in Redis.
func BenchmarkSize(b *testing.B) {
	const n = 100_000
	server := redistest.Start(b)
	raw := client(b, server.URL())
	s := open(b, server.URL(), redis.Options{})
	used := func() float64 {
		info, err := raw.Info(b.Context(), "memory").Result()
		if err != nil {
			b.Fatal(err)
		}
		_, rest, _ := strings.Cut(info, "used_memory_dataset:")
		text, _, _ := strings.Cut(rest, "\r\n")
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			b.Fatal(err)
		}
		_, rest, _ = strings.Cut(info, "used_memory_overhead:")
		text, _, _ = strings.Cut(rest, "\r\n")
		o, err := strconv.ParseFloat(text, 64)
		if err != nil {
			b.Fatal(err)
		}
		return v + o
	}
	e := profile(b)
	for b.Loop() {
		if err := raw.FlushAll(b.Context()).Err(); err != nil {
			b.Fatal(err)
		}
		empty := used()
		for i := range n {
			q := upstream.UserBlogger.Query(fmt.Sprintf("%024x", i), upstream.Options{})
			if err := s.Save(b.Context(), q.Key(), e, 30*time.Hour); err != nil {
				b.Fatal(err)
			}
		}
		answers := used()
		for range n {
			if _, err := s.Spend(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric((answers-empty)/n, "B/answer")
		b.ReportMetric((used()-answers)/n, "B/request")
	}
}
