package render

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	// agencyColumns are what an agency fills in: its rebate and its remarks.
	agencyColumns = []string{"返点", "备注"}
)

const (
	// maxSheetText is how much text a cell can hold, with room for characters that
	// count twice.
	maxSheetText = 16000
	// maxSheetLinks is how many links a sheet can hold.
	maxSheetLinks = 65530
	// aboutWidth and maxColumnWidth are in characters.
	aboutWidth     = 100
	maxColumnWidth = 40
)

// Workbook renders rows as an xlsx file: a sheet with all columns, and a second one with
// the lines of about, of which there is at least one. Texts stay texts and numbers
// numbers, with the digits that a reader is shown; no cell is a formula.
func Workbook[R any](l lang.Language, s Sheet, columns []schema.Column[R], rows []R, about []string) []byte {
	var toFillIn []string
	if l == lang.Chinese {
		columns, toFillIn = inOrder(columns, s.first), agencyColumns
	}
	texts := new(numbering[string])
	w := workbook{sheetWriter: sheetWriter{texts: texts}}
	w.beginRow()
	for i := range columns {
		w.text(headerStyle, l.Say(columns[i].Header))
	}
	for _, name := range toFillIn {
		w.text(headerStyle, name)
	}
	for i := range rows {
		w.beginRow()
		for j := range columns {
			writeCell(&w, l, &columns[j], &rows[i])
		}
	}
	second := sheetWriter{texts: texts}
	for _, line := range about {
		for _, part := range wrapped(line, maxSheetText, true) {
			second.beginRow()
			second.text(aboutStyle, part)
		}
	}
	second.widths = []int{aboutWidth}
	return w.file(l.Say(s.name), l.Say(aboutSheet), &second)
}

// writeCell writes a row's cell of a column; one that is unknown stays empty.
func writeCell[R any](w *workbook, l lang.Language, c *schema.Column[R], r *R) {
	if c.Figure != nil {
		if x, ok := c.Figure(r); ok {
			w.number(c.Quantity, x)
		} else {
			w.skipCell()
		}
		return
	}
	text, page := fileText(l, c, r), ""
	if c.Link != nil {
		page = c.Link(r)
	}
	switch {
	case text == "":
		w.skipCell()
	case page != "" && len(w.links) < maxSheetLinks:
		w.link(text, page)
	default:
		w.text(textStyle, text)
	}
}

// inOrder returns the columns with those of the names first.
func inOrder[R any](columns []schema.Column[R], names []string) []schema.Column[R] {
	position := func(c schema.Column[R]) int {
		if i := slices.Index(names, c.Name); i >= 0 {
			return i
		}
		return len(names)
	}
	columns = slices.Clone(columns)
	slices.SortStableFunc(columns, func(a, b schema.Column[R]) int { return position(a) - position(b) })
	return columns
}

// The styles of cells, by their index in cellXfs. Those of numbers follow.
const (
	_ = iota
	textStyle
	headerStyle
	linkStyle
	aboutStyle
	firstNumberStyle
)

// firstFormat is the number of the first number format that a file defines.
const firstFormat = 164

// workbook writes an xlsx file: its first sheet, and the number formats.
type workbook struct {
	sheetWriter
	formats numbering[string]
}

