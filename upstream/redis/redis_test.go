package redis_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

const (
	source = "https://upstream.example"
	key    = "profile/659902c1000000002200361b"
	// What the store has in Redis, answer and lock for the key above.
	answerKey = "pgy-mcp:v1:answer:" + source + ":" + key
	lockKey   = "pgy-mcp:v1:lock:" + source + ":" + key
	budgetKey = "pgy-mcp:v1:budget:" + source
	rateKey   = "pgy-mcp:v1:rate:" + source
)

// open gives a store, as one more replica would have it.
func open(t testing.TB, url string, o redis.Options) *redis.Store {
	t.Helper()
	if o.Source == "" {
		o.Source = source
	}
	s, err := redis.Open(url, o)
	if err != nil {
		t.Fatalf("open says %v, want a store", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close says %v, want nothing", err)
		}
	})
	return s
}

// client is a client of the test's own.
func client(t testing.TB, url string) *goredis.Client {
	t.Helper()
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatalf("parsing the URL ends with %v, want options", err)
	}
	c := goredis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// save puts an answer into a store.
func save(t testing.TB, s *redis.Store, key, data string) {
	t.Helper()
	if err := s.Save(t.Context(), []upstream.Item{{Key: key, Value: []byte(data), Keep: time.Hour}}, nil); err != nil {
		t.Fatalf("Save says %v, want it stored", err)
	}
}

// load gives what is kept under a key.
func load(t testing.TB, s *redis.Store, key string) string {
	t.Helper()
	values, err := s.Load(t.Context(), key)
	if err != nil || len(values) != 1 {
		t.Fatalf("Load gives %d values, %v, want one", len(values), err)
	}
	return string(values[0])
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !so() {
		select {
		case <-again.C:
		case <-late:
			t.Fatalf("waited 20s in vain, want that %s", what)
		}
	}
}

// Every key begins alike and expires.
func TestKeys(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), redis.Options{Rate: 0.01})
	save(t, s, key, `{"name":"a"}`)
	if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "b", Text: []byte("{}")}}); err != nil {
		t.Fatalf("Save says %v, want a line", err)
	}
	if _, _, err := s.TryLock(t.Context(), key); err != nil {
		t.Fatalf("TryLock says %v, want it free", err)
	}
	counts := fmt.Sprint("pgy-mcp:v1:counts:"+source+":", time.Now().Unix()/3600)
	g, err := s.Admit(t.Context(), "profile")
	if err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	if err := g.Settle(t.Context(), true); err != nil {
		t.Fatalf("Settle says %v, want it done", err)
	}
	if _, err := s.Turn(t.Context()); err != nil {
		t.Fatalf("Turn says %v, want a turn", err)
	}
	longest := map[string]time.Duration{
		answerKey:                             time.Hour,
		lockKey:                               10 * time.Second,
		budgetKey:                             24 * time.Hour,
		rateKey:                               100 * time.Second,
		counts:                                25 * time.Hour,
		"pgy-mcp:v1:history:" + source + ":b": upstream.LineLifetime,
		"pgy-mcp:v1:histories:" + source:      upstream.LineLifetime,
	}
	raw := client(t, server.URL())
	keys, err := raw.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatalf("KEYS ends with %v, want the keys", err)
	}
	slices.Sort(keys)
	if want := slices.Sorted(maps.Keys(longest)); !slices.Equal(keys, want) {
		t.Errorf("the keys are %q, want %q", keys, want)
	}
	for _, k := range keys {
		ttl, err := raw.PTTL(t.Context(), k).Result()
		if err != nil {
			t.Fatalf("PTTL ends with %v, want the time left", err)
		}
		if ttl == -1 {
			t.Errorf("%s never expires, want that it does", k)
		}
		if ttl > longest[k] {
			t.Errorf("%s expires in %s, want %s at most", k, ttl, longest[k])
		}
	}
}

