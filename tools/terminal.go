package tools

import (
	"cmp"
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
	shown := shownColumns(c.Rows)
	grid := c.grid(shown)
	for totalWidth(grid)-beyondUsual(grid, shown) > width {
		i := c.leastTelling(shown)
		if i < 0 {
			break
		}
		shown = slices.Delete(shown, i, i+1)
		grid = c.grid(shown)
	}
	narrow(grid, shown, width)
	var b strings.Builder
	widths := columnWidths(grid)
	for _, cells := range grid {
		for i, cell := range cells {
			if shown[i].figure != nil {
				cells[i] = display.FillLeft(cell, widths[i])
			} else {
				cells[i] = display.FillRight(cell, widths[i])
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, strings.Repeat(" ", gap)), " ") + "\n")
	}
	for _, note := range c.notes() {
		b.WriteString("\n- " + strings.Join(wrap(note, width-len("- ")), "\n  "))
	}
	return b.String()
}

// grid has the cells of the header and of all rows. Where there is no column
// for ids, they name the rows that have no name.
func (c *Comparison) grid(shown []*column) [][]string {
	ids := slices.ContainsFunc(shown, func(c *column) bool { return c.name == "userId" })
	grid := make([][]string, 1, 1+len(c.Rows))
	for _, column := range shown {
		grid[0] = append(grid[0], column.header)
	}
	for i := range c.Rows {
		r := &c.Rows[i]
		cells := make([]string, len(shown))
		for j, column := range shown {
			cells[j] = fitCell(column.cell(r))
			if column.name == "name" && r.Name == "" && !ids {
				cells[j] = fitCell(r.UserID)
			}
		}
		grid = append(grid, cells)
	}
	return grid
}

// leastTelling is the column that goes next, or -1. The one that the rows are
// ranked by stays.
func (c *Comparison) leastTelling(shown []*column) int {
	least := -1
	for i, column := range shown {
		if column.drop == 0 || column.name == string(c.Meta.SortBy) {
			continue
		}
		if least < 0 || column.drop < shown[least].drop {
			least = i
		}
	}
	return least
}

// narrow cuts names, and where that is not enough the other texts, until the
// rows fit.
func narrow(grid [][]string, shown []*column, width int) {
	texts := slices.Clone(shown)
	slices.SortStableFunc(texts, func(a, b *column) int { return cmp.Compare(cutOrder(a), cutOrder(b)) })
	for _, column := range texts {
		excess := totalWidth(grid) - width
		if excess <= 0 || column.figure != nil {
			continue
		}
		i := slices.Index(shown, column)
		least := leastText
		if column.name == "name" {
			least = leastName
		}
		room := max(columnWidths(grid)[i]-excess, least)
		for _, cells := range grid {
			cells[i] = display.Truncate(cells[i], room, "…")
		}
	}
}

func cutOrder(c *column) int {
	switch c.name {
	case "name":
		return 0
	case "notBookable":
		return 1
	}
	return 2
}

func columnWidths(grid [][]string) []int {
	widths := make([]int, len(grid[0]))
	for _, cells := range grid {
		for i, cell := range cells {
			widths[i] = max(widths[i], display.StringWidth(cell))
		}
	}
	return widths
}

func totalWidth(grid [][]string) int {
	total := -gap
	for _, w := range columnWidths(grid) {
		total += w + gap
	}
	return total
}

// beyondUsual is by how much a name is wider than usual.
func beyondUsual(grid [][]string, shown []*column) int {
	name := slices.IndexFunc(shown, func(c *column) bool { return c.name == "name" })
	return max(columnWidths(grid)[name]-usualName, 0)
}

// wrap breaks s into lines of at most width columns: at blanks, and inside of
// words only where one is longer than a line.
func wrap(s string, width int) []string {
	width = max(width, 2) // a CJK character
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && display.StringWidth(line)+1+display.StringWidth(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for display.StringWidth(word) > width {
			head := display.Truncate(word, width, "")
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	return append(lines, line)
}
