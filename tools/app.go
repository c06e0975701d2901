package tools

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // for comparison.html
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// page shows one comparison: in a host of MCP Apps, which hands it the result,
// or from a file, with the comparison inside.
//
//go:embed comparison.html
var page string

const (
	appExtension = "io.modelcontextprotocol/ui"
	appMIMEType  = "text/html;profile=mcp-app"
)

var pageURI = uriOf(page)

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
		mcp.WithResourceDescription("Shows a result of compare_bloggers as bars, a chart and a table, in hosts of MCP Apps."),
		mcp.WithMIMEType(appMIMEType))
	r.Meta = &mcp.Meta{AdditionalFields: meta}
	m.AddResource(r, func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: pageURI, MIMEType: appMIMEType, Text: page, Meta: meta}}, nil
	})
}

// filePolicy is of a page in a file: it loads nothing, whatever its data says.
const filePolicy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">` + "\n"

// HTML is the page with the comparison inside, to be kept as a file. lang is en
// or zh.
func (c *Comparison) HTML(lang string) string { return pageWith(c.JSON(), lang) }

func pageWith(comparison json.RawMessage, lang string) string {
	const slot = `<script id="data" type="application/json">`
	before, after, _ := strings.Cut(page, slot)
	var b bytes.Buffer
	b.WriteString(before + filePolicy + slot + `{"lang":`)
	b.Write(JSON(lang))
	b.WriteString(`,"comparison":`)
	json.HTMLEscape(&b, comparison) // "</script>" in a name must not end the data
	b.WriteString("}" + after)
	return b.String()
}
