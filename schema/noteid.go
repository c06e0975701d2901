package schema

import (
	"regexp"

	"pgy-mcp/internal/lang"
)

// Parts of the path of a web address, in lower case.
var (
	// An address that was copied from the author's profile has the author's id before the
	// note's.
	noteIDInPath  = regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result|user/profile/[0-9a-f]{24})/([0-9a-f]{24})(?:$|[^0-9a-z_.-])`)
	bloggerInPath = regexp.MustCompile(`/(?:user/profile|blogger-detail)/`)
)

var noteIDType = &idType{"note", noteIDFromURL, noteIDFaults, emptyNoteID, longNoteID, manyNoteIDs, noStringNoteID}

// readNoteID is UserID for a note's id and URL.
func readNoteID(text string) (string, error) {
	id, refusal := noteIDType.read(text)
	return id, refusal.about(noteIDType.name).asError()
}

func noteIDFromURL(address string) (string, idFault) {
	path, why := platformPath(address)
	if why != accepted {
		return "", why
	}
	if m := noteIDInPath.FindStringSubmatch(path); m != nil {
		return m[1], accepted
	}
	if bloggerInPath.MatchString(path) {
		return "", ofBlogger
	}
	return "", noID
}

const (
	noteAddress   = "the note's URL (https://www.xiaohongshu.com/explore/<noteId>)"
	wantNote      = ": give the 24-hex-digit note id or " + noteAddress
	noteAddressZh = "笔记链接（https://www.xiaohongshu.com/explore/<noteId>）"
	wantNoteZh    = "：请提供 24 位十六进制的笔记 ID 或" + noteAddressZh
)

// noteIDFaults are the sentences about a note id.
var noteIDFaults = map[idFault]lang.T{
	neither:     noNote,
	redID:       noNote,
	missing:     {En: "is missing, the text only says null or the like" + wantNote, Zh: "缺失，内容只是 null 之类的字样" + wantNoteZh},
	unreadable:  {En: "is not a web address that can be read" + wantNote, Zh: "是无法识别的网址" + wantNoteZh},
	otherSite:   {En: "is a URL of another site" + wantNote, Zh: "是其他网站的链接" + wantNoteZh},
	noID:        {En: "is a Xiaohongshu URL without a note id" + wantNote, Zh: "是不含笔记 ID 的小红书链接" + wantNoteZh},
	wrongLength: {En: "has %d hex digits where a note id has %d" + wantNote, Zh: "有 %d 位十六进制字符，而笔记 ID 应为 %d 位" + wantNoteZh},
	notHex:      {En: "has 24 characters that are not all hex digits (0–9, a–f), perhaps mistyped" + wantNote, Zh: "有 24 个字符，但不全是十六进制字符（0–9、a–f），可能有误" + wantNoteZh},
	spoilt:      {En: "is a number such as 6.599E+23, into which a spreadsheet turned the id, and its digits are lost: copy the id anew into cells formatted as text, or give " + noteAddress, Zh: "是 6.599E+23 这样的数字：表格软件把 ID 当成了数字，原来的数字已丢失；请把单元格设为文本格式后重新复制 ID，或提供" + noteAddressZh},
	severalIDs:  {En: "has more than one note's id in it: give one, as the 24-hex-digit note id or " + noteAddress, Zh: "含有多篇笔记的 ID：请只提供一个，24 位十六进制的笔记 ID 或" + noteAddressZh},
	ofBlogger:   {En: "is a blogger's profile URL, and a userId is not a note id: open the note and give " + noteAddress, Zh: "是博主主页链接，userId 不是笔记 ID：请打开笔记，提供" + noteAddressZh},
	shortLink:   {En: "is an xhslink.com short link, which hides the note id: open it in a browser and give the note's URL that it leads to (https://www.xiaohongshu.com/explore/<noteId>); to get the note's author alone, give the link to find_bloggers (pgy-mcp find) as who, which follows it (one or two paid requests)", Zh: "是 xhslink.com 短链接，看不出笔记 ID：请在浏览器中打开，提供跳转后的笔记链接（https://www.xiaohongshu.com/explore/<noteId>）；如果只想知道笔记作者，请把短链接交给 pgy-mcp find（一至两次付费请求）"},
}

var (
	noNote         = lang.T{En: "is neither 24 hex digits nor a note's URL" + wantNote, Zh: "既不是 24 位十六进制字符，也不是笔记链接" + wantNoteZh}
	emptyNoteID    = lang.T{En: "is empty" + wantNote, Zh: "为空" + wantNoteZh}
	longNoteID     = lang.T{En: "is longer than 2,048 characters" + wantNote, Zh: "超过 2,048 个字符" + wantNoteZh}
	manyNoteIDs    = lang.T{En: "must be one id, not an array of %d" + wantNote, Zh: "必须是一个 ID，而不是 %d 个的数组" + wantNoteZh}
	noStringNoteID = lang.T{En: "must be a string, not %s" + wantNote, Zh: "必须是字符串，而不是%s" + wantNoteZh}
)
