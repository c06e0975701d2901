package tools

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
)

// nameWidth is the most columns of a name in a table; a CJK character is two.
const nameWidth = 20

// text is the comparison as a Markdown table that is readable as it stands,
// and below it the counts, the failures and what is to be minded, once each.
func (c *comparison) text() string {
	var b strings.Builder
	table(&b, c.cells())
	fmt.Fprintf(&b, "\n%s quotes, by %s. %d looked up: %d cached, %d billed, %d failed.\n", title(string(c.Meta.Format)), c.Meta.SortBy, len(c.Rows), c.Meta.Cached, c.Meta.Billed, c.Meta.Failed)
	b.WriteString("Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.")
	for _, r := range c.Rows {
		if r.Error != "" {
			fmt.Fprintf(&b, "\nFailed: %s: %s", r.UserID, r.Error)
		}
	}
	for _, caveat := range c.Meta.Caveats {
		b.WriteString("\nCaveat: " + caveat)
	}
	return b.String()
}

func (c *comparison) cells() [][]string {
	out := [][]string{{"#", "Name", "User ID", "Followers", "Read med.", "Eng. med.", "Eng./read", "Quote", "CNY", "CNY/eng.", "CNY/read", "CNY/1,000 fol."}}
	for i := range c.Rows {
		r := &c.Rows[i]
		status := string(r.Status)
		if r.Error != "" {
			status = "failed"
		}
		rank := "-"
		if r.Rank != nil {
			rank = strconv.Itoa(*r.Rank)
		}
		out = append(out, []string{rank, cmp.Or(name(r.Name), "-"), r.UserID, whole(r.Followers), whole(r.ReadMedian), whole(r.EngagementMedian),
			decimal(r.EngagementToReadRatio), status, decimal(r.PriceCNY), decimal(r.CNYPerEngagement), decimal(r.CNYPerRead), decimal(r.CNYPerThousandFollowers)})
	}
	return out
}

// table writes aligned rows, the first one as the head. Numbers stand right.
func table(b *strings.Builder, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], runewidth.StringWidth(cell))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			if left := i == 1 || i == 2 || i == 7; left {
				cell = runewidth.FillRight(cell, width[i])
			} else {
				cell = runewidth.FillLeft(cell, width[i])
			}
			b.WriteString("| " + cell + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			for i := range row {
				b.WriteString("|" + strings.Repeat("-", width[i]+2))
			}
			b.WriteString("|\n")
		}
	}
}

// name cuts a blogger's name at the column's width, and keeps it from ending
// its cell and from being read as Markdown: an image or a link would be fetched
// or followed by whoever shows the table. "" stays so.
func name(s string) string { return inCell.Replace(runewidth.Truncate(s, nameWidth, "…")) }

var inCell = strings.NewReplacer("|", "/", `\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`")

func whole(n *int64) string {
	if n == nil {
		return "-"
	}
	return count(n, "")
}

func decimal(x *float64) string {
	if x == nil {
		return "-"
	}
	return number(*x)
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
