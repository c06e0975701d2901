package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// noteID is the nth note of the recorded campaign.
func noteID(n int) string { return fmt.Sprintf("5a3e1e0000000000000000c%d", n) }

// reviewed is a review as a client reads it.
type reviewed struct {
	raw        []byte
	text, kind string
	schema.Review
}

func (r reviewed) counts() counts {
	m := r.Meta
	return counts{Cached: m.Cached, Billed: m.Billed, Failed: m.Failed, Pending: m.Pending, NotCached: m.NotCached}
}

func (b *bench) review(t *testing.T, ctx context.Context, arguments string) reviewed {
	t.Helper()
	result, ok := b.set.Call(ctx, "review_notes", json.RawMessage(arguments))
	if !ok {
		t.Fatal("there is no tool review_notes, want one")
	}
	raw := bytes.Join(result.Object(""), nil)
	var r struct {
		Content           []struct{ Text string }
		IsError           bool
		StructuredContent *schema.Review
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("the result is %.300s: %v, want JSON", raw, err)
	}
	if absent := r.StructuredContent == nil; absent != r.IsError {
		t.Errorf("structuredContent is absent: %v, and isError is %v, want both or neither: %.300s", absent, r.IsError, raw)
	}
	checkWire(t, raw)
	out := reviewed{raw: raw, text: r.Content[0].Text}
	if r.IsError {
		out.kind, _, _ = strings.Cut(out.text, ":")
	} else {
		out.Review = *r.StructuredContent
		checkStructured(t, compiled(t, schema.PublishedReview), raw)
	}
	return out
}

