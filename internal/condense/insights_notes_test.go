package condense

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgy-mcp/schema"
)

// noteRowOf is the row of a page with one note.
func noteRowOf(t *testing.T, note string) string {
	t.Helper()
	rows, _ := insight(t, schema.SectionNotes, `{"list":[`+note+`],"total":1}`)["rows"].([]any)
	if len(rows) != 1 {
		return fmt.Sprintf("%d rows", len(rows))
	}
	return encode(t, rows[0])
}

func TestNoteRows(t *testing.T) {
	for note, want := range map[string]string{
		`{"noteId":"5a3e1e0000000000000000AF"}`:                      `{"url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000AF"}`,
		`{"noteId":"5a3e1e0000000000000000a","likeNum":1}`:           `{"likes":1}`,
		`{"noteId":"5a3e1e0000000000000000aff","likeNum":1}`:         `{"likes":1}`,
		`{"noteId":"../../x?y=5a3e1e00000000","likeNum":1}`:          `{"likes":1}`,
		`{"noteId":"5a3e1e0000000000000000ag","likeNum":1}`:          `{"likes":1}`,
		`{"noteId":123456789012345678901234,"likeNum":1}`:            `{"likes":1,"url":"https://www.xiaohongshu.com/explore/123456789012345678901234"}`,
		`{"title":"a","date":"2026-04-30","isVideo":true}`:           `{"format":"video","publishedOn":"2026-04-30","title":"a"}`,
		`{"title":"-","date":"","isVideo":false}`:                    `{"format":"image"}`,
		`{"title":"a","date":"2026-04-30 12:00"}`:                    `{"publishedOn":"2026-04-30","title":"a"}`,
		`{"title":"a","date":0}`:                                     `{"title":"a"}`,
		`{"title":"a","date":"yesterday"}`:                           `{"title":"a"}`,
		`{"isVideo":"true","title":"a"}`:                             `{"format":"video","title":"a"}`,
		`{"isVideo":0,"title":7}`:                                    `{"format":"image","title":"7"}`,
		`{"isVideo":2,"title":"a"}`:                                  `{"title":"a"}`,
		`{"brandName":"品牌","isAdvertise":true}`:                      `{"brand":"品牌"}`,
		`{"readNum":0,"likeNum":"0","collectNum":0.0}`:               `{"collects":0,"likes":0,"reads":0}`,
		`{"readNum":"-","likeNum":-1,"collectNum":null,"title":"a"}`: `{"title":"a"}`,
		`{"thirdReadUserNum":0,"title":"a"}`:                         `{"title":"a"}`,
		`{"thirdReadUserNum":312}`:                                   `{"shopVisits":312}`,
		`{}`:                                                         "0 rows",
		`7`:                                                          "0 rows",
		`null`:                                                       "0 rows",
	} {
		if got := noteRowOf(t, note); got != want {
			t.Errorf("Section(notes, with %s): got the row %s, want %s", note, got, want)
		}
	}
}

// Other people's text: one line, nothing hidden, 60 characters.
func TestTitlesAndBrandsAreTidied(t *testing.T) {
	for _, member := range []string{"title", "brandName"} {
		for in, want := range map[string]string{
			"a\\n b\\u0007\\u202e\\u200b": "a b",
			strings.Repeat("长", 60):       strings.Repeat("长", 60),
			strings.Repeat("长", 61):       strings.Repeat("长", 59) + "…",
		} {
			data := fmt.Sprintf(`{"list":[{"%s":"%s"}]}`, member, in)
			rows, _ := insight(t, schema.SectionNotes, data)["rows"].([]any)
			got, _ := rows[0].(map[string]any)[strings.TrimSuffix(member, "Name")].(string)
			if got != want {
				t.Errorf("%s: got %q, want %q", call(schema.SectionNotes, data), got, want)
			}
			if n := utf8.RuneCountInString(got); n > 60 {
				t.Errorf("%s: got %d characters, want 60 at most", call(schema.SectionNotes, data), n)
			}
		}
	}
}

