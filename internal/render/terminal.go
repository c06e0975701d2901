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
	// usualName is wide enough for the names that Xiaohongshu allows, emoji
	// aside: a longer one is cut before a column is left out for it.
	usualName = 24
	// leastName and leastText are how far names, and then other texts, are cut
	// for a narrow terminal.
	leastName = 16
	leastText = 8
)

// ComparisonTable says a comparison for a person at a terminal: aligned, no line wider
// than width columns. For that, less telling columns are left out, then names are cut.
func ComparisonTable(l lang.Language, c *schema.Comparison, width int) string {
	t := terminalTable{
		columns: comparisonColumns(l, c), notes: comparisonNotes(l, c),
		name: "name", id: "userId", ranking: string(c.Meta.SortBy),
		cuts: []cut{{"name", leastName}, {"notBookable", leastText}, {"status", leastText}},
	}
	return t.text(width)
}

// terminalTable is a table with list items below it.
type terminalTable struct {
	columns []*tableColumn
	notes   []string
	name    string // the column that names a row
	id      string // the column that names a row without a name
	ranking string // the column that ranks the rows and is never left out; "" if none
	cuts    []cut
}

// cut is a column of texts that may be cut, down to so many columns of the terminal.
type cut struct {
	name  string
	least int
}

func (t *terminalTable) text(width int) string {
	var b strings.Builder
	t.fit(width)
	line := make([]string, len(t.columns))
	for row := range t.columns[0].cells {
		for i, column := range t.columns {
			line[i] = column.aligned(row)
		}
		b.WriteString(strings.TrimRight(strings.Join(line, strings.Repeat(" ", gap)), " ") + "\n")
	}
	for _, note := range t.notes {
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

// cut cuts names, and where that is not enough the other texts, until the rows fit.
func (t *terminalTable) cut(width int) {
	for _, text := range t.cuts {
		for _, column := range t.columns {
			if excess := t.width() - width; excess > 0 && column.name == text.name {
				column.cut(max(column.width-excess, text.least))
			}
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

// beyondUsual is by how much a name is wider than usual.
func (t *terminalTable) beyondUsual() int {
	return max(t.named(t.name).width-usualName, 0)
}
