package schema

import (
	"regexp"
	"strings"
	"testing"
)

const (
	id      = "659902c1000000002200361b"
	otherID = "5a3e1e000000000000000001"
	noteID  = "64f0a1b2000000001203e4d5"

	profile = "https://www.xiaohongshu.com/user/profile/"
	pgy     = "https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/"
	explore = "https://www.xiaohongshu.com/explore/"
)

// wide writes ASCII in full-width forms.
func wide(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}

func TestUserIDFromProfileURLs(t *testing.T) {
	for _, s := range []string{
		profile + id,
		"http://www.xiaohongshu.com/user/profile/" + id,
		"https://xiaohongshu.com/user/profile/" + id,
		"https://m.xiaohongshu.com/user/profile/" + id,
		"https://creator.xiaohongshu.com/user/profile/" + id,
		"https://www.rednote.com/user/profile/" + id,
		"https://rednote.com/user/profile/" + id + "?xsec_token=A",
		"m.rednote.com/user/profile/" + id,
		"www.xiaohongshu.com/user/profile/" + id,
		"xiaohongshu.com/user/profile/" + id,
		"m.xiaohongshu.com/user/profile/" + id,
		"//www.xiaohongshu.com/user/profile/" + id,
		"https://www.xiaohongshu.com:443/user/profile/" + id,
		"https://www.xiaohongshu.com//user/profile/" + id,
		profile + id + "/",
		profile + id + "?xsec_token=AB_c-d=&xsec_source=pc_note",
		profile + id + "?a=1&amp;b=2",
		profile + id + "?tags=a,b;c",
		profile + id + "?tags=a,b/c.d",
		profile + id + "#tab",
		profile + id + "%20",
		profile + id + "?from=/explore/" + noteID,
		// A note opened from a profile still names the profile's owner first.
		profile + id + "/" + noteID + "?xsec_token=A",
		strings.ToUpper(profile + id),
		pgy + id,
		"http://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + id + "?track_id=kolMatch_1&source=Advertiser_Kol",
		"pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + id + "/",
		"https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id,
		"https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id + "?source=kol",
		"https://pgy.xiaohongshu.com/solar#blogger-detail/" + id,
	} {
		checkUserID(t, s, id)
	}
}

// What comes along when an id or a URL is copied from somewhere.
func TestUserIDTidied(t *testing.T) {
	for _, what := range []string{id, strings.ToUpper(id), profile + id, pgy + id, profile + id + "?xsec_token=A"} {
		for _, around := range [][2]string{
			{" ", "\t"}, {"\u3000", "\u3000"}, {"\u00a0", "\u2003"}, {"\r\n", "\r\n"}, {"\u2028", "\u0085"},
			{"\u200b", "\u200c"}, {"\u200d", "\u2060"}, {"\ufeff", ""}, {"\u200e", "\u200f"}, {"\u202a", "\u202c"}, {"\u202e", "\u202c"}, {"\u2066", "\u2069"},
			{"\u00ad", "\u180e"}, {"\ufe0f", "\u3164"}, {"\U000e0041", "\U000e007f"}, {" \u200b\ufeff ", "\u200b \u200b"},
			{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"„", "‟"}, {"«", "»"}, {"‹", "›"}, {"「", "」"}, {"『", "』"}, {"《", "》"}, {"〝", "〞"}, {"＂", "＂"}, {`"`, ""}, {"", "”"},
			{"<", ">"}, {"(", ")"}, {"（", "）"}, {"[", "]"}, {"【", "】"}, {`["`, `"]`}, {`\"`, `\"`},
			{"**", "**"}, {"- ", ""}, {"• ", ""}, {"@", ""},
			{"", ")"}, {"", "）"}, {"", "."}, {"", "。"}, {"", ","}, {"", "，"}, {"", "！"}, {"", "；"}, {"", "…"}, {"", "、"}, {"", "。”"}, {"😆", "😆"},
			{"[团子](", ")"}, {"[团子 有点咸 | 小红书](", ")"}, {"[a](<", ">)"}, {"[a](", ` "title")`}, {"[](", ")"}, {"![a](", ")"},
		} {
			checkUserID(t, around[0]+what+around[1], id)
		}
	}
	for _, s := range []string{
		wide(id),
		wide(strings.ToUpper(id)),
		wide(id[:8]) + id[8:],
		wide(profile + id),
		"https：//www.xiaohongshu.com/user/profile/" + id,
		id[:12] + "\u200b" + id[12:],
		"https://www.xiao\u200bhongshu.com/user/pro\u00adfile/" + id,
		"[" + profile + id + "](" + profile + id + ")",
	} {
		checkUserID(t, s, id)
	}
}

