package render

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// ComparisonCSV gives a comparison for a spreadsheet: UTF-8 with a BOM, lines that end
// in CRLF, a header of the JSON names, always the same columns, numbers without
// thousands separators. A value that is unknown is empty.
func ComparisonCSV(c *schema.Comparison) string { return table(schema.Columns, c.Rows) }

// FoundCSV is ComparisonCSV for the bloggers of a search.
func FoundCSV(f *schema.Found) string { return table(schema.FoundColumns, f.Rows) }

func table[R any](columns []schema.Column[R], rows []R) string {
	b := bytes.NewBufferString("\ufeff") // without it Excel takes UTF-8 for another encoding
	w := csv.NewWriter(b)
	w.UseCRLF = true
	record := make([]string, len(columns))
	for i, column := range columns {
		record[i] = column.Name
	}
	// Writing into memory cannot fail.
	_ = w.Write(record)
	for i := range rows {
		for j := range columns {
			record[j] = field(&columns[j], &rows[i])
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.String()
}

// field is a column's text in CSV.
func field[R any](c *schema.Column[R], r *R) string {
	if c.Word != nil {
		return withoutFormula(c.Word(r))
	}
	if v, ok := c.Figure(r); ok {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// withoutFormula keeps a spreadsheet from running a text as a formula: a name
// could send the sheet's content to whoever chose it.
func withoutFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t", rune(s[0])) {
		return "'" + s
	}
	return s
}
