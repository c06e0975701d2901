package schema

import (
	"errors"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
)

const (
	discovery   = "https://www.xiaohongshu.com/discovery/item/"
	pgyNote     = "https://pgy.xiaohongshu.com/solar/pre-trade/note-detail/"
	otherNoteID = "64f0a1b2000000001203e4d6"
)

func TestNoteID(t *testing.T) {
	for _, s := range []string{
		noteID, " " + noteID + "\n", strings.ToUpper(noteID), wide(noteID), "'" + noteID, `"` + noteID + `"`, "笔记：" + noteID + "，已发布",
		explore + noteID, "http://xiaohongshu.com/explore/" + noteID + "?xsec_token=AB_c-d=&xsec_source=pc_feed", "www.xiaohongshu.com/explore/" + noteID + "/",
		"m.xiaohongshu.com/explore/" + noteID, "https://creator.xiaohongshu.com/explore/" + noteID, "https://www.rednote.com/explore/" + noteID, "rednote.com/discovery/item/" + noteID,
		discovery + noteID + "?source=webshare&xhsshare=pc_web", strings.ToUpper(discovery + noteID), wide(discovery + noteID), "/explore/" + noteID, "discovery/item/" + noteID,
		"https://www.xiaohongshu.com/search_result/" + noteID, pgyNote + noteID, "https://pgy.xiaohongshu.com/#/solar/pre-trade/note-detail/" + noteID + "?source=kol",
		"[笔记](" + explore + noteID + ")", "<" + explore + noteID + ">", "“" + explore + noteID + "”",
		"70 【今天吃什么 - 团子有点咸 | 小红书 - 你的生活兴趣社区】 😆 aBcD3 😆 " + discovery + noteID + "?source=webshare&xsec_token=AB=",
		"66 团子有点咸发布了一篇小红书笔记，快来看吧！ " + explore + noteID + "，复制本条信息，打开【小红书】App查看精彩内容！",
		// A note that was opened from its author's profile.
		profile + id + "/" + noteID + "?xsec_token=A",
		// A blogger, a short link or another site's URL names no other note.
		explore + noteID + " " + profile + id, profile + id + "," + explore + noteID, "http://xhslink.com/a/b " + explore + noteID, "https://weibo.com/u/1 " + explore + noteID,
		explore + noteID + "," + discovery + strings.ToUpper(noteID), explore + noteID + " " + noteID,
		explore + noteID + "?from=" + profile + id, explore + noteID + "?n=/explore/" + otherNoteID,
		explore + noteID + "?a=" + strings.Repeat("团", MaxCharacters-len(explore+noteID+"?a=")),
	} {
		checkNoteID(t, s, noteID)
	}
}

func readNoteID(text string) (string, error) {
	id, refusal := noteIDType.read(text)
	return id, refusal.asError()
}

func checkNoteID(t *testing.T, in, want string) {
	t.Helper()
	if got, err := readNoteID(in); err != nil || got != want {
		t.Errorf("NoteID(%.120q) = %q, %v; want %q", in, got, err, want)
	}
}

