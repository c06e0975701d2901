package render

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

var bothPages = map[string]string{"comparison": ComparisonPage.HTML(), "blogger": BloggerPage.HTML()}

// A host may keep a page by its version.
func TestAPagesVersionIsItsContents(t *testing.T) {
	versions := map[string]string{}
	for what, p := range map[string]Page{
		"the comparison": newPage("comparison", "words"),
		"the blogger":    newPage("blogger", "words"),
		"other words":    newPage("comparison", "other words"),
		"another script": newPage("comparison", "words", "lines.js"),
	} {
		if same := versions[p.Version]; same != "" {
			t.Errorf("%s and %s have the version %s, want two", what, same, p.Version)
		}
		versions[p.Version] = what
	}
	equal(t, "the version of the same parts", newPage("comparison", "words").Version, newPage("comparison", "words").Version)
}

func TestPagesAreSmallAndSelfContained(t *testing.T) {
	for name, page := range bothPages {
		if len(page) >= 64_000 {
			t.Errorf("the %s page: got %d bytes, want less than 64,000", name, len(page))
		}
		addresses := regexp.MustCompile(`(?i)https?:\\?/\\?/[^'"\s(]*`).FindAllString(page, -1)
		allowed := []string{"http://www.w3.org/2000/svg", "https://www.xiaohongshu.com/user/profile/", `https:\/\/`}
		for _, a := range addresses {
			if !slices.Contains(allowed, a) {
				t.Errorf("the %s page: got the address %q in it, want none but %q: a namespace and links", name, a, allowed)
			}
		}
		loads := regexp.MustCompile(`(?i)\ssrc=|<link|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\beval\(|new Function|localStorage|sessionStorage|innerHTML|insertAdjacentHTML|document\.write|tools/call|window\.open`)
		if got := loads.FindAllString(page, -1); got != nil {
			t.Errorf("the %s page: got %q in it, want none of these", name, got)
		}
	}
}

// Replicas serve one another's pages by an address that is made of the contents.
func TestPagesAreTheSameInEveryProcess(t *testing.T) {
	for range 20 {
		equalText(t, "the blogger page's words", string(encode(bloggerPageWords())), inPage(t, BloggerPage.HTML(), "words"))
		equalText(t, "the comparison page's words", string(encode(comparisonPageWords())), inPage(t, ComparisonPage.HTML(), "words"))
	}
}

