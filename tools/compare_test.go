package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// compared is a comparison as a client reads it.
type compared struct {
	text, kind string
	schema.Comparison
}

func (c compared) counts() counts {
	m := c.Meta
	return counts{Cached: m.Cached, Billed: m.Billed, Failed: m.Failed, Pending: m.Pending, NotCached: m.NotCached}
}

func (b *bench) compare(t *testing.T, ctx context.Context, in schema.CompareInput) compared {
	t.Helper()
	result, ok := b.set.Call(ctx, "compare_bloggers", compareArguments(in))
	if !ok {
		t.Fatal("there is no tool compare_bloggers, want one")
	}
	raw := bytes.Join(result.Object(""), nil)
	var c struct {
		Content           []struct{ Text string }
		IsError           bool
		StructuredContent *schema.Comparison
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatalf("the result is %.300s: %v, want JSON", raw, err)
	}
	if absent := c.StructuredContent == nil; absent != c.IsError {
		t.Errorf("structuredContent is absent: %v, and isError is %v, want both or neither: %.300s", absent, c.IsError, raw)
	}
	out := compared{text: c.Content[0].Text}
	if c.IsError {
		out.kind, _, _ = strings.Cut(out.text, ":")
	} else {
		out.Comparison = *c.StructuredContent
		checkStructured(t, compiled(t, schema.PublishedComparison), raw)
	}
	return out
}

// compareArguments writes what is set of in as a client does.
func compareArguments(in schema.CompareInput) json.RawMessage {
	return JSON(struct {
		UserIDs     []string       `json:"userIds,omitempty"`
		Format      schema.Format  `json:"format,omitempty"`
		SortBy      schema.SortKey `json:"sortBy,omitempty"`
		MaxPriceCNY float64        `json:"maxPriceCny,omitempty"`
		BudgetCNY   float64        `json:"budgetCny,omitempty"`
		MaxPicks    int            `json:"maxPicks,omitempty"`
		Refresh     bool           `json:"refresh,omitempty"`
		CachedOnly  bool           `json:"cachedOnly,omitempty"`
	}{in.UserIDs, in.Format, in.SortBy, in.MaxPriceCNY, in.BudgetCNY, in.MaxPicks, in.Refresh, in.CachedOnly})
}

func compiled(t testing.TB, raw json.RawMessage) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatalf("the schema is %.300s: %v, want JSON", raw, err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("output.json", doc); err != nil {
		t.Fatalf("the schema is %.300s: %v, want one that can be added", raw, err)
	}
	s, err := c.Compile("output.json")
	if err != nil {
		t.Fatalf("the schema is %.300s: %v, want one that compiles", raw, err)
	}
	return s
}

// numbered is a source whose nth blogger has n times a thousand followers and
// asks n times a hundred for a video; the price of 5 is closed, 6 gives none,
// and of 2 and 3 the platform has figures of its own.
func numbered(requests map[string]int) fetcher {
	var mu sync.Mutex
	return func(_ context.Context, userID string) (*upstream.Response, error) {
		mu.Lock()
		requests[userID]++
		mu.Unlock()
		var n int
		_, _ = fmt.Sscanf(userID, "%x", &n)
		state, price, own := 1, n*100, ""
		switch n {
		case 2:
			own = `,"estimateVideoCpm":90.5,"estimateVideoEngageCost":7,"videoReadCost":"0.31","estimatePictureCpm":1`
		case 3:
			own = `,"estimateVideoCpm":40,"videoReadCost":"0.00"`
		case 5:
			state = 0
		case 6:
			price = 0
		case 9:
			return nil, &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.Billed}
		}
		return billedProfile(userID, fmt.Sprintf(`{"userId":%q,"name":"博主%d","fansNum":%d,"clickMidNum":%d,"mEngagementNum":50,"videoState":%d,"videoPrice":%d%s}`,
			userID, n, n*1000, 600-n*10, state, price, own)), nil
	}
}

