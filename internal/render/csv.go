package render

import (
	"encoding/csv"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// CSV renders rows for a spreadsheet or a program: UTF-8 with a BOM and CRLF, always all
// columns, numbers without thousands separators, unknown values empty. The header has the
// JSON names; in Chinese, header and texts are those for readers.
func CSV[R any](l lang.Language, columns []schema.Column[R], rows []R) string {
	var b strings.Builder
	b.WriteString("\ufeff") // without it Excel takes UTF-8 for another encoding
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.Name
		if l == lang.Chinese {
			record[i] = l.Say(c.Header)
		}
	}
	// Writing into memory cannot fail.
	_ = w.Write(record)
	for i := range rows {
		for j := range columns {
			record[j] = csvText(l, &columns[j], &rows[i])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

// csvText is the text of a cell in CSV.
func csvText[R any](l lang.Language, c *schema.Column[R], r *R) string {
	if c.Figure != nil {
		if v, ok := c.Figure(r); ok {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return ""
	}
	text := c.Text(r)
	if l == lang.Chinese {
		text = fileText(l, c, r)
	}
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune(beginFormula, first) || c.ID && likeNumber.MatchString(text) {
		return "'" + text
	}
	return text
}

// fileText is the text of a cell that is no figure, for a reader of a file.
func fileText[R any](l lang.Language, c *schema.Column[R], r *R) string {
	switch {
	case c.List != nil:
		return strings.Join(c.List(l, r), "; ")
	case c.TextIn != nil:
		return c.TextIn(l, r)
	}
	return c.Text(r)
}

// beginFormula are the first characters of what a spreadsheet runs as a formula. A
// blogger's name could be a formula that sends the sheet's content away.
const beginFormula = "=+-@＝＋－＠\t"

// likeNumber is an id that a spreadsheet reads as a number, losing digits behind the 15th.
var likeNumber = regexp.MustCompile(`^[0-9]+([eE][0-9]+)?$`)
