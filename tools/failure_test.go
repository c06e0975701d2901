package tools

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// What each kind of failure promises of a retry and of the bill.
// failed is failedOf for a blogger.
func failed(l lang.Language, e *upstream.Error) failure { return failedOf(l, e, aBlogger) }

func TestWordsOfEveryKind(t *testing.T) {
	frees := time.Date(2026, 11, 24, 7, 41, 0, 0, time.FixedZone("CST", 8*3600))
	yes, no, unknown := upstream.Billed, upstream.NotBilled, upstream.UnknownBilling
	for _, c := range []struct {
		err               *upstream.Error
		retryable, billed string
	}{
		{&upstream.Error{Kind: upstream.TokenMissing, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenInvalid, Code: 100, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenInvalid, Status: 401, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.PermissionDenied, Code: 600, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.InsufficientBalance, Code: 601, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenLimitReached, Code: 602, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.RateLimited, Code: 302, Billed: no}, "yes, after ", "no"},
		{&upstream.Error{Kind: upstream.RateLimited, Status: 429, Billed: no}, "yes, after ", "no"},
		{&upstream.Error{Kind: upstream.QuotaExceeded, Code: 303, Billed: no}, "no, until 00:00 Asia/Shanghai", "no"},
		{&upstream.Error{Kind: upstream.BudgetExhausted, FreesAt: frees, Billed: no}, "no, until 2026-11-23T23:41:00Z", "no"},
		{&upstream.Error{Kind: upstream.NotCached, Billed: no}, "no; the same call without cachedOnly is paid", "no"},
		{&upstream.Error{Kind: upstream.CollectionFailed, Code: 301, Billed: no}, "yes, a few times; can last for one id", "no"},
		{&upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: no}, "no", "no"},
		{&upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: yes}, "no", "yes"},
		{&upstream.Error{Kind: upstream.NotFound, Code: 404, Billed: no}, "no", "no"},
		{&upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: no}, "yes", "no"},
		{&upstream.Error{Kind: upstream.Unreachable, Billed: no}, "yes", "no"},
		{&upstream.Error{Kind: upstream.Unreachable, Status: 407, Final: true, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.Timeout, Billed: unknown}, "yes, once", "unknown"},
		{&upstream.Error{Kind: upstream.BadResponse, Billed: unknown}, "yes, once", "unknown"},
		{&upstream.Error{Kind: upstream.Internal, Billed: unknown}, "no", "unknown"},
	} {
		text := failed("", c.err).Text()
		checkWords(t, string(c.err.Kind), text)
		if got := field(t, text, `(?m)^Retryable: (.*)\. Billed: `); !said(got, c.retryable) {
			t.Errorf("%v: retryable is %q, want %q", c.err, got, c.retryable)
		}
		if got := field(t, text, `(?m)\. Billed: (.*)\.$`); got != c.billed {
			t.Errorf("%v: billed is %q, want %q", c.err, got, c.billed)
		}
		what := fmt.Sprintf("the text of %v", c.err)
		if n := c.err.Code; n != 0 {
			testkit.Contains(t, what, text, fmt.Sprintf("(code %d)", n))
		}
		if n := c.err.Status; n != 0 {
			testkit.Contains(t, what, text, fmt.Sprintf("(HTTP %d)", n))
		}
	}
}

// said: a short word stands for itself, a longer one begins the sentence.
func said(got, want string) bool {
	return got == want || strings.Contains(want, ", ") && strings.HasPrefix(got, want)
}

func field(t *testing.T, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Errorf("the text is %q, want %s in it", text, pattern)
		return ""
	}
	return m[1]
}

// checkWords holds an error to its published form.
func checkWords(t *testing.T, kind, text string) {
	t.Helper()
	form := regexp.MustCompile(`^([a-z_]+): [A-Za-z].*\.\nRetryable: [a-z].*[^.]\. Billed: [a-z].*[^.]\.\nNext step: [a-z].*[^.]\.(\nRequest ID: [-\w.:]+)?$`)
	if m := form.FindStringSubmatch(text); m == nil {
		t.Errorf("%s: the text is %q, want the form %s", kind, text, form)
	} else if m[1] != kind {
		t.Errorf("the kind is %q, want %q: %q", m[1], kind, text)
	}
	checkNothingHidden(t, strings.ReplaceAll(text, "\n", " "))
}

