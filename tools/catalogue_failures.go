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

// details are the Chinese for the details of package upstream's errors.
var details = map[string]string{
	"the answer holds no data":                                        "响应中没有数据",
	"the answer's data is not an object":                              "响应的数据不是对象",
	"the answer is another blogger's":                                 "响应属于另一位博主",
	"the answer is larger than 4 MiB":                                 "响应超过 4 MiB",
	"it is a redirect, which is not followed; -upstream may be wrong": "响应是重定向，不予跟随；-upstream 可能有误",
	"it is not the documented envelope; -upstream may be wrong":       "响应不符合文档所述的格式；-upstream 可能有误",
	"the connection ended before a complete answer":                   "连接在响应完整之前中断",
	"its name cannot be resolved":                                     "域名无法解析",
	"it does not take connections in time":                            "连接超时",
	"no secure connection can be made":                                "无法建立安全连接",
	"the answer is about another note":                                "响应属于另一篇笔记",
	"the proxy refuses the connection":                                "代理服务器拒绝连接",
	"the proxy's name cannot be resolved":                             "代理服务器的域名无法解析",
	"the proxy does not take connections in time":                     "连接代理服务器超时",
	"the proxy refuses connections":                                   "代理服务器拒绝连接",
	"it refuses connections":                                          "连接被拒绝",
	"too many look-ups are under way in this server":                  "本程序中进行的查询过多",
	"this server is shutting down":                                    "本程序正在退出",
	"this server was ended before it came":                            "本程序在收到响应之前已退出",
}
