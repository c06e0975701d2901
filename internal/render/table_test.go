package render

import (
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// A text can neither end its cell nor become an image, a link or markup, in
// the table and in the list below it.
func TestNamesInMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"团子有点咸":                 "团子有点咸",
		"a|b":                   "a/b",
		"![x](http://a.co/)":    `!\[x\](http://a.co/)`,
		`\[x](//a.co)`:          `\\\[x\](//a.co)`,
		"<img src=//a.co>":      `\<img src=//a.co\>`,
		"`code`":                "\\`code\\`",
		"":                      "-",
		"snake_case *star* ~x":  "snake_case *star* ~x",
		strings.Repeat("长", 20): strings.Repeat("长", 20),
		strings.Repeat("长", 21): strings.Repeat("长", 19) + "…",
	} {
		c := schema.Comparison{Rows: []schema.Row{{UserID: documentedID, Name: in}}}
		c.Meta.SortBy = schema.ByPriceCNY
		c.Meta.Caveats = []string{"Low-active. (" + in + ")"}
		lines := strings.Split(Comparison(lang.English, &c), "\n")
		equal(t, fmt.Sprintf("the row of %q", in), lines[2], "| "+want+" | "+documentedID+" |")
		equal(t, fmt.Sprintf("the caveat of %q", in), lines[len(lines)-1], "- Caveat: Low-active. ("+inMarkdown.Replace(in)+")")
	}
}

func TestComparison(t *testing.T) {
	full := fullRow(t)
	full.Error, full.MCN, full.Location, full.SponsoredReadMedian30d, full.PlatformCosts = "", "", "", nil, schema.PlatformCosts{}
	c := schema.Comparison{
		Rows: []schema.Row{full, {UserID: "5a3e1e0000000000000000e1", Error: "not_found: There is none."}},
		Meta: schema.ComparisonMeta{Format: schema.FormatImage, SortBy: schema.ByPlatformCPM, MaxPriceCNY: 15000, Cached: 1, Billed: 2, Failed: 1, Caveats: []string{"Mind this. (团子有点咸)"}},
	}
	want := `| # | Name | User ID | Quote | Price CNY | CNY/engagement | CNY/read | CNY/1,000 followers | Followers | Read median | Engagement median | Engagement/read | Category | Not bookable |
| --: | --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --- | --- |
| 3 | 团子有点咸 | 659902c1000000002200361b | open | 18,000.5 | 24.13 | 0.2792 | 173.6 | 1,103,684 | 64,478 | 746 | 0.01157 | 母婴 | over the limit |
| - | - | 5a3e1e0000000000000000e1 | failed | - | - | - | - | - | - | - | - | - | - |

- Image quotes of at most 15,000 CNY, by the platform's CPM: 2 looked up, 1 cached, 2 billed, 1 failed.
- Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.
- Failed: 5a3e1e0000000000000000e1: not_found: There is none.
- Caveat: Mind this. (团子有点咸)`
	equalText(t, "the text", Comparison(lang.English, &c), want)
	c.Meta.Format, c.Meta.SortBy, c.Meta.MaxPriceCNY = schema.FormatVideo, schema.ByCNYPerEngagement, 0
	if got, want := comparisonNotes(lang.English, &c)[0], "Video quotes, by CNY per engagement: 2 looked up, 1 cached, 2 billed, 1 failed."; got != want {
		t.Errorf("the first note: got %s, want %s", got, want)
	}
}
