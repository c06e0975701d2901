package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

const second = "5a3e1e000000000000000001"

// prompt gets a prompt as the transports do; the error's text is "" for a success.
func (b *bench) prompt(t *testing.T, name string, arguments map[string]string) (text, failure string) {
	t.Helper()
	message := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":%q,"arguments":%s}}`, name, JSON(arguments))
	switch r := b.mcp.HandleMessage(t.Context(), json.RawMessage(message)).(type) {
	case mcp.JSONRPCResponse:
		got := r.Result.(mcp.GetPromptResult)
		return got.Messages[0].Content.(mcp.TextContent).Text, ""
	case mcp.JSONRPCError:
		return "", r.Error.Message
	}
	t.Fatalf("%.300s: got no answer, want one", message)
	return "", ""
}

func newPromptBench(t *testing.T) *bench {
	t.Helper()
	b, end := newBench(setup{fetcher: sample()})
	t.Cleanup(end)
	return b
}

func TestShortlistReadsIDsAsPeopleListThem(t *testing.T) {
	b := newPromptBench(t)
	url := "https://www.xiaohongshu.com/user/profile/"
	want := "Candidates: " + documented + ", " + second + "\n"
	for _, ids := range []string{
		documented + "," + second,
		documented + ", " + second,
		documented + " " + second,
		documented + "\n" + second + "\n",
		documented + "\t" + second,
		documented + "\u3000" + second,
		documented + "\u00a0" + second,
		documented + "\u2003" + second,
		documented + "；" + second,
		documented + "，" + second,
		documented + "、" + second,
		documented + ";" + second,
		documented + " | " + second,
		documented + " / " + second,
		"- " + documented + "\n- " + second,
		"• " + documented + "\n• " + second,
		"“" + documented + "”，“" + second + "”",
		`["` + documented + `","` + second + `"]`,
		`['` + documented + `', '` + second + `']`,
		"[" + documented + ", " + second + "]",
		strings.ToUpper(documented) + "," + second,
		documented + "," + second + "," + documented,
		url + documented + "?xsec_token=A%2CB\n" + url + second,
		url + documented + "，" + url + second,
		"[团子 有点咸](" + url + documented + ") [b](" + url + second + ")",
		"\ufeff" + documented + "\u200b,\u200e" + second,
	} {
		text, failure := b.prompt(t, "shortlist_bloggers", map[string]string{"userIds": ids, "brief": "tea", "budgetCny": "1"})
		if failure != "" {
			t.Errorf("%q: the failure is %q, want none", ids, failure)
		} else if !strings.Contains(text, want) {
			t.Errorf("%q: the prompt is %.600q, want %q in it", ids, text, want)
		}
	}
}

func TestShortlistReadsBudgets(t *testing.T) {
	b := newPromptBench(t)
	for in, want := range map[string]string{
		"50000": "50,000", "50,000": "50,000", "5万": "50,000", "1.5万": "15,000", "¥50000": "50,000", "50000元": "50,000", "５００００": "50,000", "5w": "50,000", "5e4": "50,000", "0.5": "0.5",
	} {
		text, failure := b.prompt(t, "shortlist_bloggers", map[string]string{"userIds": documented, "brief": "tea", "budgetCny": in})
		if failure != "" {
			t.Errorf("budget %q: the failure is %q, want none", in, failure)
		} else if want := "with a budget of " + want + " CNY"; !strings.Contains(text, want) {
			t.Errorf("budget %q: the prompt is %.600q, want %q in it", in, text, want)
		}
	}
}