func TestComparisonRanks(t *testing.T) {
	for _, c := range []struct {
		by    schema.SortKey
		limit float64
		want  string // ids in the order of the rows; those behind | have no rank
	}{
		{schema.ByCNYPerEngagement, 0, "2 3 7|6 5"},
		{schema.ByPriceCNY, 0, "2 3 7|5 6"},
		{schema.ByPriceCNY, 300, "2 3|5 7 6"},
		{schema.ByPriceCNY, 199.99, "|2 3 5 7 6"},
		{schema.ByFollowers, 0, "7 6 3 2|5"},
		{schema.ByFollowers, 300, "3 2|7 6 5"},
		{schema.ByReadMedian, 0, "2 3 6 7|5"},
		{schema.ByEngagementMedian, 0, "6 3 7 2|5"},        // all alike: as asked
		{schema.ByCNYPerThousandFollowers, 0, "3 7 2|6 5"}, // all alike too
		{schema.ByPlatformCPM, 0, "3 2|6 7 5"},
		{schema.ByPlatformCNYPerEngagement, 0, "2|6 3 7 5"},
		{schema.ByPlatformCNYPerRead, 0, "2|6 3 7 5"},
	} {
		synctest.Test(t, func(t *testing.T) {
			b, end := newBench(setup{fetcher: numbered(map[string]int{}), source: "prod-global"})
			defer end()
			ids := []string{testkit.BloggerID(6), testkit.BloggerID(3), testkit.BloggerID(7), testkit.BloggerID(5), testkit.BloggerID(2)}
			got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: ids, Format: schema.FormatVideo, SortBy: c.by, MaxPriceCNY: c.limit})
			ranked, unranked := []string{}, []string{}
			for i, r := range got.Rows {
				n := strings.TrimLeft(r.UserID, "0")
				switch {
				case r.Rank == nil:
					unranked = append(unranked, n)
				case *r.Rank != i+1:
					t.Errorf("%s: the rank in row %d is %d, want %d", c.by, i, *r.Rank, i+1)
				default:
					ranked = append(ranked, n)
				}
			}
			if all := strings.Join(ranked, " ") + "|" + strings.Join(unranked, " "); all != c.want {
				t.Errorf("%s, limit %v: got %s, want %s", c.by, c.limit, all, c.want)
			}
			if got.Meta.MaxPriceCNY != c.limit {
				t.Errorf("meta: got maxPriceCny %v, want %v", got.Meta.MaxPriceCNY, c.limit)
			}
			for i, line := range strings.Split(got.text, "\n")[2 : 2+len(got.Rows)] {
				testkit.Contains(t, fmt.Sprintf("%s: the text's row %d", c.by, i), line, got.Rows[i].UserID)
			}
		})
	}
}

// The platform's own figures are those of the format that was asked for.
func TestComparisonOfAFormat(t *testing.T) {
	const data = `"name":"a|b","location":"上海","noteSign":{"name":"机构"},"contentTags":[{"taxonomy1Tag":"美妆"},{"taxonomy1Tag":"母婴"}],"cooperType":2,` +
		`"pictureState":1,"picturePrice":100,"videoState":0,"videoPrice":200,"readMidCoop30":71,` +
		`"estimatePictureCpm":1.5,"estimateVideoCpm":2.5,"estimatePictureEngageCost":3,"estimateVideoEngageCost":-4,"pictureReadCost":"0.5","videoReadCost":"0.00"`
	const ends = `"mcn":"机构","categories":["美妆","母婴"],"location":"上海","profileUrl":"https://www.xiaohongshu.com/user/profile/` + documented + `","fetchedAt":"2000-01-01T00:00:00Z"}`
	for format, want := range map[schema.Format]string{
		schema.FormatImage: `{"userId":"` + documented + `","name":"a|b","status":"open","notBookable":"not on Pgy","priceCny":100,"imagePriceCny":100,"videoPriceCny":200,` +
			`"cnyPerSponsoredRead":1.408,"platformCpmCny":1.5,"platformCnyPerEngagement":3,"platformCnyPerRead":0.5,"sponsoredReadMedian30d":71,` + ends,
		schema.FormatVideo: `{"userId":"` + documented + `","name":"a|b","status":"closed","notBookable":"closed, not on Pgy","priceCny":200,"imagePriceCny":100,"videoPriceCny":200,` +
			`"platformCpmCny":2.5,"sponsoredReadMedian30d":71,` + ends,
	} {
		synctest.Test(t, func(t *testing.T) {
			b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
				return billedProfile(userID, `{"userId":"`+userID+`",`+data+`}`), nil
			})})
			defer end()
			got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{documented}, Format: format, MaxPriceCNY: 99})
			if row := string(JSON(got.Rows[0])); row != want {
				t.Errorf("%s:\n got %s\nwant %s", format, row, want)
			}
			if want := "Not onboarded on Pugongying: cannot be booked there. (a|b)"; !slices.Contains(got.Meta.Caveats, want) {
				t.Errorf("%s: caveats %q, want %q among them", format, got.Meta.Caveats, want)
			}
		})
	}
}

