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

// laidOut is a column as a terminal shows it.
type laidOut struct {
	*column
	cells []string // the header first
	width int
}

func (c *Comparison) layOut(column *column) *laidOut {
	l := &laidOut{column: column, cells: []string{c.language.say(column.header)}}
	for i := range c.Rows {
		l.cells = append(l.cells, fitCell(column.cell(c.language, &c.Rows[i])))
	}
	l.measure()
	return l
}

func (l *laidOut) measure() {
	l.width = 0
	for _, cell := range l.cells {
		l.width = max(l.width, display.StringWidth(cell))
	}
}

func (l *laidOut) cut(width int) {
	for i, cell := range l.cells {
		l.cells[i] = display.Truncate(cell, width, "…")
	}
	l.measure()
}

func (l *laidOut) aligned(row int) string {
	if l.figure != nil {
		return display.FillLeft(l.cells[row], l.width)
	}
	return display.FillRight(l.cells[row], l.width)
}

// fit gives the columns for a terminal of that width.
func (c *Comparison) fit(width int) []*laidOut {
	var shown []*laidOut
	for _, column := range shownColumns(c.Rows) {
		shown = append(shown, c.layOut(column))
	}
	for totalWidth(shown)-beyondUsual(shown) > width {
		i := c.leastTelling(shown)
		if i < 0 {
			break
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
func (c *Comparison) nameByID(names *laidOut) {
	for i, r := range c.Rows {
		if r.Name == "" {
			names.cells[1+i] = fitCell(r.UserID)
		}
	}
	names.measure()
}

func named(shown []*laidOut, name string) *laidOut {
	return shown[slices.IndexFunc(shown, func(l *laidOut) bool { return l.name == name })]
}

// leastTelling is the column that goes next, or -1. The one that the rows are
// ranked by stays.
func (c *Comparison) leastTelling(shown []*laidOut) int {
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
func narrow(shown []*laidOut, width int) {
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

func totalWidth(shown []*laidOut) int {
	total := -gap
	for _, column := range shown {
		total += column.width + gap
	}
	return total
}

// beyondUsual is by how much a name is wider than usual.
func beyondUsual(shown []*laidOut) int {
	return max(named(shown, "name").width-usualName, 0)
}
