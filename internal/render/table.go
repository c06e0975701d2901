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
	// maxCell is how wide a cell is at most, unless its column is whole.
	maxCell = 40
)

// display measures text in columns of a terminal. A CJK character has two, whatever the
// process's locale is.
var display = &runewidth.Condition{StrictEmojiNeutral: true}

// What a sentence calls the cell of an unknown value: in a table, and in a file.
var (
	dash      = t(unknown, unknown+" ")
	emptyCell = t("an empty cell", "空单元格")
)

// tableColumn is a schema.Column with its cells in a language.
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

// isEmpty reports whether no row has a value.
func (c *tableColumn) isEmpty() bool {
	return !slices.ContainsFunc(c.cells[1:], func(cell string) bool { return cell != c.blank })
}

// tableColumns returns the columns of a table: those named in always, and those that have
// a value in at least one row, except details. The detail by which rows are ranked is in.
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
		fillCells(shown, len(rows), func(row int) string {
			text := cell(l, c, &rows[row])
			if c.Uncut {
				return text
			}
			return cutToCell(text)
		})
		if wanted || !shown.isEmpty() {
			out = append(out, shown)
		}
	}
	return out
}

// cell is the text of a cell for a reader, neither escaped nor cut; "" is unknown.
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

// writeTable writes a Markdown table without padding.
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

// cutToCell cuts a text to maxCell columns.
func cutToCell(s string) string { return Cut(s, maxCell) }

// Cut cuts a text to a number of columns of a terminal.
func Cut(s string, columns int) string { return display.Truncate(s, columns, "…") }

// Width returns how many columns of a terminal a text takes.
func Width(s string) int { return display.StringWidth(s) }

// inMarkdown escapes other people's text, so that it neither ends its cell nor becomes
// Markdown: a client would load an image in it.
var inMarkdown = strings.NewReplacer("|", "/", `\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "`", "\\`")
