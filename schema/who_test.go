package schema

import (
	"strings"
	"testing"
)

const (
	noteOf    = "5a3e1e0000000000000000c1"
	bloggerOf = "5a3e1e000000000000000101"
)

func TestWho(t *testing.T) {
	for given, want := range map[string]Who{
		"团子有点咸":      {Name: "团子有点咸"},
		" 团子  有点咸\n": {Name: "团子 有点咸"},
		"4639645438": {Name: "4639645438"},
		"小红书号: ４６３９６４５４３８": {Name: "4639645438"},
		"Dr.Li/皮肤科":          {Name: "Dr.Li/皮肤科"},
		"样例：早教小熊":            {Name: "样例：早教小熊"},
		"\ufeff👩‍👧 日记\u200b": {Name: "👩‍👧 日记"},
		"a.b_c":              {Name: "a.b_c"},
		"https://www.xiaohongshu.com/explore/" + noteOf + "?xsec_token=A%3D": {NoteID: noteOf},
		"www.xiaohongshu.com/discovery/item/" + noteOf:                       {NoteID: noteOf},
		"explore/" + noteOf: {NoteID: noteOf},
		"https://pgy.xiaohongshu.com/solar/pre-trade/note-detail/" + noteOf:    {NoteID: noteOf},
		"https://www.xiaohongshu.com/user/profile/" + bloggerOf + "/" + noteOf: {NoteID: noteOf},
		"http://xhslink.com/a/AbC1d":                                           {ShortLink: "http://xhslink.com/a/AbC1d"},
		"xhslink.cn/AbC":                                                       {ShortLink: "https://xhslink.cn/AbC"},
		"HTTPS://XHSLINK.COM/m/AbC?x=1#y":                                      {ShortLink: "https://XHSLINK.COM/m/AbC?x=1"},
		"55 样例发布了一篇小红书笔记，快来看吧！ 😆 Yv 😆 http://xhslink.com/a/AbC1d，复制本条信息，打开【小红书】App查看精彩内容！":             {ShortLink: "http://xhslink.com/a/AbC1d"},
		"63 【辅食 - 样例 | 小红书】 https://www.xiaohongshu.com/discovery/item/" + noteOf + "?source=webshare": {NoteID: noteOf},
		"\ufffd 快来看吧！ http://xhslink.com/a/AbC":             {ShortLink: "http://xhslink.com/a/AbC"},
		"http://xhslink.com/a/AbC http://xhslink.com/a/AbC": {ShortLink: "http://xhslink.com/a/AbC"},
		"http://xhslink.com/a/AbC https://example.com/x":    {ShortLink: "http://xhslink.com/a/AbC"},
	} {
		if got, refusal := readWho(given); got != want || refusal != nil {
			t.Errorf("readWho(%q): got %+v, %v; want %+v", given, got, refusal, want)
		}
	}
}

func TestWhoIsRefused(t *testing.T) {
	profile := "https://www.xiaohongshu.com/user/profile/" + bloggerOf
	for given, want := range map[string]string{
		bloggerOf:                   isProfile.En,
		strings.ToUpper(bloggerOf):  isProfile.En,
		profile + "?xsec_token=x":   isProfile.En,
		"user/profile/" + bloggerOf: isProfile.En,
		"看看她 " + profile + " 怎么样":   isProfile.En,
		"https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + bloggerOf: isProfile.En,
		profile + " http://xhslink.com/a/b":                                       severalLinks.En,
		"http://xhslink.com/a/b http://xhslink.com/a/c":                           severalLinks.En,
		"https://example.com/explore/" + noteOf:                                   wrongLink.En,
		"https://xhslink.com.example.com/a/b":                                     wrongLink.En,
		"https://www.xiaohongshu.com/search_result":                               wrongLink.En,
		"https://user:pw@xhslink.com/a/b":                                         unreadableLink.En,
		"https://xhslink.com/":                                                    unreadableLink.En,
		"6.599E+23":                                                               "is a number such as 6.599E+23, into which a spreadsheet turned the id",
		" @ ":                                                                     "is empty: give a name",
		strings.Repeat("字", 101):                                                  "has more than 100 characters and no link in it",
	} {
		got, refusal := readWho(given)
		if refusal == nil || !strings.HasPrefix(refusal.Error(), want) {
			t.Errorf("readWho(%.80q): got %+v, %v; want a refusal that begins with %q", given, got, refusal, want)
		}
	}
}

// The address comes from outside: it is read, and only a plain one of a note or profile
// is taken.
func TestLinkTarget(t *testing.T) {
	for address, want := range map[string][2]string{
		"https://www.xiaohongshu.com/discovery/item/" + noteOf + "?app_platform=ios&xsec_token=SAMPLE%3D": {noteOf, ""},
		"https://www.xiaohongshu.com/explore/" + noteOf:                                                   {noteOf, ""},
		"http://www.rednote.com/explore/" + strings.ToUpper(noteOf):                                       {noteOf, ""},
		"https://www.xiaohongshu.com/user/profile/" + bloggerOf + "?xhsshare=CopyLink":                    {"", bloggerOf},
		"https://www.xiaohongshu.com/":                                                                    {},
		"https://www.xiaohongshu.com/live/1":                                                              {},
		"https://www.xiaohongshu.com/?to=/explore/" + noteOf:                                              {},
		"https://www.xiaohongshu.com/explore/" + noteOf + "#/user/profile/" + bloggerOf:                   {},
		"https://www.xiaohongshu.com/#/explore/" + noteOf:                                                 {},
		"https://www.xiaohongshu.com:8443/explore/" + noteOf:                                              {},
		"https://a@www.xiaohongshu.com/explore/" + noteOf:                                                 {},
		"https://example.com/explore/" + noteOf:                                                           {},
		"https://xiaohongshu.com.example.com/explore/" + noteOf:                                           {},
		"http://127.0.0.1/explore/" + noteOf:                                                              {},
		"http://169.254.169.254/latest/meta-data":                                                         {},
		"file:///explore/" + noteOf:                                                                       {},
		"javascript:alert(1)//www.xiaohongshu.com/explore/" + noteOf:                                      {},
		"/explore/" + noteOf:                                                                              {},
		"":                                                                                                {},
		"%zz":                                                                                             {},
		"https://www.xiaohongshu.com/explore/" + noteOf + "?" + strings.Repeat("x", 10<<10):               {},
	} {
		note, user := LinkTarget(address)
		if got := [2]string{note, user}; got != want {
			t.Errorf("LinkTarget(%.100q): got %q, want %q", address, got, want)
		}
	}
}
