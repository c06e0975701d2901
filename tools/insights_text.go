package tools

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// insightsText is a heading and a line a fact for each section, and below them
// what the call cost.
func insightsText(i *schema.Insights) string {
	paragraphs := []string{Text([]Fact{{"User ID", i.UserID}})}
	for _, p := range i.Parts() {
		paragraphs = append(paragraphs, "## "+heading(p)+"\n"+strings.Join(partLines(p), "\n"))
	}
	return strings.Join(append(paragraphs, Text(insightsMetaFacts(i))), "\n\n")
}

// heading names a section and what its figures are of.
func heading(p *schema.Part) string {
	switch p.Section {
	case schema.SectionPerformance:
		return fmt.Sprintf("Performance: %s notes, %s, last %d days", p.Scope, formatsText(p.Format), p.Days)
	case schema.SectionAudience:
		if p.AsOf != "" {
			return "Audience: followers, not viewers, as of " + p.AsOf
		}
		return "Audience: followers, not viewers"
	case schema.SectionFollowers:
		return "Followers: growth and activity"
	case schema.SectionCosts:
		return "Costs: the platform's estimates at list price, without its service fee"
	}
	scope := "all notes"
	if p.Scope == schema.ScopeSponsored {
		scope = "sponsored notes"
	}
	return fmt.Sprintf("Notes: the latest of %s, %s", scope, formatsText(p.Format))
}

func formatsText(f schema.Format) string {
	if f == schema.FormatAll {
		return "image and video together"
	}
	return string(f) + " alone"
}

// partLines are the lines of one section: facts, then the table of notes, then
// what there is to mind.
func partLines(p *schema.Part) []string {
	facts := figureFacts(p)
	for _, v := range p.Distributions {
		facts = append(facts, Fact{v.Distribution.Label, sharesText(v.Shares)})
	}
	if p.Section == schema.SectionAudience && len(p.Distributions) > 0 {
		facts = append(facts, Fact{"Top lists", "the largest ones, which do not add up to 100 %"})
	}
	var lines []string
	if len(facts) > 0 {
		lines = append(lines, Text(facts))
	}
	if len(p.Rows) > 0 {
		lines = append(lines, notesTable(p.Rows))
	}
	var mind []Fact
	if len(p.NotProvided) > 0 {
		mind = append(mind, Fact{"Not provided", strings.Join(p.NotProvided, ", ") + " (unknown, not zero)"})
	}
	for _, c := range p.Caveats {
		mind = append(mind, Fact{"Caveat", c})
	}
	if len(mind) > 0 && len(p.Rows) > 0 {
		lines = append(lines, "")
	}
	if len(mind) > 0 {
		lines = append(lines, Text(mind))
	}
	return lines
}

// figureFacts gives each figure a line, and the figures of a group one together.
func figureFacts(p *schema.Part) []Fact {
	var out []Fact
	for i, v := range p.Figures {
		text := withUnit(group(string(v.Number)), v.Figure.Unit)
		switch {
		case v.Figure.Group == "":
			out = append(out, Fact{v.Figure.Label, text})
		case i > 0 && p.Figures[i-1].Figure.Group == v.Figure.Group:
			out[len(out)-1].Value += "; " + v.Figure.Label + " " + text
		default:
			out = append(out, Fact{groupLabel(v.Figure), v.Figure.Label + " " + text})
		}
	}
	return out
}

func groupLabel(f *schema.Figure) string {
	i := slices.IndexFunc(schema.Groups, func(g schema.Group) bool { return g.Section == f.Section && g.Name == f.Group })
	return schema.Groups[i].Label
}

func sharesText(shares []schema.Share) string {
	out := make([]string, len(shares))
	for i, s := range shares {
		out[i] = s.Name + " " + string(s.Percent) + " %"
	}
	return strings.Join(out, "; ")
}

// notesTable is a Markdown table after a blank line. A column that would be
// empty in every row is left out.
func notesTable(rows []schema.NoteRow) string {
	type column struct {
		head string
		text bool
		cell func(*schema.NoteRow) string
	}
	columns := []column{
		{"Published", true, func(r *schema.NoteRow) string { return r.PublishedOn }},
		{"Format", true, func(r *schema.NoteRow) string { return string(r.Format) }},
		{"Title", true, func(r *schema.NoteRow) string { return r.Title }},
		{"Brand", true, func(r *schema.NoteRow) string { return r.Brand }},
		{"Reads", false, func(r *schema.NoteRow) string { return count(r.Reads, "") }},
		{"Likes", false, func(r *schema.NoteRow) string { return count(r.Likes, "") }},
		{"Collects", false, func(r *schema.NoteRow) string { return count(r.Collects, "") }},
		{"Shop visits", false, func(r *schema.NoteRow) string { return count(r.ShopVisits, "") }},
		{"Page", true, func(r *schema.NoteRow) string { return r.URL }},
	}
	columns = slices.DeleteFunc(columns, func(c column) bool {
		return !slices.ContainsFunc(rows, func(r schema.NoteRow) bool { return c.cell(&r) != "" })
	})
	header, rule := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		header[i], rule[i] = c.head, "--:"
		if c.text {
			rule[i] = "---"
		}
	}
	var b strings.Builder
	b.WriteByte('\n')
	writeRow(&b, header)
	writeRow(&b, rule)
	cells := make([]string, len(columns))
	for i := range rows {
		for j, c := range columns {
			cells[j] = cmp.Or(inMarkdown.Replace(c.cell(&rows[i])), "-")
		}
		writeRow(&b, cells)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// insightsMetaFacts says where the sections come from and what the call cost.
func insightsMetaFacts(i *schema.Insights) []Fact {
	m := &i.Meta
	var out []Fact
	for _, f := range i.Failed {
		out = append(out, Fact{"Failed", string(f.Section) + ": " + f.Error})
	}
	out = append(out, Fact{"Source", sourceText(m.Source)})
	for _, s := range m.Sections {
		call := schema.Meta{Cached: s.Cached, Stale: s.Stale, Billed: s.Billed}
		text := s.FetchedAt + ", " + age(s.AgeSeconds) + "; " + callText(&call)
		if s.RequestID != "" {
			text += "; request ID " + s.RequestID
		}
		out = append(out, Fact{"Fetched " + string(s.Section), text})
	}
	out = append(out, Fact{"This call", fmt.Sprintf("%d cached, %d billed, %d failed", m.Cached, m.Billed, m.Failed)})
	if m.CallsLeft != nil {
		out = append(out, Fact{"Requests left", strconv.Itoa(*m.CallsLeft) + " in the 24-hour budget"})
	}
	return out
}
