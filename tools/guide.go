package tools

import (
	"fmt"
	"strings"

	"pgy-mcp/schema"
)

// FieldGuide explains every member of the results in Markdown. It is made from
// the tables that the published schemas take their descriptions from.
func FieldGuide() string {
	var b strings.Builder
	b.WriteString(`# Field guide

What the figures of pgy-mcp mean. Source: Xiaohongshu's marketplace Pugongying (蒲公英, Pgy), by way of Just One API.

- What is absent or listed in ` + "`notProvided`" + ` is unknown, never zero. The upstream writes 0 or null for what it does not fill.
- Quotes (报价) are CNY for one note, without the platform's service fee, whose rate is not known here.
- Medians are over the last 30 days of daily notes (日常笔记), image notes (图文) and video notes (视频) together. Unit costs divide one format's quote by them: fit for comparing bloggers, not the platform's own figures.
- Ratios and unit costs have 4 significant digits; percents are on a 0-100 scale.
- Tiers (nano, micro, 头部, 腰部 …) have no official bounds: none are given.
- Words: 达人/博主 creator, blogger · 合作笔记 sponsored notes · 日常笔记 daily notes · MCN agency.

## Quote status

- open: can be booked at this price.
- closed: cannot be booked now; the price, if shown, is the last one.
- no_quote: open without a price. Not free of charge.
- placeholder: 9,999,999 CNY or more, which means "do not book".
- unknown: the upstream says neither.

## Members

| member | from | 中文 | meaning | mind |
|---|---|---|---|---|
`)
	for _, f := range schema.Facts {
		if f.Type == "Summary" || f.Type == "Quote" || f.Type == "UnitCosts" {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Name, f.Upstream, f.Term, f.Meaning, f.Trap)
		}
	}
	b.WriteString(`
## platformMetrics

The platform's own figures, present only where it filled them.

| member | from | label and unit | term, unit |
|---|---|---|---|
`)
	for _, m := range schema.Metrics {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.Name, m.Upstream, strings.TrimSuffix(m.Label+", "+m.Unit, ", "), m.Meaning)
	}
	b.WriteString("\n## meta\n\n| member | meaning | mind |\n|---|---|---|\n")
	for _, f := range schema.Facts {
		if f.Type == "Meta" {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", f.Name, f.Meaning, f.Trap)
		}
	}
	return b.String()
}
