package tools

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mattn/go-runewidth"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// withName is a source of bloggers of that name, written as in JSON.
func withName(name string) fetcher {
	return func(_ context.Context, userID string) (*upstream.Response, error) {
		return billedProfile(userID, `{"userId":"`+userID+`","name":"`+name+`","fansNum":123456789,"clickMidNum":12345678,"mEngagementNum":1234567,"videoState":1,"videoPrice":999999}`), nil
	}
}

// compareSamples compares all recorded answers.
func compareSamples(t *testing.T, in schema.CompareInput) *Comparison {
	t.Helper()
	var c *Comparison
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{fetcher: sample()})
		defer end()
		for _, id := range sampleIDs(t) {
			in.AddUser(id)
		}
		c = b.set.Compare(t.Context(), in)
	})
	return c
}

// checkWidth reports the lines that a terminal of that width would wrap.
func checkWidth(t *testing.T, table string, width int) {
	t.Helper()
	for line := range strings.SplitSeq(table, "\n") {
		if got := display.StringWidth(line); got > width {
			t.Errorf("%d columns: a line has %d, want %d at most: %s", width, got, width, line)
		}
	}
}

// No line wraps, and the figure that decides is there.
func TestTableFitsTheTerminal(t *testing.T) {
	for _, key := range schema.SortKeys {
		for _, format := range schema.Formats {
			in := schema.CompareInput{Format: format, SortBy: key, MaxPriceCNY: 15000}
			in.AddUser("https://www.xiaohongshu.com/explore/" + strings.Repeat("0123456789", 12))
			c := compareSamples(t, in)
			for _, width := range []int{80, 100, 120, 200, 400} {
				table := c.Table(width)
				checkWidth(t, table, width)
				head, _, _ := strings.Cut(table, "\n")
				for i := range columns {
					if columns[i].name == string(key) && !strings.Contains(head, columns[i].header) {
						t.Errorf("%s at %d columns: the header is %s, want %q in it", key, width, head, columns[i].header)
					}
				}
			}
		}
	}
}

// Ids and columns that tell less go first, then names are cut.
func TestTableLeavesOut(t *testing.T) {
	c := compareSamples(t, schema.CompareInput{Format: schema.FormatVideo, SortBy: schema.ByCNYPerEngagement})
	for _, step := range []struct {
		width int
		want  string
	}{
		{500, "# Name User ID Quote Price CNY CNY/engagement CNY/read CNY/1,000 followers Followers Read median Engagement median Engagement/read " +
			"Platform CPM Platform CNY/engagement Platform CNY/read Sponsored read median Agency Category Location Not bookable"},
		{200, "# Name Quote Price CNY CNY/engagement CNY/read CNY/1,000 followers Followers Read median Engagement median Engagement/read Agency Not bookable"},
		{120, "# Name Quote Price CNY CNY/engagement Followers Read median Not bookable"},
		{80, "# Name Quote Price CNY CNY/engagement Not bookable"},
	} {
		head, rows, _ := strings.Cut(c.Table(step.width), "\n")
		if got := strings.Join(strings.Fields(head), " "); got != step.want {
			t.Errorf("%d columns: got %s, want %s", step.width, got, step.want)
		}
		what := fmt.Sprintf("%d columns: the rest", step.width)
		has(t, what, rows, "  placeholder  ")          // a status is not cut
		has(t, what, rows, "5a3e1e0000000000000000e1") // the blogger that failed is named
	}
}

