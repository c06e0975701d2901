package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/schema"
)

// appServer is the tools behind a server that declares what ours declares.
func appServer(t *testing.T, app bool) *server.MCPServer {
	t.Helper()
	b, end := newBench(setup{fetcher: sample()})
	t.Cleanup(end)
	b.set.App = app
	m := server.NewMCPServer("pgy-mcp", "test", server.WithToolCapabilities(false), server.WithResourceCapabilities(false, false),
		server.WithIcons(Icons()...), server.WithExtensions(b.set.Extensions()), CacheHints)
	b.set.Register(m)
	return m
}

const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`

// ask gives the result of a request as it goes onto the wire.
func ask(t *testing.T, m *server.MCPServer, method, params string) string {
	t.Helper()
	answer := m.HandleMessage(context.Background(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{`+params+`}}`))
	r, ok := answer.(mcp.JSONRPCResponse)
	if !ok {
		t.Fatalf("%s: got %+v, want a result", method, answer)
	}
	out, err := json.Marshal(r.Result)
	if err != nil {
		t.Fatalf("%s: marshalling the result ends with %v, want JSON", method, err)
	}
	return string(out)
}

const initialize = `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}`

func TestThePageIsOffered(t *testing.T) {
	m := appServer(t, true)
	for _, c := range []struct{ method, params, want string }{
		{"initialize", initialize, `"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}`},
		{"server/discover", modernMeta, `"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}`},
		{"tools/list", "", `"_meta":{"ui":{"resourceUri":"` + pageURI + `"},"ui/resourceUri":"` + pageURI + `"}`},
		{"resources/list", "", `{"_meta":{"ui":{"prefersBorder":true}},"uri":"` + pageURI + `",`},
		{"resources/read", `"uri":"` + pageURI + `"`, `"_meta":{"ui":{"prefersBorder":true}}`},
		{"resources/read", `"uri":"` + pageURI + `"`, `"mimeType":"text/html;profile=mcp-app"`},
	} {
		if got := ask(t, m, c.method, c.params); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %.2000s, want %s in it", c.method, got, c.want)
		}
	}
	if n := strings.Count(ask(t, m, "tools/list", ""), "resourceUri"); n != 2 {
		t.Errorf("resourceUri stands %d times in the list of tools, want 2: one tool, two names", n)
	}
}

func TestThePageIsTakenBack(t *testing.T) {
	m := appServer(t, false)
	for method, params := range map[string]string{"initialize": initialize, "server/discover": modernMeta, "tools/list": "", "resources/list": ""} {
		got := ask(t, m, method, params)
		for _, word := range []string{"ui://", "io.modelcontextprotocol/ui", "resourceUri"} {
			if strings.Contains(got, word) {
				t.Errorf("%s: got %s in %.2000s, want nothing of the page", method, word, got)
			}
		}
	}
	read := json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"` + pageURI + `"}}`)
	answer := m.HandleMessage(context.Background(), read)
	if _, ok := answer.(mcp.JSONRPCError); !ok {
		t.Errorf("reading the page: got %.300s, want an error", fmt.Sprintf("%+v", answer))
	}
}

// Every client pays for the list of tools, also those that show no page.
func TestThePageAddsLittleToTheToolList(t *testing.T) {
	with, without := len(ask(t, appServer(t, true), "tools/list", "")), len(ask(t, appServer(t, false), "tools/list", ""))
	if grown := with - without; grown <= 0 || grown >= 400 {
		t.Errorf("the list of tools grew by %d bytes, want 1 to 399", grown)
	}
}

func TestThePageIsSmallAndSelfContained(t *testing.T) {
	if len(page) >= 20_000 {
		t.Errorf("the page has %d bytes, want less than 20,000", len(page))
	}
	const profile = "https://www.xiaohongshu.com/user/profile/"
	if got := regexp.MustCompile(`(?i)https?:[^'"\s]*`).FindAllString(page, -1); !reflect.DeepEqual(got, []string{profile}) {
		t.Errorf("addresses in the page: got %q, want only %q, which is a link", got, profile)
	}
	loads := regexp.MustCompile(`(?i)\ssrc=|<link|url\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\beval\(|new Function|localStorage|sessionStorage|innerHTML|insertAdjacentHTML|document\.write|tools/call|\dvh\b`)
	if got := loads.FindAllString(page, -1); got != nil {
		t.Errorf("the page has %q, want none of these", got)
	}
}

func TestThePagesAddressIsItsContents(t *testing.T) {
	if !regexp.MustCompile(`^ui://pgy-mcp/comparison-[0-9a-f]{8}\.html$`).MatchString(pageURI) {
		t.Errorf("the page is %s, want ui://pgy-mcp/comparison-<hash>.html", pageURI)
	}
	if other := uriOf(page + " "); other == pageURI {
		t.Errorf("another page has the address %s too, want another one", other)
	}
}

