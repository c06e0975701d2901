package render

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Sheet is how a workbook shows rows. In Chinese it is laid out as agencies lay theirs
// out: a shortlist (提报) or a review (复盘), with columns to fill in by hand.
type Sheet struct {
	name  lang.T
	first []string // the names of the columns that come first, in that order
}

// The sheets of rows.
var (
	SheetOfBloggers = Sheet{t("Bloggers", "博主"), []string{
		"rank", "name", "profileUrl", "followers", "categories", "location", "mcn",
		"imagePriceCny", "videoPriceCny", "priceCny", "priceWithFeeCny", "status",
		"readMedian", "engagementMedian", string(schema.BySponsoredReadMedian), string(schema.ByCNYPerRead), string(schema.ByCNYPerEngagement), string(schema.ByPlatformCPM),
		"health", "flags", "notBookable", "outside",
	}}
	SheetOfNotes = Sheet{t("Notes", "笔记"), []string{
		"rank", "name", "title", "url", "publishedOn", "format", "brand", "paidCny",
		"impressions", "reads", "likes", "collects", "comments", "shares", "newFollowers", "engagements",
		"readRatePercent", "engagementRatePercent", string(schema.NotesByCPM), string(schema.NotesByCNYPerRead), string(schema.NotesByCNYPerEngagement),
		string(schema.NotesByReadsToMedian), "engagementsToMedian", "flags",
	}}

	aboutSheet = t("About", "说明")
	// ownColumns are what an agency fills in: its rebate and its remarks.
	ownColumns = []string{"返点", "备注"}
)

const (
	// maxSheetText is how much text a cell can hold, with room for characters that
	// count twice.
	maxSheetText = 16000
	// aboutWidth and maxColumnWidth are in characters.
	aboutWidth     = 100
	maxColumnWidth = 40
)

