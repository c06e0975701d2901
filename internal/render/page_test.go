package render

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

func TestThePageIsSmallAndSelfContained(t *testing.T) {
	if len(ComparisonPage) >= 64<<10 {
		t.Errorf("the page: got %d bytes, want less than 64 KB", len(ComparisonPage))
	}
	const profile = "https://www.xiaohongshu.com/user/profile/"
	if got := regexp.MustCompile(`(?i)https?:[^'"\s]*`).FindAllString(ComparisonPage, -1); !slices.Equal(got, []string{profile}) {
		t.Errorf("addresses in the page: got %q, want only %q, which is a link", got, profile)
	}
	loads := regexp.MustCompile(`(?i)\ssrc=|<link|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\beval\(|new Function|localStorage|sessionStorage|innerHTML|insertAdjacentHTML|document\.write|tools/call|\dvh\b`)
	if got := loads.FindAllString(ComparisonPage, -1); got != nil {
		t.Errorf("the page: got %q in it, want none of these", got)
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

// pageWords are the texts that Go gives to the page.
type pageWords struct {
	Columns   []struct{ Key, En, Zh, Unit, UnitZh string }
	Sentences [][2]string
}

func wordsInPage(t *testing.T) pageWords {
	t.Helper()
	text := inPage(t, ComparisonPage, "words")
	var w pageWords
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		t.Fatalf("the page's words: got %.300s (%v), want JSON", text, err)
	}
	return w
}

func columnNamed(name string) *schema.Column[schema.FoundRow] {
	return &schema.FoundColumns[slices.IndexFunc(schema.FoundColumns, func(c schema.Column[schema.FoundRow]) bool { return c.Name == name })]
}

// A member of a row without a column would be missing in the page.
func TestThePageKnowsEveryMemberOfARow(t *testing.T) {
	known := map[string]bool{}
	for _, c := range wordsInPage(t).Columns {
		known[c.Key] = true
		of := columnNamed(c.Key)
		equal(t, "the page's header of "+c.Key, lang.T{En: c.En, Zh: c.Zh}, of.Header)
		equal(t, "the page's unit of "+c.Key, lang.T{En: c.Unit, Zh: c.UnitZh}, of.Unit)
		// By its unit the page knows a figure; places alone have none.
		equal(t, c.Key+" has a unit", c.Unit != "", of.Figure != nil && c.Key != "rank" && c.Key != "position")
	}
	var check func(reflect.Type)
	check = func(row reflect.Type) {
		for i := range row.NumField() {
			f := row.Field(i)
			member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous:
				check(f.Type)
			case member != "error" && member != "-" && !known[member]:
				t.Errorf("the page has no column for %s, want one", member)
			}
		}
	}
	check(reflect.TypeFor[schema.FoundRow]())
}

// The page finds the Chinese by the English, so each English text stands for one.
func TestThePageKnowsEverySentence(t *testing.T) {
	chinese := map[string]string{}
	for _, s := range wordsInPage(t).Sentences {
		if before, twice := chinese[s[0]]; twice && before != s[1] {
			t.Errorf("the page's Chinese of %q: got %q and %q, want one", s[0], before, s[1])
		}
		chinese[s[0]] = s[1]
	}
	check := func(text lang.T) {
		t.Helper()
		equal(t, "the page's Chinese of "+text.En, chinese[text.En], text.Zh)
	}
	for _, k := range schema.CaveatKinds {
		check(k.Text)
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
	for _, f := range schema.Formats {
		check(f.Word())
	}
	for _, key := range schema.SortKeys {
		check(schema.ColumnOf(key).Ranking)
	}
	status := columnNamed("status")
	failed := schema.FoundRow{Row: schema.Row{Error: "x"}}
	check(lang.T{En: status.Said(lang.English, &failed), Zh: status.Said(lang.Chinese, &failed)})
}

func TestThePageInAFile(t *testing.T) {
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
	} {
		name := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(c.name) // nothing else is escaped
		comparison := json.RawMessage(`{"rows":[{"userId":"` + documentedID + `","name":"` + name + `"}]}`)
		got := ComparisonFile(c.language, comparison)
		text := inPage(t, got, "data")
		var data struct {
			Lang       lang.Language
			Comparison struct {
				Rows []struct{ UserID, Name string }
			}
		}
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			t.Errorf("%q: got the data %s (%v), want JSON", c.name, text, err)
			continue
		}
		if rows := data.Comparison.Rows; len(rows) != 1 || rows[0].Name != c.name {
			t.Errorf("the data's rows: got %+v, want one of %q", rows, c.name)
		}
		if data.Lang != c.language {
			t.Errorf("%q: got the language %q, want %q", c.name, data.Lang, c.language)
		}
		if strings.ContainsAny(text, "<>\u2028\u2029") {
			t.Errorf("%q: got the data %s, want no character that HTML or JavaScript reads otherwise", c.name, text)
		}
		if rest := strings.NewReplacer(text, "", filePolicy, "").Replace(got); rest != ComparisonPage {
			t.Errorf("%q: got %d bytes without data and policy, want the %d of the page itself", c.name, len(rest), len(ComparisonPage))
		}
	}
}