// An answer that is of no more use is not kept, and nothing else fails.
func TestExpiry(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), redis.Options{})
	for _, keep := range []time.Duration{-time.Hour, 0, time.Microsecond, time.Millisecond} {
		if err := s.Save(t.Context(), []upstream.Item{{Key: key, Value: []byte("x"), Keep: keep}}, nil); err != nil {
			t.Errorf("save for %s says %v, want nothing", keep, err)
		}
		eventually(t, "an answer for "+keep.String()+" is gone", func() bool {
			values, err := s.Load(t.Context(), key)
			return err == nil && values[0] == nil
		})
	}
}

// What is under an answer's key and cannot be an answer is not read, and the next
// one that is saved takes its place.
func TestAListInAnAnswersPlace(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), redis.Options{}), client(t, server.URL())
	if err := raw.LPush(t.Context(), answerKey, "a").Err(); err != nil {
		t.Fatalf("LPUSH ends with %v, want it done", err)
	}
	if got := load(t, s, key); got != "" {
		t.Errorf("Load reads %q, want nothing", got)
	}
	save(t, s, key, "whole")
	if got := load(t, s, key); got != "whole" {
		t.Errorf("after Save, Load gives %q, want whole", got)
	}
}

// Beyond the most histories, the one that was added to longest ago goes.
func TestHistoriesAreBounded(t *testing.T) {
	server := redistest.Start(t)
	s, raw := open(t, server.URL(), redis.Options{}), client(t, server.URL())
	index := "pgy-mcp:v1:histories:" + source
	for _, b := range []string{"old", "older"} {
		if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: b, Text: []byte("{}")}}); err != nil {
			t.Fatalf("Save says %v, want a line", err)
		}
	}
	_, err := raw.Pipelined(t.Context(), func(p goredis.Pipeliner) error {
		p.ZAdd(t.Context(), index, goredis.Z{Member: "older", Score: 1})
		for i := range upstream.MaxBloggers - 2 {
			p.ZAdd(t.Context(), index, goredis.Z{Member: fmt.Sprint(i), Score: float64(time.Now().Unix())})
		}
		return nil
	})
	if err != nil {
		t.Fatalf("ZADD ends with %v, want it done", err)
	}
	if err := s.Save(t.Context(), nil, []upstream.Line{{Blogger: "new", Text: []byte("{}")}}); err != nil {
		t.Fatalf("Save says %v, want a line", err)
	}
	for b, want := range map[string]int{"older": 0, "old": 1, "new": 1} {
		if lines, err := s.Lines(t.Context(), b); err != nil || len(lines) != want {
			t.Errorf("%s has %d lines, %v, want %d", b, len(lines), err, want)
		}
	}
}

// Replicas with another upstream have answers, locks and a budget of their own.
func TestAnotherUpstream(t *testing.T) {
	server := redistest.Start(t)
	ours, other := open(t, server.URL(), redis.Options{Budget: 1}), open(t, server.URL(), redis.Options{Budget: 1, Source: "prod-cn"})
	save(t, ours, key, `{"of":"ours"}`)
	if got := load(t, other, key); got != "" {
		t.Errorf("Load from another upstream gives %q, want nothing", got)
	}
	save(t, other, key, `{"of":"the other"}`)
	if got, want := load(t, ours, key), `{"of":"ours"}`; got != want {
		t.Errorf("Load gives %.300s, want %s", got, want)
	}
	for _, s := range []*redis.Store{ours, other} {
		if _, err := s.Admit(t.Context(), "profile"); err != nil {
			t.Fatalf("Admit says %v, want a request", err)
		}
		if _, _, err := s.TryLock(t.Context(), key); err != nil {
			t.Fatalf("TryLock says %v, want it free", err)
		}
	}
}

