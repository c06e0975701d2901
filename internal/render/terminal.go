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
	var b strings.Builder
	shown := fit(l, c, width)
	line := make([]string, len(shown))
	for row := range 1 + len(c.Rows) {
		for i, column := range shown {
			line[i] = column.aligned(row)
		}
		b.WriteString(strings.TrimRight(strings.Join(line, strings.Repeat(" ", gap)), " ") + "\n")
	}
	for _, note := range comparisonNotes(l, c, dash) {
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
func fit(l lang.Language, c *schema.Comparison, width int) []*tableColumn {
	shown := comparisonColumns(l, c)
	for _, column := range shown {
		column.measure()
	}
	for drop := 1; drop <= len(schema.Columns) && totalWidth(shown)-beyondUsual(shown) > width; drop++ {
		// The figure that ranks the rows stays.
		i := slices.IndexFunc(shown, func(t *tableColumn) bool { return t.drop == drop && t.name != string(c.Meta.SortBy) })
		if i < 0 {
			continue
		}
		if shown[i].name == "userId" {
			nameByID(named(shown, "name"), c.Rows)
		}
		shown = slices.Delete(shown, i, i+1)
	}
	narrow(shown, width)
	return shown
}

// nameByID puts ids where there is no name, once they have no column.
func nameByID(names *tableColumn, rows []schema.Row) {
	for i, r := range rows {
		if r.Name == "" {
			names.cells[1+i] = Cell(r.UserID)
		}
	}
	names.measure()
}

func named(shown []*tableColumn, name string) *tableColumn {
	return shown[slices.IndexFunc(shown, func(c *tableColumn) bool { return c.name == name })]
}

// narrow cuts names, and where that is not enough the other texts and the headers of
// figures, until the rows fit.
func narrow(shown []*tableColumn, width int) {
	for _, text := range []struct {
		name  string
		least int
	}{{"name", leastName}, {"flags", leastText}, {"notBookable", leastText}, {"outside", leastText}, {"status", leastText}, {"name", leastText}} {
		for _, column := range shown {
			if excess := totalWidth(shown) - width; excess > 0 && column.name == text.name {
				column.cut(max(column.width-excess, min(column.width, text.least)))
			}
		}
	}
	// Of figures only the header can be cut.
	for _, column := range shown {
		if excess := totalWidth(shown) - width; excess > 0 && column.right {
			column.cells[0] = display.Truncate(column.cells[0], max(column.width-excess, leastText), "…")
			column.measure()
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

// beyondUsual is by how much names and reasons are wider than usual.
func beyondUsual(shown []*tableColumn) int {
	beyond := 0
	for _, column := range shown {
		switch column.name {
		case "name":
			beyond += max(column.width-usualName, 0)
		case "notBookable", "outside", "flags":
			beyond += max(column.width-usualText, 0)
		}
	}
	return beyond
}
