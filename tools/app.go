package tools

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/render"
)

const (
	appExtension = "io.modelcontextprotocol/ui"
	appMIMEType  = "text/html;profile=mcp-app"
)

var pageURI = uriOf(render.ComparisonPage)

// uriOf changes with the page, since hosts may keep a page by its URI.
func uriOf(page string) string {
	sum := sha256.Sum256([]byte(page))
	return "ui://pgy-mcp/comparison-" + hex.EncodeToString(sum[:4]) + ".html"
}

// Extensions are the extensions of MCP that the server declares, nil without
// one.
func (s *Set) Extensions() map[string]any {
	if !s.App {
		return nil
	}
	return map[string]any{appExtension: map[string]any{"mimeTypes": []string{appMIMEType}}}
}

// appMeta links a tool to the page, under the name that older hosts read too.
// Every client gets it: some hosts show pages and do not say so beforehand.
func appMeta(uri string) *mcp.Meta {
	return &mcp.Meta{AdditionalFields: map[string]any{
		"ui":             map[string]any{"resourceUri": uri},
		"ui/resourceUri": uri,
	}}
}

func (s *Set) registerPage(m *server.MCPServer) {
	if !s.App {
		return
	}
	meta := map[string]any{"ui": map[string]any{"prefersBorder": true}}
	r := mcp.NewResource(pageURI, "comparison-page",
		mcp.WithResourceTitle("Comparison page"),
		mcp.WithResourceDescription("Shows a result of compare_bloggers or find_bloggers as bars, a chart and a table, in hosts of MCP Apps."),
		mcp.WithMIMEType(appMIMEType))
	r.Meta = &mcp.Meta{AdditionalFields: meta}
	m.AddResource(r, func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: pageURI, MIMEType: appMIMEType, Text: render.ComparisonPage, Meta: meta}}, nil
	})
}