// Requests are counted where there is no budget, for those who have one; and
// one with a lower budget waits until all over it have left.
func TestBudgetsDiffer(t *testing.T) {
	server := redistest.Start(t)
	none := open(t, server.URL(), redis.Options{})
	two := open(t, server.URL(), redis.Options{Budget: 2})
	raw := client(t, server.URL())
	for range 3 {
		if _, err := none.Admit(t.Context(), "profile"); err != nil {
			t.Fatalf("Admit says %v, want a request", err)
		}
	}
	u, err := two.Usage(t.Context())
	if err != nil || u.Sent != 3 {
		t.Errorf("Usage gives %+v, %v, want 3 sent", u, err)
	}
	// The first was made 20 hours ago, the second 10.
	requests, err := raw.ZRange(t.Context(), budgetKey, 0, -1).Result()
	if err != nil || len(requests) != 3 {
		t.Fatalf("the requests in Redis are %q, %v, want 3", requests, err)
	}
	now := time.Now()
	for i, ago := range []time.Duration{20 * time.Hour, 10 * time.Hour} {
		z := goredis.Z{Member: requests[i], Score: float64(now.Add(-ago).UnixMicro())}
		if err := raw.ZAdd(t.Context(), budgetKey, z).Err(); err != nil {
			t.Fatalf("ZADD ends with %v, want it done", err)
		}
	}
	_, err = two.Admit(t.Context(), "profile")
	var spent *upstream.Error
	if !errors.As(err, &spent) {
		t.Fatalf("Admit says %v, want that the budget is spent", err)
	}
	if want := now.Add(14 * time.Hour); spent.FreesAt.Sub(want).Abs() > time.Minute {
		t.Errorf("the next one is free at %s, want within a minute of %s", spent.FreesAt, want)
	}
	// Those of more than a day ago are gone.
	z := goredis.Z{Member: requests[0], Score: float64(now.Add(-24*time.Hour - time.Second).UnixMicro())}
	if err := raw.ZAdd(t.Context(), budgetKey, z).Err(); err != nil {
		t.Fatalf("ZADD ends with %v, want it done", err)
	}
	if _, err := none.Admit(t.Context(), "profile"); err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	if n, err := raw.ZCard(t.Context(), budgetKey).Result(); n != 3 || err != nil {
		t.Errorf("Redis has %d requests, %v, want 3", n, err)
	}
}

// Places in the row are as far apart as the rate says, in whatever order the
// replicas ask.
func TestTurn(t *testing.T) {
	server := redistest.Start(t)
	stores := []*redis.Store{open(t, server.URL(), redis.Options{Rate: 0.01}), open(t, server.URL(), redis.Options{Rate: 0.01})}
	begin := time.Now()
	for i := range 6 {
		wait, err := stores[i%2].Turn(t.Context())
		if err != nil {
			t.Fatalf("Turn says %v, want a turn", err)
		}
		most := time.Duration(i) * 100 * time.Second
		if least := most - time.Since(begin) - time.Millisecond; wait < least || wait > most {
			t.Errorf("place %d is in %s, want in %s to %s", i, wait, least, most)
		}
	}
	// The row begins anew where Redis's clock is set back.
	raw := client(t, server.URL())
	future := time.Now().Add(time.Hour).UnixMicro()
	if err := raw.HSet(t.Context(), rateKey, "asked", future, "next", future).Err(); err != nil {
		t.Fatalf("HSET ends with %v, want it done", err)
	}
	wantNoWait(t, stores[0])
}

// wantNoWait checks that a request has its turn at once.
func wantNoWait(t *testing.T, s *redis.Store) {
	t.Helper()
	wait, err := s.Turn(context.Background())
	if err != nil {
		t.Errorf("Turn says %v, want a turn", err)
	}
	if wait != 0 {
		t.Errorf("a request waits %s, want no wait", wait)
	}
}

func TestTurnWithoutALimit(t *testing.T) {
	s := open(t, "redis://127.0.0.1:1", redis.Options{})
	for range 3 {
		wantNoWait(t, s)
	}
}