func TestTheContractsExample(t *testing.T) {
	const want = "rate_limited: Just One API limits how fast this token may call (code 302).\n" +
		"Retryable: yes, after 12 s. Billed: no.\n" +
		"Next step: call again with the same userId in 12 s.\n" +
		"Request ID: 6f1c"
	e := &upstream.Error{Kind: upstream.RateLimited, Code: 302, Billed: upstream.NotBilled, RetryAfter: 12 * time.Second, RequestID: "6f1c"}
	if got := failed(lang.English, e).Text(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestRetryAfterInWholeSeconds(t *testing.T) {
	for after, want := range map[time.Duration]string{
		12 * time.Second: "12 s", 1500 * time.Millisecond: "2 s", time.Nanosecond: "1 s", 2 * time.Minute: "120 s",
		0: "10 s", // it did not say
	} {
		text := failed(lang.English, &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: after}).Text()
		testkit.Contains(t, fmt.Sprintf("%v: the text", after), text, "Retryable: yes, after "+want+". ")
		if end := " in " + want + "."; !strings.HasSuffix(text, end) {
			t.Errorf("%v: the text is %q, want it to end with %q", after, text, end)
		}
	}
}

func TestTheDetailStandsInTheFirstLine(t *testing.T) {
	e := &upstream.Error{Kind: upstream.BadResponse, Status: 302, Billed: upstream.UnknownBilling, Detail: "it is a redirect"}
	text := failed(lang.English, e).Text()
	checkWords(t, "bad_response", text)
	testkit.HasPrefix(t, "the text", text, "bad_response: The upstream's answer cannot be used (HTTP 302): it is a redirect.\n")
}

// 5,000 look-ups in flight are an overload of this server, and no setting slows them
// down.
func TestOverloadIsNoRateLimit(t *testing.T) {
	e := &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, Overloaded: true, Detail: "too many look-ups are under way in this server"}
	for l, want := range map[lang.Language]string{
		lang.English: "rate_limited: Too many look-ups are under way in this server.\nRetryable: yes, after 10 s. Billed: no.\nNext step: ",
		lang.Chinese: "rate_limited：本程序中进行的查询过多。\n可重试：是，10 秒后。已计费：否。\n下一步：",
	} {
		text := failed(l, e).Text()
		testkit.HasPrefix(t, "the text", text, want)
	}
}

// Nobody but the operator can change what a proxy lets through.
func TestTheNextStepAfterAProxysRefusal(t *testing.T) {
	e := &upstream.Error{Kind: upstream.Unreachable, Status: 403, Final: true, Billed: upstream.NotBilled, Detail: "the proxy refuses the connection"}
	for l, want := range map[lang.Language]string{
		lang.English: "unreachable: The upstream cannot be reached (HTTP 403): the proxy refuses the connection.\nRetryable: no, operator action is needed. Billed: no.\nNext step: ask the operator to check the proxy",
		lang.Chinese: "unreachable：无法连接数据接口（HTTP 403）：代理服务器拒绝连接。\n可重试：否，需要管理员处理。已计费：否。\n下一步：请管理员检查本程序所用的代理",
	} {
		testkit.HasPrefix(t, "the text", failed(l, e).Text(), want)
	}
}

func TestOurOwnRateLimitDoesNotBlameTheUpstream(t *testing.T) {
	text := failed(lang.English, &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled}).Text()
	testkit.Lacks(t, "the text", text, "Just One API")
}

func TestWordsOfPending(t *testing.T) {
	text := stillPending(50*time.Second, aBlogger).Text()
	checkWords(t, "pending", text)
	testkit.Contains(t, "the text", text, "after 50s", "Retryable: yes, in 15 s, without a further charge. Billed: not yet.", "in 15 s; ")
}

func TestWordsOfAnInvalidArgument(t *testing.T) {
	text := invalidArguments(lang.English, errors.New("userId is empty: give one")).Text()
	checkWords(t, "invalid_argument", text)
	testkit.Contains(t, "the text", text, "invalid_argument: userId is empty: give one.\n", "Retryable: no, corrected", "Billed: no.")
}

func TestWordsOfSamplesAndEarlierAnswers(t *testing.T) {
	e := &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.NotBilled, Remembered: true, Known: []string{"a1", "b2"}}
	text := failed(lang.English, e).Text()
	checkWords(t, "not_found", text)
	testkit.Contains(t, "the text", text, "This is an earlier answer; no new request was made.\n", "a1, b2.", "Billed: no.")
}

