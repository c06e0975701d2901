package schema

import (
	"maps"

	"pgy-mcp/internal/lang"
)

// idFault says why a text has no id. If the words of a text have several faults, the
// caller is told the highest.
type idFault int

const (
	noFault idFault = iota
	unlikeAnID
	saysNull
	unreadable
	otherSite
	urlWithoutID
	redID
	wrongLength
	notHex
	spoilt
	noteURL    // where a userId is meant
	profileURL // where a note id is meant
	shortLink
	severalIDs

	// Faults of the text as a whole.
	absent
	empty
	longText
	longArray
	notAString
)

// idNouns are the words in which the sentences about a userId and a note id differ.
type idNouns struct {
	id, idInURL lang.T
	severalOf   lang.T
	page, url   lang.T // that has the id in its address; url shows the address
}

var (
	userIDNouns = idNouns{
		id: t("userId", " userId "), idInURL: t("user id", "用户 ID "), severalOf: t("blogger's", "多位博主"), page: t("profile URL", "主页链接"),
		url: t("profile URL (https://www.xiaohongshu.com/user/profile/<userId>)", "主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"),
	}
	noteIDNouns = idNouns{
		id: t("note id", "笔记 ID "), idInURL: t("note id", "笔记 ID "), severalOf: t("note's", "多篇笔记"), page: t("note's URL", "笔记链接"),
		url: t("note's URL (https://www.xiaohongshu.com/explore/<noteId>)", "笔记链接（https://www.xiaohongshu.com/explore/<noteId>）"),
	}
)

// Sentences about each fault.
var (
	userIDFaults = userIDNouns.faults(map[idFault]lang.T{
		// find_bloggers accepts these.
		redID:     t("looks like a 小红书号 (redId), which is no userId: find_bloggers (pgy-mcp find) finds the blogger by it as who (one paid request), or give the 24-hex-digit userId or the "+userIDNouns.url.En, "像是小红书号（redId），不是 userId：可用 pgy-mcp find 查找该博主（一次付费请求），或提供 24 位十六进制的 userId 或"+userIDNouns.url.Zh),
		noteURL:   t("is a note's URL, and a note id is not a userId: find_bloggers (pgy-mcp find) finds the note's author by it as who (one paid request), or give the "+userIDNouns.url.En, "是笔记链接，笔记 ID 不是 userId：可用 pgy-mcp find 查找笔记作者（一次付费请求），或提供"+userIDNouns.url.Zh),
		shortLink: t("is an xhslink.com short link, which hides the id: find_bloggers (pgy-mcp find) follows it as who (one or two paid requests), or open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)", "是 xhslink.com 短链接，看不出 userId：可用 pgy-mcp find 查找（一至两次付费请求），或在浏览器中打开，提供跳转后的主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"),
	})
	noteIDFaults = noteIDNouns.faults(map[idFault]lang.T{
		profileURL: t("is a blogger's profile URL, and a userId is not a note id: open the note and give the "+noteIDNouns.url.En, "是博主主页链接，userId 不是笔记 ID：请打开笔记，提供"+noteIDNouns.url.Zh),
		shortLink:  t("is an xhslink.com short link, which hides the note id: open it in a browser and give the note's URL that it leads to (https://www.xiaohongshu.com/explore/<noteId>); to get the note's author alone, give the link to find_bloggers (pgy-mcp find) as who, which follows it (one or two paid requests)", "是 xhslink.com 短链接，看不出笔记 ID：请在浏览器中打开，提供跳转后的笔记链接（https://www.xiaohongshu.com/explore/<noteId>）；如果只想知道笔记作者，请把短链接交给 pgy-mcp find（一至两次付费请求）"),
	})
)

// faults returns the sentences of one type of id: those of all types, and its own.
func (n *idNouns) faults(own map[idFault]lang.T) map[idFault]lang.T {
	give := func(en, zh string) lang.T {
		return t(en+": give the 24-hex-digit "+n.id.En+" or the "+n.url.En, zh+"：请提供 24 位十六进制的"+n.id.Zh+"或"+n.url.Zh)
	}
	out := map[idFault]lang.T{
		unlikeAnID:   give("is neither 24 hex digits nor a "+n.page.En, "既不是 24 位十六进制字符，也不是"+n.page.Zh),
		saysNull:     give("is missing, the text only says null or the like", "缺失，内容只是 null 之类的字样"),
		unreadable:   give("is not a web address that can be read", "是无法识别的网址"),
		otherSite:    give("is a URL of another site", "是其他网站的链接"),
		urlWithoutID: give("is a Xiaohongshu URL without a "+n.idInURL.En, "是不含"+n.idInURL.Zh+"的小红书链接"),
		wrongLength:  give("has %d hex digits where a "+n.id.En+" has %d", "有 %d 位十六进制字符，而"+n.id.Zh+"应为 %d 位"),
		notHex:       give("has 24 characters that are not all hex digits (0–9, a–f), perhaps mistyped", "有 24 个字符，但不全是十六进制字符（0–9、a–f），可能有误"),
		spoilt:       t("is a number such as 6.599E+23, into which a spreadsheet turned the id, and its digits are lost: copy the id anew into cells formatted as text, or give the "+n.url.En, "是 6.599E+23 这样的数字：表格软件把 ID 当成了数字，原来的数字已丢失；请把单元格设为文本格式后重新复制 ID，或提供"+n.url.Zh),
		severalIDs:   t("has more than one "+n.severalOf.En+" id in it: give one, as the 24-hex-digit "+n.id.En+" or the "+n.url.En, "含有"+n.severalOf.Zh+"的 ID：请只提供一个，24 位十六进制的"+n.id.Zh+"或"+n.url.Zh),

		absent:     give("is missing", "缺失"),
		empty:      give("is empty", "为空"),
		longText:   give("is longer than 2,048 characters", "超过 2,048 个字符"),
		longArray:  give("must be one id, not an array of %d", "必须是一个 ID，而不是 %d 个的数组"),
		notAString: give("must be a string, not %s", "必须是字符串，而不是%s"),
	}
	out[redID] = out[unlikeAnID]
	maps.Copy(out, own)
	return out
}
