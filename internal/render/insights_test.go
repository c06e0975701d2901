package render

import (
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// The table is Markdown, and nobody's title ends its cell or links anywhere.
func TestNotesTable(t *testing.T) {
	reads, likes := int64(1234), int64(0)
	got := notesTable(lang.English, []schema.NoteRow{
		{Title: "a|b [c](http://example.invalid) <b>`x`</b> \\", Reads: &reads, URL: "https://www.xiaohongshu.com/explore/x"},
		{Brand: "品牌", Likes: &likes},
	})
	want := "| Title | Brand | Reads | Likes | Page |" +
		"\n| --- | --- | --: | --: | --- |" +
		"\n| a/b \\[c\\](http://example.invalid) \\<b\\>\\`x\\`\\</b\\> \\\\ | - | 1,234 | - | https://www.xiaohongshu.com/explore/x |" +
		"\n| - | 品牌 | - | 0 | - |"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