// A malformed id costs its own row, and the others their requests alone. Rows that
// failed stay in the order in which they were asked for.
func TestComparisonWithMalformedIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := map[string]int{}
		b, end := newBench(setup{fetcher: numbered(requests), source: "prod-global"})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{"4639645438", testkit.BloggerID(9), "a|b", testkit.BloggerID(1), "4639645438"}})
		if len(got.Rows) != 4 {
			t.Fatalf("%d rows, want 4: %.300s", len(got.Rows), got.text)
		}
		testkit.Equal(t, "what was counted", got.counts(), counts{Billed: 2, Failed: 3})
		testkit.Equal(t, "the number of bloggers asked for", len(requests), 2)
		for i, want := range []struct{ id, err string }{
			{testkit.BloggerID(1), ""}, {"4639645438", "invalid_argument: userId looks like a 小红书号"}, {testkit.BloggerID(9), "not_found: "}, {"a|b", "invalid_argument: userId is neither"},
		} {
			r, what := got.Rows[i], fmt.Sprintf("row %d: ", i)
			testkit.Equal(t, what+"the userId", r.UserID, want.id)
			if want.err == "" {
				testkit.Equal(t, what+"the error", r.Error, "")
			}
			testkit.HasPrefix(t, what+"the error", r.Error, want.err)
		}
		testkit.ContainsOnce(t, "the text", got.text, " (a/b)")
		testkit.Equal(t, "the outcome's kind", b.outcomes[0].Kind, "ok")
		testkit.Equal(t, "the number of look-ups that memory could not answer", b.outcomes[0].Missed, 2)
	})
}

// What is in memory is free, what is asked twice counts once, and a failure is
// its own row's.
func TestComparisonCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := map[string]int{}
		b, end := newBench(setup{fetcher: numbered(requests), source: "prod-global"})
		defer end()
		b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{testkit.BloggerID(1), testkit.BloggerID(2), testkit.BloggerID(3)}})
		var ids []string
		for n := 1; n <= 19; n++ {
			ids = append(ids, testkit.BloggerID(n))
		}
		ids = append(ids, "https://www.xiaohongshu.com/user/profile/"+testkit.BloggerID(1))
		var steps []float64
		ctx := WithProgress(t.Context(), func(done, total float64, _ string) {
			testkit.Equal(t, "the total of the progress", total, 19)
			if len(steps) > 0 && done <= steps[len(steps)-1] {
				t.Errorf("progress is %v after %v, want it to grow", done, steps)
			}
			steps = append(steps, done)
		})

		got := b.compare(t, ctx, schema.CompareInput{UserIDs: ids})
		if len(got.Rows) != 19 {
			t.Fatalf("%d rows, want 19: %.300s", len(got.Rows), got.text)
		}
		testkit.Equal(t, "what was counted", got.counts(), counts{Cached: 3, Billed: 16, Failed: 1})
		testkit.Equal(t, "the number of bloggers asked for", len(requests), 19)
		testkit.Equal(t, "the last of the progress", steps[len(steps)-1], 19)
		testkit.ContainsOnce(t, "the text", got.text, "19 looked up, 3 cached, 16 billed, 0 pending, 1 failed.", "\n- Failed: not_found: The upstream has no data for this userId (code 201). ("+testkit.BloggerID(9)+")", "open without a quote")
		if last := got.Rows[16:]; !slices.ContainsFunc(last, func(r schema.Row) bool { return r.Error != "" }) {
			t.Errorf("the last rows are %+v, want the failed one among them", last)
		}
		o := b.outcomes[len(b.outcomes)-1]
		testkit.Equal(t, "the outcome's cached", o.Cached, 3)
		testkit.Equal(t, "the outcome's billed", o.Billed, 16)
		testkit.Equal(t, "the outcome's missed", o.Missed, 16)
	})
}

