package tools

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
	"it refuses connections":                                          "连接被拒绝",
	"too many look-ups are under way in this server":                  "本程序中进行的查询过多",
	"this server is shutting down":                                    "本程序正在退出",
	"this server was ended before it came":                            "本程序在收到响应之前已退出",
}
