package render

import (
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// foundOf is a search that found bloggers with these names.
func foundOf(names ...string) *schema.Found {
	f := &schema.Found{Rows: []schema.FoundRow{}, Meta: schema.FoundMeta{Format: schema.FormatVideo, Filters: schema.SentFilters{"contentTag": "母婴", "videoPrice": "-1,10000"}, Fetched: len(names), Source: "sample"}}
	for i, name := range names {
		position, price, reply, followers := i+1, 12345.0, 92.3, int64(1234567)
		f.Rows = append(f.Rows, schema.FoundRow{
			Row: schema.Row{UserID: testkit.BloggerID(i), Name: name, Status: schema.QuoteOpen, PriceCNY: &price, Followers: &followers, Categories: []string{"母婴"},
				Flags: []string{"low-active", "from search", "sample"}, Outside: "over the limit"},
			Position: &position, ReplyPercent: &reply, Match: schema.MatchSimilar,
		})
	}
	return f
}

// A terminal's lines are as wide as it is, and a narrow one keeps who it is about.
func TestFoundFitsATerminal(t *testing.T) {
	for _, f := range []*schema.Found{foundOf("样例：一个很长很长很长很长的名字", "b"), foundOf()} {
		for width := 40; width <= 240; width += 20 {
			text := FoundTable(lang.English, f, width)
			for line := range strings.SplitSeq(text, "\n") {
				if n := display.StringWidth(line); n > width {
					t.Errorf("FoundTable of %d rows for %d columns: got a line of %d: %q", len(f.Rows), width, n, line)
				}
			}
			if len(f.Rows) > 0 {
				testkit.Contains(t, fmt.Sprintf("FoundTable for %d columns", width), text, "b ", "12,345", "Sent to the")
			} else {
				testkit.HasPrefix(t, "FoundTable of nobody", text, "Nobody was found.\n")
				testkit.Contains(t, "FoundTable of nobody", text, "Next step: give fewer or")
			}
		}
	}
}

// A narrow terminal drops each column at its turn, those of a search alone and those that
// have the same turn too.
func TestFoundLeavesOut(t *testing.T) {
	f := foundOf("a", "b")
	for i := range f.Rows {
		cost := 12.31
		f.Rows[i].CNYPerEngagement, f.Rows[i].CNYPerRead, f.Rows[i].MCN = &cost, &cost, "样例传媒机构"
	}
	for width, want := range map[int]string{
		500: "Place Name Match User ID Quote Price CNY CNY/engagement CNY/read Followers Replies in 48 h Agency Categories Flags Outside",
		100: "Place Name Quote Price CNY CNY/engagement CNY/read Followers Flags Outside",
		60:  "Place Name Quote Price CNY CNY/engagement Outside",
	} {
		head, _, _ := strings.Cut(FoundTable(lang.English, f, width), "\n")
		testkit.Equal(t, fmt.Sprintf("the columns of FoundTable for %d columns", width), strings.Join(strings.Fields(head), " "), want)
	}
}

// An answer without bloggers says that nobody was found only where it does say so: not on
// a page behind the last one, and not where the answer has no list.
func TestNobodyFound(t *testing.T) {
	counted := func(n int64) *schema.Found {
		f := foundOf()
		f.Meta.Found = &n
		return f
	}
	for l, want := range map[lang.Language][2]string{
		lang.English: {"Nobody was found.\n", "No bloggers came with this answer.\n"},
		lang.Chinese: {"没有找到博主。\n", "返回结果中没有博主。\n"},
	} {
		noList := counted(0)
		noList.Meta.Caveats = []string{l.Say(schema.NotASearch.Text)}
		for i, of := range [][]*schema.Found{{foundOf(), counted(0)}, {counted(45), noList}} {
			for j, f := range of {
				call := fmt.Sprintf("%s %d %d", l, i, j)
				testkit.HasPrefix(t, "Found "+call, Found(l, f), want[i])
				testkit.HasPrefix(t, "FoundTable "+call, FoundTable(l, f, 80), want[i])
			}
		}
	}
}

// Wider filters do not help where bloggers were found on earlier pages.
func TestTheNextStepWithoutRows(t *testing.T) {
	const wider, earlier = "- Next step: give fewer or wider filters", "- Next step: give an earlier page; this one comes after the last one."
	for _, c := range []struct {
		found, page int
		want        string
	}{{0, 1, wider}, {0, 3, wider}, {45, 1, wider}, {45, 3, wider}, {45, 4, earlier}, {40, 3, earlier}} {
		f, found := foundOf(), int64(c.found)
		f.Meta.Found, f.Meta.Page = &found, c.page
		testkit.Contains(t, fmt.Sprintf("page %d of %d found", c.page, c.found), Found(lang.English, f), c.want)
	}
}

// What a caveat says of all rows is no flag of each.
func TestFlagsOfAllRowsAreLeftOut(t *testing.T) {
	text := Found(lang.English, foundOf("a"))
	testkit.Contains(t, "the text", text, "| low-active |", "| similar |", "| 92.3 % |", "contentTag=母婴; videoPrice=-1,10000")
	testkit.Lacks(t, "the text", text, "from search,")
	testkit.Contains(t, "the CSV", CSV(lang.English, schema.FoundColumns, foundOf("a").Rows), "low-active; from search; sample")
}

// A model reads the text alone: no reason and no flag is cut from it.
func TestReasonsAndFlagsAreWhole(t *testing.T) {
	f := foundOf("a")
	f.Rows[0].Flags = []string{"ordinary health", "few sponsored notes", "stale", "from search"}
	f.Rows[0].NotBookable = "the upstream does not say, placeholder price, not on Pgy"
	f.Rows[0].Outside = "over the limit, fewer followers than asked for"
	testkit.Contains(t, "the text", Found(lang.English, f), "| ordinary health, few sponsored notes, stale | "+f.Rows[0].NotBookable+" | "+f.Rows[0].Outside+" |")
	c := &schema.Comparison{Rows: []schema.Row{f.Rows[0].Row}, Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByFollowers}}
	testkit.Contains(t, "the text of a comparison", Comparison(lang.English, c), "| ordinary health, few sponsored notes, stale, from search | "+f.Rows[0].NotBookable+" | "+f.Rows[0].Outside+" |")
}

func TestFunnelInWords(t *testing.T) {
	found, within := int64(5000), 3
	m := schema.FoundMeta{Format: schema.FormatImage, Found: &found, FoundIsCeiling: true, Fetched: 20, Bookable: 12, WithinPrice: &within, SortBy: schema.ByFollowers}
	for l, want := range map[lang.Language]string{
		lang.English: "5,000 or more found, 20 fetched, 12 can be booked for image, 3 of them within the price; ranked by followers, of the 20 fetched.",
		lang.Chinese: "匹配 5,000 位或更多，已取回 20 位，12 位可接单（图文），其中 3 位在价格范围内；按粉丝数排序，范围为已取回的 20 位。",
	} {
		testkit.Equal(t, "the funnel", funnelItem(l, &m), want)
	}
}
