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
	// usualName is wide enough for most names, and usualText for most other texts:
	// longer ones are cut before a column is dropped.
	usualName = 20
	usualText = 12
	// A narrow terminal cuts names to leastName at first, then other texts to leastText,
	// then names to leastText too.
	leastName = 16
	leastText = 8
)

// ComparisonTable renders a comparison for a terminal of width columns: aligned, with list
// items below. If the table is too wide, it drops columns and cuts names.
func ComparisonTable(l lang.Language, c *schema.Comparison, width int) string {
	t := bloggersTable(comparisonColumns(l, c), string(c.Meta.SortBy), comparisonItems(l, c, unknownInTable))
	return t.render(width)
}

// bloggersTable is a table with a blogger in each row.
func bloggersTable(columns []*tableColumn, ranking string, items []string) *terminalTable {
	return &terminalTable{
		columns: columns, items: items, name: "name", id: "userId", ranking: ranking,
		texts: []cutColumn{{"name", usualName, leastName}, {"flags", usualText, leastText}, {"notBookable", usualText, leastText}, {"outside", usualText, leastText}, {"status", maxCell, leastText}},
	}
}

// terminalTable is a table with list items below it.
type terminalTable struct {
	columns []*tableColumn
	items   []string
	name    string      // the column that names a row
	id      string      // the column that names a row without a name
	ranking string      // the column that ranks the rows and is never left out; "" if none
	texts   []cutColumn // in the order in which they are cut
}

// cutColumn is a column of texts that may be cut. Widths are in columns of the terminal.
type cutColumn struct {
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
	return b.String() + terminalItems(t.items, width)
}

func terminalItems(items []string, width int) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString("\n- " + strings.Join(wrapped(item, width-len("- "), true), "\n  "))
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

// fit drops columns and cuts texts until the table has the width.
func (t *terminalTable) fit(width int) {
	for _, column := range t.columns {
		column.measure()
	}
	stays := func(c *tableColumn) bool { return c.drop == 0 || c.name == t.ranking }
	droppable := slices.DeleteFunc(slices.Clone(t.columns), stays)
	slices.SortStableFunc(droppable, func(a, b *tableColumn) int { return a.drop - b.drop })
	for _, column := range droppable {
		if t.width()-t.beyondUsual() <= width {
			break
		}
		if column.name == t.id {
			t.named(t.name).fillFrom(column)
		}
		t.columns = slices.DeleteFunc(t.columns, func(c *tableColumn) bool { return c == column })
	}
	t.cut(width)
}

// fillFrom fills empty cells with those of another column.
func (c *tableColumn) fillFrom(other *tableColumn) {
	for i, cell := range c.cells {
		if cell == c.empty {
			c.cells[i] = other.cells[i]
		}
	}
	c.measure()
}

func (t *terminalTable) named(name string) *tableColumn {
	return t.columns[slices.IndexFunc(t.columns, func(c *tableColumn) bool { return c.name == name })]
}

// cut cuts texts and then the headers of figures until the rows have the width.
func (t *terminalTable) cut(width int) {
	for _, text := range append(slices.Clip(t.texts), cutColumn{t.name, usualName, leastText}) {
		for _, column := range t.columns {
			if excess := t.width() - width; excess > 0 && column.name == text.name {
				column.cut(max(column.width-excess, min(column.width, text.least)))
			}
		}
	}
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

// beyondUsual returns by how many columns texts are wider than usual.
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
