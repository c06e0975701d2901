package render

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// hostileNames are names that try to be formulas, links, markup or other characters.
var hostileNames = []string{`=HYPERLINK("http://x","y")`, "+1+1", "-1+1", "@SUM(A1)", "＝1+1", "\t=1", "'=1", "_x003D_1+1", "_x0041_x0042_", "</t><f>1+1</f>", "&#61;1", "😀👩‍👩‍👧", "123", "1e5", "=", "TRUE"}

// openWorkbook reads a workbook back, and gives the XML of its parts by name.
func openWorkbook(t *testing.T, b []byte) (*excelize.File, map[string]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("opening the workbook: got %v, want no error", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("the workbook as a zip file: got %v, want no error", err)
	}
	parts := map[string]string{}
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatalf("opening %s: got %v, want no error", part.Name, err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("reading %s: got %v, want no error", part.Name, err)
		}
		parts[part.Name] = string(text)
	}
	return f, parts
}

// Excel refuses a sheet with more links than it can hold.
func TestLinksOfALongWorkbook(t *testing.T) {
	link := func(*int) string { return "https://www.xiaohongshu.com/" }
	columns := []schema.Column[int]{{Name: "name", Text: func(*int) string { return "x" }, Link: link}}
	_, parts := openWorkbook(t, Workbook(lang.English, SheetOfBloggers, columns, make([]int, maxSheetLinks+1), []string{"x"}))
	if got := strings.Count(parts["xl/worksheets/sheet1.xml"], "<hyperlink "); got != maxSheetLinks {
		t.Errorf("a sheet of %d names has %d links, want %d", maxSheetLinks+1, got, maxSheetLinks)
	}
}

// workbookOf is a comparison as a workbook.
func workbookOf(t *testing.T, l lang.Language, c *schema.Comparison) []byte {
	t.Helper()
	return Workbook(l, SheetOfBloggers, schema.Columns, c.Rows, ComparisonAbout(l, c))
}

func TestWorkbook(t *testing.T) {
	for l, sheets := range map[lang.Language][]string{lang.English: {"Bloggers", "About"}, lang.Chinese: {"博主", "说明"}} {
		c := compareSamples(t, l, schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByCNYPerEngagement, Source: "sample"})
		f, parts := openWorkbook(t, workbookOf(t, l, c))
		if got := f.GetSheetList(); !slices.Equal(got, sheets) {
			t.Errorf("%s: the sheets: got %q, want %q", l, got, sheets)
		}
		rows, err := f.GetRows(sheets[0], excelize.Options{RawCellValue: true})
		if err != nil || len(rows) != 1+len(c.Rows) {
			t.Fatalf("%s: got %d rows, %v; want %d", l, len(rows), err, 1+len(c.Rows))
		}
		columns, width := schema.Columns, len(schema.Columns)
		if l == lang.Chinese { // as in a shortlist of an agency's
			columns, width = inOrder(columns, SheetOfBloggers.first), width+len(agencyColumns)
			equal(t, "the first headers", strings.Join(rows[0][:9], " "), "# 博主 小红书主页 粉丝数 内容类目 地区 签约机构 图文报价（元） 视频报价（元）")
			equal(t, "the headers of the columns to fill in", strings.Join(rows[0][len(columns):], " "), "返点 备注")
		}
		for i := range columns {
			equal(t, "the header of "+columns[i].Name, rows[0][i], l.Say(columns[i].Header))
			for j := range c.Rows {
				checkCell(t, f, l, sheets[0], &columns[i], i, j, c)
			}
		}
		corner, err := excelize.CoordinatesToCellName(width, 1+len(c.Rows))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "the first sheet", parts["xl/worksheets/sheet1.xml"], `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`)
		contains(t, "the first sheet", parts["xl/worksheets/sheet1.xml"], `<dimension ref="A1:`+corner+`"/>`)
		about, err := f.GetRows(sheets[1])
		if err != nil {
			t.Fatalf("%s: the second sheet: got %v, want rows", l, err)
		}
		for i, want := range ComparisonAbout(l, c) {
			equal(t, "a line of the second sheet", about[i][0], want)
		}
		for name, xml := range parts {
			if strings.Contains(xml, "<f>") || strings.Contains(xml, "<f ") {
				t.Errorf("%s: %s has a formula, want none:\n%.500s", l, name, xml)
			}
		}
	}
}

// A column that comes first in a Chinese sheet is one that there is.
func TestSheetsNameColumns(t *testing.T) {
	for _, name := range SheetOfBloggers.first {
		if !slices.ContainsFunc(schema.FoundColumns, func(c schema.Column[schema.FoundRow]) bool { return c.Name == name }) {
			t.Errorf("the sheet of bloggers begins with %q, want a column's name", name)
		}
	}
	for _, name := range SheetOfNotes.first {
		if !slices.ContainsFunc(schema.NoteColumns, func(c schema.Column[schema.ReviewRow]) bool { return c.Name == name }) {
			t.Errorf("the sheet of notes begins with %q, want a column's name", name)
		}
	}
}

