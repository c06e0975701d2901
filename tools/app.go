package tools

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/render"
)

// page is one page for hosts of MCP Apps.
type page struct {
	uri, name, title, description string
	html                          func() string
}

var (
	comparisonPage = newPage("comparison", "Comparison page", "Shows a result of compare_bloggers or find_bloggers as bars, a chart and a table, in hosts of MCP Apps.", render.ComparisonPage)
	bloggerPage    = newPage("blogger", "Blogger page", "Shows a result of get_blogger_profile or get_blogger_insights as quotes, figures and charts, in hosts of MCP Apps.", render.BloggerPage)
)

const (
	appExtension = "io.modelcontextprotocol/ui"
	appMIMEType  = "text/html;profile=mcp-app"
)

// newPage makes a page. Its URI has the page's version, since hosts cache a page by its
// URI.
func newPage(name, title, description string, p render.Page) page {
	return page{"ui://pgy-mcp/" + name + "-" + p.Version + ".html", name + "-page", title, description, p.HTML}
}

// Extensions are the extensions of MCP that the server declares; nil is none.
func (s *Set) Extensions() map[string]any {
	if !s.App {
		return nil
	}
	return map[string]any{appExtension: map[string]any{"mimeTypes": []string{appMIMEType}}}
}

// appMeta links a tool to a page, also under the name that older hosts read. Every client
// gets it, since some hosts that show pages do not declare it.
func appMeta(uri string) *mcp.Meta {
	return &mcp.Meta{AdditionalFields: map[string]any{
		"ui":             map[string]any{"resourceUri": uri},
		"ui/resourceUri": uri,
	}}
}

func (s *Set) registerPages(m *server.MCPServer) {
	if !s.App {
		return
	}
	for _, p := range []page{comparisonPage, bloggerPage} {
		p.register(m)
	}
}

func (p page) register(m *server.MCPServer) {
	meta := map[string]any{"ui": map[string]any{"prefersBorder": true}}
	r := mcp.NewResource(p.uri, p.name,
		mcp.WithResourceTitle(p.title),
		mcp.WithResourceDescription(p.description),
		mcp.WithMIMEType(appMIMEType))
	r.Meta = &mcp.Meta{AdditionalFields: meta}
	m.AddResource(r, func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: p.uri, MIMEType: appMIMEType, Text: p.html(), Meta: meta}}, nil
	})
}
