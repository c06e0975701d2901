package tools

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// manyIDs are n made-up bloggers.
func manyIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%024x", i+1)
	}
	return ids
}

// crowded is a source that takes a minute for a few bloggers, and a moment for the
// others; it knows how many requests were under way at most.
func crowded(most *atomic.Int64) fetcher {
	var now atomic.Int64
	return func(_ context.Context, id string) (*upstream.Response, error) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		time.Sleep(100 * time.Millisecond)
		if strings.HasSuffix(id, "00") {
			time.Sleep(time.Minute)
		}
		return billedProfile(id, `{"userId":"`+id+`","name":"甲","fansNum":7,"videoState":1,"videoPrice":100,"mEngagementNum":10}`), nil
	}
}

func TestALongListIsLookedUpAFewHundredAtATime(t *testing.T) {
	const users = 5200 // more than may be under way in one process
	for _, command := range []struct {
		name string
		run  func(context.Context, *Set) (failed int)
	}{
		{"compare", func(ctx context.Context, s *Set) int {
			c, _ := s.Compare(ctx, schema.CompareInput{UserIDs: manyIDs(users), Format: schema.FormatVideo, SortBy: schema.ByPriceCNY})
			return c.Meta.Failed + users - c.Meta.Billed
		}},
		{"review", func(ctx context.Context, s *Set) int {
			var in schema.ReviewInput
			for _, id := range manyIDs(users) {
				in.Notes = append(in.Notes, schema.AskedNote{ID: id})
			}
			r, _ := s.Review(ctx, in)
			return r.Meta.Failed + users - r.Meta.Billed
		}},
		{"insights", func(ctx context.Context, s *Set) (failed int) {
			for _, r := range s.Insights(ctx, manyIDs(users/2), schema.InsightsInput{}) {
				if r.Failure != "" {
					failed++
				}
			}
			return failed
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var most atomic.Int64
			b, end := newBench(setup{fetcher: crowded(&most), source: "prod-global"})
			defer end()
			var last float64
			ctx := WithProgress(t.Context(), func(done, total float64, _ string) {
				if done < last || done > total {
					t.Errorf("%s: the progress went from %v to %v of %v, want it to rise", command.name, last, done, total)
				}
				last = done
			})
			began := time.Now()
			testkit.Equal(t, "failures of "+command.name, command.run(ctx, b.set), 0)
			if n := most.Load(); n > atOnce+1 {
				t.Errorf("%s: %d look-ups at once, want about %d", command.name, n, atOnce)
			}
			// Slow look-ups keep none but themselves waiting.
			if took := time.Since(began); took > 70*time.Second {
				t.Errorf("%s took %s, want about a minute", command.name, took)
			}
		})
	}
}

// A blogger who is named twice, far apart, is asked for once, also where the answer is not
// kept and may have been billed.
func TestABloggerWhoIsNamedTwiceIsAskedForOnce(t *testing.T) {
	users := append(manyIDs(2*atOnce+1), manyIDs(1)...)
	for name, run := range map[string]func(context.Context, *Set) []CLIResult{
		"profile": func(ctx context.Context, s *Set) []CLIResult {
			return s.Profiles(ctx, users, schema.ProfileInput{})
		},
		"insights": func(ctx context.Context, s *Set) []CLIResult {
			return s.Insights(ctx, users, schema.InsightsInput{Sections: []schema.Section{schema.SectionCosts}})
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var requests atomic.Int64
			b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(context.Context, string) (*upstream.Response, error) {
				requests.Add(1)
				time.Sleep(time.Second)
				return nil, &upstream.Error{Kind: upstream.BadResponse, Billed: upstream.UnknownBilling}
			})})
			defer end()
			results := run(t.Context(), b.set)
			testkit.Equal(t, "the requests of "+name, requests.Load(), 2*atOnce+1)
			testkit.Equal(t, "the results of "+name, len(results), len(users))
			testkit.Equal(t, "the last result of "+name+", the first one's blogger", results[2*atOnce+1].UserID, results[0].UserID)
			testkit.HasPrefix(t, "its failure", results[2*atOnce+1].Failure, "bad_response: ")
		})
	}
}

// An interrupted command sends no more, and says which look-ups may have been billed.
func TestALongListIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{fetcher: slow(90*time.Second, &requests)})
		defer end()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		const users = atOnce + 50
		notStarted := 0
		for _, r := range b.set.Profiles(ctx, manyIDs(users), schema.ProfileInput{}) {
			testkit.HasPrefix(t, "the failure", r.Failure, "interrupted: ")
			if strings.Contains(r.Failure, "not started") {
				testkit.Contains(t, "a look-up that was not started", r.Failure, "Billed: no.")
				notStarted++
			}
		}
		testkit.Equal(t, "look-ups that were not started", notStarted, users-atOnce)
		c, _ := b.set.Compare(ctx, schema.CompareInput{UserIDs: manyIDs(users), Format: schema.FormatVideo, SortBy: schema.ByPriceCNY})
		testkit.Equal(t, "failed rows after the interruption", c.Meta.Failed, users)
		testkit.Equal(t, "the number of requests", requests.Load(), atOnce)
	})
}
