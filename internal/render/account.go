package render

import (
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Account says the state of the account in lines.
func Account(l lang.Language, a *schema.Account) []Line {
	balance := l.Say(t("not known", "未知"))
	switch {
	case a.Balance != "":
		balance = amount(string(a.Balance))
		if a.Currency != "" {
			balance += " " + a.Currency
		}
	case len(a.Errors) == 0:
		balance = l.Say(t("none, since the samples cost nothing", "无（样例不收费）"))
	}
	out := []Line{lineOf(l, t("Balance at Just One API", "Just One API 余额"), balance)}
	asked := false
	for _, r := range a.Requests {
		if r.Sent > 0 || r.Billed > 0 {
			asked = true
			out = append(out, lineOf(l, lang.T{En: "Requests in 24 hours, " + r.Endpoint, Zh: "近24小时请求（" + r.Endpoint + "）"}, l.Say(t("%d sent, %d billed", "发出 %d 次，计费 %d 次"), r.Sent, r.Billed)))
		}
	}
	if !asked && a.Requests != nil {
		out = append(out, lineOf(l, t("Requests in 24 hours", "近24小时请求"), l.Say(t("none", "无"))))
	}
	if a.Budget > 0 {
		out = append(out, lineOf(l, t("Budget in 24 hours", "24 小时预算"), lang.Whole(int64(a.Budget))))
	}
	if a.CallsLeft != nil {
		out = append(out, callsLeft(l, *a.CallsLeft))
	}
	return append(out, lineOf(l, t("As of", "截至"), a.AsOf))
}

// amount writes a decimal for a reader, without zeros at its end.
func amount(decimal string) string {
	if strings.Contains(decimal, ".") {
		decimal = strings.TrimSuffix(strings.TrimRight(decimal, "0"), ".")
	}
	return lang.Group(decimal)
}
