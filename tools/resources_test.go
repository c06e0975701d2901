package tools

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/internal/testkit"
)

// resource reads a resource as the transports do; the error's text is "" for a success.
func (b *bench) resource(t *testing.T, uri string) (text, failure string) {
	t.Helper()
	message := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":%s}}`, JSON(uri))
	switch r := b.mcp.HandleMessage(t.Context(), json.RawMessage(message)).(type) {
	case mcp.JSONRPCResponse:
		got := r.Result.(mcp.ReadResourceResult)
		return got.Contents[0].(mcp.TextResourceContents).Text, ""
	case mcp.JSONRPCError:
		return "", r.Error.Message
	}
	t.Fatalf("%.300s: got no answer, want one", message)
	return "", ""
}

func TestRawResourceTakesIDsAsTheToolDoes(t *testing.T) {
	b := newPromptBench(t)
	want := string(testkit.SampleData(t, documented))
	for _, user := range []string{
		documented,
		strings.ToUpper(documented),
		"%20" + documented + "%0A",
		" " + documented,
		"https://www.xiaohongshu.com/user/profile/" + documented,
		"https://www.xiaohongshu.com/user/profile/" + documented + "?xsec_token=AB%2Bc&a=b#tab",
		"www.rednote.com/user/profile/" + documented + "/",
		"%E2%80%8B" + documented,
		url.PathEscape("https://www.xiaohongshu.com/user/profile/" + documented),
		url.PathEscape("https://www.xiaohongshu.com/user/profile/" + documented + "?xsec_token=AB%2Bc&a=b"),
		url.QueryEscape("https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + documented),
		url.PathEscape("“" + documented + "”"),
		url.PathEscape("６５９９０２ｃ１" + documented[8:]),
	} {
		if text, failure := b.resource(t, "pgy://blogger/"+user+"/raw"); failure != "" {
			t.Errorf("%s: the failure is %q, want none", user, failure)
		} else {
			testkit.EqualText(t, user+": the text", text, want)
		}
	}
}

func TestRawResourceRefusals(t *testing.T) {
	b := newPromptBench(t)
	for user, want := range map[string]string{
		"4639645438":                "userId looks like a 小红书号 (redId)",
		"null":                      "userId is missing",
		"%20":                       "userId is empty",
		documented[:23]:             "userId has 23 hex digits",
		documented + "%2C" + second: "userId has more than one blogger's id in it",
		url.PathEscape("https://www.xiaohongshu.com/explore/" + documented): "userId is a note's URL",
		url.PathEscape("https://xhslink.cn/m/abc"):                          "userId is an xhslink.com short link",
		url.PathEscape("https://evil.com/user/profile/" + documented):       "userId is a URL of another site",
	} {
		text, failure := b.resource(t, "pgy://blogger/"+user+"/raw")
		if want := "invalid_argument: " + want; !strings.HasPrefix(failure, want) {
			t.Errorf("%s: %.40q, failure %q; want a failure that begins with %q", user, text, failure, want)
		}
	}
	if n := len(b.outcomes); n != 0 {
		t.Errorf("%d calls of a tool were reported, want none", n)
	}
}
