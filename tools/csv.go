package tools

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// CSV is the comparison for a spreadsheet: UTF-8 with a BOM, lines that end in
// CRLF, a header of the JSON names, always the same columns, numbers without
// thousands separators. What is unknown is empty.
func (c *Comparison) CSV() string {
	b := bytes.NewBufferString("\ufeff") // without it Excel takes UTF-8 for another encoding
	w := csv.NewWriter(b)
	w.UseCRLF = true
	record := make([]string, len(columns))
	for i, column := range columns {
		record[i] = column.name
	}
	// Writing into memory cannot fail.
	_ = w.Write(record)
	for i := range c.Rows {
		for j := range columns {
			record[j] = columns[j].field(&c.Rows[i])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

// field is the column's text in CSV.
func (c *column) field(r *schema.Row) string {
	if c.figure != nil {
		if v, ok := c.figure(r); ok {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return ""
	}
	return withoutFormula(c.word(r))
}

// withoutFormula keeps a spreadsheet from running a text as a formula: a name
// could send the sheet's content to whoever chose it.
func withoutFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}
