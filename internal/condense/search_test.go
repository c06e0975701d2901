package condense

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// pageOf is the data of a search that found the recorded bloggers from first to last.
func pageOf(t *testing.T, first, last int, total string) json.RawMessage {
	t.Helper()
	var file struct {
		Bloggers []struct{ Data json.RawMessage }
	}
	b, err := fs.ReadFile(testkit.Samples(), "search/bloggers.json")
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil {
		t.Fatalf("reading the recorded bloggers: got %v, want no error", err)
	}
	var kols []string
	for _, b := range file.Bloggers[first:last] {
		kols = append(kols, string(b.Data))
	}
	return json.RawMessage(`{"kols":[` + strings.Join(kols, ",") + `],"total":` + total + `}`)
}

// The first three recorded bloggers have all members that a search has; the figures are
// worked out from the guide.
func TestSearch(t *testing.T) {
	page := Search(pageOf(t, 0, 3, "5000"), &schema.FindInput{}, 0)
	testkit.Equal(t, "the number of rows", len(page.Rows), 3)
	testkit.Equal(t, "the total", *page.Total, 5000)
	want := []string{
		`{"userId":"5a3e1e000000000000000101","name":"样例：早教小熊","followers":48230,"readMedian":9640,"engagementMedian":455,"engagementToReadRatio":0.0472,"status":"open","priceCny":5600,"imagePriceCny":3200,"videoPriceCny":5600,` +
			`"cnyPerEngagement":12.31,"cnyPerRead":0.5809,"cnyPerThousandFollowers":116.1,"cnyPerFormatEngagement":11.24,"cnyPerFormatRead":0.5374,"cnyPerSponsoredEngagement":22.31,"cnyPerSponsoredRead":0.915,` +
			`"platformCpmCny":172.4,"platformCnyPerEngagement":12.31,"platformCnyPerRead":0.54,"sponsoredReadMedian30d":6120,"sponsoredNotes30d":4,"followerGrowthRate30dPercent":3.4,"categories":["母婴"],"location":"广东 深圳","health":"excellent",` +
			`"profileUrl":"https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000101","replyPercent":92.3}`,
		`"status":"open","priceCny":18800,"videoPriceCny":18800,`,
		`"status":"placeholder","imagePriceCny":158,`,
	}
	for i, want := range want {
		got, err := json.Marshal(page.Rows[i].FoundRow)
		if err != nil {
			t.Fatalf("row %d: got %v, want JSON", i, err)
		}
		testkit.Contains(t, fmt.Sprintf("row %d", i), string(got), want)
	}
	for i, want := range []string{"few sponsored notes,from search", "ordinary health,from search", "low-active,from search"} {
		testkit.Equal(t, fmt.Sprintf("the flags of row %d", i), strings.Join(schema.Flags(page.Rows[i].Caveats), ","), want)
	}
}

// A search does not fill the count of all sponsored notes: a 0 there contradicts nothing.
func TestARowDoesNotKnowAllSponsoredNotes(t *testing.T) {
	_, _, _, caveats := Row(json.RawMessage(`{"coopNoteNum30d":6,"businessNoteCount":0}`), schema.SeenInSearch, schema.FormatVideo, Terms{})
	sameCaveats(t, "Row of a search", caveats, schema.FromSearch.With())
}

// Odd members of a page fail nothing.
func TestOddSearches(t *testing.T) {
	for data, want := range map[string]string{
		`{"kols":[],"total":0}`:                   "0 rows, 0 came, total 0, malformed false",
		`{"kols":null}`:                           "0 rows, 0 came, total -1, malformed false",
		`{"kols":[null,7,"x",{},{"userId":"1"}]}`: "0 rows, 5 came, total -1, malformed false",
		`{"kols":[{"userId":"5A3E1E000000000000000101"}],"total":"12"}`: "1 rows, 1 came, total 12, malformed false",
		`{"kols":{"a":1},"total":-1}`:                                   "0 rows, 0 came, total -1, malformed true",
		`{"list":[]}`:                                                   "0 rows, 0 came, total -1, malformed true",
	} {
		page := Search(json.RawMessage(data), &schema.FindInput{}, 0)
		total := int64(-1)
		if page.Total != nil {
			total = *page.Total
		}
		got := fmt.Sprintf("%d rows, %d came, total %d, malformed %t", len(page.Rows), page.Came, total, page.Malformed)
		testkit.Equal(t, "Search of "+data, got, want)
	}
}

func TestAuthor(t *testing.T) {
	r, ok := Author(testkit.SampleData(t, "5a3e1e0000000000000000c1/note"), &schema.FindInput{}, 10)
	testkit.Equal(t, "the author is known", ok, true)
	testkit.Equal(t, "the author", fmt.Sprintf("%s %s, %v CNY, %v with fee, %v an engagement", r.UserID, r.Name, *r.PriceCNY, *r.PriceWithFeeCNY, *r.CNYPerEngagement),
		"5a3e1e000000000000000004 样例：机构全量, 68000 CNY, 74800 with fee, 21.9 an engagement")
	testkit.Equal(t, "the author's flags", strings.Join(schema.Flags(r.Caveats), ","), "from a note")
	const id = "5a3e1e000000000000000004"
	for data, want := range map[string]string{
		`{"userInfo":{"nickName":"n"}}`: " n, followers unknown, known false",
		`{"userId":"` + id + `","name":"a","userInfo":{"nickName":"n","userId":null,"fansNum":5}}`: id + " n, followers 5, known true",
		`{"userId":"` + strings.ToUpper(id) + `","name":"a","userInfo":null}`:                      id + " a, followers unknown, known true",
		`{"userId":"5a3e1e000000000000000005","name":"a","userInfo":{"userId":"` + id + `"}}`:      id + " , followers unknown, known true",
		`{"userId":"x","name":"a"}`: " , followers unknown, known false",
	} {
		r, ok := Author(json.RawMessage(data), &schema.FindInput{}, 0)
		followers := "unknown"
		if r.Followers != nil {
			followers = fmt.Sprint(*r.Followers)
		}
		testkit.Equal(t, "Author of "+data, fmt.Sprintf("%s %s, followers %s, known %t", r.UserID, r.Name, followers, ok), want)
	}
}

func TestLinkTarget(t *testing.T) {
	const id = "5a3e1e0000000000000000c1"
	for data, want := range map[string][2]string{
		`{"redirect_url":"https://www.xiaohongshu.com/explore/` + id + `"}`:      {id, ""},
		`{"redirect_url":"https://www.xiaohongshu.com/user/profile/` + id + `"}`: {"", id},
		`{"noteId":"` + strings.ToUpper(id) + `"}`:                               {id, ""},
		`{"noteId":"` + id + `","redirect_url":"https://example.com/"}`:          {id, ""},
		`{"noteId":"x","redirect_url":null}`:                                     {},
		`{}`:                                                                     {},
	} {
		note, user := LinkTarget(json.RawMessage(data))
		testkit.Equal(t, "LinkTarget of "+data, [2]string{note, user}, want)
	}
}