func TestUserIDFromTexts(t *testing.T) {
	for _, s := range []string{
		// An id among the cells of a sheet and the words of a text.
		id + " " + id, id + " 团子有点咸", "userId: " + id, "团子有点咸\t" + id + "\t18000", "团子有点咸," + id + ",18000", `"团子, 有点咸","` + strings.ToUpper(id) + `","¥18,000"`,
		"博主：" + id, "Lily(" + id + ")", "userId:" + id, "Lily：xiaohongshu.com/user/profile/" + id, "Lily：" + profile + id, `=HYPERLINK("` + profile + id + `","Lily")`, `="` + id + `"`, "博主" + id + "怎么样", "博主：" + id + "，报价", "团子（" + id + "）", "团子(" + id + ")", "「" + id + "」报价", "'" + id, "团子,'" + id, "1. 团子 " + id, "ありがとう" + id, "감사" + id + "합니다",
		"/user/profile/" + id, "user/profile/" + id + "?a=b", "主页 /user/profile/" + id + "/", "看xiaohongshu.com/user/profile/" + id,
		explore + noteID + " " + id, explore + noteID + "," + id, "看" + explore + noteID + "，作者" + id,
		"团子," + id + ",4639645438,13800000000", "团子," + id + "," + profile + id + ",6.5E+10",
		// A short link beside an id names no other one.
		"http://xhslink.com/a/b " + profile + id, id + "\thttp://xhslink.cn/a/b",
		"看看这位博主 " + profile + id + " 怎么样",
		"看看这位博主" + profile + id + "怎么样",
		"主页：" + profile + id + "，报价多少？",
		"链接:" + profile + id,
		"url=" + profile + id,
		"1." + profile + id,
		"Look at " + profile + id + ", please.",
		"Look at www.xiaohongshu.com/user/profile/" + id + " and/or ask.",
		"团子有点咸的主页\n" + profile + id + "?xsec_token=A\n在小红书查看",
		"团子有点咸\t10.3万\t" + pgy + id + "\t¥18,000",
		`<a href="` + profile + id + `">团子</a>`,
		`{"name":"团子","url":"` + profile + id + `","n":1}`,
		"小红书号 4639645438 " + profile + id,
		// One id, however often it is there.
		profile + id + " " + pgy + id,
		profile + id + " (" + id + ")",
		profile + id + "," + profile + strings.ToUpper(id),
		// A note names no other blogger, nor does another site's URL.
		"笔记 " + explore + noteID + " 作者 " + profile + id,
		"https://weibo.com/u/1 " + profile + id,
	} {
		checkUserID(t, s, id)
	}
}

func checkUserID(t *testing.T, in, want string) {
	t.Helper()
	if got, err := UserID(in); err != nil || got != want {
		t.Errorf("UserID(%q) = %q, %v; want %q", in, got, err, want)
	}
}

