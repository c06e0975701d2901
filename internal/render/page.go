package render

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"html"
	"strings"
	"sync"

	"pgy-mcp/internal/lang"
)

// pageParts are the files that pages are put together from: what both share, and the
// body and scripts of each.
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

// Page is a page that shows a result. It is put together when it is asked for first: a
// server starts without.
type Page struct {
	// Version changes with what the page is made of.
	Version string
	// HTML may be called concurrently.
	HTML func() string
}

// newPage is the page of that name with words, which are encoded as JSON, and scripts.
func newPage(name string, words any, scripts ...string) Page {
	scripts = append([]string{"words.js", "dom.js", "bars.js", "text.js", "host.js"}, scripts...)
	data := encode(words)
	version := sha256.New()
	version.Write(data)
	for _, part := range append([]string{"page.html", "page.css", name + ".html", name + ".css"}, scripts...) {
		version.Write([]byte(pagePart(part)))
	}
	together := sync.OnceValue(func() string {
		var script strings.Builder
		for _, part := range scripts {
			script.WriteString(scriptBlanks.Replace(withoutComments(pagePart(part))))
		}
		script.WriteString("start();\n")
		style := styleBlanks.Replace(withoutComments(pagePart("page.css") + pagePart(name+".css")))
		page := strings.NewReplacer("{{style}}", style, "{{body}}", pagePart(name+".html"), "{{script}}", script.String()).Replace(pagePart("page.html"))
		return inSlot(page, "words", data)
	})
	return Page{hex.EncodeToString(version.Sum(nil)[:4]), together}
}

// withoutComments leaves out what only people read: a page has a size.
func withoutComments(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// scriptBlanks leaves out blanks round operators that no text in the scripts has.
var scriptBlanks = strings.NewReplacer(" => ", "=>", " = ", "=", " === ", "===", " !== ", "!==", " && ", "&&", " || ", "||", " ?? ", "??", " >= ", ">=", " <= ", "<=", " ? ", "?", " : ", ":", " + ", "+", ") {", "){")

// styleBlanks leaves out the blanks of a stylesheet that only people need.
var styleBlanks = strings.NewReplacer(" {\n", "{", " { ", "{", "; ", ";", ";\n", ";", ": ", ":", ", ", ",", " }", "}")

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

// filePolicy is for a page in a file: it loads nothing, whatever its data says.
const filePolicy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">` + "\n"

const plainPlace = `<div id="plain">`

// fileOf is a page to be kept as a file, with what it shows inside: as data for its
// script, and as HTML where no script runs.
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

// encode escapes <, > and & too: "</script>" in a name must not end the data.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("render: " + err.Error())
	}
	return b
}

// plainColumns is the most columns of an HTML table beside those that all tables of one
// set of rows have: it fits on A4.
const plainColumns = 6

// plainTables writes columns as HTML tables. The first ones stand in each table.
func plainTables(b *strings.Builder, columns []*tableColumn, first int) {
	for rest := columns[first:]; ; rest = rest[plainColumns:] {
		isLast := len(rest) <= plainColumns
		shown := columns[:first:first]
		shown = append(shown, rest[:min(len(rest), plainColumns)]...)
		b.WriteString("<div><table>\n<thead>\n")
		for row := range shown[0].cells {
			b.WriteString("<tr>")
			for i, c := range shown {
				element := "td"
				switch {
				case row == 0:
					element = `th scope="col"`
				case i == first-1:
					element = `th scope="row" class="name"`
				case c.right:
					element = `td class="number"`
				}
				name, _, _ := strings.Cut(element, " ")
				b.WriteString("<" + element + ">" + html.EscapeString(c.cells[row]) + "</" + name + ">")
			}
			b.WriteString("</tr>\n")
			if row == 0 {
				b.WriteString("</thead>\n<tbody>\n")
			}
		}
		b.WriteString("</tbody></table></div>\n")
		if isLast {
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