func TestNoteIDRefusals(t *testing.T) {
	const (
		saysNotes   = "more than one note's id"
		saysBlogger = "a blogger's profile URL"
		saysNoNote  = "neither 24 hex digits nor a note's URL"
	)
	for want, inputs := range map[string][]string{
		saysEmpty:                              {"", " \t\u3000", `""`, "\u200b"},
		saysMissing:                            {"null", "undefined", "[None]"},
		saysBlogger:                            {profile + id, pgy + id, "/user/profile/" + id, "https://www.rednote.com/user/profile/" + id + "?a=/explore/" + noteID, "看看这位博主 " + profile + id, profile + id + "/not-a-note", profile},
		saysShort:                              {"http://xhslink.com/a/b", "xhslink.cn/o/1a2B3c", "66 团子有点咸发布了一篇小红书笔记 😆 http://xhslink.com/a/AbCdE，复制本条信息", "http://xhslink.com/a/b " + profile + id},
		saysNotes:                              {noteID + " " + otherNoteID, explore + noteID + "," + explore + otherNoteID, explore + noteID + " " + otherNoteID, discovery + noteID + "和" + explore + otherNoteID},
		saysSite:                               {"https://evil.com/explore/" + noteID, "https://www.xiaohongshu.com.evil.com/explore/" + noteID, "https://www.xiaohongshu.com@evil.com/explore/" + noteID, "https://evilrednote.com/explore/" + noteID, "https://evil.com/?u=" + explore + noteID, "https://evil.com/" + explore + noteID},
		saysAddress:                            {"xhsdiscover://item/" + noteID, "javascript://www.xiaohongshu.com/explore/" + noteID},
		"URL without a note id":                {explore, explore + "not-an-id", explore + noteID + "0", explore + noteID[:23], "https://www.xiaohongshu.com/", "https://www.xiaohongshu.com/search?u=/explore/" + noteID},
		"23 hex digits where a note id has 24": {noteID[:23], noteID[:23] + ",12000"},
		saysNotHex:                             {noteID[:23] + "g"},
		saysSpoilt:                             {"6.599E+23", "6.599E+23,12000"},
		saysLong:                               {explore + noteID + strings.Repeat(" ", MaxCharacters), strings.Repeat("a", MaxCharacters+1)},
		saysNoNote:                             {"4639645438", "tuanzi", "今天吃什么", "12000", "{{ $json.noteId }}", "x" + noteID, noteID + "=12000"},
	} {
		for _, in := range inputs {
			got, err := readNoteID(in)
			if err == nil || got != "" {
				t.Errorf("NoteID(%.120q) = %q, %v; want it refused: %s", in, got, err, want)
				continue
			}
			if !strings.HasPrefix(err.Error(), "note ") || !strings.Contains(err.Error(), want) {
				t.Errorf("NoteID(%.120q): %v; want it to begin with note and %q in it", in, err, want)
			}
			checkSentence(t, in, err)
		}
	}
}

// Each fault that a text can have has a sentence.
func TestEveryFaultHasASentence(t *testing.T) {
	for why := unlikeAnID; why <= notAString; why++ {
		if why != noteURL && noteIDFaults[why].En == "" {
			t.Errorf("noteIDFaults[%d] is empty, want a sentence", why)
		}
		if why != profileURL && userIDFaults[why].En == "" {
			t.Errorf("userIDFaults[%d] is empty, want a sentence", why)
		}
	}
}

func TestNoteRefusalsInChinese(t *testing.T) {
	_, err := readNoteID(profile + id)
	refusal := new(Refusal)
	if !errors.As(err, &refusal) {
		t.Fatalf("NoteID of a profile: the error is %v, want a *Refusal", err)
	}
	if got, want := refusal.In(lang.Chinese), "note 是博主主页链接，userId 不是笔记 ID"; !strings.HasPrefix(got, want) {
		t.Errorf("NoteID of a profile, in Chinese: %q, want it to begin with %q", got, want)
	}
}

func FuzzNoteID(f *testing.F) {
	for _, s := range []string{
		"", noteID, noteID + "=12000", explore + noteID + "?a=1", discovery + noteID, pgyNote + noteID, profile + id, profile + id + "/" + noteID, "xhslink.com/a",
		"https://[::1/", "//explore/" + noteID, "%zz/", "\xff/", wide(noteID), "[a](" + explore + noteID + ")", "看" + explore + noteID + "，" + noteID, "null",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := readNoteID(s)
		if err != nil {
			checkSentence(t, s, err)
			return
		}
		if !published24.MatchString(got) {
			t.Errorf("NoteID(%q) = %q, want 24 hex digits", s, got)
		}
		checkNoteID(t, got, got)
		checkNoteID(t, explore+got, got)
	})
}