// What each sentence is told by. They differ, so that each one says what is
// wrong with this very text.
const (
	saysEmpty   = "is empty"
	saysMissing = "is missing"
	saysRedID   = "小红书号 (redId)"
	saysHex     = "hex digits where a userId has 24"
	saysNote    = "a note's URL"
	saysShort   = "xhslink.com short link"
	saysSite    = "URL of another site"
	saysAddress = "not a web address"
	saysNoID    = "Xiaohongshu URL without a user id"
	saysLong    = "longer than 2,048 characters"
	saysSeveral = "more than one blogger's id"
	saysNotHex  = "not all hex digits"
	saysSpoilt  = "into which a spreadsheet turned the id"
	saysNeither = "neither 24 hex digits nor a profile URL"
)

// refusedIDs are texts that are refused, by what their sentence says.
var refusedIDs = map[string][]string{
	saysEmpty:       {"", " \t\n\u3000", "\u200b\ufeff", `""`, "''", "“”", "[]", "<>", "-", "\u00a0\u2060"},
	saysMissing:     {"null", "NULL", "undefined", "None", "nil", "NaN", " null\n", `"undefined"`, "[null]", "<None>", wide("null")},
	saysRedID:       {"463964543", "4639645438", "46396454381", "Tuan.zi_2024-a", " 4639645438 ", `"4639645438"`, wide("4639645438"), "“tuanzi”", "nulls", "none1", "小红书号：4639645438", "小红书号 463964543", "团子,4639645438,18000", "4639645438\t团子"},
	saysNotHex:      {id[:23] + "g", "659902c100000000220036lb", "团子," + id[:23] + "g,18000", strings.Repeat("g", 24), id[:23] + "g https://weibo.com/u/1"},
	saysSpoilt:      {"6.599E+23", "6.59902E+23", "6,599E+23", "6.599e23", "7E+23", "团子,6.599E+23,18000", "团子\t6.6E+23\t", "'6.599E+23", wide("6.599E+23")},
	"23 " + saysHex: {"userId:" + id[:23], "团子," + id[:23] + ",18000", id[:23], id[:23] + "\u200b", `"` + id[:23] + `"`},
	"25 " + saysHex: {id + "0"},
	"20 " + saysHex: {strings.ToUpper(id[:20])},
	saysNote: {
		explore + noteID, explore + noteID + "?xsec_token=x", "www.xiaohongshu.com/discovery/item/" + noteID,
		"https://www.rednote.com/explore/" + noteID, "https://www.xiaohongshu.com/search_result/" + noteID,
		"https://pgy.xiaohongshu.com/solar/pre-trade/note-detail/" + noteID, "https://pgy.xiaohongshu.com/#/solar/pre-trade/note-detail/" + noteID,
		strings.ToUpper(explore + noteID), explore + "not-an-id", "<" + explore + noteID + ">", "[笔记](" + explore + noteID + ")", "“" + explore + noteID + "”",
		"70 【今天吃什么 - 团子有点咸 | 小红书 - 你的生活兴趣社区】 😆 aBcD3 😆 https://www.xiaohongshu.com/discovery/item/" + noteID + "?source=webshare&xsec_token=AB=",
		"看" + explore + noteID + "吧", explore + noteID + " https://weibo.com/x", profile + id + "#/explore/" + noteID,
	},
	saysShort: {
		"https://xhslink.com/m/1a2B3c", "http://xhslink.com/a/1a2B3c", "xhslink.com/m/1a2B3c", "https://www.xhslink.com/m/1a2B3c",
		"http://xhslink.cn/m/1a2B3c", "xhslink.cn/o/1a2B3c", "https://www.xhslink.cn/m/1a2B3c", "HTTP://XHSLINK.CN/A/B", "<http://xhslink.com/a/b>", "[团子](http://xhslink.com/a/b)", wide("http://xhslink.com/a/b"),
		"66 团子有点咸发布了一篇小红书笔记，快来看吧！ 😆 abc123 😆 http://xhslink.com/a/AbCdE，复制本条信息，打开【小红书】App查看精彩内容！",
		"快看http://xhslink.cn/o/abc复制", "@团子有点咸 的个人主页 👉 https://xhslink.com/m/8k2 点击链接", "【xhslink.com/a/b】 复制",
	},
	saysSeveral: {
		id + "," + otherID, id + " " + otherID, id + "、" + otherID, id + "\n" + otherID, `["` + id + `","` + otherID + `"]`,
		profile + id + " " + profile + otherID, profile + id + "," + profile + otherID, profile + id + "?a=1," + profile + otherID + "?a=1",
		profile + id + "和" + profile + otherID, profile + id + "、" + pgy + otherID, profile + id + " " + otherID, profile + id + "," + otherID, "[a](" + profile + id + ") [b](" + profile + otherID + ")",
	},
	saysSite: {
		"https://evil.com/user/profile/" + id,
		"https://www.xiaohongshu.com.evil.com/user/profile/" + id,
		"https://xiaohongshu.com.evil.com/user/profile/" + id,
		"https://www.xiaohongshu.com@evil.com/user/profile/" + id,
		"https://www.xiaohongshu.com＠evil.com/user/profile/" + id,
		"https://www.xiaohongshu.com:443@evil.com/user/profile/" + id,
		"https://evilxiaohongshu.com/user/profile/" + id,
		"https://evil-xiaohongshu.com/user/profile/" + id,
		"https://xiaohongshu.co/user/profile/" + id,
		"https://xiaohongshu.com.cn/user/profile/" + id,
		"https://evilrednote.com/user/profile/" + id,
		"https://rednote.com.evil.com/user/profile/" + id,
		"https://éxiaohongshu.com/user/profile/" + id,
		"https://www.хiaohongshu.com/user/profile/" + id, // a Cyrillic х
		"https://evil.com∕www.xiaohongshu.com/user/profile/" + id,
		"https://evil.com∕.xiaohongshu.com/user/profile/" + id,
		"evil.com/www.xiaohongshu.com/user/profile/" + id,
		"https://evil.com/?u=" + profile + id,
		"https://evil.com?u=" + profile + id,
		"https://evil.com/" + profile + id,
		"https://evil.com/#/user/profile/" + id,
		"https://evil.com#@www.xiaohongshu.com/user/profile/" + id,
		"https://evil.com?@www.xiaohongshu.com/user/profile/" + id,
		"https://notxhslink.com/m/1a2B3c", "https://xhslink.com.evil.com/m/1a2B3c", "https://xhslink.com@evil.com/a",
		"看 https://evil.com/user/profile/" + id + " 吧",
	},
	saysAddress: {
		"javascript://www.xiaohongshu.com/user/profile/" + id,
		"ftp://www.xiaohongshu.com/user/profile/" + id,
		"javascript:alert(1)//www.xiaohongshu.com/user/profile/" + id,
		"https://www.xiaohongshu.com:port/user/profile/" + id,
		"https://evil.com\\@www.xiaohongshu.com/user/profile/" + id,
		"https://www.xiaohongshu.com\\.evil.com/user/profile/" + id,
		"https://www.xiaohongshu.com%40evil.com/user/profile/" + id,
		"evil.com?" + profile + id, "xhsdiscover://user/" + id,
	},
	saysNoID: {
		"https://www.xiaohongshu.com/", "https://www.rednote.com/", profile + id[:23], profile + id + "0", profile + id + "-a", profile + strings.Repeat("g", 24),
		profile, profile + "null", "https://www.xiaohongshu.com/search?u=/user/profile/" + id, "https://www.xiaohongshu.com/#/x?u=/user/profile/" + id,
		"https://www.xiaohongshu.com/login?redirect=" + profile + id, "https://www.xiaohongshu.com/@evil.com", "https://www.xiaohongshu.com/explore", "看 https://www.xiaohongshu.com/ 吧", "xiaohongshu.com/",
	},
	saysLong: {
		"https://www.xiaohongshu.com/" + strings.Repeat("a", 2048), strings.Repeat(" ", 2049), strings.Repeat("团", 2049), strings.Repeat("\u200b", 2049), profile + id + strings.Repeat(" ", 2048),
	},
	saysNeither: {
		"团子有点咸", "@团子有点咸", "two words", "and/or what", "[object Object]", "{{ $json.userId }}", "${userId}", "a", strings.Repeat("x", 41), "\x00" + id, id + "\x1b[0m",
	},
}

