package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

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
			c := compareSamples(t, lang.English, schema.ComparisonMeta{Format: format, SortBy: key, MaxPriceCNY: 15000})
			c.Rows = append(c.Rows, schema.Row{UserID: "https://www.xiaohongshu.com/explore/" + strings.Repeat("0123456789", 12), Error: "invalid_argument: userId is the address of a note."})
			for _, width := range []int{40, 60, 80, 100, 120, 200, 400} {
				table := ComparisonTable(lang.English, c, width)
				checkWidth(t, table, width)
				head, _, _ := strings.Cut(table, "\n")
				if width < 80 {
					continue // the header may be cut
				}
				contains(t, fmt.Sprintf("the header by %s at %d columns", key, width), head, schema.ColumnOf(key).Header.En)
			}
		}
	}
}

// Ids and columns that tell less go first, then names are cut.
func TestTableLeavesOut(t *testing.T) {
	c := compareSamples(t, lang.English, schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByCNYPerEngagement})
	for _, step := range []struct {
		width int
		want  string
	}{
		{500, "# Name User ID Quote Price CNY CNY/engagement CNY/read Followers Growth 30 d Read median Engagement median Sponsored reads Agency Categories Flags Not bookable"},
		{200, "# Name Quote Price CNY CNY/engagement CNY/read Followers Growth 30 d Read median Engagement median Sponsored reads Agency Flags Not bookable"},
		{120, "# Name Quote Price CNY CNY/engagement Followers Read median Flags Not bookable"},
		{80, "# Name Quote Price CNY CNY/engagement Not bookable"},
		{40, "# Name Price CNY CNY/engagement"},
	} {
		head, rows, _ := strings.Cut(ComparisonTable(lang.English, c, step.width), "\n")
		if got := strings.Join(strings.Fields(head), " "); got != step.want {
			t.Errorf("%d columns: got %s, want %s", step.width, got, step.want)
		}
		what := fmt.Sprintf("%d columns: the rest", step.width)
		if step.width >= 80 {
			contains(t, what, rows, "  placeholder  ") // a status is not cut
		}
		contains(t, what, rows, "5a3e1e0000000000000000e1") // the blogger that failed is named
	}
}

func TestTable(t *testing.T) {
	c := schema.Comparison{
		Rows: []schema.Row{
			{UserID: bloggerID(1), Name: "团子有点咸", Status: schema.QuoteOpen, PriceCNY: figure(18000.0), Followers: figure[int64](103684)},
			{UserID: bloggerID(2), Name: `a|b <i> \`, Status: schema.QuoteClosed, NotBookable: "closed", PriceCNY: figure(800.5)},
			{UserID: bloggerID(3), Error: "not_found: There is no such blogger at all, so it seems."},
		},
		Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByPriceCNY, Failed: 1},
	}
	for i := range 2 {
		c.Rows[i].Rank = new(int)
		*c.Rows[i].Rank = i + 1
	}
	want := strings.Join([]string{
		"#  Name                      Quote   Price CNY  Followers  Not bookable",
		"1  团子有点咸                open       18,000    103,684",
		`2  a|b <i> \                 closed      800.5          -  closed`,
		"   000000000000000000000003  failed          -          -",
		"",
		"- Video quotes, by price: 3 looked up, 0 cached, 0 billed, 0 pending, 1",
		"  failed.",
		"- Quotes are CNY per note without the platform's service fee; unit costs",
		"  are per all-format median; - is unknown, not zero.",
		"- Failed: not_found: There is no such blogger at all, so it seems.",
		"  (000000000000000000000003)",
	}, "\n")
	equalText(t, "the table at 72 columns", ComparisonTable(lang.English, &c, 72), want)
	narrow := ComparisonTable(lang.English, &c, 50)
	checkWidth(t, narrow, 50)
	if want := "\n2  a|b <i> \\                   800.5  closed\n   000000000000000000000…          -\n"; !strings.Contains(narrow, want) {
		t.Errorf("the table at 50 columns is\n%s\nwant %q in it", narrow, want)
	}
}

// The text is the same whatever the locale says about ambiguous characters.
func TestTablesDoNotDependOnTheLocale(t *testing.T) {
	c := compareNamed(strings.Repeat("“α→名…”", 9), schema.ByPriceCNY, bloggerID(1), bloggerID(2))
	text, table := Comparison(lang.English, c), ComparisonTable(lang.English, c, 120)
	was := *runewidth.DefaultCondition
	defer func() { *runewidth.DefaultCondition, runewidth.EastAsianWidth = was, was.EastAsianWidth }()
	runewidth.DefaultCondition.EastAsianWidth, runewidth.EastAsianWidth = true, true
	equalText(t, "the text", Comparison(lang.English, c), text)
	equalText(t, "the table", ComparisonTable(lang.English, c, 120), table)
}

// With many rows, and with widths that no table fits, it ends and is as narrow as it
// can be.
func TestTableOnAnyWidth(t *testing.T) {
	var ids []string
	for n := range 60 {
		ids = append(ids, bloggerID(n))
	}
	c := compareNamed(strings.Repeat("很长的名字", 30), schema.ByEngagementMedian, ids...)
	for width := -1; width < 250; width++ {
		table := ComparisonTable(lang.English, c, width)
		body, _, _ := strings.Cut(table, "\n\n")
		if rows := strings.Count(body, "\n"); rows != 60 {
			t.Errorf("the table at %d columns: got %d rows, want 60", width, rows)
		}
		if width >= 40 {
			checkWidth(t, table, width)
		}
	}
}