func TestFormatOfSponsoredNotes(t *testing.T) {
	const page = `{"total":17,"list":[{"title":"v1","isVideo":true},{"title":"i1","isVideo":false},{"title":"v2","isVideo":true},{"title":"unknown"}]}`
	for _, c := range []struct {
		scope   schema.Scope
		format  schema.Format
		want    string
		caveats []schema.Caveat
	}{
		{schema.ScopeSponsored, schema.FormatAll, "v1 i1 v2 unknown", nil},
		{schema.ScopeSponsored, schema.FormatVideo, "v1 v2", []schema.Caveat{schema.NotesOfOneFormat.With(schema.FormatVideo.Word(), 4)}},
		{schema.ScopeSponsored, schema.FormatImage, "i1", []schema.Caveat{schema.NotesOfOneFormat.With(schema.FormatImage.Word(), 4)}},
		{schema.ScopeDaily, schema.FormatVideo, "v1 i1 v2 unknown", nil}, // there the upstream has applied it
	} {
		got, caveats := section(t, schema.SectionNotes, page, schema.InsightsInput{Scope: c.scope, Format: c.format, Days: 30})
		call := fmt.Sprintf("Section(notes, scope %s, format %s)", c.scope, c.format)
		var titles []string
		for _, r := range got["rows"].([]any) {
			titles = append(titles, r.(map[string]any)["title"].(string))
		}
		if s := strings.Join(titles, " "); s != c.want {
			t.Errorf("%s: got the rows %s, want %s", call, s, c.want)
		}
		sameCaveats(t, call, caveats, c.caveats...)
		if g := show(got, "total"); g != "17" {
			t.Errorf("%s: got the total %s, want 17", call, g)
		}
	}
}

func TestAtMostEightNotes(t *testing.T) {
	page := `{"list":[` + strings.TrimSuffix(strings.Repeat(`{"title":"a"},`, 20), ",") + `]}`
	if rows := insight(t, schema.SectionNotes, page)["rows"].([]any); len(rows) != 8 {
		t.Errorf("Section(notes) of a page of 20 notes: got %d rows, want 8", len(rows))
	}
}

// The brands of the sponsored notes that are listed, and the note with the fewest reads.
func TestBrandsAndWorstSponsored(t *testing.T) {
	const page = `{"total":17,"list":[
		{"noteId":"5a3e1e0000000000000000c1","date":"2026-04-28","isVideo":true,"brandName":"甲","readNum":500},
		{"noteId":"5a3e1e0000000000000000c2","date":"2026-04-24","isVideo":false,"brandName":"乙","readNum":300},
		{"noteId":"5a3e1e0000000000000000c3","date":"2026-04-20","isVideo":true,"brandName":"","readNum":300},
		{"noteId":"x","date":"2026-04-30","isVideo":true,"brandName":"乙","readNum":"400"},
		{"title":"no reads","isVideo":true,"brandName":"丙"}]}`
	for _, c := range []struct {
		scope         schema.Scope
		format        schema.Format
		brands, worst string
	}{
		{schema.ScopeSponsored, schema.FormatAll, `[{"brand":"乙","lastOn":"2026-04-30","notes":2},{"brand":"甲","lastOn":"2026-04-28","notes":1},{"brand":"丙","notes":1}]`,
			`{"reads":300,"url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c2"}`},
		{schema.ScopeSponsored, schema.FormatVideo, `[{"brand":"乙","lastOn":"2026-04-30","notes":1},{"brand":"甲","lastOn":"2026-04-28","notes":1},{"brand":"丙","notes":1}]`,
			`{"reads":300,"url":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c3"}`},
		{schema.ScopeDaily, schema.FormatAll, "absent", "absent"},
	} {
		got := insight(t, schema.SectionNotes, page, schema.InsightsInput{Scope: c.scope, Format: c.format})
		call := fmt.Sprintf("Section(notes, scope %s, format %s)", c.scope, c.format)
		if g := show(got, "brands"); g != c.brands {
			t.Errorf("%s: got the brands %s, want %s", call, g, c.brands)
		}
		if g := show(got, "worstSponsored"); g != c.worst {
			t.Errorf("%s: got worstSponsored %s, want %s", call, g, c.worst)
		}
	}
	got := insight(t, schema.SectionNotes, `{"list":[{"title":"a"},{"noteId":"x","readNum":0}]}`, schema.InsightsInput{Scope: schema.ScopeSponsored, Format: schema.FormatAll})
	if g, want := show(got, "worstSponsored"), `{"reads":0}`; g != want {
		t.Errorf("Section(notes) of a note with 0 reads: got worstSponsored %s, want %s", g, want)
	}
}