func TestUserIDRefusals(t *testing.T) {
	for want, inputs := range refusedIDs {
		for _, in := range inputs {
			checkRefused(t, in, want)
		}
	}
}

func checkRefused(t *testing.T, in, want string) {
	t.Helper()
	got, err := UserID(in)
	if err == nil {
		t.Errorf("UserID(%.80q) = %q, want it refused: %s", in, got, want)
		return
	}
	if got != "" {
		t.Errorf("UserID(%.80q) gives %q beside the error, want nothing", in, got)
	}
	for _, says := range []string{saysEmpty, saysMissing, saysRedID, saysHex, saysNote, saysShort, saysSite, saysAddress, saysNoID, saysLong, saysSeveral, saysNotHex, saysSpoilt, saysNeither} {
		isSaid, isWanted := strings.Contains(err.Error(), says), strings.Contains(want, says)
		if isSaid != isWanted {
			t.Errorf("UserID(%.80q): %v; says %q: %v, want %v", in, err, says, isSaid, isWanted)
		}
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("UserID(%.80q): %v; want %q in it", in, err, want)
	}
	checkSentence(t, in, err)
}

func TestUserIDOf24CharactersIsNotAlwaysAnID(t *testing.T) {
	for _, s := range []string{
		// Within another word or address it is none.
		"x" + id, id + "x", id + "_1", "a." + id, "id/" + id, "token=" + id, "https://evil.com/" + id, "https://weibo.com/u/1?id=" + id, explore + id + "?a=" + id, profile[:len(profile)-1] + "?u=" + id,
		"https://evil.com/用户/user/profile/" + id, "https://小红书xiaohongshu.com/user/profile/" + id, "evil.com/团子/" + id,
		strings.Repeat("g", 24), "659902c100000000220036lb",
		strings.Repeat("٥", 24), strings.Repeat("𝟓", 24), // digits of other scripts
		"-" + strings.Repeat("5", 23), strings.Repeat("5", 11) + " " + strings.Repeat("5", 12),
	} {
		if got, err := UserID(s); err == nil {
			t.Errorf("UserID(%q) = %q, want it refused", s, got)
		}
	}
}