// checkCell compares a cell's value, type, link and format with the row's.
func checkCell(t *testing.T, f *excelize.File, l lang.Language, sheet string, column *schema.Column[schema.Row], i, j int, c *schema.Comparison) {
	t.Helper()
	row := &c.Rows[j]
	cell, err := excelize.CoordinatesToCellName(i+1, j+2)
	if err != nil {
		t.Fatal(err)
	}
	what := column.Name + " of " + row.UserID + " in " + cell
	raw, _ := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	kind, _ := f.GetCellType(sheet, cell)
	if column.Figure == nil {
		equal(t, what, raw, fileText(l, column, row))
		if raw != "" {
			equal(t, "the type of "+what, kind, excelize.CellTypeSharedString)
		}
	} else if _, ok := column.Figure(row); ok {
		equal(t, what, raw, strings.Trim(csvText(lang.English, column, row), "'"))
		equal(t, "the type of "+what, kind, excelize.CellTypeUnset) // a number
	} else {
		equal(t, what, raw, "")
	}
	linked, page, _ := f.GetCellHyperLink(sheet, cell)
	equal(t, what+" has a link", linked, column.Name == "name" && row.Name != "")
	if linked {
		equal(t, "the link of "+what, page, row.ProfileURL)
	}
}

// A sheet shows a number with the digits of Figure.
func TestNumberFormats(t *testing.T) {
	for _, c := range []struct {
		quantity  schema.Quantity
		x         float64
		want, see string
	}{
		{schema.Counted, 1103684, "#,##0", "1,103,684"},
		{schema.Counted, 71002.5, "#,##0.0", "71,002.5"},
		{schema.Money, 18000, "#,##0", "18,000"},
		{schema.Money, 19800.55, "#,##0.00", "19,800.55"},
		{schema.UnitCost, 173.6, "#,##0.00", "173.60"},
		{schema.UnitCost, 0.2792, "#,##0.000", "0.279"},
		{schema.UnitCost, 0.02792, "#,##0.0000", "0.0279"},
		{schema.Ratio, 0.01157, "#,##0.00%", "1.16%"},
		{schema.Ratio, -0.5, "#,##0.00%", "-50.00%"},
		{schema.Percentage, -0.4, `#,##0.0"%"`, "-0.4%"},
		{schema.Percentage, 12, `#,##0"%"`, "12%"},
	} {
		shown := Figure(lang.English, c.quantity, c.x)
		equal(t, fmt.Sprintf("the format of quantity %d of %v", c.quantity, c.x), numberFormat(c.quantity, shown), c.want)
		equal(t, fmt.Sprintf("quantity %d of %v", c.quantity, c.x), strings.ReplaceAll(shown, " ", ""), c.see)
	}
}

// A text stays the text that it is, whatever it looks like.
func TestHostileWordsInAWorkbook(t *testing.T) {
	c := &schema.Comparison{Meta: schema.ComparisonMeta{SortBy: schema.ByPriceCNY}}
	for _, name := range hostileNames {
		c.Rows = append(c.Rows, schema.Row{UserID: name, Name: name, ProfileURL: "https://example.invalid/?a=1&b=2", MCN: name, Error: name})
	}
	c.Meta.Caveats = hostileNames
	f, parts := openWorkbook(t, workbookOf(t, lang.English, c))
	for j, name := range hostileNames {
		for _, column := range []string{"B", "C"} {
			got, _ := f.GetCellValue("Bloggers", column+lang.Whole(int64(j+2)))
			equal(t, "the cell of "+name, got, name)
		}
	}
	for part, xml := range parts {
		if strings.Contains(xml, "<f>") {
			t.Errorf("%s has a formula, want none:\n%.500s", part, xml)
		}
	}
}

// What failed is told in full, in more than one cell where it is too long for one.
func TestLongLinesInAWorkbook(t *testing.T) {
	c := &schema.Comparison{Meta: schema.ComparisonMeta{SortBy: schema.ByPriceCNY}}
	for n := range 3000 {
		c.Rows = append(c.Rows, schema.Row{UserID: bloggerID(n), Error: "not_found: There is none."})
	}
	f, _ := openWorkbook(t, workbookOf(t, lang.English, c))
	about, err := f.GetRows("About")
	if err != nil {
		t.Fatalf("the second sheet: got %v, want rows", err)
	}
	var text string
	for _, row := range about {
		if n := len(row[0]); n > excelize.TotalCellChars {
			t.Errorf("a cell has %d characters, want %d at most", n, excelize.TotalCellChars)
		}
		text += row[0] + " "
	}
	for n := range 3000 {
		contains(t, "the failures", text, bloggerID(n))
	}
}
