package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

const (
	// gap is how many blanks are between two columns on a terminal.
	gap = 2
	// usualName is wide enough for most names, and usualText for most reasons: a
	// longer one is cut before a column is left out for it.
	usualName = 20
	usualText = 12
	// leastName and leastText are how far names, and then other texts, are cut
	// for a narrow terminal; at last names are cut to leastText.
	leastName = 16
	leastText = 8
)

// ComparisonTable says a comparison for a person at a terminal: aligned, no line wider
// than width columns. For that, less telling columns are left out, then names are cut.
func ComparisonTable(l lang.Language, c *schema.Comparison, width int) string {
	t := bloggersTable(comparisonColumns(l, c), string(c.Meta.SortBy), comparisonNotes(l, c, dash))
	return t.render(width)
}

// bloggersTable is a table with a blogger in each row.
func bloggersTable(columns []*tableColumn, ranking string, notes []string) *terminalTable {
	return &terminalTable{
		columns: columns, notes: notes, name: "name", id: "userId", ranking: ranking,
		texts: []text{{"name", usualName, leastName}, {"flags", usualText, leastText}, {"notBookable", usualText, leastText}, {"outside", usualText, leastText}, {"status", maxCell, leastText}},
	}
}

// terminalTable is a table with list items below it.
type terminalTable struct {
	columns []*tableColumn
	notes   []string
	name    string // the column that names a row
	id      string // the column that names a row without a name
	ranking string // the column that ranks the rows and is never left out; "" if none
	texts   []text // in the order in which they are cut; the name at last once more, to leastText
}

// text is a column of texts that may be cut. Widths are in columns of the terminal: what
// is wider than usual is cut before a column is left out for it.
type text struct {
	name         string
	usual, least int
}

func (t *terminalTable) render(width int) string {
	var b strings.Builder
	t.fit(width)
	line := make([]string, len(t.columns))
	for row := range t.columns[0].cells {
		for i, column := range t.columns {
			line[i] = column.aligned(row)
		}
		b.WriteString(strings.TrimRight(strings.Join(line, strings.Repeat(" ", gap)), " ") + "\n")
	}
	return b.String() + terminalNotes(t.notes, width)
}

func terminalNotes(notes []string, width int) string {
	var b strings.Builder
	for _, note := range notes {
		b.WriteString("\n- " + strings.Join(wrapped(note, width-len("- "), true), "\n  "))
	}
	return b.String()
}

func (c *tableColumn) measure() {
	c.width = 0
	for _, cell := range c.cells {
		c.width = max(c.width, display.StringWidth(cell))
	}
}

func (c *tableColumn) cut(width int) {
	for i, cell := range c.cells {
		c.cells[i] = display.Truncate(cell, width, "…")
	}
	c.measure()
}

func (c *tableColumn) aligned(row int) string {
	if c.right {
		return display.FillLeft(c.cells[row], c.width)
	}
	return display.FillRight(c.cells[row], c.width)
}

// fit leaves columns out and cuts texts for a terminal of that width.
func (t *terminalTable) fit(width int) {
	last := 0
	for _, column := range t.columns {
		column.measure()
		last = max(last, column.drop)
	}
	for drop := 1; drop <= last && t.width()-t.beyondUsual() > width; drop++ {
		i := slices.IndexFunc(t.columns, func(c *tableColumn) bool { return c.drop == drop && c.name != t.ranking })
		if i < 0 {
			continue
		}
		if t.columns[i].name == t.id {
			t.named(t.name).fillFrom(t.columns[i])
		}
		t.columns = slices.Delete(t.columns, i, i+1)
	}
	t.cut(width)
}

// fillFrom takes the cells of another column where this one has none.
func (c *tableColumn) fillFrom(other *tableColumn) {
	for i, cell := range c.cells {
		if cell == c.blank {
			c.cells[i] = other.cells[i]
		}
	}
	c.measure()
}

func (t *terminalTable) named(name string) *tableColumn {
	return t.columns[slices.IndexFunc(t.columns, func(c *tableColumn) bool { return c.name == name })]
}

// cut cuts names, and where that is not enough the other texts and the headers of
// figures, until the rows fit.
func (t *terminalTable) cut(width int) {
	for _, text := range append(slices.Clip(t.texts), text{t.name, usualName, leastText}) {
		for _, column := range t.columns {
			if excess := t.width() - width; excess > 0 && column.name == text.name {
				column.cut(max(column.width-excess, min(column.width, text.least)))
			}
		}
	}
	// Of figures only the header can be cut.
	for _, column := range t.columns {
		if excess := t.width() - width; excess > 0 && column.right {
			column.cells[0] = display.Truncate(column.cells[0], max(column.width-excess, leastText), "…")
			column.measure()
		}
	}
}

func (t *terminalTable) width() int {
	total := -gap
	for _, column := range t.columns {
		total += column.width + gap
	}
	return total
}

// beyondUsual is by how much texts are wider than usual.
func (t *terminalTable) beyondUsual() int {
	beyond := 0
	for _, text := range t.texts {
		for _, column := range t.columns {
			if column.name == text.name {
				beyond += max(column.width-text.usual, 0)
			}
		}
	}
	return beyond
}
