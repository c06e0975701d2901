package tools

import "testing"

// A name can neither end its cell nor become an image, a link or markup.
func TestNamesInATable(t *testing.T) {
	for in, want := range map[string]string{
		"团子有点咸":              "团子有点咸",
		"a|b":                "a/b",
		"![x](http://a.co/)": `!\[x\](http://a.co/)`,
		`\[x](//a.co)`:       `\\\[x\](//a.co)`,
		"<img src=//a.co>":   `\<img src=//a.co\>`,
		"`code`":             "\\`code\\`",
		"很长很长很长很长很长很长的名字": "很长很长很长很长很…",
		"":                     "",
		"snake_case *star* ~x": "snake_case *star* ~x",
	} {
		if got := name(in); got != want {
			t.Errorf("name(%q) = %q, want %q", in, got, want)
		}
	}
}
