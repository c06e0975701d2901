package render

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

const (
	// unknown is the cell of a value that is not known.
	unknown = "-"
	// maxCell is the most columns of a text in a table; a CJK character has two.
	maxCell = 40
)

// display measures text in columns: a CJK character has two, whatever the
// locale of the process is.
var display = &runewidth.Condition{StrictEmojiNeutral: true}

// The cell of an unknown value as a sentence names it: in a table and in a file.
var (
	dash      = t(unknown, unknown+" ")
	emptyCell = t("an empty cell", "空单元格")
)

// tableColumn is a column of a table as a reader sees it.
type tableColumn struct {
	name  string   // in JSON
	cells []string // the header first
	blank string   // the cell of a row without a value
	right bool     // aligned to the right
	drop  int      // see schema.Column
	width int      // on a terminal
}

func newTableColumn(header string, right bool, rows int, cell func(row int) string) *tableColumn {
	return fillCells(&tableColumn{cells: []string{header}, right: right, blank: unknown}, rows, cell)
}

func fillCells(c *tableColumn, rows int, cell func(row int) string) *tableColumn {
	for row := range rows {
		c.cells = append(c.cells, cmp.Or(cell(row), c.blank))
	}
	return c
}

// isEmpty reports a column without a value in any row.
func (c *tableColumn) isEmpty() bool {
	return !slices.ContainsFunc(c.cells[1:], func(cell string) bool { return cell != c.blank })
}

// tableColumns are the columns that a table of the rows has: those named in always, and
// every other that has a value in at least one row and is no detail, or is the one that
// ranks the rows.
func tableColumns[R any](l lang.Language, columns []schema.Column[R], rows []R, ranked string, always ...string) []*tableColumn {
	var out []*tableColumn
	for i := range columns {
		c := &columns[i]
		wanted := slices.Contains(always, c.Name)
		if c.Detail && c.Name != ranked && !wanted {
			continue
		}
		shown := &tableColumn{name: c.Name, cells: []string{l.Say(c.Header)}, right: c.Figure != nil, blank: unknown, drop: c.Drop}
		if c.EmptyMeansNone {
			shown.blank = ""
		}
		fillCells(shown, len(rows), func(row int) string { return Cell(cell(l, c, &rows[row])) })
		if wanted || !shown.isEmpty() {
			out = append(out, shown)
		}
	}
	return out
}

// cell is a column's text for a reader in the language, unescaped and uncut; ""
// where it is unknown.
func cell[R any](l lang.Language, c *schema.Column[R], r *R) string {
	switch {
	case c.TextIn != nil:
		return c.TextIn(l, r)
	case c.Text != nil:
		return c.Text(r)
	}
	if v, ok := c.Figure(r); ok {
		return Figure(l, c.Quantity, v)
	}
	return ""
}

// writeTable writes a Markdown table, without the blanks that would align it.
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

// Cell cuts a text at the most columns of a cell.
func Cell(s string) string { return Cut(s, maxCell) }

// Cut cuts a text at so many columns of a terminal.
func Cut(s string, columns int) string { return display.Truncate(s, columns, "…") }

// Width is how many columns of a terminal a text has.
func Width(s string) int { return display.StringWidth(s) }

// inMarkdown keeps a blogger's own words from ending their cell and from being
// read as Markdown: a client that shows the table would fetch an image.
var inMarkdown = strings.NewReplacer("|", "/", `\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`")
