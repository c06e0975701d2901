package tools

import (
	"cmp"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// maxCell is the most columns of a text in a table; a CJK character has two.
const maxCell = 40

// Text is the comparison as a model reads it: a Markdown table, without the
// blanks that would align it, and a list of what there is to know about it.
func (c *Comparison) Text() string {
	var b strings.Builder
	writeTable(&b, shownColumns(c.language, c.Rows))
	for _, note := range c.notes() {
		b.WriteString("\n- " + inMarkdown.Replace(note))
	}
	return b.String()
}

// tableColumn is a column of a table as a reader sees it.
type tableColumn struct {
	*column          // of a comparison; nil for another table
	cells   []string // the header first
	right   bool     // aligned to the right
	width   int      // on a terminal
}

func newTableColumn(header string, right bool, rows int, cell func(row int) string) *tableColumn {
	c := &tableColumn{cells: []string{header}, right: right}
	for row := range rows {
		c.cells = append(c.cells, cmp.Or(cell(row), unknown))
	}
	return c
}

// isEmpty reports a column in which no row has anything to say.
func (c *tableColumn) isEmpty() bool {
	return !slices.ContainsFunc(c.cells[1:], func(cell string) bool { return cell != unknown })
}

// writeTable writes a Markdown table.
func writeTable(b *strings.Builder, columns []*tableColumn) {
	rule, cells := make([]string, len(columns)), make([]string, len(columns))
	for row := range columns[0].cells {
		for i, c := range columns {
			cells[i], rule[i] = inMarkdown.Replace(c.cells[row]), "---"
			if c.right {
				rule[i] = "--:"
			}
		}
		writeRow(b, cells)
		if row == 0 {
			writeRow(b, rule)
		}
	}
}

func writeRow(b *strings.Builder, cells []string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// fitCell cuts a text at the most columns of a cell.
func fitCell(s string) string { return display.Truncate(s, maxCell, "…") }

// inMarkdown keeps a blogger's own words from ending their cell and from being
// read as Markdown: a client that shows the table would fetch an image.
var inMarkdown = strings.NewReplacer("|", "/", `\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`")

// notes are what stands below the table: counts, units, failures, caveats.
func (c *Comparison) notes() []string {
	l := c.language
	out := []string{c.countsNote(), l.say("Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.")}
	for _, line := range c.Failures() {
		out = append(out, l.say("Failed: %s", line))
	}
	for _, caveat := range c.Meta.Caveats {
		out = append(out, l.say("Caveat: %s", caveat))
	}
	return out
}

func (c *Comparison) countsNote() string {
	l, m := c.language, c.Meta
	quotes := l.say("Video quotes")
	if m.Format == schema.FormatImage {
		quotes = l.say("Image quotes")
	}
	if m.MaxPriceCNY > 0 {
		quotes = l.say("%s of at most %s CNY", quotes, number(m.MaxPriceCNY))
	}
	return l.say("%s, by %s: %d looked up, %d cached, %d billed, %d failed.", quotes, l.say(columnOf(m.SortBy).ranking), len(c.Rows), m.Cached, m.Billed, m.Failed)
}