// A member of a row that the page does not know would be missing there.
func TestThePageKnowsEveryMemberOfARow(t *testing.T) {
	columns := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^(?:const columns = `)?([a-zA-Z0-9]+)\\|").FindAllStringSubmatch(page, -1) {
		columns[m[1]] = true
	}
	var check func(reflect.Type)
	check = func(row reflect.Type) {
		for i := range row.NumField() {
			f := row.Field(i)
			member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous:
				check(f.Type)
			case member != "error" && !columns[member]:
				t.Errorf("the page has no column for %s, want one", member)
			}
		}
	}
	check(reflect.TypeFor[schema.Row]())
}

var dataInPage = regexp.MustCompile(`(?s)<script id="data" type="application/json">(.*?)</script>`)

func TestThePageInAFile(t *testing.T) {
	for _, c := range []struct{ name, lang string }{
		{"小红薯", "zh"},
		{"</script><script>alert(1)</script>", "en"},
		{"<!--<script>", "zh"},
		{"a\u2028b\u2029c", "en"},
		{`quote " and \ and $1`, "en"},
	} {
		name := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(c.name) // nothing else is escaped
		comparison := []byte(`{"rows":[{"userId":"` + documented + `","name":"` + name + `"}]}`)
		got := pageWith(comparison, c.lang)
		var data struct {
			Lang       string
			Comparison struct {
				Rows []struct{ UserID, Name string }
			}
		}
		m := dataInPage.FindStringSubmatch(got)
		if m == nil {
			t.Errorf("%q: the page has no data, want a script with it: %.300s", c.name, got)
			continue
		}
		if err := json.Unmarshal([]byte(m[1]), &data); err != nil {
			t.Errorf("%q: the data is %s: %v, want JSON", c.name, m[1], err)
			continue
		}
		if len(data.Comparison.Rows) != 1 || data.Comparison.Rows[0].Name != c.name {
			t.Errorf("rows: got %+v, want one of %q", data.Comparison.Rows, c.name)
		}
		if data.Lang != c.lang {
			t.Errorf("%q: lang: got %q, want %q", c.name, data.Lang, c.lang)
		}
		if strings.ContainsAny(m[1], "<>\u2028\u2029") {
			t.Errorf("%q: the data is %s, want no character that HTML or JavaScript reads otherwise", c.name, m[1])
		}
		if rest := strings.NewReplacer(m[1], "", filePolicy, "").Replace(got); rest != page {
			t.Errorf("%q: the page without its data and policy has %d bytes, want the %d of the page itself", c.name, len(rest), len(page))
		}
	}
}

func TestIcons(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(icon))
	if err != nil {
		t.Fatalf("decoding the icon ends with %v, want a PNG", err)
	}
	same(t, "the icon's size", img.Bounds().Size(), image.Pt(48, 48))
	if len(icon) >= 1500 {
		t.Errorf("the icon has %d bytes, want less than 1,500", len(icon))
	}
	m := appServer(t, true)
	list := ask(t, m, "tools/list", "")
	if got, want := strings.Count(list, `"icons":[{"src":"data:image/png;base64,`), strings.Count(list, `"inputSchema"`); got != want {
		t.Errorf("%d tools have an icon, want all %d", got, want)
	}
	has(t, "the answer to initialize", ask(t, m, "initialize", initialize), `"icons":[{"src":"data:image/png;base64,`)
}

func TestToolsHaveATitleAtTheTop(t *testing.T) {
	var list struct {
		Tools []struct {
			Name, Title string
			Annotations struct{ Title string }
		}
	}
	if err := json.Unmarshal([]byte(ask(t, appServer(t, true), "tools/list", "")), &list); err != nil {
		t.Fatalf("the list of tools is no JSON: %v, want JSON", err)
	}
	for _, tool := range list.Tools {
		if tool.Title == "" {
			t.Errorf("%s: the title is empty, want one", tool.Name)
		}
		if tool.Title != tool.Annotations.Title {
			t.Errorf("%s: title %q, want %q as in its annotations", tool.Name, tool.Title, tool.Annotations.Title)
		}
	}
}

func TestCacheHints(t *testing.T) {
	m := appServer(t, true)
	for _, c := range []struct{ method, params, want string }{
		{"server/discover", "", `"ttlMs":300000,"cacheScope":"public"`},
		{"tools/list", "", `"ttlMs":300000,"cacheScope":"public"`},
		{"resources/list", "", `"ttlMs":300000,"cacheScope":"public"`},
		{"resources/templates/list", "", `"ttlMs":300000,"cacheScope":"public"`},
		{"prompts/list", "", `"ttlMs":300000,"cacheScope":"public"`},
		{"resources/read", `"uri":"pgy://blogger/` + documented + `/raw",`, `"ttlMs":0,"cacheScope":"private"`},
	} {
		if got := ask(t, m, c.method, c.params+modernMeta); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %.600s, want %s in it", c.method, got, c.want)
		}
	}
	hasNot(t, "the list of tools of a revision without cache hints", ask(t, m, "tools/list", ""), "ttlMs")
}
