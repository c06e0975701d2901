package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/testkit"
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

func TestThePagesAreOffered(t *testing.T) {
	m := appServer(t, true)
	const extension = `"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}`
	for _, p := range []page{comparisonPage, bloggerPage} {
		for _, c := range []struct{ method, params, want string }{
			{"initialize", initialize, extension},
			{"server/discover", modernMeta, extension},
			{"tools/list", "", `"_meta":{"ui":{"resourceUri":"` + p.uri + `"},"ui/resourceUri":"` + p.uri + `"}`},
			{"resources/list", "", `{"_meta":{"ui":{"prefersBorder":true}},"uri":"` + p.uri + `",`},
			{"resources/read", `"uri":"` + p.uri + `"`, `"_meta":{"ui":{"prefersBorder":true}}`},
			{"resources/read", `"uri":"` + p.uri + `"`, `"mimeType":"text/html;profile=mcp-app"`},
		} {
			if got := ask(t, m, c.method, c.params); !strings.Contains(got, c.want) {
				t.Errorf("%s: got %.2000s, want %s in it", c.method, got, c.want)
			}
		}
	}
	list := ask(t, m, "tools/list", "")
	for uri, want := range map[string]int{comparisonPage.uri: 4, bloggerPage.uri: 4} {
		if n := strings.Count(list, uri); n != want {
			t.Errorf("%s stands %d times in the list of tools, want %d: two names for each tool", uri, n, want)
		}
	}
}

func TestThePagesAreTakenBack(t *testing.T) {
	m := appServer(t, false)
	for method, params := range map[string]string{"initialize": initialize, "server/discover": modernMeta, "tools/list": "", "resources/list": ""} {
		got := ask(t, m, method, params)
		for _, word := range []string{"ui://", "io.modelcontextprotocol/ui", "resourceUri"} {
			if strings.Contains(got, word) {
				t.Errorf("%s: got %s in %.2000s, want nothing of the pages", method, word, got)
			}
		}
	}
	for _, p := range []page{comparisonPage, bloggerPage} {
		read := json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"` + p.uri + `"}}`)
		answer := m.HandleMessage(context.Background(), read)
		if _, ok := answer.(mcp.JSONRPCError); !ok {
			t.Errorf("reading %s: got %.300s, want an error", p.uri, fmt.Sprintf("%+v", answer))
		}
	}
}

// Every client pays for the list of tools, also those that show no page.
func TestPagesAddLittleToTheToolList(t *testing.T) {
	with, without := len(ask(t, appServer(t, true), "tools/list", "")), len(ask(t, appServer(t, false), "tools/list", ""))
	if grown := with - without; grown <= 0 || grown >= 600 {
		t.Errorf("the list of tools grew by %d bytes, want 1 to 599", grown)
	}
}

func TestAddressesOfPages(t *testing.T) {
	for name, p := range map[string]page{"comparison": comparisonPage, "blogger": bloggerPage} {
		if !regexp.MustCompile(`^ui://pgy-mcp/` + name + `-[0-9a-f]{8}\.html$`).MatchString(p.uri) {
			t.Errorf("the page is %s, want ui://pgy-mcp/%s-<hash>.html", p.uri, name)
		}
	}
}

func TestIcons(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(icon))
	if err != nil {
		t.Fatalf("decoding the icon ends with %v, want a PNG", err)
	}
	testkit.Equal(t, "the icon's size", img.Bounds().Size(), image.Pt(48, 48))
	if len(icon) >= 1500 {
		t.Errorf("the icon has %d bytes, want less than 1,500", len(icon))
	}
	m := appServer(t, true)
	list := ask(t, m, "tools/list", "")
	if got, want := strings.Count(list, `"icons":[{"src":"data:image/png;base64,`), strings.Count(list, `"inputSchema"`); got != want {
		t.Errorf("%d tools have an icon, want all %d", got, want)
	}
	testkit.Contains(t, "the answer to initialize", ask(t, m, "initialize", initialize), `"icons":[{"src":"data:image/png;base64,`)
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
	testkit.Lacks(t, "the list of tools of a revision without cache hints", ask(t, m, "tools/list", ""), "ttlMs")
}