func TestPromptRefusals(t *testing.T) {
	b := newPromptBench(t)
	long := strings.Repeat("茶", schema.MaxCharacters+1)
	list := func(n int) string {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, "%024x ", i)
		}
		return s.String()
	}
	for _, c := range []struct {
		prompt, userID, brief, budget string
		want                          string
	}{
		{"evaluate_blogger", "", "tea", "", "userId is empty"},
		{"evaluate_blogger", "null", "tea", "", "userId is missing"},
		{"evaluate_blogger", "4639645438", "tea", "", "userId looks like a 小红书号 (redId)"},
		{"evaluate_blogger", documented + "," + second, "tea", "", "userId has more than one blogger's id in it"},
		{"evaluate_blogger", documented, " \n", "", "brief is missing"},
		{"evaluate_blogger", documented, long, "", "brief is longer than 2,048 characters"},
		{"shortlist_bloggers", "", "tea", "1", "userIds is empty: give 1 to 20"},
		{"shortlist_bloggers", " ,，；\u3000", "tea", "1", "userIds is empty: give 1 to 20"},
		{"shortlist_bloggers", "[]", "tea", "1", "userIds is empty: give 1 to 20"},
		{"shortlist_bloggers", list(21), "tea", "1", "userIds has more than 20 bloggers: give 1 to 20"},
		{"shortlist_bloggers", documented + ",4639645438", "tea", "1", "userIds[1] looks like a 小红书号 (redId)"},
		{"shortlist_bloggers", documented + " http://xhslink.com/a/b", "tea", "1", "userIds[1] is an xhslink.com short link"},
		{"shortlist_bloggers", documented, "", "1", "brief is missing"},
		{"shortlist_bloggers", documented, long, "1", "brief is longer than 2,048 characters"},
		{"shortlist_bloggers", documented, "tea", "", "budgetCny must be a number above 0, in CNY"},
		{"shortlist_bloggers", documented, "tea", "-1", "budgetCny must be a number above 0, in CNY"},
		{"shortlist_bloggers", documented, "tea", "$500", "budgetCny must be a number above 0, in CNY"},
	} {
		arguments := map[string]string{"brief": c.brief, "userId": c.userID}
		if c.prompt == "shortlist_bloggers" {
			arguments = map[string]string{"brief": c.brief, "userIds": c.userID, "budgetCny": c.budget}
		}
		text, failure := b.prompt(t, c.prompt, arguments)
		if want := "invalid_argument: " + c.want; !strings.HasPrefix(failure, want) {
			t.Errorf("%s with %.60q: %q, failure %q; want a failure that begins with %q", c.prompt, arguments, text, failure, want)
		}
	}
	if _, failure := b.prompt(t, "shortlist_bloggers", map[string]string{"userIds": list(20), "brief": "tea", "budgetCny": "1"}); failure != "" {
		t.Errorf("20 bloggers: the failure is %q, want none", failure)
	}
}

// A campaign's steps come with what they cost; a mistake is told before anything is.
func TestPlanCampaign(t *testing.T) {
	b := newPromptBench(t)
	text, failure := b.prompt(t, "plan_campaign", map[string]string{"brief": "baby food in Guangdong", "budgetCny": "5万"})
	testkit.Equal(t, "the failure", failure, "")
	testkit.Contains(t, "the prompt", text, "within 50,000 CNY:\n\nbaby food in Guangdong\n", "find_bloggers", "One paid request for a page of up to 20 bloggers",
		"compare_bloggers with up to 20", "budgetCny 50000", "Bloggers just found cost nothing", "get_blogger_profile (one paid request each)", "Up to three paid requests a pick")
	for _, arguments := range []map[string]string{{"brief": "tea"}, {"budgetCny": "1"}, {"brief": "tea", "budgetCny": "0"}} {
		if _, failure := b.prompt(t, "plan_campaign", arguments); !strings.HasPrefix(failure, "invalid_argument: ") {
			t.Errorf("plan_campaign of %v: got the failure %q, want invalid_argument", arguments, failure)
		}
	}
}

// Each prompt says what its steps cost.
func TestPromptsTellTheCost(t *testing.T) {
	b := newPromptBench(t)
	arguments := map[string]string{"userId": documented, "userIds": documented, "brief": "tea", "budgetCny": "1"}
	for _, name := range []string{"evaluate_blogger", "shortlist_bloggers", "plan_campaign"} {
		text, failure := b.prompt(t, name, arguments)
		testkit.Equal(t, "the failure of "+name, failure, "")
		testkit.Contains(t, name, text, "one paid request")
	}
}
