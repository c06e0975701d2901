package tools

import (
	"slices"
	"strings"
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

// Table is the comparison for a person at a terminal: aligned, and no line
// wider than width columns. Columns that tell less are left out for that, then
// names are cut.
func (c *Comparison) Table(width int) string {
	var b strings.Builder
	shown := c.fit(width)
	line := make([]string, len(shown))
	for row := range 1 + len(c.Rows) {
		for i, column := range shown {
			line[i] = column.aligned(row)
		}
		b.WriteString(strings.TrimRight(strings.Join(line, strings.Repeat(" ", gap)), " ") + "\n")
	}
	for _, note := range c.notes() {
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

// fit gives the columns for a terminal of that width.
func (c *Comparison) fit(width int) []*tableColumn {
	shown := shownColumns(c.language, c.Rows)
	for _, column := range shown {
		column.measure()
	}
	for drop := 1; drop <= len(columns) && totalWidth(shown)-beyondUsual(shown) > width; drop++ {
		// What the rows are ranked by stays.
		i := slices.IndexFunc(shown, func(t *tableColumn) bool { return t.drop == drop && t.name != string(c.Meta.SortBy) })
		if i < 0 {
			continue
		}
		if shown[i].name == "userId" {
			c.nameByID(named(shown, "name"))
		}
		shown = slices.Delete(shown, i, i+1)
	}
	narrow(shown, width)
	return shown
}

// nameByID puts ids where there is no name, once they have no column.
func (c *Comparison) nameByID(names *tableColumn) {
	for i, r := range c.Rows {
		if r.Name == "" {
			names.cells[1+i] = fitCell(r.UserID)
		}
	}
	names.measure()
}

func named(shown []*tableColumn, name string) *tableColumn {
	return shown[slices.IndexFunc(shown, func(c *tableColumn) bool { return c.name == name })]
}

// narrow cuts names, and where that is not enough the other texts, until the
// rows fit.
func narrow(shown []*tableColumn, width int) {
	for _, text := range []struct {
		name  string
		least int
	}{{"name", leastName}, {"notBookable", leastText}, {"status", leastText}} {
		for _, column := range shown {
			if excess := totalWidth(shown) - width; excess > 0 && column.name == text.name {
				column.cut(max(column.width-excess, text.least))
			}
		}
	}
}

func totalWidth(shown []*tableColumn) int {
	total := -gap
	for _, column := range shown {
		total += column.width + gap
	}
	return total
}

// beyondUsual is by how much a name is wider than usual.
func beyondUsual(shown []*tableColumn) int {
	return max(named(shown, "name").width-usualName, 0)
}
