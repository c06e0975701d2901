package render

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// CSV gives rows for a spreadsheet or a program: UTF-8 with a BOM, lines that end in
// CRLF, always the same columns, numbers without thousands separators. A value that is
// unknown is empty. The header has the JSON names; in Chinese header, flags and status
// are said as a reader sees them.
func CSV[R any](l lang.Language, columns []schema.Column[R], rows []R) []byte {
	b := bytes.NewBufferString("\ufeff") // without it Excel takes UTF-8 for another encoding
	w := csv.NewWriter(b)
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
			record[j] = field(l, &columns[j], &rows[i])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

// field is a column's text in CSV.
func field[R any](l lang.Language, c *schema.Column[R], r *R) string {
	if c.Figure != nil {
		if v, ok := c.Figure(r); ok {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return ""
	}
	text := c.Text(r)
	if l == lang.Chinese {
		text = inFile(l, c, r)
	}
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune(beginFormula, first) || c.ID && likeNumber.MatchString(text) {
		return "'" + text
	}
	return text
}

// inFile is the text of a column of words as a reader of a file sees it.
func inFile[R any](l lang.Language, c *schema.Column[R], r *R) string {
	switch {
	case c.List != nil:
		return strings.Join(c.List(l, r), "; ")
	case c.TextIn != nil:
		return c.TextIn(l, r)
	}
	return c.Text(r)
}

// beginFormula are the characters behind which a spreadsheet runs a text as a formula: a
// name could send the sheet's content to whoever chose it.
const beginFormula = "=+-@＝＋－＠\t"

// likeNumber is an id of which a spreadsheet keeps no more than 15 digits.
var likeNumber = regexp.MustCompile(`^[0-9]+([eE][0-9]+)?$`)
