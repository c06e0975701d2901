package tools

import (
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// CacheHints lets clients of 2026-07-28 keep what is the same for everyone.
// Reading a resource is left at the library's default, private and for no time:
// it may be a blogger's raw profile.
func CacheHints(m *server.MCPServer) {
	for _, method := range []mcp.MCPMethod{
		mcp.MethodServerDiscover, mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList,
	} {
		server.WithMethodCacheHints(method, (5 * time.Minute).Milliseconds(), mcp.CacheScopePublic)(m)
	}
}
