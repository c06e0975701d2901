package render

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"html"
	"slices"
	"strings"
	"sync"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// pageParts are the files from which newPage makes the pages.
//
//go:embed page
var pageParts embed.FS

func pagePart(name string) string {
	b, err := pageParts.ReadFile("page/" + name)
	if err != nil {
		panic("render: " + err.Error())
	}
	return string(b)
}

// Page is an HTML page that shows a result.
type Page struct {
	// Version is a hash of everything that the page is made from.
	Version string
	// HTML returns the page. The first call makes it, so that a server starts faster. It
	// may be called concurrently.
	HTML func() string
}

// newPage returns the page of a name. words goes into it as JSON.
func newPage(name string, words any, scripts ...string) Page {
	scripts = append([]string{"words.js", "dom.js", "bars.js", "text.js", "host.js"}, scripts...)
	data := encode(words)
	version := sha256.New()
	version.Write(data)
	for _, part := range append([]string{"page.html", "page.css", name + ".html", name + ".css"}, scripts...) {
		version.Write([]byte(pagePart(part)))
	}
	html := sync.OnceValue(func() string {
		var script strings.Builder
		for _, part := range scripts {
			script.WriteString(scriptBlanks.Replace(withoutComments(pagePart(part))))
		}
		script.WriteString("start();\n")
		style := styleBlanks.Replace(withoutComments(pagePart("page.css") + pagePart(name+".css")))
		page := strings.NewReplacer("{{style}}", style, "{{body}}", pagePart(name+".html"), "{{script}}", script.String()).Replace(pagePart("page.html"))
		return inSlot(page, "words", data)
	})
	return Page{hex.EncodeToString(version.Sum(nil)[:4]), html}
}

// withoutComments removes comments, indents and empty lines.
func withoutComments(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// scriptBlanks removes blanks around operators and inside braces. No text in the scripts has
// such operators or braces.
var scriptBlanks = strings.NewReplacer("{ ", "{", " }", "}", " => ", "=>", " = ", "=", " === ", "===", " !== ", "!==", " && ", "&&", " || ", "||", " ?? ", "??", " >= ", ">=", " <= ", "<=", " ? ", "?", " : ", ":", " + ", "+", ") {", "){")

// styleBlanks removes needless blanks of a stylesheet.
var styleBlanks = strings.NewReplacer(" {\n", "{", " { ", "{", "; ", ";", ";\n", ";", ": ", ":", ", ", ",", " }\n", "}", " }", "}", "}\n", "}")

// pair is a text for a page's script: English and Chinese.
type pair [2]string

func pairOf(t lang.T) pair { return pair{t.En, t.Zh} }

func pairsOf[K comparable](texts map[K]lang.T) map[K]pair {
	out := map[K]pair{}
	for key, text := range texts {
		out[key] = pairOf(text)
	}
	return out
}

// quantities are the scripts' names of quantities.
var quantities = map[schema.Quantity]string{
	schema.Counted: "count", schema.Money: "money", schema.UnitCost: "cost", schema.Ratio: "ratio", schema.Percentage: "percent",
}

// sharedTexts are the texts of both pages, by the scripts' keys.
var sharedTexts = map[string]lang.T{
	"waiting":   t("Looking up…", "正在查询…"),
	"cancelled": t("Cancelled.", "已取消。"),
	"notOpened": t("Not opened: %s", "无法打开：%s"),
	"colon":     lang.Colon,
	"unknown":   t("unknown", "未知"),
	"cny":       t("%s CNY", "%s 元"),
	"percent":   percent,
	"sample":    t("sample (recorded, not live data)", "样例（录制数据，非实时数据）"),
	"asOf":      t("As of %s, from %s", "数据获取于 %s，来源：%s"),
	"asOfRange": t("From %s to %s, from %s", "数据获取于 %s 至 %s，来源：%s"),
	"notes":     t("To keep in mind", "注意事项"),
	"dash":      t("%s is unknown, not zero.", "%s 表示未知，不是 0。"),
}

// filePolicy keeps a page in a file from loading anything.
const filePolicy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">` + "\n"

const plainPlace = `<div id="plain">`

// fileOf is a page as a file. It has what it shows twice: as data for its script, and as
// plain HTML for readers without scripts.
func fileOf(page string, l lang.Language, shown any, plain string) string {
	data := encode(struct {
		Lang  lang.Language `json:"lang"`
		Shown any           `json:"shown"`
	}{l, shown})
	page = strings.Replace(page, `<html lang="en">`, `<html lang="`+htmlLanguage[l]+`" class="file">`, 1)
	page = strings.Replace(page, slot("data"), filePolicy+slot("data"), 1)
	page = strings.Replace(page, plainPlace, plainPlace+"\n"+plain, 1)
	return inSlot(page, "data", data)
}

var htmlLanguage = map[lang.Language]string{"": "en", lang.English: "en", lang.Chinese: "zh-CN"}

func slot(id string) string { return `<script id="` + id + `" type="application/json">` }

// inSlot puts JSON into one of a page's slots.
func inSlot(page, id string, data []byte) string {
	return strings.Replace(page, slot(id), slot(id)+string(data), 1)
}

// encode returns JSON with <, > and & escaped: "</script>" in a name must not end the
// data.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("render: " + err.Error())
	}
	return b
}

// plainColumns is how many columns an HTML table has besides the first ones, to fit on A4.
const plainColumns = 6

// plainTables writes columns as several HTML tables. Each one has the first columns.
func plainTables(b *strings.Builder, columns []*tableColumn, first int) {
	for rest := columns[first:]; ; rest = rest[plainColumns:] {
		shown := slices.Concat(columns[:first], rest[:min(len(rest), plainColumns)])
		b.WriteString("<div><table>\n<thead>\n")
		for row := range shown[0].cells {
			b.WriteString("<tr>")
			for i, c := range shown {
				tag, attributes := "td", ""
				switch {
				case row == 0:
					tag, attributes = "th", ` scope="col"`
				case i == first-1:
					tag, attributes = "th", ` scope="row" class="name"`
				case c.right:
					attributes = ` class="number"`
				}
				b.WriteString("<" + tag + attributes + ">" + html.EscapeString(c.cells[row]) + "</" + tag + ">")
			}
			b.WriteString("</tr>\n")
			if row == 0 {
				b.WriteString("</thead>\n<tbody>\n")
			}
		}
		b.WriteString("</tbody></table></div>\n")
		if len(rest) <= plainColumns {
			return
		}
	}
}

// plainList writes lines as an HTML list.
func plainList(b *strings.Builder, lines []string) {
	b.WriteString("<ul>\n")
	for _, line := range lines {
		b.WriteString("<li>" + html.EscapeString(line) + "</li>\n")
	}
	b.WriteString("</ul>\n")
}

func plainHeading(b *strings.Builder, element, text string) {
	b.WriteString("<" + element + ">" + html.EscapeString(text) + "</" + element + ">\n")
}