// Workbook gives rows as an xlsx file: a sheet with all columns, and a second one with
// the lines of about. Texts stay texts and numbers numbers, with the
// digits that a reader is shown; there is never a formula.
func Workbook[R any](l lang.Language, s Sheet, columns []schema.Column[R], rows []R, about []string) ([]byte, error) {
	w := workbook{file: excelize.NewFile(), language: l, numbers: map[string]int{}}
	defer func() { _ = w.file.Close() }()
	sheet := l.Say(s.name)
	var own []string
	if l == lang.Chinese {
		columns, own = inOrder(columns, s.first), ownColumns
	}
	w.try(w.file.SetSheetName("Sheet1", sheet))
	w.try(w.file.SetDocProps(&excelize.DocProperties{Creator: "pgy-mcp", Title: sheet}))
	text := w.style(&excelize.Style{NumFmt: textFormat})
	link := w.style(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Color: "0563C1", Underline: "single"}})
	header := w.style(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	last, err := excelize.CoordinatesToCellName(len(columns)+len(own), 1+len(rows))
	w.try(err)
	w.try(w.file.SetSheetDimension(sheet, "A1:"+last)) // readers go by it
	for i := range columns {
		c := &columns[i]
		column, err := excelize.ColumnNumberToName(i + 1)
		w.try(err)
		width := w.text(sheet, column+"1", l.Say(c.Header), header)
		for j := range rows {
			r, cell := &rows[j], fmt.Sprintf("%s%d", column, j+2)
			if c.Figure != nil {
				if x, ok := c.Figure(r); ok {
					width = max(width, w.number(sheet, cell, c.Quantity, x))
				}
				continue
			}
			s := inFile(l, c, r)
			if s == "" {
				continue
			}
			if page := linkOf(c, r); page != "" && w.links < excelize.TotalSheetHyperlinks {
				w.links++
				w.try(w.file.SetCellHyperLink(sheet, cell, page, "External"))
				width = max(width, w.text(sheet, cell, s, link))
			} else {
				width = max(width, w.text(sheet, cell, s, text))
			}
		}
		w.try(w.file.SetColWidth(sheet, column, column, float64(min(width, maxColumnWidth)+gap)))
	}
	for i, name := range own {
		column, err := excelize.ColumnNumberToName(len(columns) + i + 1)
		w.try(err)
		w.text(sheet, column+"1", name, header)
	}
	w.try(w.file.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	w.about(about)
	var b bytes.Buffer
	w.try(w.file.Write(&b))
	return b.Bytes(), w.err
}

// inOrder gives the columns with those of the names first.
func inOrder[R any](columns []schema.Column[R], names []string) []schema.Column[R] {
	place := func(c schema.Column[R]) int {
		if i := slices.Index(names, c.Name); i >= 0 {
			return i
		}
		return len(names)
	}
	columns = slices.Clone(columns)
	slices.SortStableFunc(columns, func(a, b schema.Column[R]) int { return place(a) - place(b) })
	return columns
}

func linkOf[R any](c *schema.Column[R], r *R) string {
	if c.Link == nil {
		return ""
	}
	return c.Link(r)
}

// textFormat is the number format "@": a text that is edited stays a text.
const textFormat = 49

// workbook is an xlsx file in the making. It keeps the first error.
type workbook struct {
	file     *excelize.File
	language lang.Language
	numbers  map[string]int // styles by number format
	links    int            // a sheet holds no more than excelize.TotalSheetHyperlinks
	err      error
}

func (w *workbook) try(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *workbook) style(s *excelize.Style) int {
	id, err := w.file.NewStyle(s)
	w.try(err)
	return id
}

// likeEscape is how a workbook writes a character that XML cannot hold. In a text that
// has it by itself, the underscore is written so.
var likeEscape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4})`)

// text writes a text and gives its width in characters.
func (w *workbook) text(sheet, cell, s string, style int) (width int) {
	w.try(w.file.SetCellStr(sheet, cell, likeEscape.ReplaceAllString(s, "_x005F_$1")))
	w.try(w.file.SetCellStyle(sheet, cell, cell, style))
	return display.StringWidth(s)
}

// number writes a number, shown with the digits of Figure, and gives its width.
func (w *workbook) number(sheet, cell string, q schema.Quantity, x float64) (width int) {
	shown := Figure(lang.English, q, x)
	format := numberFormat(q, shown)
	style, ok := w.numbers[format]
	if !ok {
		style = w.style(&excelize.Style{CustomNumFmt: &format})
		w.numbers[format] = style
	}
	w.try(w.file.SetCellFloat(sheet, cell, x, -1, 64))
	w.try(w.file.SetCellStyle(sheet, cell, cell, style))
	return len(shown)
}

// numberFormat has a sheet show a figure as it is shown elsewhere.
func numberFormat(q schema.Quantity, shown string) string {
	shown, _, _ = strings.Cut(shown, " ")
	_, decimals, hasDecimals := strings.Cut(shown, ".")
	format := "#,##0"
	if hasDecimals {
		format += "." + strings.Repeat("0", len(decimals))
	}
	switch q {
	case schema.Ratio:
		format += "%"
	case schema.Percentage:
		format += `"%"` // the number is on that scale already
	}
	return format
}

// about writes the second sheet, a line a row.
func (w *workbook) about(lines []string) {
	sheet := w.language.Say(aboutSheet)
	_, err := w.file.NewSheet(sheet)
	w.try(err)
	w.try(w.file.SetColWidth(sheet, "A", "A", aboutWidth))
	style := w.style(&excelize.Style{NumFmt: textFormat, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	row := 0
	for _, line := range lines {
		for _, part := range wrapped(line, maxSheetText, true) {
			row++
			w.text(sheet, fmt.Sprintf("A%d", row), part, style)
		}
	}
	w.try(w.file.SetSheetDimension(sheet, fmt.Sprintf("A1:A%d", max(row, 1))))
}