// Rows that are ready do not wait for one that is not, and it comes for free.
func TestComparisonWithAPendingRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ready := numbered(map[string]int{})
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(ctx context.Context, userID string) (*upstream.Response, error) {
			if userID == testkit.BloggerID(2) {
				time.Sleep(90 * time.Second)
			}
			return ready(ctx, userID)
		})})
		defer end()
		in := schema.CompareInput{UserIDs: []string{testkit.BloggerID(2), testkit.BloggerID(1)}}
		begin := time.Now()
		got := b.compare(t, t.Context(), in)
		testkit.Equal(t, "how long it took", time.Since(begin), 50*time.Second)
		testkit.Equal(t, "the error of the ready row", got.Rows[0].Error, "")
		testkit.HasPrefix(t, "the error of the other row", got.Rows[1].Error, "pending: ")
		testkit.Equal(t, "what was counted", got.counts(), counts{Billed: 1, Pending: 1})
		time.Sleep(time.Minute)
		testkit.Equal(t, "what was counted later", b.compare(t, t.Context(), in).counts(), counts{Cached: 2, Billed: 1})
	})
}

// Where nothing is found, what is worth another try is what the words are about.
func TestComparisonOfNobodyYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
			if userID == testkit.BloggerID(1) {
				return nil, &upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: upstream.NotBilled}
			}
			return nil, &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
		})})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{testkit.BloggerID(1), testkit.BloggerID(2)}})
		testkit.Equal(t, "the kind", got.kind, "upstream_error")
		testkit.Contains(t, "the text", got.text, "\nRetryable: yes. Billed: no.", "\n- invalid_parameters: The upstream refuses this request (code 400). ("+testkit.BloggerID(1)+")")
	})
}

// Rows that are pending are no failures: a comparison of nothing else is a result,
// and one that was charged is told beside them.
func TestComparisonOfPendingRows(t *testing.T) {
	for kind, want := range map[upstream.Kind]counts{
		upstream.NotFound: {Billed: 1, Pending: 1, Failed: 1},
		upstream.Timeout:  {Pending: 1, Failed: 1},
		"":                {Pending: 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
				if userID == testkit.BloggerID(2) || kind == "" {
					time.Sleep(90 * time.Second)
				}
				billed := upstream.Billed
				if kind == upstream.Timeout {
					billed = upstream.UnknownBilling
				}
				return nil, &upstream.Error{Kind: kind, Billed: billed}
			})})
			defer end()
			got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{testkit.BloggerID(1), testkit.BloggerID(2)}})
			what := fmt.Sprintf("%q beside a pending row: ", kind)
			testkit.Equal(t, what+"the kind", got.kind, "")
			testkit.Equal(t, what+"what was counted", got.counts(), want)
			testkit.ContainsOnce(t, what+"the text", got.text, "\n- Without an answer: pending: The look-up is not finished after 50s and goes on in this server. Next step: call again with the same userId in 15 s; the answer is kept and not paid twice. (")
			testkit.Lacks(t, what+"the text", got.text, "Caveat: No blogger has a rank")
		})
	}
}

func TestComparisonOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: numbered(map[string]int{}), source: "prod-global"})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{testkit.BloggerID(9)}})
		testkit.Equal(t, "the kind", got.kind, "not_found")
		testkit.Contains(t, "the text", got.text, "Retryable: no. Billed: yes, 1 of 1.")
		for arguments, want := range map[string]string{
			`{}`:                               "userIds is missing",
			`{"userIds":[]}`:                   "userIds is empty",
			`{"userIds":{}}`:                   "must be an array",
			`{"userIds":["4639645438"]}`:       "invalid_argument: userId looks like a 小红书号",
			`{"userIds":["4639645438","x y"]}`: "(x y)",
			`{"userIds":["` + testkit.BloggerID(1) + `"],"maxPriceCny":0}`:   "maxPriceCny must be a number above 0",
			`{"userIds":["` + testkit.BloggerID(1) + `"],"sortBy":"beauty"}`: "sortBy must be one of",
			`{"userIds":["` + testkit.BloggerID(1) + `"],"sort":"x"}`:        "the arguments are userIds, format, sortBy, maxPriceCny, budgetCny, maxPicks, refresh, cachedOnly",
		} {
			r, _ := b.set.Call(t.Context(), "compare_bloggers", json.RawMessage(arguments))
			a := read(t, bytes.Join(r.Object(""), nil))
			checkKind(t, arguments, a, "invalid_argument")
			testkit.Contains(t, arguments+": the text", a.text(), want)
		}
	})
}