func TestTable(t *testing.T) {
	c := Comparison{Comparison: schema.Comparison{
		Rows: []schema.Row{
			{UserID: nth(1), Name: "团子有点咸", Status: schema.QuoteOpen, PriceCNY: figure(18000.0), Followers: figure[int64](103684)},
			{UserID: nth(2), Name: `a|b <i> \`, Status: schema.QuoteClosed, NotBookable: "closed", PriceCNY: figure(800.5)},
			{UserID: nth(3), Error: "not_found: There is no such blogger at all, so it seems."},
		},
		Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByPriceCNY, Failed: 1},
	}}
	for i := range 2 {
		c.Rows[i].Rank = new(int)
		*c.Rows[i].Rank = i + 1
	}
	want := strings.Join([]string{
		"#  Name                      Quote   Price CNY  Followers  Not bookable",
		"1  团子有点咸                open       18,000    103,684  -",
		`2  a|b <i> \                 closed      800.5          -  closed`,
		"-  000000000000000000000003  failed          -          -  -",
		"",
		"- Video quotes, by price: 3 looked up, 0 cached, 0 billed, 1 failed.",
		"- Quotes are CNY per note without the platform's service fee; unit costs",
		"  are per all-format median; - is unknown, not zero.",
		"- Failed: 000000000000000000000003: not_found: There is no such blogger",
		"  at all, so it seems.",
	}, "\n")
	if got := c.Table(72); got != want {
		t.Errorf("the table at 72 columns is\n%s\nwant\n%s", got, want)
	}
	narrow := c.Table(50)
	checkWidth(t, narrow, 50)
	if want := "-  000000000000000…  failed          -  -\n"; !strings.Contains(narrow, want) {
		t.Errorf("the table at 50 columns is\n%s\nwant %q in it", narrow, want)
	}
}

// The text is the same whatever the locale says about ambiguous characters.
func TestTablesDoNotDependOnTheLocale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: withName(strings.Repeat("“α→名…”", 9))})
		defer end()
		c := b.set.Compare(t.Context(), schema.CompareInput{UserIDs: []string{nth(1), nth(2)}, Format: schema.FormatVideo, SortBy: schema.ByPriceCNY})
		text, table := c.Text(), c.Table(120)
		was := *runewidth.DefaultCondition
		defer func() { *runewidth.DefaultCondition, runewidth.EastAsianWidth = was, was.EastAsianWidth }()
		runewidth.DefaultCondition.EastAsianWidth, runewidth.EastAsianWidth = true, true
		sameText(t, "the text", c.Text(), text)
		sameText(t, "the table", c.Table(120), table)
	})
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 9, ""},
		{"one two 三四五 six", 9, "one two|三四五|six"},
		{"one  two", 80, "one two"},
		{"团子有点咸 x", 4, "团子|有点|咸 x"},
		{"abcdefgh i", 3, "abc|def|gh|i"},
		{"ab 三四", 1, "ab|三|四"},
		{"未知，不是（无）。", 8, "未知，不|是|（无）。"},
		{"可再试 3 次：abc，否则", 9, "可再试 3|次：abc，|否则"},
		{"用户abcdef与100%", 10, "用户abcdef|与100%"},
		{"x 👩‍👧‍👦👩‍👧‍👦", 3, "x|👩‍👧‍👦|👩‍👧‍👦"},
	} {
		if got := strings.Join(wrapped(c.in, c.width, true), "|"); got != c.want {
			t.Errorf("%q at %d: got %q, want %q", c.in, c.width, got, c.want)
		}
	}
}

// Many rows, and widths that no table fits: it ends, and is as narrow as it gets.
func TestTableOnAnyWidth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, end := newBench(setup{source: "prod-global", fetcher: withName(strings.Repeat("很长的名字", 30))})
		defer end()
		in := schema.CompareInput{Format: schema.FormatVideo, SortBy: schema.ByEngagementMedian}
		for n := range 60 {
			in.AddUser(fmt.Sprintf("%024x", n))
		}
		c := b.set.Compare(t.Context(), in)
		for width := -1; width < 250; width++ {
			table := c.Table(width)
			body, _, _ := strings.Cut(table, "\n\n")
			if rows := strings.Count(body, "\n"); rows != 60 {
				t.Errorf("%d columns: %d rows, want 60", width, rows)
			}
			if width >= 60 {
				checkWidth(t, table, width)
			}
		}
	})
}
