package render

import (
	"strings"
	"testing"
)

func TestAligned(t *testing.T) {
	got := Aligned([]Line{{Label: "Blogger", Value: "团子有点咸"}, {Label: "小红书号", Value: "one two three four five six seven eight"}}, 42)
	want := "Blogger   团子有点咸\n小红书号  one two three four five six\n          seven eight\n"
	if got != want {
		t.Errorf("Aligned at 42 columns: got %q, want %q", got, want)
	}
	got = Aligned([]Line{{Label: "Cooperation industries", Value: "one two three four five six seven eight"}, {Label: "Blogger", Value: "团子有点咸"}}, 40)
	want = "Cooperation industries\n  one two three four five six seven\n  eight\nBlogger\n  团子有点咸\n"
	if got != want {
		t.Errorf("Aligned at 40 columns: got %q, want %q", got, want)
	}
}

// A line breaks at blanks and between CJK characters.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"", 9, ""},
		{"one two 三四五 six", 9, "one two|三四五|six"},
		{"one  two", 80, "one two"},
		{"团子有点咸 x", 4, "团子|有点|咸 x"},
		{"abcdefgh i", 3, "abc|def|gh|i"},
		{"ab 三四", 1, "ab|三|四"},
		{"未知，不是（无）。", 8, "未知，不|是|（无）。"},
		{"可再试 3 次：abc，否则", 9, "可再试 3|次：abc，|否则"},
		{"用户abcdef与100%", 10, "用户abcdef|与100%"},
		{"x 👩‍👧‍👦👩‍👧‍👦", 3, "x|👩‍👧‍👦|👩‍👧‍👦"},
	} {
		if got := strings.Join(wrapped(c.in, c.width, true), "|"); got != c.want {
			t.Errorf("%q at %d: got %q, want %q", c.in, c.width, got, c.want)
		}
	}
}
