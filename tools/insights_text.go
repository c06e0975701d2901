package tools

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// text is a heading and a line a fact for each section, and below them
// what the call cost.
func (i *insights) text() string {
	l := i.language
	paragraphs := []string{l.Text([]Fact{l.fact("User ID", i.UserID)})}
	for _, p := range i.parts {
		paragraphs = append(paragraphs, partParagraphs(l, p)...)
	}
	return strings.Join(append(paragraphs, l.Text(i.metaFacts())), "\n\n")
}

// heading names a section and what its figures are of.
func heading(l Language, p *schema.Part) string {
	switch p.Section {
	case schema.SectionPerformance:
		return l.say("Performance: %s notes, %s, last %d days", l.say(string(p.Scope)), l.formats(p.Format), p.Days)
	case schema.SectionAudience:
		if p.AsOf != "" {
			return l.say("Audience: followers, not viewers, as of %s", p.AsOf)
		}
		return l.say("Audience: followers, not viewers")
	case schema.SectionFollowers:
		return l.say("Followers: growth and activity")
	case schema.SectionCosts:
		return l.say("Costs: the platform's estimates at list price, without its service fee")
	}
	scope := l.say("all notes")
	if p.Scope == schema.ScopeSponsored {
		scope = l.say("sponsored notes")
	}
	return l.say("Notes: the latest of %s, %s", scope, l.formats(p.Format))
}

func (l Language) formats(f schema.Format) string {
	if f == schema.FormatAll {
		return l.say("image and video together")
	}
	return l.say("%s alone", l.say(string(f)))
}

// partParagraphs are one section's facts, then the table of notes, then what
// there is to mind. Without a table it is one paragraph.
func partParagraphs(l Language, p *schema.Part) []string {
	facts := figureFacts(l, p)
	for _, v := range p.Distributions {
		facts = append(facts, l.fact(v.Distribution.Label, l.shares(v.Shares)))
	}
	if p.Section == schema.SectionAudience && len(p.Distributions) > 0 {
		facts = append(facts, l.fact("Top lists", l.say("the largest ones, which do not add up to 100 %")))
	}
	mind := l.mind(p.NotProvided, p.Caveats)
	head := "## " + heading(l, p) + "\n"
	if len(p.Rows) == 0 {
		return []string{head + l.Text(append(facts, mind...))}
	}
	out := []string{strings.TrimSuffix(head+l.Text(facts), "\n"), notesTable(l, p.Rows)}
	if len(mind) > 0 {
		out = append(out, l.Text(mind))
	}
	return out
}

// figureFacts gives each figure a line, and the figures of a group one together.
func figureFacts(l Language, p *schema.Part) []Fact {
	var out []Fact
	for i, v := range p.Figures {
		number := string(v.Number)
		if p.Section == schema.SectionCosts {
			number = roundedCost(number)
		}
		text := l.withUnit(group(number), v.Figure.Unit)
		switch {
		case v.Figure.Group == "":
			out = append(out, l.fact(v.Figure.Label, text))
		case i > 0 && p.Figures[i-1].Figure.Group == v.Figure.Group:
			out[len(out)-1].Value += l.say("; ") + l.say(v.Figure.Label) + " " + text
		default:
			out = append(out, l.fact(groupLabel(v.Figure), l.say(v.Figure.Label)+" "+text))
		}
	}
	return out
}

// roundedCost rounds one of the platform's costs to 4 significant digits, and
// from 1,000 on to whole CNY: they come as quotients with 16 digits. JSON keeps
// them as they are.
func roundedCost(number string) string {
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	if math.Abs(x) < 1000 {
		x = significant(x)
	} else {
		x = math.Round(x)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func groupLabel(f *schema.Figure) string {
	i := slices.IndexFunc(schema.Groups, func(g schema.Group) bool { return g.Section == f.Section && g.Name == f.Group })
	return schema.Groups[i].Label
}

func (l Language) shares(shares []schema.Share) string {
	out := make([]string, len(shares))
	for i, s := range shares {
		out[i] = s.Name + " " + l.withUnit(string(s.Percent), "%")
	}
	return strings.Join(out, l.say("; "))
}

// notesTable is a Markdown table. A column that would be empty in every row is
// left out.
func notesTable(l Language, rows []schema.NoteRow) string {
	columns := []*tableColumn{
		newTableColumn(l.say("Published"), false, len(rows), func(i int) string { return rows[i].PublishedOn }),
		newTableColumn(l.say("Format"), false, len(rows), func(i int) string { return l.say(string(rows[i].Format)) }),
		newTableColumn(l.say("Title"), false, len(rows), func(i int) string { return rows[i].Title }),
		newTableColumn(l.say("Brand"), false, len(rows), func(i int) string { return rows[i].Brand }),
		newTableColumn(l.say("Reads"), true, len(rows), func(i int) string { return count(rows[i].Reads, "") }),
		newTableColumn(l.say("Likes"), true, len(rows), func(i int) string { return count(rows[i].Likes, "") }),
		newTableColumn(l.say("Collects"), true, len(rows), func(i int) string { return count(rows[i].Collects, "") }),
		newTableColumn(l.say("Shop visits"), true, len(rows), func(i int) string { return count(rows[i].ShopVisits, "") }),
		newTableColumn(l.say("Page"), false, len(rows), func(i int) string { return rows[i].URL }),
	}
	var b strings.Builder
	writeTable(&b, slices.DeleteFunc(columns, (*tableColumn).isEmpty))
	return strings.TrimSuffix(b.String(), "\n")
}

// metaFacts says where the sections come from and what the call cost.
func (i *insights) metaFacts() []Fact {
	l, m := i.language, &i.Meta
	var out []Fact
	for _, line := range i.failedLines() {
		out = append(out, l.fact("Failed", line))
	}
	out = append(out, l.fact("Source", l.source(m.Source)))
	for _, s := range m.Sections {
		text := l.fetched(s.AnswerMeta) + l.say("; ") + l.cost(s.AnswerMeta)
		if s.RequestID != "" {
			text += l.say("; request ID %s", s.RequestID)
		}
		out = append(out, Fact{l.say("Fetched %s", l.section(s.Section)), text})
	}
	out = append(out, l.fact("This call", l.say("%d cached, %d billed, %d failed", m.Cached, m.Billed, m.Failed)))
	if m.CallsLeft != nil {
		out = append(out, l.callsLeft(*m.CallsLeft))
	}
	return out
}
