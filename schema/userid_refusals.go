package schema

import "pgy-mcp/internal/lang"

// refusal is why a text cannot be read as an id. For a text of several words the
// caller is told the highest.
type refusal int

const (
	accepted refusal = iota
	neither
	missing
	unreadable
	otherSite
	noID
	redID
	wrongLength
	notHex
	spoilt
	noteURL   // where a userId is meant
	ofBlogger // where a note id is meant
	shortLink
	severalIDs
)

const (
	profileURL   = "the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)"
	wantID       = ": give the 24-hex-digit userId or " + profileURL
	profileURLZh = "主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"
	wantIDZh     = "：请提供 24 位十六进制的 userId 或" + profileURLZh
)

// refusals are what is said of a userId.
var refusals = map[refusal]lang.T{
	neither:     {En: "is neither 24 hex digits nor a profile URL" + wantID, Zh: "既不是 24 位十六进制字符，也不是主页链接" + wantIDZh},
	missing:     {En: "is missing, the text only says null or the like" + wantID, Zh: "缺失，内容只是 null 之类的字样" + wantIDZh},
	unreadable:  {En: "is not a web address that can be read" + wantID, Zh: "是无法识别的网址" + wantIDZh},
	otherSite:   {En: "is a URL of another site" + wantID, Zh: "是其他网站的链接" + wantIDZh},
	noID:        {En: "is a Xiaohongshu URL without a user id" + wantID, Zh: "是不含用户 ID 的小红书链接" + wantIDZh},
	wrongLength: {En: "has %d hex digits where a userId has %d" + wantID, Zh: "有 %d 位十六进制字符，而 userId 应为 %d 位" + wantIDZh},
	notHex:      {En: "has 24 characters that are not all hex digits (0–9, a–f), perhaps mistyped" + wantID, Zh: "有 24 个字符，但不全是十六进制字符（0–9、a–f），可能有误" + wantIDZh},
	spoilt:      {En: "is a number such as 6.599E+23, into which a spreadsheet turned the id, and its digits are lost: copy the id anew into cells formatted as text, or give " + profileURL, Zh: "是 6.599E+23 这样的数字：表格软件把 ID 当成了数字，原来的数字已丢失；请把单元格设为文本格式后重新复制 ID，或提供" + profileURLZh},
	severalIDs:  {En: "has more than one blogger's id in it: give one, as the 24-hex-digit userId or " + profileURL, Zh: "含有多位博主的 ID：请只提供一个，24 位十六进制的 userId 或" + profileURLZh},

	// find_bloggers takes these.
	redID:     {En: "looks like a 小红书号 (redId), which is no userId: find_bloggers (pgy-mcp find) finds the blogger by it as who (one paid request), or give the 24-hex-digit userId or " + profileURL, Zh: "像是小红书号（redId），不是 userId：可用 pgy-mcp find 查找该博主（一次付费请求），或提供 24 位十六进制的 userId 或" + profileURLZh},
	noteURL:   {En: "is a note's URL, and a note id is not a userId: find_bloggers (pgy-mcp find) finds the note's author by it as who (one paid request), or give " + profileURL, Zh: "是笔记链接，笔记 ID 不是 userId：可用 pgy-mcp find 查找笔记作者（一次付费请求），或提供" + profileURLZh},
	shortLink: {En: "is an xhslink.com short link, which hides the id: find_bloggers (pgy-mcp find) follows it as who (one or two paid requests), or open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)", Zh: "是 xhslink.com 短链接，看不出 userId：可用 pgy-mcp find 查找（一至两次付费请求），或在浏览器中打开，提供跳转后的主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"},
}

var (
	missingUserID  = lang.T{En: "is missing" + wantID, Zh: "缺失" + wantIDZh}
	emptyUserID    = lang.T{En: "is empty" + wantID, Zh: "为空" + wantIDZh}
	longUserID     = lang.T{En: "is longer than 2,048 characters" + wantID, Zh: "超过 2,048 个字符" + wantIDZh}
	manyUserIDs    = lang.T{En: "must be one id, not an array of %d" + wantID, Zh: "必须是一个 ID，而不是 %d 个的数组" + wantIDZh}
	noStringUserID = lang.T{En: "must be a string, not %s" + wantID, Zh: "必须是字符串，而不是%s" + wantIDZh}
)
