package tools

import "testing"

func TestAligned(t *testing.T) {
	got := Aligned([]Fact{{Label: "Blogger", Value: "团子有点咸"}, {Label: "小红书号", Value: "one two three four five six seven eight"}}, 42)
	want := "Blogger   团子有点咸\n小红书号  one two three four five six\n          seven eight\n"
	if got != want {
		t.Errorf("the lines are %q, want %q", got, want)
	}
}