// number writes a number that is shown with the digits of Figure.
func (w *workbook) number(q schema.Quantity, x float64) {
	shown := Figure(lang.English, q, x)
	w.cell(firstNumberStyle+w.formats.of(numberFormat(q, shown)), len(shown), `><v>`+strconv.FormatFloat(x, 'f', -1, 64)+`</v>`)
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

// likeEscape is how a workbook writes a character that XML cannot hold. In a text that
// has it by itself, the underscore is written so.
var likeEscape = regexp.MustCompile(`_(x[0-9A-Fa-f]{4})`)

// sharedStrings returns the part of the file with the texts of all cells.
func sharedStrings(texts []string) string {
	var b strings.Builder
	b.WriteString(`<sst xmlns="` + spreadsheetML + `">`)
	for _, text := range texts {
		b.WriteString(`<si><t xml:space="preserve">` + inXML(likeEscape.ReplaceAllString(text, "_x005F_$1")) + `</t></si>`)
	}
	return b.String() + `</sst>`
}

// sheetWriter writes a sheet, row by row and from the left.
type sheetWriter struct {
	texts  *numbering[string] // of all sheets; a cell holds the number of its text
	cells  bytes.Buffer
	height int   // rows
	column int   // of the next cell, from 0
	widths []int // of columns, in characters
	links  []sheetLink
}

type sheetLink struct{ cell, page string }

// beginRow ends the row before, if there is one, and begins a row.
func (s *sheetWriter) beginRow() {
	if s.height > 0 {
		s.cells.WriteString(`</row>`)
	}
	s.height++
	s.column = 0
	fmt.Fprintf(&s.cells, `<row r="%d">`, s.height)
}

// skipCell leaves a cell empty.
func (s *sheetWriter) skipCell() { s.column++ }

// cell writes a cell that is width characters wide. content follows its attributes.
func (s *sheetWriter) cell(style, width int, content string) {
	fmt.Fprintf(&s.cells, `<c r="%s" s="%d"%s</c>`, cellName(s.column, s.height), style, content)
	for len(s.widths) <= s.column {
		s.widths = append(s.widths, 0)
	}
	s.widths[s.column] = max(s.widths[s.column], min(width, maxColumnWidth))
	s.column++
}

func (s *sheetWriter) text(style int, text string) {
	s.cell(style, display.StringWidth(text), ` t="s"><v>`+strconv.Itoa(s.texts.of(text))+`</v>`)
}

// link writes a text that leads to a page.
func (s *sheetWriter) link(text, page string) {
	s.links = append(s.links, sheetLink{cellName(s.column, s.height), page})
	s.text(linkStyle, text)
}

// xml returns the sheet's part of the file.
func (s *sheetWriter) xml(view string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<worksheet xmlns="%s" xmlns:r="%s"><dimension ref="A1:%s"/><sheetViews>%s</sheetViews><cols>`,
		spreadsheetML, relationships, cellName(len(s.widths)-1, s.height), view)
	for i, width := range s.widths {
		fmt.Fprintf(&b, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, width+gap)
	}
	b.WriteString(`</cols><sheetData>`)
	b.Write(s.cells.Bytes())
	b.WriteString(`</row></sheetData>`)
	if len(s.links) > 0 {
		b.WriteString(`<hyperlinks>`)
		for i, l := range s.links {
			fmt.Fprintf(&b, `<hyperlink ref="%s" r:id="rId%d"/>`, l.cell, i+1)
		}
		b.WriteString(`</hyperlinks>`)
	}
	return b.String() + `</worksheet>`
}

// cellName names a cell: column 0 and row 1 are A1.
func cellName(column, row int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}

func inXML(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a Buffer takes everything
	return b.String()
}

// The name spaces of the files in a workbook (ECMA-376).
const (
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packages      = "http://schemas.openxmlformats.org/package/2006/"
	contentType   = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// file returns the file: the first sheet, the second one, and what belongs to them.
func (w *workbook) file(name, secondName string, second *sheetWriter) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, content string) {
		// A Buffer takes everything.
		p, _ := z.Create(name)
		_, _ = p.Write([]byte(xml.Header + content))
	}
	part("[Content_Types].xml", `<Types xmlns="`+packages+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		contentTypeOf("/xl/workbook.xml", "sheet.main")+contentTypeOf("/xl/styles.xml", "styles")+contentTypeOf("/xl/sharedStrings.xml", "sharedStrings")+contentTypeOf("/xl/worksheets/sheet1.xml", "worksheet")+contentTypeOf("/xl/worksheets/sheet2.xml", "worksheet")+`</Types>`)
	part("_rels/.rels", relationsXML([]string{relation("officeDocument", "xl/workbook.xml", "")}))
	part("xl/workbook.xml", fmt.Sprintf(`<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="%s" sheetId="1" r:id="rId1"/><sheet name="%s" sheetId="2" r:id="rId2"/></sheets></workbook>`, spreadsheetML, relationships, inXML(name), inXML(secondName)))
	part("xl/_rels/workbook.xml.rels", relationsXML([]string{relation("worksheet", "worksheets/sheet1.xml", ""), relation("worksheet", "worksheets/sheet2.xml", ""), relation("styles", "styles.xml", ""), relation("sharedStrings", "sharedStrings.xml", "")}))
	part("xl/styles.xml", w.styles())
	part("xl/sharedStrings.xml", sharedStrings(w.texts.values))
	part("xl/worksheets/sheet1.xml", w.xml(`<sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>`))
	part("xl/worksheets/sheet2.xml", second.xml(`<sheetView workbookViewId="0"/>`))
	if len(w.links) > 0 {
		var links []string
		for _, l := range w.links {
			links = append(links, relation("hyperlink", l.page, ` TargetMode="External"`))
		}
		part("xl/worksheets/_rels/sheet1.xml.rels", relationsXML(links))
	}
	_ = z.Close()
	return b.Bytes()
}

// contentTypeOf says what a part is.
func contentTypeOf(part, kind string) string {
	return `<Override PartName="` + part + `" ContentType="` + contentType + kind + `+xml"/>`
}

// relationsXML numbers the relations of a part: rId1, rId2, ….
func relationsXML(relations []string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + packages + `relationships">`)
	for i, r := range relations {
		fmt.Fprintf(&b, `<Relationship Id="rId%d"%s/>`, i+1, r)
	}
	return b.String() + `</Relationships>`
}

func relation(kind, target, mode string) string {
	return ` Type="` + relationships + `/` + kind + `" Target="` + inXML(target) + `"` + mode
}

// styles are the fonts, number formats and styles of cells. Format 49 is "@": a text
// that is edited stays a text.
func (w *workbook) styles() string {
	var formats, numbers strings.Builder
	for i, format := range w.formats.values {
		fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, firstFormat+i, inXML(format))
		fmt.Fprintf(&numbers, `<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`, firstFormat+i)
	}
	numFmts := ""
	if len(w.formats.values) > 0 {
		numFmts = `<numFmts count="` + strconv.Itoa(len(w.formats.values)) + `">` + formats.String() + `</numFmts>`
	}
	const text = `<xf numFmtId="49" fontId="%d" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`
	return `<styleSheet xmlns="` + spreadsheetML + `">` + numFmts +
		`<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font><font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="` + strconv.Itoa(firstNumberStyle+len(w.formats.values)) + `"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		fmt.Sprintf(text+text+text, 0, 1, 2) +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		numbers.String() + `</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}
