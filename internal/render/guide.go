package render

import (
	"fmt"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// FieldGuide explains every member of the results in Markdown. It is made from
// the tables that the published schemas take their descriptions from.
func FieldGuide() string {
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
		meaning := strings.TrimSuffix(m.Label.En+","+m.Unit.En, ",")
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

// insightsGuide is what the field guide says of get_blogger_insights, made from
// the tables that its schema is made from.
func insightsGuide(b *strings.Builder) {
	b.WriteString(`
## get_blogger_insights

Each section is an answer of its own, and paid for by itself. Percents are on a 0-100 scale; those that the platform gives as fractions have 4 significant digits.

- performance is of one scope, format and window: never put its medians beside the profile's as if they were the same. Without notes there are no figures, below 5 notes they say little. videoCompletionPercent needs video notes, imageRead3sPercent image notes. 0 is a fact in counts, rates and the medians of likes, collects, comments, shares and follows, which do not add up to engagementMedian.
- abovePeersPercent is the share of comparable creators that are below.
- audience is who follows, not who sees the notes. The top lists show the largest ones and do not add up to 100.
- followers: active means active on the platform; it does not mean that they see this creator. No official threshold tells bought followers.
- costs are the platform's own estimates at list price, without its fee. Which reads cnyPerRead divides by is not documented. A format without any figure is absent and in notProvided.
- notes are the latest 8; with scope daily all notes, sponsored ones among them, with scope sponsored those alone.
`)
	for _, section := range schema.Sections {
		fmt.Fprintf(b, "\n### %s\n\n| member | from | meaning |\n|---|---|---|\n", section)
		figureRows(b, section)
		for _, d := range schema.Distributions {
			if d.Section == section {
				fmt.Fprintf(b, "| %s | %s | %s, %% (%s) |\n", d.Name, d.Upstream, d.Label.En, d.Label.Zh)
			}
		}
		if section == schema.SectionNotes {
			rows(b, "NoteRow")
		}
	}
	b.WriteString("\n### failed, raw and meta\n\n| member | from | meaning |\n|---|---|---|\n")
	rows(b, "FailedSection", "Insights", "InsightsMeta")
}

// figureRows writes a row for each figure of a section, and one for the figures
// of a group together.
func figureRows(b *strings.Builder, section schema.Section) {
	for i, f := range schema.Figures {
		if f.Section != section {
			continue
		}
		if f.Group == "" {
			meaning := strings.TrimSuffix(f.Label.En+","+f.Unit.En, ",") + inBrackets(f.Label.Zh)
			if f.Remark != "" && !strings.Contains(strings.ToLower(meaning), strings.ToLower(f.Remark)) {
				meaning += ". " + f.Remark
			}
			fmt.Fprintf(b, "| %s | %s | %s |\n", f.Name, f.Upstream, meaning)
			continue
		}
		if schema.Figures[i-1].Group == f.Group {
			continue
		}
		var from, members []string
		for _, g := range schema.Figures {
			if g.Section == section && g.Group == f.Group {
				from = append(from, g.Upstream)
				members = append(members, g.Name+inBrackets(strings.Trim(g.Label.Zh+","+strings.TrimSuffix(g.Unit.En, " %"), ", ")))
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s: %s |\n", f.Group, strings.Join(from, ", "), groupLabel(&f).En, strings.Join(members, ", "))
	}
}

func inBrackets(term string) string {
	if term == "" {
		return ""
	}
	return " (" + term + ")"
}