// The recorded campaign as a client gets it: totals as the guide has them, a note without
// counts, a young one, and one that fails.
func TestReviewGolden(t *testing.T) {
	for name, arguments := range map[string]string{
		"campaign": `{"notes":["` + noteID(1) + `","` + noteID(2) + `","` + noteID(3) + `","` + noteID(4) + `","` + noteID(5) + `","` + noteID(6) + `"],"paidCny":[0,13200,700,40000,5000,100]}`,
		"ranked":   `{"notes":["` + noteID(1) + `","https://www.xiaohongshu.com/explore/` + noteID(2) + `?xsec_token=AB=","xhslink.com/a/b"],"sortBy":"reads"}`,
		"failed":   `{"notes":["` + noteID(6) + `","https://www.xiaohongshu.com/user/profile/` + full + `"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			var got reviewed
			synctest.Test(t, func(t *testing.T) {
				b, end := newBench(setup{fetcher: sample()})
				defer end()
				got = b.review(t, t.Context(), arguments)
			})
			checkGolden(t, "review/"+name, got.raw)
		})
	}
}

// notes is a source of notes: the nth has n times 100 reads. It answers 8 with an error,
// 9 with another note, and takes 90 s for 7.
func notes(requests map[string]int) upstream.Fetcher {
	var mu sync.Mutex
	return noteFetcher(func(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
		mu.Lock()
		requests[q.Endpoint.Name+" "+q.Subject]++
		mu.Unlock()
		var n int
		_, _ = fmt.Sscanf(q.Subject, "%x", &n)
		switch n {
		case 7:
			time.Sleep(90 * time.Second)
		case 8:
			return nil, &upstream.Error{Kind: upstream.CollectionFailed, Code: 301, Billed: upstream.NotBilled}
		}
		data := fmt.Sprintf(`{"noteId":%q,"title":"note|%d","readNum":%d,"likeNum":%d,"createTime":"1999-12-01 12:00","userInfo":{"userId":%q,"nickName":"n","clickMidNum":1000}}`, q.Subject, n, n*100, n, testkit.BloggerID(n))
		return upstream.NewResponse(q.Subject, json.RawMessage(data), "req-1", true), nil
	})
}

type noteFetcher func(ctx context.Context, q upstream.Query) (*upstream.Response, error)

func (noteFetcher) Ready() error { return nil }

func (f noteFetcher) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	return f(ctx, q)
}

// reviewOf writes a call for the notes of these numbers.
func reviewOf(more string, numbers ...int) string {
	ids := make([]string, len(numbers))
	for i, n := range numbers {
		ids[i] = testkit.BloggerID(n)
	}
	return `{"notes":` + string(JSON(ids)) + more + `}`
}

// A note is one paid request, and in memory free; one failure is its own row's; a note
// that is named twice counts once.
func TestReviewCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := map[string]int{}
		b, end := newBench(setup{fetcher: notes(requests), source: "prod-global"})
		defer end()
		got := b.review(t, t.Context(), reviewOf(`,"paidCny":[10,20,30,10]`, 1, 8, 2, 1))
		testkit.Equal(t, "what was counted", got.counts(), counts{Billed: 2, Failed: 1})
		testkit.Equal(t, "the number of rows", len(got.Rows), 3)
		testkit.Equal(t, "requests for the first note", requests["note "+testkit.BloggerID(1)], 1)
		testkit.HasPrefix(t, "the error of the second row", got.Rows[1].Error, "collection_failed: The upstream could not collect this note's data")
		testkit.Equal(t, "what was paid for the failed note", *got.Rows[1].PaidCNY, 20)
		testkit.Equal(t, "the notes of the total", got.Totals.PaidNotes, 2)
		testkit.Contains(t, "the text", got.text, "\n- Notes: 3 looked up, 0 cached, 2 billed, 0 pending, 1 failed.\n")
		again := b.review(t, t.Context(), reviewOf("", 1, 2))
		testkit.Equal(t, "what was counted again", again.counts(), counts{Cached: 2})
		time.Sleep(6 * time.Minute)
		testkit.Equal(t, "what was counted with refresh", b.review(t, t.Context(), reviewOf(`,"refresh":true`, 1)).counts(), counts{Billed: 1})
	})
}

// Rows that are ready do not wait for one that is not, and it comes for free.
func TestReviewWithAPendingRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: notes(map[string]int{}), source: "prod-global"})
		defer end()
		arguments := reviewOf(`,"sortBy":"reads"`, 7, 1)
		got := b.review(t, t.Context(), arguments)
		testkit.Equal(t, "what was counted", got.counts(), counts{Billed: 1, Pending: 1})
		testkit.Equal(t, "the error of the ready row", got.Rows[0].Error, "")
		testkit.HasPrefix(t, "the error of the other row", got.Rows[1].Error, "pending: ")
		testkit.Contains(t, "the error of the other row", got.Rows[1].Error, "call again with the same note in 15 s")
		time.Sleep(time.Minute)
		testkit.Equal(t, "what was counted later", b.review(t, t.Context(), arguments).counts(), counts{Cached: 2, Billed: 1})
		testkit.Equal(t, "a call with a pending row alone", b.review(t, t.Context(), reviewOf(`,"refresh":true`, 7)).kind, "")
	})
}

// cachedOnly pays nothing: what is not in memory is a row that says so, and no error.
func TestReviewCachedOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := map[string]int{}
		b, end := newBench(setup{fetcher: notes(requests), source: "prod-global"})
		defer end()
		none := b.review(t, t.Context(), reviewOf(`,"cachedOnly":true`, 1, 2))
		testkit.Equal(t, "what was counted", none.counts(), counts{NotCached: 2})
		testkit.Equal(t, "the number of requests", len(requests), 0)
		b.review(t, t.Context(), reviewOf("", 1))
		time.Sleep(7 * time.Hour)
		one := b.review(t, t.Context(), reviewOf(`,"cachedOnly":true`, 1, 2))
		testkit.Equal(t, "what was counted with one in memory", one.counts(), counts{Cached: 1, NotCached: 1})
		testkit.Contains(t, "the text", one.text, "These figures are older than they should be, served since cachedOnly pays nothing. (note/1)", "\n- Without an answer: not_cached: ")
		if !slices.Contains(one.Rows[0].Flags, "stale") {
			t.Errorf("the flags of a stale row are %q, want stale among them", one.Rows[0].Flags)
		}
	})
}

// What an answer says of the author is a row of a comparison, for free.
func TestReviewServesComparisons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := map[string]int{}
		b, end := newBench(setup{fetcher: notes(requests), source: "prod-global"})
		defer end()
		b.review(t, t.Context(), reviewOf("", 1))
		c := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{testkit.BloggerID(1)}, SortBy: schema.ByReadMedian})
		testkit.Equal(t, "what the comparison counted", c.counts(), counts{Cached: 1})
		testkit.Equal(t, "the author's flags", strings.Join(c.Rows[0].Flags, " "), "from a note")
		testkit.Equal(t, "the number of requests", len(requests), 1)
	})
}

// Where nothing came, the result is an error, in words about notes.
func TestReviewOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: notes(map[string]int{}), source: "prod-global"})
		defer end()
		got := b.review(t, t.Context(), reviewOf("", 8))
		testkit.Equal(t, "the kind", got.kind, "collection_failed")
		testkit.Contains(t, "the text", got.text, "call again with the same note in 30 s; after two more failures go on without this note.")
		for arguments, want := range map[string]string{
			`{"notes":["http://xhslink.com/a/b"]}`:                                "invalid_argument: note is an xhslink.com short link",
			`{"notes":["https://www.xiaohongshu.com/user/profile/` + full + `"]}`: "invalid_argument: note is a blogger's profile URL",
			reviewOf(`,"paidCny":[1,2]`, 1, 1):                                    "invalid_argument: paidCny has two amounts for the note",
		} {
			got := b.review(t, t.Context(), arguments)
			testkit.Contains(t, arguments, got.text, want, "Billed: no.", "nothing was asked or paid")
		}
		testkit.Equal(t, "look-ups of refused calls", b.outcomes[len(b.outcomes)-1].Missed, 0)
	})
}

// Each failure of a note is in words about notes, in both languages.
func TestFailuresOfNotes(t *testing.T) {
	for kind := range failureTexts {
		for _, l := range []lang.Language{lang.English, lang.Chinese} {
			text := failedOf(l, &upstream.Error{Kind: kind}, aNote).Text()
			testkit.Lacks(t, fmt.Sprintf("%s in %s", kind, l), text, "userId against", "same userId", "this userId", "blogger", "博主", "{again}", "%s")
			if l == lang.Chinese {
				checkChinese(t, strings.ReplaceAll(text, "userId", ""))
			}
		}
	}
}

// A figure that no note has makes no ranking, and the text says so.
func TestReviewWithoutAValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: notes(map[string]int{}), source: "prod-global"})
		defer end()
		got := b.review(t, t.Context(), reviewOf(`,"sortBy":"cnyPerRead"`, 1, 2))
		testkit.Contains(t, "the text", got.text, "No note has a rank: CNY per read is unknown for all of them.")
	})
}

// Twenty rows of long titles and large figures stay within what VS Code shows.
func TestTwentyNotesStayShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: noteFetcher(func(_ context.Context, q upstream.Query) (*upstream.Response, error) {
			data := `{"noteId":"` + q.Subject + `","title":"` + strings.Repeat("很长的|标题", 20) + `","name":"` + strings.Repeat("名", 12) + `","type":2,"createTime":"1999-12-30 12:00","reportBrandName":"样例品牌甲",` +
				`"impNum":12345678,"readNum":1234567,"likeNum":123456,"favNum":1,"cmtNum":1,"shareNum":1,"followCnt":1,"userInfo":{"clickMidNum":12345,"mEngagementNum":12345}}`
			return upstream.NewResponse(q.Subject, json.RawMessage(data), "", true), nil
		})})
		defer end()
		var numbers []int
		for n := range schema.MaxReviewed {
			numbers = append(numbers, n+1)
		}
		got := b.review(t, t.Context(), reviewOf(`,"paidCny":[`+strings.TrimSuffix(strings.Repeat("99999,", schema.MaxReviewed), ",")+`]`, numbers...))
		testkit.Equal(t, "the number of rows", len(got.Rows), schema.MaxReviewed)
		if n := len(got.text); n >= 8192 {
			t.Errorf("%d bytes of text, want less than 8,192", n)
		}
	})
}
