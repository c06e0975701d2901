package tools

// refusals are the Chinese for what package schema says of a text that is no
// blogger's id.
var refusals = map[string]string{
	"userId is longer than 2,048 characters: " + wantID:                                                 "userId 超过 2,048 个字符：" + chineseWantID,
	"userId is empty: " + wantID:                                                                        "userId 为空：" + chineseWantID,
	"userId has %d hex digits where a userId has %d: " + wantID:                                         "userId 有 %d 位十六进制字符，而 userId 应为 %d 位：" + chineseWantID,
	"userId is neither 24 hex digits nor a profile URL: " + wantID:                                      "userId 既不是 24 位十六进制字符，也不是主页链接：" + chineseWantID,
	"userId is missing, the text only says null or the like: " + wantID:                                 "userId 缺失，内容只是 null 之类的字样：" + chineseWantID,
	"userId looks like a 小红书号 (redId), which the upstream does not take: " + wantID + inAddress:         "userId 像是小红书号（redId），上游不接受：" + chineseWantID + "；主页的网址中有 userId",
	"userId is not a web address that can be read: " + wantID:                                           "userId 是无法识别的网址：" + chineseWantID,
	"userId is a URL of another site: " + wantID:                                                        "userId 是其他网站的链接：" + chineseWantID,
	"userId is a Xiaohongshu URL without a user id: " + wantID:                                          "userId 是不含用户 ID 的小红书链接：" + chineseWantID,
	"userId is a note's URL, and a note id is not a userId: open the note's author and give " + wantURL: "userId 是笔记链接，笔记 ID 不是 userId：请打开笔记作者的主页，提供" + chineseWantURL,
	"userId is an xhslink.com short link, which hides the id: open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)": "userId 是 xhslink.com 短链接，看不出 userId：请在浏览器中打开，提供跳转后的主页链接（https://www.xiaohongshu.com/user/profile/<userId>）",
	"userId has more than one blogger's id in it: give one, as the 24-hex-digit userId or " + wantURL:                                                                        "userId 含有多位博主的 ID：请只提供一个，24 位十六进制的 userId 或" + chineseWantURL,
}

// What package schema's sentences have in common.
const (
	wantURL   = "the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)"
	wantID    = "give the 24-hex-digit userId or " + wantURL
	inAddress = "; the profile page's address carries it"

	chineseWantURL = "主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"
	chineseWantID  = "请提供 24 位十六进制的 userId 或" + chineseWantURL
)
