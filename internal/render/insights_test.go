package render

import (
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// The table is Markdown, and nobody's title ends its cell or links anywhere.
func TestListOfNotes(t *testing.T) {
	reads, likes := int64(1234), int64(0)
	got := markdownTable(listColumns(lang.English, []schema.NoteRow{
		{Title: "a|b [c](http://example.invalid) <b>`x`</b> \\", Reads: &reads, URL: "https://www.xiaohongshu.com/explore/x"},
		{Brand: "品牌", Likes: &likes},
	}))
	want := "| Title | Brand | Reads | Likes | Page |" +
		"\n| --- | --- | --: | --: | --- |" +
		"\n| a/b \\[c\\](http://example.invalid) \\<b\\>\\`x\\`\\</b\\> \\\\ | - | 1,234 | - | https://www.xiaohongshu.com/explore/x |" +
		"\n| - | 品牌 | - | 0 | - |\n"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// It is said of later pages too, whose notes are not the latest ones.
func TestNotesOfOneFormat(t *testing.T) {
	caveats := []schema.Caveat{schema.NotesOfOneFormat.With(schema.FormatVideo.Word(), 8)}
	for l, want := range map[lang.Language]string{
		lang.English: "The rows are the video notes among the 8 sponsored ones of this page; the total counts both formats.",
		lang.Chinese: "所列为视频笔记，取自本页的 8 篇合作笔记；总数包含图文与视频。",
	} {
		if got := Caveats(l, caveats); len(got) != 1 || got[0] != want {
			t.Errorf("Caveats(%s, notes of one format): got %q, want %q", l, got, want)
		}
	}
}
