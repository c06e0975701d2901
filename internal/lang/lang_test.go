package lang

import "testing"

func TestSay(t *testing.T) {
	counts := T{"%d cached, %d failed", "缓存 %d 项，失败 %d 项"}
	quote := T{"the %s quote of %q", "%[2]q 的%[1]s报价"}
	video := T{"video", "视频"}
	percent := T{" %", "%"}
	for _, c := range []struct {
		language Language
		text     T
		args     []any
		want     string
	}{
		{"", counts, []any{1, 2}, "1 cached, 2 failed"},
		{English, counts, []any{1, 2}, "1 cached, 2 failed"},
		{Chinese, counts, []any{1, 2}, "缓存 1 项，失败 2 项"},
		{English, quote, []any{video, "x"}, `the video quote of "x"`},
		{Chinese, quote, []any{video, "x"}, `"x" 的视频报价`},
		{English, percent, nil, " %"}, // without arguments a text has no verbs
		{Chinese, percent, nil, "%"},
		{Chinese, T{}, nil, ""},
	} {
		if got := c.language.Say(c.text, c.args...); got != c.want {
			t.Errorf("%q.Say(%q, %v): got %q, want %q", c.language, c.text, c.args, got, c.want)
		}
	}
}

func TestSayKeepsTheArguments(t *testing.T) {
	args := []any{T{"video", "视频"}}
	Chinese.Say(T{"%s", "%s"}, args...)
	if got, want := args[0], any(T{"video", "视频"}); got != want {
		t.Errorf("the argument after Say: got %v, want %v as before", got, want)
	}
}

func TestList(t *testing.T) {
	for l, want := range map[Language]string{English: "a, b", Chinese: "a、b"} {
		if got := l.List([]string{"a", "b"}); got != want {
			t.Errorf(`%q.List(["a" "b"]): got %q, want %q`, l, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	for _, c := range []struct {
		language Language
		in, want string
	}{{English, "a", "a."}, {English, "b.", "b."}, {Chinese, "甲", "甲。"}, {Chinese, "乙。", "乙。"}} {
		if got := c.language.Sentence(c.in); got != c.want {
			t.Errorf("%q.Sentence(%q): got %q, want %q", c.language, c.in, got, c.want)
		}
	}
}
