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
	// maxCell is how wide a cell is at most, unless its column is Uncut.
	maxCell = 40
)

// display measures text in columns of a terminal. A CJK character has two, whatever the
// process's locale is.
var display = &runewidth.Condition{StrictEmojiNeutral: true}

// What a sentence calls the cell of an unknown value: in a table, and in a file.
var (
	unknownInTable = t(unknown, unknown+" ")
	unknownInFile  = t("an empty cell", "空单元格")
)

// tableColumn is a schema.Column with its cells in a language.
type tableColumn struct {
	name  string   // in JSON
	cells []string // the header first
	empty string   // the cell of a row without a value
	right bool     // aligned to the right
	drop  int      // see schema.Column
	width int      // on a terminal
}

// newTableColumn returns a column with a cell for each row. text returns the text of a
// row's cell; if that is "", the cell is empty.
func newTableColumn[R any](header, empty string, rows []R, text func(*R) string) *tableColumn {
	c := &tableColumn{cells: []string{header}, empty: empty}
	for i := range rows {
		c.cells = append(c.cells, cmp.Or(text(&rows[i]), empty))
	}
	return c
}

// isEmpty reports whether no row has a value.
func (c *tableColumn) isEmpty() bool {
	return !slices.ContainsFunc(c.cells[1:], func(cell string) bool { return cell != c.empty })
}

// tableColumns returns the columns named in always, and those that have a value in at least
// one row. Of the details it returns only the one that ranks the rows.
func tableColumns[R any](l lang.Language, columns []schema.Column[R], rows []R, ranking string, always ...string) []*tableColumn {
	var out []*tableColumn
	for i := range columns {
		c := &columns[i]
		wanted := slices.Contains(always, c.Name)
		if c.Detail && c.Name != ranking && !wanted {
			continue
		}
		empty := unknown
		if c.EmptyMeansNone {
			empty = ""
		}
		shown := newTableColumn(l.Say(c.Header), empty, rows, func(r *R) string {
			text := cellText(l, c, r)
			if c.Uncut {
				return text
			}
			return cutToCell(text)
		})
		shown.name, shown.right, shown.drop = c.Name, c.Figure != nil, c.Drop
		if wanted || !shown.isEmpty() {
			out = append(out, shown)
		}
	}
	return out
}

// cellText is the text of a cell for a reader, neither escaped nor cut; "" is unknown.
func cellText[R any](l lang.Language, c *schema.Column[R], r *R) string {
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

// markdownTable renders a Markdown table without padding.
func markdownTable(columns []*tableColumn) string {
	var b strings.Builder
	rule, cells := make([]string, len(columns)), make([]string, len(columns))
	for row := range columns[0].cells {
		for i, c := range columns {
			cells[i], rule[i] = inMarkdown.Replace(c.cells[row]), "---"
			if c.right {
				rule[i] = "--:"
			}
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if row == 0 {
			b.WriteString("| " + strings.Join(rule, " | ") + " |\n")
		}
	}
	return b.String()
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
