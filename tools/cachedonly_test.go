package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// waitHours passes time in a bubble.
func waitHours(n time.Duration) { time.Sleep(n * time.Hour) }

// counted is a source of bloggers that counts its requests.
func counted(requests *atomic.Int64) fetcher {
	return func(_ context.Context, userID string) (*upstream.Response, error) {
		requests.Add(1)
		return billedProfile(userID, `{"userId":"`+userID+`","name":"甲","fansNum":7,"videoState":1,"videoPrice":100,"mEngagementNum":10}`), nil
	}
}

const notCachedError = "not_cached: Nothing is cached for this, and cachedOnly pays nothing. Next step: make the same call without cachedOnly; it is one paid request each."

func TestCachedOnlyProfile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{source: "prod-global", fetcher: counted(&requests)})
		defer end()
		const free = `{"userId":"` + documented + `","cachedOnly":true}`
		testkit.Equal(t, "the text of what is not cached", read(t, b.call(t, t.Context(), free)).text(), "not_cached: Nothing is cached for this, and cachedOnly pays nothing.\n"+
			"Retryable: no; the same call without cachedOnly is paid. Billed: no.\nNext step: make the same call without cachedOnly; it is a paid request.")
		b.profile(t)
		fresh := read(t, b.call(t, t.Context(), free))
		testkit.Equal(t, "the origin of what is fresh", fresh.origin(), origin{Cached: true})
		testkit.Lacks(t, "the text of what is fresh", fresh.text(), "These figures are from")
		waitHours(7)
		stale := read(t, b.call(t, t.Context(), free))
		testkit.Equal(t, "the origin of what is past its time", stale.origin(), origin{Cached: true, Stale: true})
		for channel, said := range map[string]string{"text": stale.text(), "summary": string(stale.Structured.Summary)} {
			testkit.ContainsOnce(t, "the "+channel+" of what is past its time", said, "These figures are from 7 h ago, past their time; served since cachedOnly pays nothing.")
		}
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
		both := read(t, b.call(t, t.Context(), `{"userId":"`+documented+`","cachedOnly":true,"refresh":true}`))
		testkit.Contains(t, "the text of both", both.text(), "invalid_argument: refresh and cachedOnly exclude each other")
	})
}

// A comparison of nobody that is cached is a result; rows that are not cached are no
// failures, and one sentence tells of all of them.
func TestCachedOnlyComparison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{source: "prod-global", fetcher: counted(&requests)})
		defer end()
		in := schema.CompareInput{UserIDs: []string{jia, yi}, CachedOnly: true}
		got := b.compare(t, t.Context(), in)
		testkit.Equal(t, "the kind of a comparison of nobody", got.kind, "")
		testkit.Equal(t, "what was counted", got.counts(), counts{NotCached: 2})
		for _, r := range got.Rows {
			testkit.Equal(t, "the error of "+r.UserID, r.Error, notCachedError)
		}
		testkit.ContainsOnce(t, "the text", got.text, "not_cached: ", notCachedError+" ("+jia+", "+yi+")", "2 looked up, 0 cached, 0 billed, 0 pending, 0 failed, 2 not cached.")
		testkit.Equal(t, "the outcome's kind", b.outcomes[0].Kind, "ok")

		b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{yi}})
		waitHours(7)
		got = b.compare(t, t.Context(), in)
		testkit.Equal(t, "what was counted later", got.counts(), counts{Cached: 1, NotCached: 1})
		testkit.Equal(t, "the flags", fmt.Sprint(got.Rows[0].UserID, got.Rows[0].Flags), yi+"[stale]")
		testkit.Equal(t, "the caveats", fmt.Sprint(got.Meta.Caveats), "[These figures are older than they should be, served since cachedOnly pays nothing. (甲)]")
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
	})
}

