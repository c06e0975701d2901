package tools

import (
	"fmt"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// fieldGuide explains every member of the results in Markdown. It is made from
// the tables that the published schemas take their descriptions from.
func fieldGuide() string {
	var b strings.Builder
	b.WriteString(`# Field guide

What the figures mean. Source: Xiaohongshu's marketplace Pugongying (蒲公英, Pgy), by way of Just One API.

- What is absent or listed in ` + "`notProvided`" + ` is unknown, never zero. The upstream writes 0 or null for what it does not fill.
- Quotes (报价) are CNY for one note, without the platform's service fee, whose rate is not known here.
- Medians are over the last 30 days of daily notes (日常笔记), image notes (图文) and video notes (视频) together. Unit costs divide one format's quote by them: fit for comparing bloggers, not the platform's own figures.
- Ratios and unit costs have 4 significant digits, made from medians before those are rounded; percents are on a 0-100 scale.
- Tiers (nano, micro, 头部, 腰部 …) have no official bounds: none are given.
- Words: 达人/博主 creator, blogger · 合作笔记 sponsored notes · MCN agency.

## Quote status

- open: can be booked at this price.
- closed: cannot be booked now; the price, if shown, is the last one.
- no_quote: open without a price. Not free of charge.
- placeholder: 9,999,999 CNY or more, which means "do not book".
- unknown: the upstream says neither.

## Members

| member | from | meaning |
|---|---|---|
`)
	rows(&b, "Summary", "Category", "Quote", "UnitCosts")
	b.WriteString(`
## platformMetrics

The platform's own figures, where it filled them.

| member | from | meaning |
|---|---|---|
`)
	for _, m := range schema.Metrics {
		meaning := strings.TrimSuffix(m.Label+", "+m.Unit, ", ")
		if term, _, _ := strings.Cut(m.Meaning, ", "); !ascii(term) {
			meaning += " (" + term + ")"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Name, m.Upstream, meaning)
	}
	b.WriteString("\n## raw and meta\n\n| member | from | meaning |\n|---|---|---|\n")
	rows(&b, "Profile", "Meta", "AnswerMeta")
	b.WriteString("\n## compare_bloggers\n\n| member | from | meaning |\n|---|---|---|\n")
	rows(&b, "Row", "PlatformCosts", "ComparisonMeta")
	insightsGuide(&b)
	return b.String()
}

// rows writes a row for each member of some published types.
func rows(b *strings.Builder, types ...string) {
	for _, f := range schema.Facts {
		if !slices.Contains(types, f.Type) {
			continue
		}
		meaning := f.Meaning
		switch {
		case meaning == "":
			meaning = f.Term
		case !strings.Contains(meaning, f.Term):
			meaning += " (" + f.Term + ")"
		}
		if f.Trap != "" {
			meaning = strings.TrimPrefix(meaning+". "+f.Trap, ". ")
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", f.Name, f.Upstream, meaning)
	}
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }
