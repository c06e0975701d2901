package tools

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Kinds of failure that arise here and not in the upstream.
const (
	invalidArgument upstream.Kind = "invalid_argument"
	pending         upstream.Kind = "pending"
)

// pendingRetry is when a pending call should be repeated.
const pendingRetry = 15 * time.Second

// t is one text in both languages.
func t(en, zh string) lang.T { return lang.T{En: en, Zh: zh} }

// failure is an error as a model reads it.
type failure struct {
	language  lang.Language
	kind      upstream.Kind
	sentence  string // what happened, ends with a full stop
	earlier   string // says that no request was made for it; "" if one was
	retryable string
	billed    string
	canRetry  bool   // the same call may succeed later by itself
	next      string // what to do, ends with a full stop
	freed     string // says when requests are permitted again; "" is unknown
	requestID string
}

// Text returns the whole failure, in up to four lines.
func (f failure) Text() string {
	s := f.language.Say(t("%s\nRetryable: %s. Billed: %s.\nNext step: %s", "%s\n可重试：%s。已计费：%s。\n下一步：%s"), f.Error()+f.earlier, f.retryable, f.billed, f.next)
	if f.requestID != "" {
		s += "\n" + f.language.Say(t("Request ID: %s", "请求 ID：%s"), f.requestID)
	}
	return s
}

// Error returns kind and sentence, which are the same for all rows with one cause.
func (f failure) Error() string { return string(f.kind) + f.language.Say(lang.Colon) + f.sentence }

// withNext is Error with the next step.
func (f failure) withNext() string {
	return f.Error() + f.language.Say(t(" Next step: ", "下一步：")) + f.next
}

// isWaiting reports whether the look-up has not failed: it goes on or was not to be paid for.
func (f failure) isWaiting() bool { return f.kind == pending || f.kind == upstream.NotCached }

// inRow is the error of a row of a table.
func (f failure) inRow() string {
	switch f.kind {
	case pending:
		return f.withNext()
	case upstream.NotCached:
		f.next = eachIsPaid(f.language)
		return f.withNext()
	}
	return f.Error() + f.freed
}

// eachIsPaid is the next step where one of several look-ups is not cached.
func eachIsPaid(l lang.Language) string {
	return l.Say(t("make the same call without %s; it is one paid request each.", "去掉 %s 重新查询；每项产生一次付费请求。"), cachedOnly(l))
}

func invalidArguments(l lang.Language, err error) failure {
	said := err.Error()
	if r := new(schema.Refusal); errors.As(err, &r) {
		said = r.In(l)
	}
	return failure{
		language:  l,
		kind:      invalidArgument,
		sentence:  l.Sentence(said),
		retryable: l.Say(t("no, corrected arguments are needed", "否，需要改正参数")),
		billed:    l.Say(no),
		next:      l.Say(t("call again with the argument corrected; nothing was asked or paid.", "请改正参数后重试；没有发出请求，也没有计费。")),
	}
}

// IsInvalidArgument reports whether the message of a prompt's or a resource's error is
// about its arguments.
func IsInvalidArgument(message string) bool {
	return strings.HasPrefix(message, string(invalidArgument)+": ")
}

// IsNotFound reports whether the message of a resource's error is that there is no such
// blogger.
func IsNotFound(message string) bool {
	return strings.HasPrefix(message, string(upstream.NotFound)+": ")
}

// stillPending is the failure of a call that stops waiting. It is in English, since
// commands wait until the end.
func stillPending(wait time.Duration, of target) failure {
	return failure{
		kind:      pending,
		sentence:  fmt.Sprintf("The look-up is not finished after %s and goes on in this server.", wait),
		retryable: fmt.Sprintf("yes, in %d s, without a further charge", int(pendingRetry.Seconds())),
		billed:    "not yet",
		next:      fmt.Sprintf("call again with %s in %d s; the answer is kept and not paid twice.", of.again.En, int(pendingRetry.Seconds())),
	}
}

// interrupted is the failure of a look-up that the end of the program cuts off.
func interrupted(l lang.Language) failure {
	return newFailure(l, "interrupted", billings[upstream.UnknownBilling], failureText{
		t("The look-up was not finished.", "查询尚未完成。"), yes,
		t("run the command again; the look-up may have been billed.", "请重新运行命令；该次查询可能已计费。")})
}

// notStarted is the failure of a look-up that an interrupted command never started.
func notStarted(l lang.Language) failure {
	return newFailure(l, "interrupted", no, failureText{
		t("The look-up was not started.", "查询尚未开始。"), yes,
		t("run the command again.", "请重新运行命令。")})
}

// storeFails is the failure to read the cache folder or Redis.
func storeFails(l lang.Language) failure {
	return newFailure(l, upstream.Unreachable, no, failureText{
		t("What is kept in the cache folder or in Redis cannot be read.", "无法读取缓存目录或 Redis 中保存的内容。"), yes,
		t("try again in a minute; if it lasts, the log has the reason.", "请一分钟后重试；若持续失败，原因见日志。")})
}

// failureText has the texts of one kind of failure.
type failureText struct{ sentence, retryable, next lang.T }

func newFailure(l lang.Language, kind upstream.Kind, billed lang.T, texts failureText) failure {
	return failure{language: l, kind: kind, sentence: l.Say(texts.sentence), retryable: l.Say(texts.retryable), billed: l.Say(billed), next: l.Say(texts.next)}
}

var yes, no = t("yes", "是"), t("no", "否")

// operator is the retryable of failures that only the operator can end.
var operator = t("no, operator action is needed", "否，需要管理员处理")

// target is what a look-up is about, in the texts of its failures.
type target struct {
	again lang.T // the {again} of failureTexts
	// texts replace those of failureTexts.
	texts map[upstream.Kind]failureText
}

var aBlogger = target{again: t("the same userId", "同一 userId ")}

// cachedOnly is what the reader calls the argument; people use the flag.
func cachedOnly(l lang.Language) string {
	if l == "" {
		return "cachedOnly"
	}
	return "-cached-only"
}

// failureTexts has the texts of each kind. %s is the time to wait, {again} is target.again,
// {cachedOnly} is what cachedOnly returns.
var failureTexts = map[upstream.Kind]failureText{
	upstream.TokenMissing: {t("This server has no Just One API token", "没有设置 Just One API 的 token"), operator,
		t("ask the operator to set JUSTONEAPI_TOKEN or JUSTONEAPI_TOKEN_FILE to a token from https://justoneapi.com, and to restart the server; -upstream sample needs none.", "请管理员把 JUSTONEAPI_TOKEN 或 JUSTONEAPI_TOKEN_FILE 设为 https://justoneapi.com 账户的 token 后重新启动；-upstream sample 不需要 token。")},
	upstream.TokenInvalid: {t("Just One API does not accept this server's token", "Just One API 不接受所用的 token"), operator,
		t("ask the operator to check the token; do not try other bloggers, they fail the same way.", "请管理员检查 token；不必再查其他博主，结果相同。")},
	upstream.PermissionDenied: {t("This server's token may not use this endpoint", "所用的 token 无权调用此接口"), operator,
		t("ask the operator to have the Pugongying endpoints enabled for the token.", "请管理员为 token 开通蒲公英接口。")},
	upstream.InsufficientBalance: {t("The balance of the Just One API account is used up, for all of its tokens", "Just One API 账户余额已用完，其所有 token 均受影响"), operator,
		t("ask the operator to top up the account (raising a token's limit does not help; pgy-mcp account shows the balance); answers that are still fresh are available.", "请管理员为账户充值（提高 token 限额无效）；缓存中仍有效的结果可以照常查询。")},
	upstream.TokenLimitReached: {t("This server's token has reached the limit that is set for it alone; the account may have balance left", "所用的 token 已达到为其单独设置的限额，账户可能仍有余额"), operator,
		t("ask the operator to raise the token's limit at Just One API (topping up the account does not help); answers that are still fresh are available.", "请管理员在 Just One API 提高该 token 的限额（为账户充值无效）；缓存中仍有效的结果可以照常查询。")},
	upstream.RateLimited: {t("Just One API limits how fast this token may call", "Just One API 限制了该 token 的请求速度"), t("yes, after %s", "是，%s后"),
		t("call again with {again} in %s.", "请在 %s后用{again}重试。")},
	upstream.QuotaExceeded: {t("The token's daily quota at Just One API is used up", "该 token 在 Just One API 的每日配额已用完"), t("no, until 00:00 Asia/Shanghai", "否，需等到北京时间 00:00"),
		t("go on after 00:00 Asia/Shanghai (16:00 UTC); answers that are still fresh are available.", "请在北京时间 00:00 之后继续；缓存中仍有效的结果可以照常查询。")},
	upstream.BudgetExhausted: {t("This server's own budget of upstream requests in 24 hours is used up", "所设置的 24 小时请求预算已用完"), t("no, until %s", "否，需等到 %s"),
		t("go on at %s, when the budget has room again, or ask the operator to raise -budget; answers that are still fresh are available.", "请在 %s 有空余预算后继续，或请管理员调高 -budget；缓存中仍有效的结果可以照常查询。")},
	upstream.NotCached: {t("Nothing is cached for this, and {cachedOnly} pays nothing", "没有缓存的数据，而 {cachedOnly} 不付费"), t("no; the same call without {cachedOnly} is paid", "否；不加 {cachedOnly} 的同一查询会付费"),
		t("make the same call without {cachedOnly}; it is a paid request.", "去掉 {cachedOnly} 重新查询；这会产生一次付费请求。")},
	upstream.CollectionFailed: {t("The upstream could not collect this blogger's data, several tries included", "数据接口多次尝试仍未能采集到该博主的数据"), t("yes, a few times; can last for one id", "是，再试几次；同一博主可能持续失败"),
		t("call again with {again} in %s; after two more failures go on without this blogger.", "请在 %s后用{again}重试；再失败两次就请跳过该博主。")},
	upstream.InvalidParameters: {t("The upstream refuses this request", "数据接口拒绝了此请求"), no,
		t("check the userId against the blogger's profile page.", "请对照博主的小红书主页核对 userId。")},
	upstream.NotFound: {t("The upstream has no data for this userId", "数据接口没有该博主的数据"), no,
		t("check the userId against the blogger's profile page; the blogger may not be on Pugongying.", "请对照博主的小红书主页核对 userId；该博主可能未入驻蒲公英。")},
	upstream.Unreachable: {t("The upstream cannot be reached", "无法连接数据接口"), yes,
		t("call again with {again} in %s; if it lasts, ask the operator to check -upstream and the network.", "请在 %s后用{again}重试；若持续失败，请管理员检查 -upstream 和网络。")},
	upstream.Timeout: {t("The upstream did not answer in time", "数据接口未及时响应"), t("yes, once", "是，一次"),
		t("call again once with {again}; the call that timed out may have been billed.", "请用{again}再试一次；超时的这次请求可能已计费。")},
	upstream.BadResponse: {t("The upstream's answer cannot be used", "数据接口的响应无法使用"), t("yes, once", "是，一次"),
		t("call again once with {again}; the call may have been billed.", "请用{again}再试一次；这次请求可能已计费。")},
	upstream.UpstreamError: {t("The upstream has an error of its own", "数据接口自身出错"), yes,
		t("call again with {again} in %s.", "请在 %s后用{again}重试。")},
	upstream.Internal: {t("This server made a mistake", "本程序出错"), no,
		t("tell the operator; the server's log has the details.", "请告知管理员；详情见日志。")},
}

// proxyRefuses is the next step if the operator's proxy refuses to connect.
var proxyRefuses = t("ask the operator to check the proxy of this server (HTTPS_PROXY, HTTP_PROXY): its address, its user and what it lets through.", "请管理员检查本程序所用的代理（HTTPS_PROXY、HTTP_PROXY）：地址、用户以及放行规则。")

var billings = map[upstream.Billing]lang.T{
	upstream.NotBilled:      no,
	upstream.Billed:         yes,
	upstream.UnknownBilling: t("unknown", "未知"),
}

// failedOf turns an error of package upstream into a failure. No other function does.
func failedOf(l lang.Language, e *upstream.Error, of target) failure {
	texts, wait := textsOf(e, of), waitOf(l, e)
	fill := strings.NewReplacer("%s", wait, "{again}", l.Say(of.again), "{cachedOnly}", cachedOnly(l))
	f := failure{
		language:  l,
		kind:      e.Kind,
		sentence:  l.Sentence(fill.Replace(l.Say(texts.sentence)) + cause(l, e)),
		retryable: fill.Replace(l.Say(texts.retryable)),
		billed:    l.Say(billings[e.Billed]),
		canRetry:  e.Retryable(),
		next:      fill.Replace(l.Say(texts.next)),
		requestID: e.RequestID,
	}
	if _, known := failureTexts[e.Kind]; !known || e.Kind == upstream.Internal {
		f.kind, f.billed = upstream.Internal, l.Say(billings[upstream.UnknownBilling])
	}
	if e.RetryAfter > 0 && e.Kind != upstream.BudgetExhausted && !strings.Contains(texts.retryable.En, "%s") {
		f.retryable += l.Say(t("; the upstream asks to wait %s", "；数据接口要求等待 %s"), wait)
	}
	switch {
	case e.Kind == upstream.BudgetExhausted:
		f.freed = l.Say(t(" The budget has room again at %s.", "%s 起有空余预算。"), wait)
	case e.Kind == upstream.RateLimited && e.RetryAfter > 0:
		f.freed = l.Say(t(" Requests are permitted again in %s.", "%s后可再次请求。"), wait)
	case e.RetryAfter > 0:
		f.freed = l.Say(t(" The upstream asks to wait %s.", "数据接口要求等待 %s。"), wait)
	}
	if e.Remembered {
		f.earlier = l.Say(t(" This is an earlier answer; no new request was made.", "这是先前的结果，没有发出新的请求。"))
	}
	if len(e.Known) > 0 {
		f.next = l.Say(t("use one of the recorded samples: %s.", "请使用录制的样例之一：%s。"), l.List(e.Known))
	}
	return f
}

// textsOf returns the texts of an error's kind, of the target's own if it has them.
func textsOf(e *upstream.Error, of target) failureText {
	texts, known := failureTexts[e.Kind]
	if !known {
		return failureTexts[upstream.Internal]
	}
	if own, has := of.texts[e.Kind]; has {
		texts = own
	}
	switch {
	case e.Final:
		texts.retryable, texts.next = operator, proxyRefuses
	case e.Overloaded:
		texts.sentence = t("Too many look-ups are under way in this server", "本程序中进行的查询过多")
	case e.Kind == upstream.RateLimited && e.Code == 0 && e.Status == 0:
		texts.sentence = t("This server has reached its own limit of requests a second (-rate)", "已达到本程序自身的请求速度上限")
	}
	return texts
}

// waitOf says how long to wait before the next request; for a budget, until when.
func waitOf(l lang.Language, e *upstream.Error) string {
	usual := 30 * time.Second
	switch e.Kind {
	case upstream.BudgetExhausted:
		return e.FreesAt.UTC().Format(time.RFC3339)
	case upstream.RateLimited:
		usual = 10 * time.Second
	}
	return l.Say(t("%d s", "%d 秒"), int(math.Ceil(cmp.Or(e.RetryAfter, usual).Seconds())))
}

// cause returns the code or the HTTP status of the error, and its detail; "" if the
// sentence says all.
func cause(l lang.Language, e *upstream.Error) string {
	s := ""
	switch {
	case e.Kind == upstream.Internal, e.Overloaded:
		return ""
	case e.Code != 0:
		s = l.Say(t(" (code %d)", "（代码 %d）"), e.Code)
	case e.Status != 0:
		s = l.Say(t(" (HTTP %d)", "（HTTP %d）"), e.Status)
	}
	if e.Detail != "" {
		s += l.Say(lang.Colon) + l.Say(t(e.Detail, cmp.Or(details[e.Detail], e.Detail)))
	}
	return s
}

// allFailed makes one failure for a call in which everything failed. lines has a line for
// each failure with its name; what is the plural of what was looked up.
func allFailed(failures []failure, lines []string, what lang.T, billed int) failure {
	f := failures[decisive(failures)]
	l := f.language
	if len(failures) > 1 {
		f.sentence = l.Say(t("None of the %d %s could be looked up. One of them: %s", "%d %s均未查到。其中之一：%s"), len(failures), what, f.sentence)
		if f.kind == upstream.NotCached {
			f.next = eachIsPaid(l)
		}
	}
	for _, line := range lines {
		f.next += "\n- " + line
	}
	allPending := !slices.ContainsFunc(failures, func(f failure) bool { return f.kind != pending })
	if f.kind == pending && !allPending {
		f.retryable += " as far as they are pending"
	}
	switch {
	case billed > 0:
		f.billed = l.Say(t("yes, %d of %d", "是，计费 %d 项，共 %d 项"), billed, len(failures))
		if f.kind == pending {
			f.billed += "; the pending ones not yet"
		}
	case slices.ContainsFunc(failures, func(f failure) bool { return f.billed == l.Say(billings[upstream.UnknownBilling]) }):
		f.billed = l.Say(billings[upstream.UnknownBilling])
	}
	return f
}

// decisive returns the index of the failure that says what to do next: a pending one,
// since repeating the call costs nothing, or else one that can be retried.
func decisive(failures []failure) int {
	i := slices.IndexFunc(failures, func(f failure) bool { return f.kind == pending })
	if i < 0 {
		i = slices.IndexFunc(failures, func(f failure) bool { return f.canRetry })
	}
	return max(i, 0)
}

// details are the details of package upstream's errors in Chinese.
var details = map[string]string{
	"the answer holds no data":                                        "响应中没有数据",
	"the answer's data is not an object":                              "响应的数据不是对象",
	"its balance is not a plain number with a currency":               "其中的余额不是带币种的普通数字",
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
	"this server is shutting down":                                    "本程序正在退出",
	"this server was ended before it came":                            "本程序在收到响应之前已退出",
}