func TestUserIDTakes2048Characters(t *testing.T) {
	url := profile + id + "?q="
	for _, fill := range []string{"a", "团", "\u200b", ","} { // characters, not bytes
		checkUserID(t, url+strings.Repeat(fill, MaxCharacters-len(url)), id)
	}
}

// What is refused is not shown back: an error must not carry a caller's text
// into a model's context.
func TestUserIDErrorHoldsNothingOfTheInput(t *testing.T) {
	for _, s := range []string{
		"zebra-zebra", "zebra zebra", "https://zebra.example/user/profile/" + id, "https://www.xiaohongshu.com/zebra", "zebra://x/y", "https://xhslink.com/zebra",
		"zebra https://xhslink.com/zebra", "[zebra](" + explore + "zebra)", profile + id + "?zebra " + profile + otherID + "?zebra", "https://www.xiaohongshu.com:zebra/", strings.Repeat("zebra", 500),
	} {
		_, err := UserID(s)
		if err == nil {
			t.Errorf("UserID(%.80q) is accepted, want it refused", s)
		} else if strings.Contains(err.Error(), "zebra") {
			t.Errorf("UserID(%.80q): %v; want nothing of the input in it", s, err)
		}
	}
}

func TestUserIDsFromOneText(t *testing.T) {
	for _, s := range []string{
		id + "," + otherID, id + " " + otherID, id + "；" + otherID, id + "\u3000" + otherID, profile + id + "\n" + pgy + otherID, id + ",," + otherID + ",",
		`["` + id + `", "` + otherID + `"]`, "['" + id + "', '" + otherID + "']", id + "," + otherID + "," + strings.ToUpper(id), profile + id + "，" + profile + otherID,
		"团子 " + id + ", 小明 " + otherID, "团子\t" + id + "\t18000\r\n小明\t" + otherID + "\t9000", "团子," + id + ",18000\n小明," + otherID + ",9000",
		id + " / " + otherID, "[团子 有点咸](" + profile + id + ") [b](" + profile + otherID + ")",
	} {
		got, err := UserIDs(s)
		if want := id + " " + otherID; err != nil || strings.Join(got, " ") != want {
			t.Errorf("UserIDs(%q) = %q, %v; want %q", s, got, err, want)
		}
	}
	for s, want := range map[string]string{
		"": "userIds is empty: give 1 to 20", "，": "userIds is empty: give 1 to 20",
		id + " 4639645438": "userIds[1] looks like a 小红书号", id + "\n4639645438": "userIds[1] looks like a 小红书号", id + " Tuanzi2024": "userIds[1] looks like a 小红书号", id + "," + explore + noteID: "userIds[1] is a note's URL",
		id + ",4639645438": "userIds[1] looks like a 小红书号", id + ",null": "userIds[1] is missing", "[null]": "userIds[0] is empty",
	} {
		if got, err := UserIDs(s); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("UserIDs(%q) = %q, %v; want an error that begins with %q", s, got, err, want)
		}
	}
}