// inPage gives the JSON in a page's slot.
func inPage(t *testing.T, page, id string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)`+regexp.QuoteMeta(slot(id))+`(.*?)</script>`).FindAllStringSubmatch(page, -1)
	if len(m) != 1 {
		t.Fatalf("the page has %d scripts with the id %q, want 1: %.300s", len(m), id, page)
	}
	return m[0][1]
}

// pageWords are the texts that Go gives to a page.
type pageWords struct {
	Columns []struct {
		Key, Quantity string
		Title         pair
		Unit          pair
	}
	Sentences []pair
	Texts     map[string]pair
}

func wordsInPage(t *testing.T, page string) pageWords {
	t.Helper()
	text := inPage(t, page, "words")
	var w pageWords
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		t.Fatalf("the page's words: got %.300s (%v), want JSON", text, err)
	}
	return w
}

// The scripts hold no words of their own: what they say is a key of Go's texts.
func TestPagesHaveTheTextsThatTheirScriptsSay(t *testing.T) {
	said := regexp.MustCompile(`(?:\bsay|\bmatch|\benglish)\('([\w-]+)'|data-say="(\w+)"`)
	for name, page := range bothPages {
		texts := wordsInPage(t, page).Texts
		script := strings.Replace(page, inPage(t, page, "words"), "", 1)
		for _, m := range said.FindAllStringSubmatch(script, -1) {
			key := m[1] + m[2]
			isBegin := strings.HasSuffix(key, "-") // the rest is a member's value
			if texts[key][0] == "" && !isBegin {
				t.Errorf("the %s page says %q, want a text of that key", name, key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			_, isPart := headingTexts[key] // said by the names of a section's parts
			_, isMember := changedMembers[key]
			if !isPart && !isMember && !strings.Contains(script, "'"+key+"'") && !strings.Contains(script, `"`+key+`"`) {
				t.Errorf("the %s page has the text %q, which its script does not say", name, key)
			}
			if texts[key][1] == "" {
				t.Errorf("the %s page: the text %q has no Chinese, want some", name, key)
			}
		}
	}
}

func columnNamed(name string) *schema.Column[schema.FoundRow] {
	return &schema.FoundColumns[slices.IndexFunc(schema.FoundColumns, func(c schema.Column[schema.FoundRow]) bool { return c.Name == name })]
}

// The page finds the rows without an answer by their status, where it has the text alone.
func TestTheComparisonPageKnowsRowsWithoutAnAnswer(t *testing.T) {
	equal(t, "the statuses", fmt.Sprint(withoutAnswer()), "[failed pending not cached]")
}

// A member of a row without a column would be missing in the page.
func TestTheComparisonPageKnowsEveryMemberOfARow(t *testing.T) {
	known := map[string]bool{}
	for _, c := range wordsInPage(t, ComparisonPage.HTML()).Columns {
		known[c.Key] = true
		of := columnNamed(c.Key)
		equal(t, "the page's header of "+c.Key, c.Title, pairOf(of.Header))
		equal(t, "the page's unit of "+c.Key, c.Unit, pairOf(of.Unit))
		equal(t, c.Key+" has a quantity", c.Quantity != "", of.Figure != nil)
	}
	var check func(reflect.Type)
	check = func(row reflect.Type) {
		for i := range row.NumField() {
			f := row.Field(i)
			member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous:
				check(f.Type)
			case member != "-" && !known[member]:
				t.Errorf("the page has no column for %s, want one", member)
			}
		}
	}
	check(reflect.TypeFor[schema.FoundRow]())
}

// A page finds the Chinese by the English, so each English text stands for one.
func TestPagesKnowEverySentence(t *testing.T) {
	for name, page := range bothPages {
		chinese := map[string]string{}
		for _, s := range wordsInPage(t, page).Sentences {
			if before, twice := chinese[s[0]]; twice && before != s[1] {
				t.Errorf("the %s page's Chinese of %q: got %q and %q, want one", name, s[0], before, s[1])
			}
			chinese[s[0]] = s[1]
		}
		check := func(text lang.T) {
			t.Helper()
			equal(t, "the "+name+" page's Chinese of "+text.En, chinese[text.En], text.Zh)
		}
		for _, k := range schema.CaveatKinds {
			if name == "blogger" && k.OfTables || name == "comparison" && k.OfBloggers {
				continue
			}
			check(k.Text)
		}
		for _, f := range schema.Formats {
			check(f.Word())
		}
		for _, h := range schema.Healths {
			check(schema.HealthWords[h])
		}
		if name == "blogger" {
			continue
		}
		for _, k := range schema.CaveatKinds {
			if k.Flag.En != "" {
				check(k.Flag)
			}
		}
		for _, r := range schema.Reasons {
			check(r.Text)
			if strings.Contains(r.Text.En, lang.Comma.En) {
				t.Errorf("the reason %q has %q in it, want none: the page takes reasons apart there", r.Text.En, lang.Comma.En)
			}
		}
		for _, s := range schema.QuoteStatuses {
			check(schema.StatusWords[s])
		}
		for _, key := range schema.SortKeys {
			check(schema.ColumnOf(key).Ranking)
		}
	}
}

func TestAComparisonInAFile(t *testing.T) {
	for _, c := range []struct {
		name     string
		language lang.Language
	}{
		{"小红薯", lang.Chinese},
		{"</script><script>alert(1)</script>", lang.English},
		{"<!--<script>", lang.Chinese},
		{"a\u2028b\u2029c", lang.English},
		{`quote " and \ and $1`, lang.English},
		{slot("data"), lang.English},
		{"{{style}}{{script}}", lang.English},
	} {
		got := ComparisonFile(c.language, &schema.Comparison{
			Rows: []schema.Row{{UserID: documentedID, Name: c.name}},
			Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByPriceCNY, Source: "sample"},
		})
		text := inPage(t, got, "data")
		var data struct {
			Lang  lang.Language
			Shown struct {
				Rows []struct{ UserID, Name string }
			}
		}
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			t.Errorf("%q: got the data %s (%v), want JSON", c.name, text, err)
			continue
		}
		if rows := data.Shown.Rows; len(rows) != 1 || rows[0].Name != c.name {
			t.Errorf("the data's rows: got %+v, want one of %q", rows, c.name)
		}
		if data.Lang != c.language {
			t.Errorf("%q: got the language %q, want %q", c.name, data.Lang, c.language)
		}
		if strings.ContainsAny(text, "<>\u2028\u2029") {
			t.Errorf("%q: got the data %s, want no character that HTML or JavaScript reads otherwise", c.name, text)
		}
		if name := `<th scope="row" class="name">` + html.EscapeString(c.name) + "</th>"; !strings.Contains(got, name) {
			t.Errorf("%q: got a file without %s, want it for readers without scripts", c.name, name)
		}
		if !strings.Contains(got, filePolicy) {
			t.Errorf("%q: got a file without a policy, want %s", c.name, filePolicy)
		}
	}
}