// Twenty rows of long names and large figures stay within what VS Code shows.
func TestTwentyRowsStayShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
			return billedProfile(userID, `{"userId":"`+userID+`","name":"`+strings.Repeat("很长的|名字", 20)+`","fansNum":123456789,"clickMidNum":12345678,"mEngagementNum":1234567,"videoState":1,"videoPrice":999999,"lowActive":true,`+
				`"noteSign":{"name":"杭州某某文化传媒有限公司"},"location":"浙江 杭州","contentTags":[{"taxonomy1Tag":"美妆"}],"estimateVideoCpm":227.75,"estimateVideoEngageCost":20.14,"videoReadCost":"1.78","readMidCoop30":71002}`), nil
		})})
		defer end()
		var ids []string
		for n := range schema.MaxCompared {
			ids = append(ids, testkit.BloggerID(n+1))
		}
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: ids})
		testkit.Equal(t, "the number of rows", len(got.Rows), schema.MaxCompared)
		if n := len(got.text); n >= 8192 {
			t.Errorf("%d bytes of text, want less than 8,192", n)
		}
		lines := strings.Split(got.text, "\n")[:22]
		for _, line := range lines {
			testkit.Equal(t, "the number of | in "+line, strings.Count(line, "|"), strings.Count(lines[0], "|"))
		}
	})
}

// Follower counts that disagree in several rows are one caveat with all counts: a caveat for
// each of 20 rows would not leave room for the table.
func TestManyFollowerCountsDisagree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: fetcher(func(_ context.Context, userID string) (*upstream.Response, error) {
			return billedProfile(userID, `{"userId":"`+userID+`","name":"很长的名字，很长的`+userID[22:]+`","fansNum":1234567,"fansCount":`+strconv.Itoa(1200+slices.Index(firstIDs(schema.MaxCompared), userID)+1)+`,"clickMidNum":12345678,"mEngagementNum":1234567,"videoState":1,"videoPrice":999999,`+
				`"noteSign":{"name":"杭州某某文化传媒"},"contentTags":[{"taxonomy1Tag":"美妆"}],"readMidCoop30":71002,"coopNoteNum30d":9,"fans30GrowthRate":1.25}`), nil
		}), fee: 10})
		defer end()
		for n, want := range map[int]string{
			1: "The upstream gives two follower counts, 1,234,567 and 1,201: at least one of them is wrong. (“很长的名字，很长的01”)",
			2: "The upstream gives two follower counts, of which at least one is wrong: “很长的名字，很长的01” 1,234,567/1,201; “很长的名字，很长的02” 1,234,567/1,202.",
		} {
			got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: firstIDs(n)})
			if !slices.Equal(got.Meta.Caveats, []string{want}) {
				t.Errorf("the caveats of %d bloggers: got %q, want %q alone", n, got.Meta.Caveats, want)
			}
		}
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: firstIDs(schema.MaxCompared), BudgetCNY: 5e6, MaxPriceCNY: 2e6})
		if n := len(got.text); len(got.Rows) != 20 || n >= 8192 {
			t.Errorf("the text of %d rows: got %d bytes, want 20 rows in less than 8,192", len(got.Rows), n)
		}
	})
}

// firstIDs are the ids of the first n made-up bloggers.
func firstIDs(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, testkit.BloggerID(i+1))
	}
	return ids
}

// A figure that nobody has makes no ranking, and the text says so.
func TestComparisonWithoutAValue(t *testing.T) {
	const want = "No blogger has a rank: the platform's CPM is unknown for all of them."
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: numbered(map[string]int{}), source: "prod-global"})
		defer end()
		for ids, said := range map[[2]string]bool{{testkit.BloggerID(1), testkit.BloggerID(4)}: true, {testkit.BloggerID(1), testkit.BloggerID(2)}: false} {
			got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: ids[:], SortBy: schema.ByPlatformCPM})
			if is := slices.Contains(got.Meta.Caveats, want); is != said {
				t.Errorf("%s: the caveats are %q; %q among them: %v, want %v", ids, got.Meta.Caveats, want, is, said)
			}
		}
	})
}

func TestComparisonSaysThatSamplesAreRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: sample()})
		defer end()
		got := b.compare(t, t.Context(), schema.CompareInput{UserIDs: []string{documented}})
		const want = "Recorded samples, not live data."
		testkit.Contains(t, "the text", got.text, want)
		if !slices.Equal(got.Meta.Caveats, []string{want}) {
			t.Errorf("the caveats are %q, want %q alone", got.Meta.Caveats, want)
		}
	})
}