// What is our own fault is for the log: the caller is told nothing of it, and
// a kind that the words do not know is our own fault.
func TestInternalSaysNothingMore(t *testing.T) {
	for _, e := range []*upstream.Error{
		{Kind: upstream.Internal, Billed: upstream.NotBilled, Detail: "zebra", Code: 77, Status: 78},
		{Kind: "zebra", Billed: upstream.Billed},
	} {
		text := failed(lang.English, e).Text()
		checkWords(t, "internal", text)
		what := fmt.Sprintf("the text of %+v", e)
		testkit.Lacks(t, what, text, "zebra", "7")
		testkit.Contains(t, what, text, "Billed: unknown.")
	}
}

var (
	detail   = regexp.MustCompile(`(?:\bDetail\b.*|\bfail\(.*|return )"([^"]* [^"]*)"`)
	ownFault = regexp.MustCompile(`Kind: Internal\b|Overloaded: true`) // these have sentences of their own
)

// Package upstream's errors have their details in English; here is the Chinese.
func TestDetailsHaveChinese(t *testing.T) {
	names, err := filepath.Glob("../upstream/*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("the sources of package upstream are %q, %v; want some", names, err)
	}
	found := map[string]bool{}
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatalf("reading %s ends with %v, want it read", name, err)
		}
		for line := range strings.Lines(string(source)) {
			m := detail.FindStringSubmatch(line)
			if m == nil || strings.HasSuffix(name, "_test.go") || ownFault.MatchString(line) {
				continue
			}
			text := strings.ReplaceAll(m[1], "%d MiB", "4 MiB")
			found[text] = true
			if details[text] == "" {
				t.Errorf("%s has the detail %q, want it in details with its Chinese", name, text)
			}
		}
	}
	for _, text := range slices.Collect(maps.Keys(details)) {
		if !found[text] {
			t.Errorf("package upstream does not have the detail %q, want no text for it here", text)
		}
	}
}

// refused has a text for each reason to refuse one as a blogger's id.
var refused = []string{
	strings.Repeat("x", 3000), "", "659902c1000000002200361", "zebra?zebra!zebra", "null", "4639645438", "ftp://www.xiaohongshu.com/user/profile/" + documented, "https://example.com/" + documented,
	"https://www.xiaohongshu.com/user/profile/", "https://www.xiaohongshu.com/explore/" + documented, "https://xhslink.com/abc",
	"https://www.xiaohongshu.com/user/profile/" + documented + " https://www.xiaohongshu.com/user/profile/" + full,
}

// A row has no line of its own for the time at which a limit lets requests through again.
func TestLimitsInRows(t *testing.T) {
	at := time.Date(2026, 11, 23, 23, 41, 0, 0, time.UTC)
	for _, c := range []struct {
		language lang.Language
		err      upstream.Error
		want     string
	}{
		{lang.English, upstream.Error{Kind: upstream.BudgetExhausted, FreesAt: at}, "is used up. The budget has room again at 2026-11-23T23:41:00Z."},
		{lang.Chinese, upstream.Error{Kind: upstream.BudgetExhausted, FreesAt: at}, "请求预算已用完。2026-11-23T23:41:00Z 起有空余预算。"},
		{lang.English, upstream.Error{Kind: upstream.RateLimited, Code: 302, RetryAfter: 12 * time.Second}, "(code 302). Requests are permitted again in 12 s."},
		{lang.Chinese, upstream.Error{Kind: upstream.RateLimited, Code: 302, RetryAfter: 12 * time.Second}, "（代码 302）。12 秒后可再次请求。"},
		{lang.English, upstream.Error{Kind: upstream.UpstreamError, Code: 500, RetryAfter: 12 * time.Second}, "(code 500). The upstream asks to wait 12 s."},
		{lang.Chinese, upstream.Error{Kind: upstream.NotFound, Code: 404, RetryAfter: 12 * time.Second}, "（代码 404）。数据接口要求等待 12 秒。"},
	} {
		bloggers := comparison{language: c.language}
		bloggers.fail("a", failed(c.language, &c.err))
		testkit.Contains(t, "the row's error", bloggers.Rows[0].Error, c.want)
		notes := review{language: c.language}
		notes.fail(schema.AskedNote{ID: "a"}, failed(c.language, &c.err))
		testkit.Contains(t, "the note's error", notes.Rows[0].Error, c.want)
		var search finding
		search.fail(2, failed(c.language, &c.err))
		testkit.Contains(t, "the page's error", search.Meta.Failed[0].Error, c.want)
	}
	unknown := failed(lang.English, &upstream.Error{Kind: upstream.RateLimited, Code: 302})
	testkit.Equal(t, "a row without a known time", unknown.inRow(), unknown.Error())
}