// A malformed id is a failure all the same; where nothing else is there but failures,
// the call fails.
func TestCachedOnlyComparisonWithAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{source: "prod-global", fetcher: counted(&requests)})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{jia, "4639645438"}, CachedOnly: true})
		testkit.Equal(t, "what was counted", got.counts(), counts{Failed: 1, NotCached: 1})
		testkit.Equal(t, "the last row", got.Rows[1].UserID, "4639645438")
		got = b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{"4639645438"}, CachedOnly: true})
		testkit.Equal(t, "the kind where all fail", got.kind, "invalid_argument")
	})
}

// Sections that are not cached are in failed, and counted apart.
func TestCachedOnlyInsights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := fullSections(t)
		b, end := newBench(setup{fetcher: p, source: "prod-global"})
		defer end()
		const free = `{"userId":"` + full + `","cachedOnly":true}`
		none := b.insights(t, free)
		testkit.HasPrefix(t, "the text of no section", none.text(), "not_cached: None of the 2 sections could be looked up. One of them: Nothing is cached for this, and cachedOnly pays nothing.\nRetryable: no; the same call without cachedOnly is paid. Billed: no.\n"+
			"Next step: make the same call without cachedOnly; it is one paid request each.\n- performance: not_cached: ")
		one := b.insights(t, `{"userId":"`+full+`","sections":["audience"],"cachedOnly":true}`)
		testkit.Contains(t, "the text of one section", one.text(), "Next step: make the same call without cachedOnly; it is a paid request.\n- audience: not_cached: ")
		b.insights(t, `{"userId":"`+full+`","sections":["audience"]}`)
		waitHours(7)
		got := b.insights(t, free)
		testkit.Equal(t, "what was counted", got.counts(), counts{Cached: 1, NotCached: 1})
		testkit.Equal(t, "failed", string(JSON(got.Structured.Failed)), `[{"section":"performance","error":"not_cached: Nothing is cached for this, and cachedOnly pays nothing."}]`)
		testkit.Contains(t, "the text", got.text(), "\nThis call: 1 cached, 0 billed, 0 failed, 1 not cached")
		testkit.Equal(t, "the caveats of audience", fmt.Sprint(got.Structured.Audience["caveats"]), "[These figures are from 7 h ago, past their time; served since cachedOnly pays nothing.]")
		testkit.Equal(t, "the requests", p.count(), "map[audience:1]")
	})
}

// A call that pays nothing joins a look-up under way.
func TestCachedOnlyJoinsALookUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{fetcher: slow(30*time.Second, &requests)})
		defer end()
		go b.set.Call(t.Context(), "get_blogger_profile", json.RawMessage(`{"userId":"`+documented+`"}`))
		synctest.Wait()
		checkKind(t, "a call that joins", read(t, b.call(t, t.Context(), `{"userId":"`+documented+`","cachedOnly":true}`)), "")
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
	})
}

// The command line is told how many look-ups have no fresh answer.
func TestCachedOnlyCountsOpenLookUps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, end := newBench(setup{source: "prod-global", fetcher: counted(&requests)})
		defer end()
		b.set.Profiles(t.Context(), []string{jia}, schema.ProfileInput{})
		waitHours(7) // past its time
		b.set.Profiles(t.Context(), []string{yi}, schema.ProfileInput{})
		ids := []string{jia, yi, bing, "none"}
		in := schema.CompareInput{Format: schema.FormatVideo, SortBy: schema.ByPriceCNY, CachedOnly: true}
		in.AddUsers(ids)
		_, open := b.set.Compare(t.Context(), in)
		testkit.Equal(t, "open look-ups of a comparison", open, 2)
		got := ""
		for _, r := range b.set.Profiles(t.Context(), ids, schema.ProfileInput{CachedOnly: true}) {
			got += fmt.Sprint(r.NotFresh)
		}
		testkit.Equal(t, "open look-ups of profiles", got, "1010")
		sections := b.set.Insights(t.Context(), ids, schema.InsightsInput{CachedOnly: true})
		testkit.Equal(t, "open look-ups of two sections", sections[2].NotFresh, 2)
		testkit.Equal(t, "the number of requests", requests.Load(), 2)
	})
}
