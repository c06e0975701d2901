package schema

import (
	"encoding/json"
	"regexp"
	"testing"
)

var published24 = regexp.MustCompile(`^[0-9a-f]{24}$`)

func FuzzUserID(f *testing.F) {
	for _, s := range []string{
		"", id, " " + id + "\n", "4639645438", "https://www.xiaohongshu.com/user/profile/" + id,
		"https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id, "https://www.xiaohongshu.com/explore/" + id,
		"xhslink.com/a", "https://[::1/", "//", ":/", "%zz/", "\xff/", "https://www.xiaohongshu.com%2f@evil.com/user/profile/" + id,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := UserID(s)
		if err != nil {
			checkSentence(t, s, err)
			return
		}
		if !published24.MatchString(got) {
			t.Errorf("UserID(%q) = %q", s, got)
		}
		if again, err := UserID(got); err != nil || again != got {
			t.Errorf("UserID(%q) = %q, %v", got, again, err)
		}
	})
}

func FuzzDecodeProfileInput(f *testing.F) {
	for _, s := range []string{
		``, `null`, `{}`, `[]`, `{"userId":"` + id + `"}`, `{"userId":4639645438,"raw":"full"}`, `{"userId":null,"refresh":null}`,
		`{"userId":"` + id + `","x":1}`, `{"userId":"` + id + `","raw":{},"refresh":[]}`, `{"\u202e":"\ud800"}`, `{"userId":-}`, "{\"\xff\":1}",
		`{"userId":1e2222222222222222222222}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := DecodeProfileInput(json.RawMessage(b))
		if err != nil {
			checkSentence(t, string(b), err)
			return
		}
		if !published24.MatchString(in.UserID) {
			t.Errorf("%q: userId %q", b, in.UserID)
		}
		if in.Raw != RawCompact && in.Raw != RawFull && in.Raw != RawNone {
			t.Errorf("%q: raw %q", b, in.Raw)
		}
	})
}