// Where no script runs, all columns and rows are there, at most plainColumns beside the name.
func TestAFileHasItsTableAsHTML(t *testing.T) {
	c := compareSamples(t, lang.English, schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: schema.ByCNYPerRead, Source: "sample"})
	c.Rows = append(c.Rows, fullRow(t))
	c.Rows[0].Name = strings.Repeat("名", 40)
	for _, l := range []lang.Language{lang.English, lang.Chinese} {
		plain := plainOf(t, ComparisonFile(l, c))
		for i := range schema.Columns {
			column := &schema.Columns[i]
			contains(t, "the file", plain, `<th scope="col">`+html.EscapeString(l.Say(column.Header))+"</th>")
			for row := range c.Rows {
				want := cellText(l, column, &c.Rows[row])
				if column.List != nil {
					want = strings.Join(column.List(l, &c.Rows[row]), "; ")
				}
				contains(t, "the file", plain, ">"+html.EscapeString(want)+"<")
			}
		}
		for _, row := range strings.Split(plain, "<tr>")[1:] {
			if n := strings.Count(row, "</td>") + strings.Count(row, "</th>"); n > plainColumns+2 {
				t.Errorf("%s: got a row of %d cells, want at most %d: %s", l, n, plainColumns+2, row)
			}
		}
		for _, note := range comparisonItems(l, c, unknownInTable) {
			contains(t, "the file", plain, "<li>"+html.EscapeString(note)+"</li>")
		}
	}
}

func TestABloggerInAFileHasItsFactsAsHTML(t *testing.T) {
	i := &schema.Insights{UserID: documentedID, Name: "a <b>", Meta: schema.InsightsMeta{Source: "sample"}}
	i.Set(&schema.Part{Section: schema.SectionGrowth, Days: 30, Caveats: []string{"a & b"}})
	reads := int64(7)
	i.Set(&schema.Part{Section: schema.SectionNotes, Scope: schema.ScopeDaily, Format: schema.FormatAll, Rows: []schema.NoteRow{{Title: "<i>", Reads: &reads}}})
	plain := plainOf(t, BloggerFile(lang.English, []Blogger{{Insights: i}}))
	for _, want := range []string{"<h1>a &lt;b&gt;</h1>", "<h2>Growth: followers by day, last 30 days</h2>", "<td>a &amp; b</td>", "&lt;i&gt;", ">7<", "<td>sample (recorded, not live data)</td>"} {
		contains(t, "the file", plain, want)
	}
}

// plainOf is the part of a file for readers without scripts.
func plainOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, plainPlace)
	plain, _, found := strings.Cut(rest, "<main")
	if !found {
		t.Fatalf("the page has no %s before its main part: %.300s", plainPlace, page)
	}
	return plain
}
