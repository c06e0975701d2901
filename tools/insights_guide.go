package tools

import (
	"fmt"
	"strings"

	"pgy-mcp/schema"
)

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
				fmt.Fprintf(b, "| %s | %s | %s, %% (%s) |\n", d.Name, d.Upstream, d.Label, d.Term)
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
			meaning := strings.TrimSuffix(f.Label+", "+f.Unit, ", ") + inBrackets(f.Term)
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
				members = append(members, g.Name+inBrackets(strings.Trim(g.Term+", "+strings.TrimSuffix(g.Unit, "%"), ", ")))
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s: %s |\n", f.Group, strings.Join(from, ", "), groupLabel(&f), strings.Join(members, ", "))
	}
}

func inBrackets(term string) string {
	if term == "" {
		return ""
	}
	return " (" + term + ")"
}