var published24 = regexp.MustCompile(`^[0-9a-f]{24}$`)

func FuzzUserID(f *testing.F) {
	for _, s := range []string{
		"", id, " " + id + "\n", "4639645438", profile + id, "https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id, explore + id,
		"xhslink.com/a", "https://[::1/", "//", ":/", "%zz/", "\xff/", "https://www.xiaohongshu.com%2f@evil.com/user/profile/" + id,
		wide(id), "\u200b" + id, "[a](" + profile + id + ")", "看" + profile + id + "，" + profile + otherID, "null", "快看 http://xhslink.cn/a/b", "https://evil.com∕" + profile + id, "[](", "](",
		"团子," + id + ",18000", "'" + id + "\t6.599E+23", "/user/profile/" + id, "博主：" + id + "（" + otherID + "）", id[:23] + "g", "https://小红书.example/用户/user/profile/" + id, "：", "：//",
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
			t.Errorf("UserID(%q) = %q, want 24 hex digits", s, got)
		}
		checkUserID(t, got, got)
		if tidied := "\u200b“" + s + "”"; len(tidied) <= MaxCharacters {
			checkUserID(t, tidied, got)
		}
	})
}

func TestHeaders(t *testing.T) {
	for _, s := range []string{"userId", "博主,主页链接,报价", "name\tid\tprice", "达人昵称", `"博主ID","粉丝数"`, "Followers (10k+)", "24 hex digits", "2026-11-01", "no./name", "rank,name,userId,platformCnyPerEngagement,followerGrowthRate30dPercent,sponsoredReadMedian30d", "主页（https://www.xiaohongshu.com/user/profile/…）"} {
		if !IsHeader(s) {
			t.Errorf("IsHeader(%q) = false, want true", s)
		}
	}
	for _, s := range []string{
		id, "团子," + id, profile + id, "/user/profile/" + id, "4639645438", "团子,463964543", "46396454381", "6.599E+23", "团子,6.6E+23", id + "," + otherID,
		explore + noteID, "http://xhslink.com/a/b", id[:23], id[:23] + "g", noteID + "=12000", noteID + "＝12000",
	} {
		if IsHeader(s) {
			t.Errorf("IsHeader(%q) = true, want false", s)
		}
	}
}

func TestUserIDInLine(t *testing.T) {
	long := strings.Repeat("团子，", 30000)
	if got, err := UserIDInLine(long + id + long); err != nil || got != id {
		t.Errorf("a line of %d bytes: %q, %v; want %q", len(long)*2, got, err, id)
	}
}
