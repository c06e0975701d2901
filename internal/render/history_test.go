package render

import (
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// of makes a pointer to a figure.
func of[T any](x T) *T { return &x }

func TestChangesInTheText(t *testing.T) {
	s := &schema.Summary{Name: "n", Changes: []schema.ProfileChange{
		{What: "imagePriceCny", From: 16000.0, To: 12800.0, Since: "2026-10-01"},
		{What: "videoPriceCny", From: 16000.0, To: 18000.0, Since: "2026-10-03"},
		{What: "videoStatus", From: "open", To: "no_quote", Since: "2026-10-03"},
		{What: "followers", From: 103684.0, To: 103900.0, Since: "2026-10-01"},
		{What: "health", From: "ordinary", To: "excellent", Since: "2026-10-03"},
	}}
	for l, want := range map[lang.Language][]string{
		lang.English: {
			"Since 2026-10-03: video quote 16,000 → 18,000 CNY (+12.5 %); video quote open → no_quote; health ordinary → excellent",
			"Since 2026-10-01: image quote 16,000 → 12,800 CNY (-20 %); followers 103,684 → 103,900 (+0.208 %)",
		},
		lang.Chinese: {
			"自 2026-10-03 起：视频报价 16,000 → 18,000 元（+12.5%）；视频状态 可接单 → 未给出报价；健康等级 普通 → 优秀",
			"自 2026-10-01 起：图文报价 16,000 → 12,800 元（-20%）；粉丝数 103,684 → 103,900（+0.208%）",
		},
	} {
		if got := Text(l, Profile(l, s)) + "\n"; !strings.Contains(got, strings.Join(want, "\n")+"\n") {
			t.Errorf("the text of a profile in %s is %q, want the lines %q in it", l, got, want)
		}
	}
	without := Text(lang.English, Profile(lang.English, &schema.Summary{Name: "n"}))
	if strings.Contains(without, "Since") {
		t.Errorf("the text without changes is %q, want no line of them", without)
	}
}

func TestEveryChangeHasItsText(t *testing.T) {
	for _, c := range schema.ChangingColumns {
		if text := changeTexts[c.Name]; text.En == "" || text.Zh == "" {
			t.Errorf("the text of a change of %s is %q, want one in both languages", c.Name, text)
		}
	}
}

var histories = []schema.History{
	{UserID: "659902c1000000002200361b", Lines: []schema.HistoryLine{
		{At: "2026-10-01T08:30:05Z", From: schema.SeenInProfile, VideoPriceCNY: of(16000.0), VideoStatus: schema.QuoteOpen, Followers: of(int64(103684)), Health: schema.HealthExcellent},
		{At: "2026-10-04T00:00:00Z", From: schema.SeenInSearch, VideoPriceCNY: of(18000.0), VideoStatus: schema.QuoteClosed},
	}},
	{UserID: "5a3e1e000000000000000001", Lines: []schema.HistoryLine{}},
}

func TestHistory(t *testing.T) {
	for _, c := range []struct {
		what, got, want string
	}{
		{"one blogger", History(lang.English, histories[:1]), `| Seen (UTC) | From | Video CNY | Video quote | Followers | Health |
| --- | --- | --: | --- | --: | --- |
| 2026-10-01 08:30 | profile | 16,000 | open | 103,684 | excellent |
| 2026-10-04 00:00 | search | 18,000 | closed | - | - |
`},
		{"several bloggers", History(lang.Chinese, histories), `| 用户 ID | 时间 (UTC) | 来源 | 视频报价（元） | 视频状态 | 粉丝数 | 健康等级 |
| --- | --- | --- | --: | --- | --: | --- |
| 659902c1000000002200361b | 2026-10-01 08:30 | 主页 | 16,000 | 可接单 | 103,684 | 优秀 |
| 659902c1000000002200361b | 2026-10-04 00:00 | 搜索 | 18,000 | 暂停接单 | - | - |
`},
		{"no line", History(lang.English, histories[1:]), ""},
		{"a terminal", HistoryTable(lang.English, histories[:1], 80), `Seen (UTC)        From     Video CNY  Video quote  Followers  Health
2026-10-01 08:30  profile     16,000  open           103,684  excellent
2026-10-04 00:00  search      18,000  closed               -  -
`},
		{"a narrow terminal", HistoryTable(lang.English, histories[:1], 45), `Seen (UTC)        Video CNY  Video quote
2026-10-01 08:30     16,000  open
2026-10-04 00:00     18,000  closed
`},
		{"csv", CSV(lang.English, schema.HistoryColumns, HistoryRows(histories)), "\ufeffuserId,at,from,imagePriceCny,imageStatus,videoPriceCny,videoStatus,followers,readMedian,engagementMedian,health\r\n" +
			"659902c1000000002200361b,2026-10-01T08:30:05Z,profile,,,16000,open,103684,,,excellent\r\n" +
			"659902c1000000002200361b,2026-10-04T00:00:00Z,search,,,18000,closed,,,,\r\n"},
		{"whom nothing is kept of", NoHistory(lang.English, histories), "No history of: 5a3e1e000000000000000001\n"},
		{"nobody is missing", NoHistory(lang.English, histories[:1]), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.what, c.got, c.want)
		}
	}
}

func TestAccount(t *testing.T) {
	full := &schema.Account{Balance: "1234.4500", Currency: "CNY", Budget: 200, CallsLeft: of(196), AsOf: "2026-10-04T00:00:00Z",
		Requests: schema.Requests{{Endpoint: "profile", Sent: 4, Billed: 3}, {Endpoint: "search"}}}
	for _, c := range []struct {
		what string
		l    lang.Language
		a    *schema.Account
		want string
	}{
		{"all is known", lang.English, full, "Balance at Just One API: 1,234.45 CNY\nRequests in 24 hours, profile: 4 sent, 3 billed\nBudget in 24 hours: 200\n" +
			"Requests left: 196 in the 24-hour budget\nAs of: 2026-10-04T00:00:00Z"},
		{"in Chinese", lang.Chinese, full, "Just One API 余额：1,234.45 CNY\n近24小时请求（profile）：发出 4 次，计费 3 次\n24 小时预算：200\n剩余请求：196 次（24 小时预算内）\n截至：2026-10-04T00:00:00Z"},
		{"nothing was asked", lang.English, &schema.Account{Balance: "0", AsOf: "x", Requests: schema.Requests{{Endpoint: "profile"}}},
			"Balance at Just One API: 0\nRequests in 24 hours: none\nAs of: x"},
		{"nothing is known", lang.English, &schema.Account{AsOf: "x", Errors: []string{"e"}}, "Balance at Just One API: not known\nAs of: x"},
		{"samples", lang.English, &schema.Account{AsOf: "x"}, "Balance at Just One API: none, since the samples cost nothing\nAs of: x"},
	} {
		if got := Text(c.l, Account(c.l, c.a)); got != c.want {
			t.Errorf("%s: Account gives\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}
