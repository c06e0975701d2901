package render

import (
	"fmt"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// FieldGuide returns a Markdown document that explains every member of the results. It
// uses the tables from which the published schemas have their descriptions.
func FieldGuide() string {
	var b strings.Builder
	b.WriteString(`# Field guide

What the figures mean. Source: Xiaohongshu's marketplace Pugongying (蒲公英, Pgy), by way of Just One API.

- What is absent or listed in ` + "`notProvided`" + ` is unknown, never zero. The upstream writes 0 or null for what it does not fill.
- Quotes (报价) are CNY for one note, without the platform's service fee, whose rate is the operator's to set.
- Medians are over the last 30 days of daily notes (日常笔记), image notes (图文) and video notes (视频) together. cnyPerEngagement and cnyPerRead divide one format's quote by them: fit for comparing bloggers, not for telling which of two formats is the better value. cnyPerFormatEngagement and cnyPerFormatRead can tell that; cnyPerSponsoredEngagement and cnyPerSponsoredRead are of sponsored notes.
- Ratios and unit costs have 4 significant digits, made from medians before those are rounded; percents are on a 0-100 scale.
- Tiers (nano, micro, 头部, 腰部 …) have no official bounds: none are given.
- Words: 达人/博主 creator, blogger · 合作笔记 sponsored notes · MCN agency.

## Quote status

- open: can be booked at this price.
- closed: cannot be booked now; the price, if shown, is the last one.
- hidden: the platform does not show the price; it cannot be booked at it.
- no_quote: open without a price. Not free of charge.
- placeholder: 9,999,999 CNY or more, which means "do not book".
- unknown: the upstream does not say.

## Members

| member | from | meaning |
|---|---|---|
`)
	memberRows(&b, "Summary", "ProfileChange", "Category", "Quote", "UnitCosts")
	b.WriteString(`
## platformMetrics

The platform's own figures, where it filled them.

| member | from | meaning |
|---|---|---|
`)
	for _, m := range schema.Metrics {
		meaning := strings.TrimSuffix(m.Label.En+","+m.Unit.En, ",")
		if strings.Contains(m.Upstream, "InterMidNum") || m.Upstream == "interMidCoop30" {
			meaning += "; an older engagement median than engagementMedian"
		}
		if term, _, _ := strings.Cut(m.Meaning, ", "); !ascii(term) {
			meaning += " (" + term + ")"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Name, m.Upstream, meaning)
	}
	b.WriteString("\n## raw and meta\n\n| member | from | meaning |\n|---|---|---|\n")
	memberRows(&b, "Profile", "Meta", "AnswerMeta")
	b.WriteString("\n## compare_bloggers\n\n| member | from | meaning |\n|---|---|---|\n")
	memberRows(&b, "Row", "PlatformCosts", "Plan", "ComparisonMeta")
	b.WriteString(`
## find_bloggers

Rows are as in compare_bloggers, from the search's own figures: whether a price is shown is not known. pgy://search-labels has what the filters take. A ranking is over the rows that were fetched, not over all that match.

| member | from | meaning |
|---|---|---|
`)
	memberRows(&b, "FoundRow", "FoundMeta")
	insightsGuide(&b)
	reviewGuide(&b)
	return b.String()
}

// memberRows writes a row for each member of published types.
func memberRows(b *strings.Builder, types ...string) {
	for _, f := range schema.MemberDocs {
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

// insightsGuide writes the part about get_blogger_insights.
func insightsGuide(b *strings.Builder) {
	b.WriteString(`
## get_blogger_insights

Each section is one paid request. Percents are on a 0-100 scale; those that the platform gives as fractions have 4 significant digits.

- traffic: all (含投流) includes what brands paid to promote, organic (自然流量) does not. paidTraffic says which in performance, trend and notes; lists of notes always include it.
- performance is of one scope, format, window and traffic: never put its medians beside the profile's as if they were the same. Without notes there are no figures, below 5 notes they say little. videoCompletionPercent needs video notes, imageRead3sPercent image notes. 0 is a fact in counts, rates and the medians of likes, collects, comments, shares and follows, which do not add up to engagementMedian.
- readRatePercent (阅读率), collectsToLikes (藏赞比), readsToLikes (阅赞比) and videoSharePercent are quotients of the section's own figures, with 4 significant digits.
- unitCosts divide the quote of the one format that was asked for, without the platform's fee, by these medians; with scope sponsored they are 合作CPM, 合作阅读单价 and 合作CPE. The quote comes from a fresh cached profile or row of a search. Without one there are no unitCosts: get_blogger_profile, one paid request, gives it.
- abovePeersPercent is the share of comparable creators that are below.
- audience is who follows, not who sees the notes. The top lists show the largest ones and do not add up to 100. firstTierPercent is a lower bound for the same reason.
- followers: active means active on the platform; it does not mean that they see this creator. No official threshold tells bought followers.
- costs are the platform's own estimates at list price, without its fee. The platform does not document which reads cnyPerRead is divided by. A format without any figure is absent and in notProvided.
- notes are 8 a page, the latest first; with scope daily all notes, sponsored ones among them, with scope sponsored those alone. Each page is a paid request. With scope sponsored brands counts the listed notes of each brand ({brand, notes, lastOn}, the latest brand first), and worstSponsored ({reads, url}) is the listed note with the fewest reads.
- trend: each point is the rolling median of the window that ends on that day: never add points up. A member of a point that is absent was not filled. readMedian and engagementMedian have first, last, low and high ({date, value}) of the filled days; changePercent is the last against the first. cpmCny and cnyPerEngagement are the platform's on the last day.
- growth: change and changePercent are against the first day. largestDay ({date, change}) is the greatest gain between two days that follow each other, largestDayPercent its share of change. A jump is no verdict about bought followers.
- availability: replyPercent (邀约48h回复率) is absent where nobody sent an invitation. The platform does not document over which time it counts invitations.
`)
	for _, section := range schema.Sections {
		fmt.Fprintf(b, "\n### %s\n\n| member | from | meaning |\n|---|---|---|\n", section)
		figureRows(b, section)
		for _, d := range schema.Distributions {
			if d.Section == section {
				fmt.Fprintf(b, "| %s | %s | %s, %% (%s) |\n", d.Name, d.Upstream, d.Label.En, d.Label.Zh)
			}
		}
		for _, r := range schema.AllSeries {
			if r.Section == section {
				fmt.Fprintf(b, "| points.%s | %s.%s | %s (%s) |\n", r.Name, schema.DayLists[section], r.Upstream, r.Label.En, r.Label.Zh)
			}
		}
		for _, m := range schema.Marks {
			if m.Section == section {
				fmt.Fprintf(b, "| %s | %s | %s (%s) |\n", m.Name, m.Upstream, m.Label.En, m.Label.Zh)
			}
		}
		switch section {
		case schema.SectionNotes:
			memberRows(b, "NoteRow")
		case schema.SectionAvailability:
			b.WriteString("| industries | tradeNames | Industries worked for (合作行业) |\n")
		}
	}
	b.WriteString("\n### failed, raw and meta\n\n| member | from | meaning |\n|---|---|---|\n")
	memberRows(b, "FailedSection", "Insights", "InsightsMeta")
}

// reviewGuide writes the part about review_notes.
func reviewGuide(b *strings.Builder) {
	b.WriteString(`
## review_notes

What published notes brought (复盘). Each note is one paid request.

- If all counts are 0, the platform has not filled them: they are absent, and counts is in notProvided. Otherwise 0 means 0; but impressions or reads of 0 beside another count are absent.
- The counts include paid traffic; the platform does not separate it. In the first 7 days after publication a note is young: its counts will rise.
- Medians are the author's of today, of daily notes (日常笔记) in the last 30 days, not those of the day of booking.
- paidCny is as given. The totals are over the notes with counts; each unit cost of the totals is over those that have both an amount and that divisor.

### rows

| member | from | meaning |
|---|---|---|
`)
	memberRows(b, "ReviewRow", "NoteCosts")
	b.WriteString("\n### totals and meta\n\n| member | from | meaning |\n|---|---|---|\n")
	memberRows(b, "ReviewTotals", "ReviewMeta")
}

// figureRows writes a row for each figure of a section, and one row for each group.
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
			fmt.Fprintf(b, "| %s | %s | %s |\n", f.Name, madeOf(&f), meaning)
			continue
		}
		if schema.Figures[i-1].Group == f.Group {
			continue
		}
		var from, members []string
		for _, g := range schema.Figures {
			if g.Section == section && g.Group == f.Group {
				from = append(from, madeOf(&g))
				members = append(members, g.Name+inBrackets(strings.Trim(g.Label.Zh+","+strings.TrimSuffix(g.Unit.En, " %"), ", ")))
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s: %s |\n", f.Group, strings.Join(from, ", "), groupOf(&f).Label.En, strings.Join(members, ", "))
	}
}

// madeOf returns the upstream's members or the published figures that a figure comes from.
func madeOf(f *schema.Figure) string {
	q := schema.QuotientOf(f)
	switch {
	case f.Upstream != "":
		return f.Upstream
	case q == nil:
		return "the profile's quote"
	}
	_, dividend, inGroup := strings.Cut(q.Dividend, ".")
	if !inGroup {
		dividend = q.Dividend
	}
	s := dividend + " / " + q.Divisor
	if q.Times != 1 {
		s += " × " + lang.Number(q.Times)
	}
	return s
}

func inBrackets(term string) string {
	if term == "" {
		return ""
	}
	return " (" + term + ")"
}
